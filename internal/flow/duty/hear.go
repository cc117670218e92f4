package duty

import (
	"slices"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/register/org"
)

// heard is what an event of a duty says of people and of the duty it passes to.
type heard struct {
	People  []string `json:"people"`
	Gone    []string `json:"gone"`
	Person  string   `json:"person"`
	Other   string   `json:"other"`
	Instead string   `json:"instead"`
	To      string   `json:"to"`
}

// Targets says of events of duties, by their numbers, whom they concern: those
// who may see the duty, whoever has just left its crew, who is asked, and the
// crew that takes over.
func Targets(tx *db.Tx, events []event.Event) (map[int64]org.Target, error) {
	said := map[int64]heard{}
	var ids []string
	for _, e := range events {
		var h heard
		if !strings.HasPrefix(e.Kind, "duty.") || e.Decode(&h) != nil { // what cannot be read concerns nobody
			continue
		}
		said[e.Seq] = h
		ids = append(ids, e.Subject, h.To)
	}
	book, err := bookOf(tx, ids)
	if err != nil || len(said) == 0 {
		return nil, err
	}
	names, err := org.Names(tx)
	out := make(map[int64]org.Target, len(said))
	for _, e := range events {
		if h, ok := said[e.Seq]; ok {
			out[e.Seq] = h.target(names, book[e.Subject], book[h.To])
		}
	}
	return out, err
}

func (h heard) target(names *org.Book, d, to Duty) org.Target {
	t := org.Target{Area: d.AreaID, Units: []string{d.UnitID}, Persons: slices.Concat(d.Crew(), to.Crew(), h.People, h.Gone, []string{h.Person, h.Other, h.Instead})}
	for _, id := range slices.Concat(d.Crew(), h.Gone) {
		t.Units = append(t.Units, names.Person(id).UnitID)
	}
	return t
}

// bookOf are duties by their ids.
func bookOf(tx *db.Tx, ids []string) (map[string]Duty, error) {
	slices.Sort(ids)
	out := map[string]Duty{}
	for some := range slices.Chunk(slices.Compact(ids), 500) {
		list, err := db.All(tx, scan, `SELECT `+columns+` FROM duties WHERE id IN `+db.In(1, len(some)), db.Args(some)...)
		if err != nil {
			return nil, err
		}
		if err := crews(tx, list); err != nil {
			return nil, err
		}
		for _, d := range list {
			out[d.ID] = d
		}
	}
	return out, nil
}
