package duty

import (
	"slices"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

// Partner is somebody who could take a duty over: instead of the asker, or in
// exchange for the duty In.
type Partner struct {
	PersonID string
	In       *Duty
}

// How far ahead an exchange is looked for, and how many partners are shown.
const (
	partnerDays = 14
	mostShown   = 40
	mostTried   = 400
)

// Partners lists with whom the person could change a duty without breaking a
// rule: first colleagues of the same unit who are free, then exchanges with
// crews of the same kind in the days around it. Who answers for the person's
// being excused sees only who could come instead.
func Partners(tx *db.Tx, who org.Actor, dutyID, person string, allows Allows) ([]Partner, error) {
	d, err := ByID(tx, dutyID)
	if err != nil {
		return nil, err
	}
	if person == "" {
		person = who.ID
	}
	own := who.StandsFor(person)
	if !d.Has(person) || !own && maySettle(who, Ask{Ask: "off", PersonID: person}, d) != nil {
		return nil, fault.New(fault.Denied, "ask.whose", "只能为自己的值守申请。", "You can only ask for a duty of your own.")
	}
	t := trial{tx: tx, ask: Ask{Ask: "swap", DutyID: d.ID, PersonID: person}, allows: allows}
	if err := t.mates(d); err != nil || !own {
		return t.found, err
	}
	return t.found, t.exchanges(d)
}

// mates tries colleagues of the person's unit, who would come instead.
func (t *trial) mates(d Duty) error {
	p, err := org.PersonByID(t.tx, t.ask.PersonID)
	if err != nil {
		return err
	}
	mates, err := org.Find(t.tx, p.UnitID, "", d.OnDay)
	if err != nil {
		return err
	}
	for _, m := range mates {
		if m.ID != p.ID {
			if err := t.try(m.ID, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// exchanges tries the crews of duties around.
func (t *trial) exchanges(d Duty) error {
	around, err := swappable(t.tx, d)
	for _, other := range around {
		for _, m := range other.Crew() {
			if err := t.try(m, &other); err != nil {
				return err
			}
		}
	}
	return err
}

// trial tries exchanges on paper.
type trial struct {
	tx     *db.Tx
	ask    Ask
	allows Allows
	tries  int
	found  []Partner
}

func (t *trial) try(other string, in *Duty) error {
	if len(t.found) >= mostShown || t.tries >= mostTried {
		return nil
	}
	t.tries++
	a := t.ask
	a.OtherID = other
	if in != nil {
		a.OtherDuty = in.ID
	}
	_, _, err := exchange(t.tx, a, t.allows)
	if _, refused := fault.As(err); refused {
		return nil
	}
	if err == nil {
		t.found = append(t.found, Partner{other, in})
	}
	return err
}

// swappable are duties of the same kind around a duty that have not begun, the
// nearest first.
func swappable(tx *db.Tx, d Duty) ([]Duty, error) {
	day := calendar.Day(d.OnDay)
	list, err := db.All(tx, scan, `SELECT `+columns+` FROM duties WHERE kind = $1 AND cancelled_at = 0 AND id <> $2 AND from_at > $3
		AND on_day >= $4 AND on_day <= $5 ORDER BY from_at, id LIMIT 200`, d.Kind, d.ID, tx.Now(), string(day.Add(-partnerDays)), string(day.Add(partnerDays)))
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b Duty) int { return int(distance(a, d) - distance(b, d)) })
	return list, crews(tx, list)
}

// distance is how many minutes lie between two duties.
func distance(a, b Duty) int64 {
	gap := (a.FromAt - b.FromAt) / 60_000
	return max(gap, -gap)
}
