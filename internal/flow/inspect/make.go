package inspect

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"

	"github.com/google/uuid"
)

// Channel is that of cases an inspection makes.
const Channel = "inspection"

// Told is what the event of an inspection keeps.
type Told struct {
	Place   string     `json:"place"`
	Kind    string     `json:"kind"`
	Purpose string     `json:"purpose"`
	MadeAt  int64      `json:"made_at"`
	Note    string     `json:"note,omitempty"`
	Lines   []ToldLine `json:"lines,omitempty"`
	Counts  []Count    `json:"counts,omitempty"`
}

// ToldLine is a line in the event; unseen ones are not told.
type ToldLine struct {
	Line   string `json:"line"`
	Result Result `json:"result"`
	How    string `json:"how,omitempty"`
	Case   string `json:"case,omitempty"`
}

// Take keeps an inspection whole: every bad line becomes a case of the place,
// with clause, kind, owner and due instant, or is added to the case that is
// still open for the same line at the same place.
func Take(tx *db.Tx, who org.Actor, in Make) (Inspection, error) {
	if err := in.check(); err != nil {
		return Inspection{}, err
	}
	p, err := place.ByCode(tx, in.Place)
	if err != nil {
		return Inspection{}, err
	}
	if err := who.May(org.Inspect, target(p, "")); err != nil {
		return Inspection{}, err
	}
	b, err := open(tx)
	if err != nil {
		return Inspection{}, fmt.Errorf("inspect: checklists: %w", err)
	}
	if err := b.measured(in.Counts); err != nil {
		return Inspection{}, err
	}
	made := in.MadeAt
	if made <= 0 || made > tx.Now() {
		made = tx.Now()
	}
	i := Inspection{ID: in.ID, PlaceID: p.ID, Kind: standard.PlaceKind(p.Kind), AreaID: p.AreaID, UnitID: p.UnitID, Who: who.ID, Purpose: in.Purpose,
		Note: strings.TrimSpace(in.Note), MadeAt: made, At: tx.Now(), OnDay: string(calendar.On(time.UnixMilli(made))), Counted: len(in.Counts)}
	i.tally(in.Lines)
	if err := insert(tx, i); err != nil {
		return i, fmt.Errorf("inspect: %w", err)
	}
	told := Told{Place: p.ID, Kind: i.Kind, Purpose: i.Purpose, MadeAt: made, Note: i.Note, Counts: in.Counts}
	for n, l := range in.Lines {
		l = b.read(l)
		if l.Result == Bad {
			if l.CaseID, err = b.failed(tx, who, i, p, l); err != nil {
				return i, err
			}
		}
		if err := insertLine(tx, i.ID, n, l); err != nil {
			return i, fmt.Errorf("inspect: line %s: %w", l.Line, err)
		}
		if l.Result != Unseen {
			told.Lines = append(told.Lines, ToldLine{l.Line, l.Result, l.How, l.CaseID})
		}
	}
	if err := insertCounts(tx, i.ID, in.Counts); err != nil {
		return i, fmt.Errorf("inspect: counts: %w", err)
	}
	_, err = event.Add(tx, who.ID, "inspection.made", i.ID, told)
	return i, err
}

// read gives a line the words and the clause it has today. A phone that was
// offline may name a line that is gone since: what it saw is kept all the same.
func (b *book) read(l Line) Line {
	l.Note = strings.TrimSpace(l.Note)
	if a, ok := b.asks[l.Line]; ok {
		l.Text, l.Clause = a.ZH, a.Clause
		return l
	}
	l.Text = "检查表已更新，原第 " + l.Line + " 行"
	return l
}

// measured refuses counts of measures nobody knows, and parts larger than their whole.
func (b *book) measured(counts []Count) error {
	var c fault.Check
	for _, n := range counts {
		g, ok := b.gauges[n.Measure]
		c.That(ok, "counts", "没有指标 %[1]s，请更新手机上的检查表", "there is no measure %[1]s; refresh the checklist", n.Measure)
		c.That(!ok || !Share(g.Measure) || n.Found <= n.Base, "counts", "“%[1]s”的数大于检查数", "%[1]s: more were found than looked at", g.ZH)
	}
	return c.Err()
}

// failed makes a case of a bad line, or adds to the one that is still open.
func (b *book) failed(tx *db.Tx, who org.Actor, i Inspection, p place.Place, l Line) (string, error) {
	old, err := stillOpen(tx, i.PlaceID, l.Line)
	if err != nil {
		return "", err
	}
	if old != "" {
		_, err := cases.SeenAgain(tx, who, old, l.Note, l.Photos)
		return old, err
	}
	text := "检查不合格：" + l.Text
	if l.Note != "" {
		text += "。" + l.Note
	}
	rep := cases.Report{ID: caseID(i.ID, l.Line), Text: text, Kind: b.asks[l.Line].Kind, Place: p.Code, Photos: l.Photos, MadeAt: i.MadeAt, Channel: Channel}
	c, err := cases.Receive(tx, who, rep)
	if c.MergedInto != "" { // it came back: the old case is open again
		return c.MergedInto, err
	}
	return c.ID, err
}

// caseID is the same whenever the same line of the same inspection asks.
func caseID(inspection, line string) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(inspection+"/"+line)).String()
}

// stillOpen finds the open case that an earlier look at the same line of the
// same place made, or "".
func stillOpen(tx *db.Tx, placeID, line string) (string, error) {
	id, err := lastCase(tx, placeID, line)
	if errors.Is(err, db.ErrNone) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	c, err := cases.ByID(tx, id)
	if err == nil && c.State == cases.Merged {
		c, err = cases.ByID(tx, c.MergedInto)
	}
	if err != nil || !c.State.Open() {
		return "", err
	}
	return c.ID, nil
}
