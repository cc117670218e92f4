package org

import (
	"cmp"
	"slices"
	"sync"

	"chuangwei/internal/kit/db"
)

// Stamp is touched by every change of who, where or what, so that what is
// kept of the registers in memory is built anew.
const Stamp = "registers"

// Book holds the names of everybody and every unit, kept in memory.
type Book struct {
	units   map[string]Unit
	byRole  map[string]Unit
	persons map[string]Person
	answers sync.Map // to what every report asks
}

// Names opens the book.
func Names(tx *db.Tx) (*Book, error) {
	stamp, err := db.Stamp(tx, Stamp)
	if err != nil {
		return nil, err
	}
	return db.Keep(tx, "org.book", stamp, func() (*Book, error) {
		b := &Book{units: map[string]Unit{}, byRole: map[string]Unit{}, persons: map[string]Person{}}
		units, err := Units(tx)
		for _, u := range units {
			b.units[u.ID] = u
			if _, taken := b.byRole[u.Role]; !taken && u.Role != "" {
				b.byRole[u.Role] = u // the first by code
			}
		}
		if err != nil {
			return nil, err
		}
		return b, db.Each(tx, scanPerson, func(p Person) error {
			p.Password = ""
			b.persons[p.ID] = p
			return nil
		}, `SELECT `+personColumns+fromPersons)
	})
}

// Unit finds a unit; the zero Unit when there is none.
func (b *Book) Unit(id string) Unit { return b.units[id] }

// Person finds a person; the zero Person when there is none.
func (b *Book) Person(id string) Person { return b.persons[id] }

// Name is a person's name, or that of an actor who is nobody in particular.
func (b *Book) Name(id string) string {
	switch id {
	case System.ID:
		return System.Name
	case Resident.ID:
		return Resident.Name
	}
	return b.persons[id].Name
}

// UnitByRole finds the unit that carries a role key such as chengguan, or
// db.ErrNone.
func UnitByRole(tx *db.Tx, role string) (Unit, error) {
	b, err := Names(tx)
	if err != nil {
		return Unit{}, err
	}
	u, ok := b.byRole[role]
	if !ok {
		return u, db.ErrNone
	}
	return u, nil
}

// Holders lists who holds posts of a role on the day, in a unit ("" any) and
// for an area ("" any; posts without areas hold everywhere), the longest in
// office first. Routing asks for every report, so all offices are kept in
// memory until the registers change.
func Holders(tx *db.Tx, role Role, unitID, areaID, on string) ([]Person, error) {
	b, err := Names(tx)
	if err != nil {
		return nil, err
	}
	offices, err := answer(b, "offices", func() (map[Role][]Office, error) { return b.byRank(tx) })
	var out []Person
	for _, o := range offices[role] {
		if unitID != "" && o.UnitID != unitID || o.FromOn > on || o.ToOn != "" && o.ToOn < on ||
			areaID != "" && len(o.Areas) > 0 && !slices.Contains(o.Areas, areaID) {
			continue
		}
		if p := b.persons[o.PersonID]; p.LeftOn == "" {
			out = append(out, p)
		}
	}
	return out, err
}

// byRank is every office by its role, the longest held first.
func (b *Book) byRank(tx *db.Tx) (map[Role][]Office, error) {
	list, err := Offices(tx)
	slices.SortStableFunc(list, func(x, y Office) int {
		return cmp.Or(cmp.Compare(x.FromOn, y.FromOn), cmp.Compare(b.persons[x.PersonID].Code, b.persons[y.PersonID].Code))
	})
	out := map[Role][]Office{}
	for _, o := range list {
		out[o.Role] = append(out[o.Role], o)
	}
	return out, err
}

// Away returns the person's leave on the day, or nil.
func Away(tx *db.Tx, personID, on string) (*Leave, error) {
	b, err := Names(tx)
	if err != nil {
		return nil, err
	}
	type leavesOn string
	leaves, err := answer(b, leavesOn(on), func() (map[string]Leave, error) {
		list, err := LeavesBetween(tx, on, on)
		byPerson := make(map[string]Leave, len(list))
		for _, l := range list {
			if l.ToOn > byPerson[l.PersonID].ToOn {
				byPerson[l.PersonID] = l
			}
		}
		return byPerson, err
	})
	if l, ok := leaves[personID]; ok {
		return &l, err
	}
	return nil, err
}

// answer finds the answer to a question in the book, or asks and writes it
// there, for everybody to read only.
func answer[T any](b *Book, question any, ask func() (T, error)) (T, error) {
	if known, ok := b.answers.Load(question); ok {
		return known.(T), nil
	}
	found, err := ask()
	if err == nil {
		b.answers.Store(question, found)
	}
	return found, err
}
