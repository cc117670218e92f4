package org

import "chuangwei/internal/kit/db"

// Stamp is touched by every change of who, where or what, so that what is
// kept of the registers in memory is built anew.
const Stamp = "registers"

// Book holds the names of everybody and every unit, kept in memory.
type Book struct {
	units   map[string]Unit
	persons map[string]Person
}

// Names opens the book.
func Names(tx *db.Tx) (*Book, error) {
	stamp, err := db.Stamp(tx, Stamp)
	if err != nil {
		return nil, err
	}
	return db.Keep(tx, "org.book", stamp, func() (*Book, error) {
		b := &Book{units: map[string]Unit{}, persons: map[string]Person{}}
		units, err := Units(tx)
		for _, u := range units {
			b.units[u.ID] = u
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
