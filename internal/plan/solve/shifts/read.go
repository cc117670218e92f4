package shifts

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Names are how the text of an instance calls shifts and people.
type Names struct{ Shifts, People []string }

// Read reads an instance as published on schedulingbenchmarks.org: sections of
// comma-separated lines, comments after a number sign. Every fault names its
// section and line. What it returns is Valid.
func Read(r io.Reader) (Problem, Names, error) {
	t := &textReader{shift: map[string]int{}, person: map[string]int{}, covered: map[[2]int]bool{}}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		t.line++
		if err := t.take(strings.TrimSpace(lines.Text())); err != nil {
			return Problem{}, Names{}, t.fault(err)
		}
	}
	if err := lines.Err(); err != nil {
		return Problem{}, Names{}, t.fault(err)
	}
	if t.p.Days == 0 {
		return Problem{}, Names{}, t.fault(errors.New("no horizon"))
	}
	if err := t.resolve(); err != nil {
		return Problem{}, Names{}, err
	}
	return t.p, t.names, Valid(t.p)
}

// textReader is what was read so far.
type textReader struct {
	p             Problem
	names         Names
	shift, person map[string]int
	section       string
	line          int
	after         []pending // successions whose shifts may be defined later
	covered       map[[2]int]bool
}

type pending struct {
	shift, line int
	name        string
}

func (t *textReader) fault(err error) error {
	return fmt.Errorf("shifts: line %d (%s): %w", t.line, t.section, err)
}

// sections are the parts of the text, each with what takes one of its lines.
var sections = map[string]func(*textReader, []string) error{
	"SECTION_HORIZON":            (*textReader).horizon,
	"SECTION_SHIFTS":             (*textReader).oneShift,
	"SECTION_STAFF":              (*textReader).onePerson,
	"SECTION_DAYS_OFF":           (*textReader).daysOff,
	"SECTION_SHIFT_ON_REQUESTS":  func(t *textReader, f []string) error { return t.wish(f, 1) },
	"SECTION_SHIFT_OFF_REQUESTS": func(t *textReader, f []string) error { return t.wish(f, -1) },
	"SECTION_COVER":              (*textReader).cover,
}

func (t *textReader) take(text string) error {
	if text == "" || text[0] == '#' {
		return nil
	}
	if strings.HasPrefix(text, "SECTION_") {
		if sections[text] == nil {
			return fmt.Errorf("unknown section %q", text)
		}
		t.section = text
		return nil
	}
	if t.section == "" {
		return errors.New("text before the first section")
	}
	if t.p.Days == 0 && t.section != "SECTION_HORIZON" {
		return errors.New("the horizon has to come first")
	}
	fields := strings.Split(text, ",")
	for k := range fields {
		fields[k] = strings.TrimSpace(fields[k])
	}
	return sections[t.section](t, fields)
}

func (t *textReader) horizon(f []string) error {
	if t.p.Days != 0 {
		return errors.New("a second horizon")
	}
	n, err := numbers(f, 1)
	if err != nil {
		return err
	}
	if n[0] < 1 || n[0] > mostDays {
		return fmt.Errorf("a horizon of %d days", n[0])
	}
	t.p.Days = n[0]
	return nil
}

func (t *textReader) oneShift(f []string) error {
	if len(f) != 3 {
		return fmt.Errorf("%d fields, want id, minutes, shifts that cannot follow", len(f))
	}
	if len(t.p.People) > 0 || len(t.p.Cover) > 0 {
		return errors.New("shifts have to come before staff and cover")
	}
	n, err := numbers(f[1:2], 1)
	if err != nil {
		return err
	}
	at := len(t.p.Shifts)
	if err := enter(t.shift, f[0], at, mostShifts); err != nil {
		return err
	}
	t.names.Shifts = append(t.names.Shifts, f[0])
	t.p.Shifts = append(t.p.Shifts, Shift{Minutes: n[0]})
	for name := range strings.SplitSeq(f[2], "|") {
		if name != "" {
			t.after = append(t.after, pending{at, t.line, name})
		}
	}
	return nil
}

// resolve puts in the shifts that cannot follow others.
func (t *textReader) resolve() error {
	for _, a := range t.after {
		s, ok := t.shift[a.name]
		if !ok {
			return fmt.Errorf("shifts: line %d (SECTION_SHIFTS): unknown shift %q", a.line, a.name)
		}
		t.p.Shifts[a.shift].NotAfter = append(t.p.Shifts[a.shift].NotAfter, s)
	}
	if t.p.Cover == nil {
		t.noCover()
	}
	return nil
}

func (t *textReader) onePerson(f []string) error {
	if len(f) != 8 {
		return fmt.Errorf("%d fields, want id, most shifts and six numbers", len(f))
	}
	n, err := numbers(f[2:], 6)
	if err != nil {
		return err
	}
	if err := enter(t.person, f[0], len(t.p.People), mostPeople); err != nil {
		return err
	}
	person := Person{MaxMinutes: n[0], MinMinutes: n[1], MaxRun: n[2], MinRun: max(1, n[3]), MinOff: max(1, n[4]), MaxWeekends: n[5]}
	if person.Most, err = t.most(f[1]); err != nil {
		return err
	}
	t.names.People = append(t.names.People, f[0])
	t.p.People = append(t.p.People, person)
	return nil
}

// most reads "E=14|L=0"; a shift not named has no limit of its own.
func (t *textReader) most(text string) ([]int, error) {
	most := make([]int, len(t.p.Shifts))
	for s := range most {
		most[s] = t.p.Days
	}
	for part := range strings.SplitSeq(text, "|") {
		name, number, ok := strings.Cut(part, "=")
		s, known := t.shift[name]
		if !ok || !known {
			return nil, fmt.Errorf("%q does not limit a known shift", part)
		}
		n, err := numbers([]string{number}, 1)
		if err != nil {
			return nil, err
		}
		most[s] = n[0]
	}
	return most, nil
}

func (t *textReader) daysOff(f []string) error {
	i, ok := t.person[f[0]]
	if !ok {
		return fmt.Errorf("unknown person %q", f[0])
	}
	days, err := numbers(f[1:], len(f)-1)
	if err != nil {
		return err
	}
	t.p.People[i].DaysOff = append(t.p.People[i].DaysOff, days...)
	return nil
}

func (t *textReader) wish(f []string, sign int) error {
	if len(f) != 4 {
		return fmt.Errorf("%d fields, want person, day, shift, weight", len(f))
	}
	i, ok := t.person[f[0]]
	s, known := t.shift[f[2]]
	if !ok || !known {
		return fmt.Errorf("unknown person %q or shift %q", f[0], f[2])
	}
	n, err := numbers([]string{f[1], f[3]}, 2)
	if err != nil {
		return err
	}
	t.p.People[i].Wishes = append(t.p.People[i].Wishes, Wish{n[0], s, sign * n[1]})
	return nil
}

func (t *textReader) cover(f []string) error {
	if len(f) != 5 {
		return fmt.Errorf("%d fields, want day, shift and three numbers", len(f))
	}
	s, known := t.shift[f[1]]
	if !known {
		return fmt.Errorf("unknown shift %q", f[1])
	}
	n, err := numbers([]string{f[0], f[2], f[3], f[4]}, 4)
	if err != nil {
		return err
	}
	if n[0] >= t.p.Days {
		return fmt.Errorf("day %d of %d", n[0], t.p.Days)
	}
	if at := [2]int{n[0], s}; t.covered[at] {
		return fmt.Errorf("day %d, shift %s a second time", n[0], f[1])
	} else {
		t.covered[at] = true
	}
	if t.p.Cover == nil {
		t.noCover()
	}
	t.p.Cover[n[0]][s] = Cover{n[1], n[2], n[3]}
	return nil
}

func (t *textReader) noCover() {
	t.p.Cover = make([][]Cover, t.p.Days)
	for d := range t.p.Cover {
		t.p.Cover[d] = make([]Cover, len(t.p.Shifts))
	}
}

// enter gives a name its number.
func enter(names map[string]int, name string, at, most int) error {
	if _, taken := names[name]; taken || name == "" {
		return fmt.Errorf("the id %q is empty or taken", name)
	}
	if at >= most {
		return fmt.Errorf("more than %d", most)
	}
	names[name] = at
	return nil
}

// numbers reads whole numbers that are not negative.
func numbers(fields []string, want int) ([]int, error) {
	if len(fields) != want {
		return nil, fmt.Errorf("%d fields, want %d", len(fields), want)
	}
	n := make([]int, len(fields))
	for k, text := range fields {
		v, err := strconv.ParseInt(text, 10, 32) // some instances write -0
		if err != nil || v < 0 {
			return nil, fmt.Errorf("%q is no whole number from 0", text)
		}
		n[k] = int(v)
	}
	return n, nil
}
