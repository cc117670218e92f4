package evidence

import (
	"slices"
	"strconv"
	"strings"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
)

func waitingBySlot(tx *db.Tx) (map[string]int, error) {
	type row struct {
		slot string
		n    int
	}
	out := map[string]int{}
	return out, db.Each(tx, func(r db.Row) (x row, err error) { return x, r.Scan(&x.slot, &x.n) },
		func(x row) error { out[x.slot] = x.n; return nil },
		`SELECT s.slot, count(*) FROM papers p JOIN paper_slots s ON s.paper_id = p.id WHERE p.state = 'filed' GROUP BY s.slot`)
}

// placeNames are the Chinese names of a slot's kinds of place, as places carry them.
func (s Slot) placeNames() (out []string) {
	for _, k := range s.Requirement.Places {
		out = append(out, standard.PlaceWord(k).ZH)
	}
	return out
}

// fixedFor lists the newest cases of a slot's kinds that were closed in a period.
func fixedFor(tx *db.Tx, s Slot, t Period, most int) ([]Work, error) {
	if len(s.Requirement.Kinds) == 0 {
		return nil, nil
	}
	from, to := t.span()
	w := &db.Where{}
	w.And("c.closed_at >= $1 AND c.closed_at < $2", from, to)
	w.In("c.kind_id", s.Requirement.Kinds)
	if names := s.placeNames(); len(names) > 0 {
		w.Any(func(or *db.Where) {
			or.In("p.kind", names)
			or.And("c.place_id = ''")
		})
	}
	list, err := db.All(tx, func(r db.Row) (x Work, err error) {
		var at int64
		err = r.Scan(&x.ID, &x.No, &x.Kind, &x.PlaceID, &at)
		x.What, x.OnDay = Fixed, dayOf(at)
		return x, err
	}, `SELECT c.id, c.no, c.kind_id, c.place_id, c.closed_at FROM cases c LEFT JOIN places p ON p.id = c.place_id
		WHERE `+w.Text()+` ORDER BY c.closed_at DESC, c.id LIMIT `+strconv.Itoa(most), w.Args()...)
	if err != nil {
		return nil, err
	}
	for i := range list {
		photos, err := cases.Photos(tx, list[i].ID)
		if err != nil {
			return nil, err
		}
		for _, p := range photos {
			if p.Role == "before" || p.Role == "after" {
				list[i].Photos = append(list[i].Photos, p.Sum)
			}
		}
	}
	return list, nil
}

// looksFor lists the newest looks at a slot's lines in a period.
func looksFor(tx *db.Tx, s Slot, t Period, most int) ([]Work, error) {
	var lines []string
	for _, l := range s.lines {
		lines = append(lines, l...)
	}
	if len(lines) == 0 {
		return nil, nil
	}
	slices.Sort(lines)
	w := &db.Where{}
	w.And("i.on_day >= $1 AND i.on_day <= $2 AND l.result IN ('good', 'bad')", string(t.From), string(t.To))
	w.In("l.line", lines)
	return db.All(tx, func(r db.Row) (x Work, err error) {
		x.What = Looked
		return x, r.Scan(&x.ID, &x.OnDay, &x.PlaceID, &x.Text)
	}, `SELECT i.id, i.on_day, i.place_id, min(l.text) FROM inspections i JOIN inspection_lines l ON l.inspection_id = i.id
		WHERE `+w.Text()+` GROUP BY i.id, i.on_day, i.place_id ORDER BY i.on_day DESC, i.id LIMIT `+strconv.Itoa(most), w.Args()...)
}

// dutiesFor lists the newest confirmed duties at a slot's kinds of place whose
// crews take its problems.
func dutiesFor(tx *db.Tx, s Slot, t Period, groups []string, most int) ([]Work, error) {
	names := s.placeNames()
	if len(names) == 0 || len(groups) == 0 {
		return nil, nil
	}
	w := &db.Where{}
	w.And("d.on_day >= $1 AND d.on_day <= $2 AND d.confirmed_at > 0 AND d.cancelled_at = 0", string(t.From), string(t.To))
	w.In("p.kind", names)
	w.Any(func(or *db.Where) {
		for _, g := range append(groups, "*") {
			or.And("',' || k.takes || ',' LIKE $1", "%,"+g+",%")
		}
	})
	return db.All(tx, func(r db.Row) (x Work, err error) {
		x.What = Served
		return x, r.Scan(&x.ID, &x.OnDay, &x.PlaceID, &x.Text)
	}, `SELECT d.id, d.on_day, d.place_id, d.name FROM duties d JOIN duty_kinds k ON k.id = d.kind JOIN places p ON p.id = d.place_id
		WHERE `+w.Text()+` ORDER BY d.on_day DESC, d.id LIMIT `+strconv.Itoa(most), w.Args()...)
}

// photoUse is the case that shows a photo.
type photoUse struct {
	caseID, role, kindID, kind, where, placeKind string
	at                                           int64
}

// useOf finds the newest case that shows a photo, or db.ErrNone.
func useOf(tx *db.Tx, sum string) (photoUse, error) {
	u, err := db.One(tx, func(r db.Row) (u photoUse, err error) {
		return u, r.Scan(&u.caseID, &u.role, &u.kindID, &u.where, &u.placeKind, &u.at)
	}, `SELECT c.id, x.role, c.kind_id, COALESCE(p.name, c.address), COALESCE(p.kind, ''), CASE WHEN f.taken_at > 0 THEN f.taken_at ELSE x.at END
		FROM case_photos x JOIN cases c ON c.id = x.case_id JOIN photos f ON f.sum = x.sum LEFT JOIN places p ON p.id = c.place_id
		WHERE x.sum = $1 ORDER BY x.at DESC, c.id LIMIT 1`, sum)
	if err != nil || u.kindID == "" {
		return u, err
	}
	k, err := standard.ByID(tx, u.kindID)
	u.kind, u.placeKind = k.Name, standard.PlaceKind(u.placeKind)
	return u, err
}

func maySee(tx *db.Tx, who org.Actor, caseID string) (bool, error) {
	t, err := cases.Targets(tx, []string{caseID})
	return err == nil && who.Can(org.SeeCase, t[caseID]), err
}

// FileName is a title as part of a file's name: no signs that a system takes
// for something else, and not too long for any.
func FileName(title string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|%`, r) || r == 0x7f || r >= 0x200b && r <= 0x202e || r == 0xfeff {
			return -1
		}
		return r
	}, title)
	r := []rune(strings.Trim(strings.Join(strings.Fields(clean), "-"), ".-_"))
	if len(r) == 0 {
		return "无题名"
	}
	return string(r[:min(len(r), 40)])
}
