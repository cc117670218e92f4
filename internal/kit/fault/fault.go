// Package fault is the error a person can read: what kind of refusal it is,
// a stable code for programs, and a sentence in Chinese and in English that
// says what to do next. Everything else is a plain wrapped error, logged once
// at the edge and answered with a number.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of refusal a fault is; faces map it to a status.
type Kind int

const (
	Invalid  Kind = iota + 1 // the input is wrong; Fields say where
	Unknown                  // nobody is signed in
	Denied                   // signed in, but not allowed
	NotFound                 // no such thing, or not for this reader
	Conflict                 // the thing has moved on
	Busy                     // too much at once; try again later
	Full                     // no space left on the server; try again later
	Stale                    // the client says it saw an older state
)

// Text is one sentence in the languages a reader can choose.
type Text struct{ ZH, EN string }

// In returns the sentence in lang, Chinese unless "en" is asked for.
func (t Text) In(lang string) string {
	if strings.HasPrefix(lang, "en") && t.EN != "" {
		return t.EN
	}
	return t.ZH
}

// Say makes a Text from two formats that share their arguments.
func Say(zh, en string, args ...any) Text {
	if len(args) == 0 {
		return Text{zh, en}
	}
	return Text{fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)}
}

// Field is a fault in one named field of the input.
type Field struct {
	Name string
	Text Text
}

// Fault is an error meant for the person who caused it.
type Fault struct {
	Kind   Kind
	Code   string // stable, dotted, for programs
	Text   Text
	Fields []Field
	Photos []string // with code photo.missing: sums to upload again
	Retry  int      // seconds to wait, with Busy and Full
}

func (f *Fault) Error() string { return f.Code + ": " + f.Text.EN }

// New makes a fault; zh and en share args.
func New(k Kind, code, zh, en string, args ...any) *Fault {
	return &Fault{Kind: k, Code: code, Text: Say(zh, en, args...)}
}

// In names a wrong field and returns the same fault, for chaining.
func (f *Fault) In(name, zh, en string, args ...any) *Fault {
	f.Fields = append(f.Fields, Field{name, Say(zh, en, args...)})
	return f
}

// As finds the fault in an error chain.
func As(err error) (*Fault, bool) {
	var f *Fault
	return f, errors.As(err, &f)
}

// Is reports whether err holds a fault of kind k.
func Is(err error, k Kind) bool {
	f, ok := As(err)
	return ok && f.Kind == k
}

// Code returns the code of the fault in err, or "".
func Code(err error) string {
	if f, ok := As(err); ok {
		return f.Code
	}
	return ""
}

// Check collects faults in fields of one input.
type Check struct{ fields []Field }

// That notes a fault in the field when ok is false.
func (c *Check) That(ok bool, name, zh, en string, args ...any) {
	if !ok {
		c.fields = append(c.fields, Field{name, Say(zh, en, args...)})
	}
}

// Err returns the collected fault, or nil when all was well.
func (c *Check) Err() error {
	if len(c.fields) == 0 {
		return nil
	}
	zh, en := make([]string, len(c.fields)), make([]string, len(c.fields))
	for i, f := range c.fields {
		zh[i], en[i] = f.Text.ZH, f.Text.EN
	}
	return &Fault{Kind: Invalid, Code: "input.invalid", Fields: c.fields, Text: Text{
		"请改正后再提交：" + strings.Join(zh, "；"),
		"Please correct and send again: " + strings.Join(en, "; "),
	}}
}
