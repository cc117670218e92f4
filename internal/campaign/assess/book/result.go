package book

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/internal/register/standard/score"

	"github.com/google/uuid"
)

// Outcome is a counted sheet with every lost point told one by one.
type Outcome struct {
	score.Result
	Book   Book
	Sheet  *pack.Pack
	Losses []Loss
	Areas  []Share
	Units  []Share
}

// Loss is one reason why points were lost. Points are 0 when the cap of the
// place or the line had been reached; it was wrong all the same.
type Loss struct {
	ID          string
	Style       string // of the line, or "veto"
	Line        string
	Item        string
	Chapter     string
	Requirement string
	Points      Milli // on the sheet
	PlaceID     string
	AreaID      string
	UnitID      string // that answers for it
	Kind        string // of problem, or ""
	Text        fault.Text
	Note        string
	Photos      []string
	Times       int
	Expert      string

	Gap string // the open case of the paper's slot, or ""
}

// Share is what was lost in an area or under a unit, with what that is of:
// places looked at for an area, points of the lines it leads for a unit.
type Share struct {
	ID     string
	Points Milli
	Losses int
	Looked int
	Of     Milli
}

// Nth is the id of the n-th breach of one finding.
func Nth(id string, n int) string {
	if n == 0 {
		return id
	}
	return fmt.Sprintf("%s#%d", id, n+1)
}

// Count counts a book by itself.
func Count(b Book) (Outcome, error) {
	if b.Rules != score.Rules {
		return Outcome{}, fmt.Errorf("book: this program does not know counting rules %d", b.Rules)
	}
	p, err := readPack(b.PackID, b.Pack)
	if err != nil {
		return Outcome{}, fmt.Errorf("book: the pack of the round: %w", err)
	}
	r, err := score.Score(p, b.Input)
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Result: r, Book: b, Sheet: p}
	out.lose()
	out.share()
	return out, nil
}

// packsRead are the last packs that were read, by their text: a page asks for
// one several times, and reading takes some 30 ms. Nobody changes them.
var packsRead struct {
	sync.Mutex
	by map[[32]byte]*pack.Pack
}

const packsKept = 8

func readPack(id, text string) (*pack.Pack, error) {
	key := sha256.Sum256([]byte(text))
	packsRead.Lock()
	p := packsRead.by[key]
	packsRead.Unlock()
	if p != nil {
		return p, nil
	}
	p, _, err := pack.Parse(id, []byte(text))
	if err != nil {
		return nil, err
	}
	packsRead.Lock()
	defer packsRead.Unlock()
	if packsRead.by == nil || len(packsRead.by) >= packsKept {
		packsRead.by = map[[32]byte]*pack.Pack{}
	}
	packsRead.by[key] = p
	return p, nil
}

// Digest is a SHA-256 over what every line and veto of the result came to.
func (o Outcome) Digest() string {
	h := sha256.New()
	for _, c := range o.Chapters {
		for _, l := range c.Lines {
			fmt.Fprintln(h, l.ID, l.State, l.Own, l.OwnPoints, l.Score, l.Points, len(l.Lost))
			for _, d := range l.Lost {
				fmt.Fprintln(h, d.ID, d.Points)
			}
		}
	}
	for _, v := range o.Vetoes {
		fmt.Fprintln(h, v.ID, v.State)
	}
	fmt.Fprintln(h, o.Score, o.Open, o.Verdict)
	return hex.EncodeToString(h.Sum(nil))
}

// lossID is the same whenever the same round is counted.
func (b Book) lossID(style, ref string) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(b.Round+"/"+style+"/"+ref)).String()
}

func (o *Outcome) lose() {
	for _, c := range o.Chapters {
		for _, l := range c.Lines {
			if l.State != score.Scored {
				continue
			}
			switch l.Style {
			case pack.Finding:
				o.findings(c, l)
			case pack.Paper:
				o.papers(c, l)
			default:
				o.short(c, l)
			}
		}
	}
	for _, x := range o.Loose {
		if s, ok := o.seen(x.ID); ok {
			o.add(Loss{ID: s.ID, Style: pack.Finding, Item: s.Item}, s)
		}
	}
	for _, v := range o.Vetoes {
		if v.State != score.Fallen {
			continue
		}
		i := slices.IndexFunc(o.Sheet.Vetoes, func(x pack.Veto) bool { return x.ID == v.ID })
		item, s := o.Sheet.Vetoes[i].Item, Seen{}
		if found, ok := o.seen(OnVeto + "/" + v.ID); ok {
			s = found
		}
		o.add(Loss{ID: o.Book.lossID("veto", v.ID), Style: "veto", Item: item, Text: fault.Text{ZH: "否决：" + v.ZH, EN: "Veto: " + v.EN}, Note: v.Why.ZH}, s)
	}
}

// seen finds what somebody saw or wrote, by id.
func (o *Outcome) seen(id string) (Seen, bool) {
	i := slices.IndexFunc(o.Book.Seen, func(s Seen) bool { return s.ID == id })
	if i < 0 {
		return Seen{}, false
	}
	return o.Book.Seen[i], true
}

// add completes a loss by what was seen, where it was, and who answers for it.
func (o *Outcome) add(l Loss, s Seen) {
	l.Expert, l.Photos, l.Times, l.PlaceID = s.Expert, s.Photos, max(1, s.Times), s.Place
	if l.Kind == "" {
		l.Kind = s.Kind
	}
	if s.What == Found {
		l.Text, l.Note = o.foundText(s), s.Note
	} else if l.Note == "" {
		l.Note = s.Note
	}
	if it, ok := o.Sheet.Item(l.Item); ok {
		l.Chapter = it.Chapter
		l.UnitID = o.Book.Leads[it.Lead]
		if _, r, ok := o.Sheet.Requirement(l.Requirement); ok && r.Lead != "" && o.Book.Leads[r.Lead] != "" {
			l.UnitID = o.Book.Leads[r.Lead]
		}
	}
	if spot, ok := o.Spot(s.Place); ok {
		l.AreaID = spot.Area
		if l.UnitID == "" {
			l.UnitID = spot.Unit
		}
	}
	o.Losses = append(o.Losses, l)
}

// Spot finds a place of the sample.
func (o *Outcome) Spot(id string) (Spot, bool) {
	i := slices.IndexFunc(o.Book.Spots, func(s Spot) bool { return s.ID == id && id != "" })
	if i < 0 {
		return Spot{}, false
	}
	return o.Book.Spots[i], true
}

func (o *Outcome) foundText(s Seen) fault.Text {
	for _, c := range o.Sheet.Checks {
		if c.ID == s.Check {
			return fault.Text{ZH: "不符合：" + c.ZH, EN: "Not so: " + c.EN}
		}
	}
	return fault.Text{ZH: s.Text, EN: s.Text}
}

// findings joins the breaches of one finding into one loss.
func (o *Outcome) findings(c score.Chapter, l score.Line) {
	lost, order := map[string]Milli{}, []string{}
	for _, d := range l.Lost {
		id, _, _ := strings.Cut(d.ID, "#")
		if _, there := lost[id]; !there {
			order = append(order, id)
		}
		lost[id] += d.Points.Of(l.Points, l.OwnPoints)
	}
	for _, id := range order {
		if s, ok := o.seen(id); ok {
			o.add(Loss{ID: id, Style: l.Style, Line: l.ID, Item: l.Item, Chapter: c.ID, Points: lost[id]}, s)
		}
	}
}

func (o *Outcome) papers(c score.Chapter, l score.Line) {
	for _, d := range l.Lost {
		_, r, _ := o.Sheet.Requirement(d.Clause)
		kind := "paper.missing"
		if !slices.Contains(r.Kinds, kind) && len(r.Kinds) > 0 {
			kind = r.Kinds[0]
		}
		s, _ := o.seen(OnPaper + "/" + d.Clause)
		o.add(Loss{ID: o.Book.lossID(l.Style, d.Clause), Style: l.Style, Line: l.ID, Item: l.Item, Chapter: c.ID, Requirement: r.ID, Points: d.Points.Of(l.Points, l.OwnPoints),
			Kind: kind, Text: fault.Text{ZH: "缺少资料：" + r.ZH, EN: "Missing: " + r.EN}}, s)
	}
}

// short is what a band or a formula left of a line's points.
func (o *Outcome) short(c score.Chapter, l score.Line) {
	if l.Score >= l.Points {
		return
	}
	s, _ := o.seen(OnLine + "/" + l.ID)
	o.add(Loss{ID: o.Book.lossID(l.Style, l.ID), Style: l.Style, Line: l.ID, Item: l.Item, Chapter: c.ID, Points: l.Points - l.Score,
		Text: fault.Text{ZH: l.ZH + "：" + l.Why.ZH, EN: l.EN + ": " + l.Why.EN}}, s)
}

// share sums losses by area and by unit, each with what it is of.
func (o *Outcome) share() {
	areas, units := map[string]*Share{}, map[string]*Share{}
	at := func(in map[string]*Share, id string) *Share {
		if in[id] == nil {
			in[id] = &Share{ID: id}
		}
		return in[id]
	}
	for _, s := range o.Book.Spots {
		if s.Visited > 0 {
			at(areas, s.Area).Looked++
		}
	}
	for _, c := range o.Chapters {
		for _, l := range c.Lines {
			if it, ok := o.Sheet.Item(l.Item); ok && o.Book.Leads[it.Lead] != "" {
				at(units, o.Book.Leads[it.Lead]).Of += l.Points
			}
		}
	}
	for _, l := range o.Losses {
		if l.AreaID != "" {
			a := at(areas, l.AreaID)
			a.Points, a.Losses = a.Points+l.Points, a.Losses+1
		}
		if l.UnitID != "" {
			u := at(units, l.UnitID)
			u.Points, u.Losses = u.Points+l.Points, u.Losses+1
		}
	}
	o.Areas, o.Units = o.Book.inOrder(areas), o.Book.inOrder(units)
}

// inOrder is by name, so that nothing reads as a ranking.
func (b Book) inOrder(of map[string]*Share) []Share {
	out := make([]Share, 0, len(of))
	for _, s := range of {
		out = append(out, *s)
	}
	name := func(s Share) string { return b.Areas[s.ID] + b.Units[s.ID].Name }
	slices.SortFunc(out, func(x, y Share) int {
		return strings.Compare(name(x)+x.ID, name(y)+y.ID)
	})
	return out
}
