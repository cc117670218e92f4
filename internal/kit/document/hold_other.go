//go:build !linux

package document

// hold does nothing where memory cannot be bounded; time still is.
func hold() {}
