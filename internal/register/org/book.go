package org

import (
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
	holders sync.Map // role, unit, area, day → []Person
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
// for an area ("" any; posts without areas hold everywhere). Routing asks for
// every report, so the answers are kept until the registers change.
func Holders(tx *db.Tx, role Role, unitID, areaID, on string) ([]Person, error) {
	b, err := Names(tx)
	if err != nil {
		return nil, err
	}
	type question struct {
		role           Role
		unit, area, on string
	}
	q := question{role, unitID, areaID, on}
	if known, ok := b.holders.Load(q); ok {
		return slices.Clone(known.([]Person)), nil
	}
	list, err := holders(tx, role, unitID, areaID, on)
	if err == nil {
		b.holders.Store(q, slices.Clone(list))
	}
	return list, err
}
