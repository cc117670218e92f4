package db

// Waiting is how many writes wait behind the one that runs.
func Waiting(d *DB) int { return len(d.queue) }
