package assess

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/internal/register/standard/score"

	"github.com/google/uuid"
)

// sheetOf finds a round under way for whoever fills in an expert's sheet: the
// expert, or who types in what an outside expert wrote on paper.
func sheetOf(tx *db.Tx, who org.Actor, round, expert string) (Round, *standard.Held, error) {
	r, err := byID(tx, round)
	if err != nil {
		return r, nil, err
	}
	e, ok := r.Expert(expert)
	if !who.Can(org.SeeRound, r.target()) && !who.Can(org.JudgeRound, org.Target{}) {
		return r, nil, errNone
	}
	if !ok {
		return r, nil, fault.New(fault.NotFound, "round.no_expert", "评估组里没有这名专家。", "There is no such expert in the team.")
	}
	if err := who.May(org.JudgeRound, org.Target{Persons: []string{e.PersonID}}); err != nil {
		return r, nil, err
	}
	switch r.State {
	case Planned:
		return r, nil, fault.New(fault.Conflict, "round.not_begun", "“%[1]s”还没有开始。", "%[1]q has not begun yet.", r.Name)
	case Finished:
		return r, nil, fault.New(fault.Conflict, "round.finished", "“%[1]s”已经结束并封存，不能再改。", "%[1]q is finished and frozen.", r.Name)
	}
	h, err := standard.PackByID(tx, r.Pack)
	return r, h, err
}

// See keeps what an expert saw at a place. A place that was not drawn is added:
// experts see things on their way.
func See(tx *db.Tx, who org.Actor, in Visit) (Round, error) {
	r, h, err := sheetOf(tx, who, in.Round, in.Expert)
	if err != nil {
		return r, err
	}
	if err := in.check(); err != nil {
		return r, err
	}
	p, err := place.ByCode(tx, in.Place)
	if err != nil {
		return r, err
	}
	if err := addSpot(tx, r.ID, in.Place); err != nil {
		return r, fmt.Errorf("assess: visit: %w", err)
	}
	made := earlier(tx, in.MadeAt)
	spot := Spot{PlaceID: p.ID, VisitedAt: made, VisitedBy: in.Expert, Note: strings.TrimSpace(in.Note)}
	if err := updateVisit(tx, r.ID, spot); err != nil {
		return r, fmt.Errorf("assess: visit: %w", err)
	}
	told := []map[string]any{}
	for i, f := range in.Findings {
		f.ID = uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "%s/%d", in.ID, i)).String()
		f.Expert, f.PlaceID, f.PlaceKind, f.Who, f.MadeAt, f.At = in.Expert, p.ID, standard.PlaceKind(p.Kind), who.ID, made, tx.Now()
		if err := placed(h.Pack, &f); err != nil {
			return r, err
		}
		if err := album.Hold(tx, r.ID, f.Photos); err != nil {
			return r, err
		}
		if err := insertFinding(tx, r.ID, f); err != nil {
			return r, fmt.Errorf("assess: finding: %w", err)
		}
		told = append(told, map[string]any{"id": f.ID, "check": f.Check, "line": f.Line, "kind": f.Kind, "note": f.Note, "times": f.Times, "photos": f.Photos})
	}
	_, err = event.Add(tx, who.ID, "round.visited", r.ID, map[string]any{"expert": in.Expert, "place": p.ID, "note": spot.Note, "made_at": made, "findings": told})
	return r, err
}

// earlier is when something was made; never in the future.
func earlier(tx *db.Tx, made int64) int64 {
	if made <= 0 || made > tx.Now() {
		return tx.Now()
	}
	return made
}

// placed gives a finding its clause, kind and scoring line by the rule of the pack.
func placed(p *pack.Pack, f *Finding) error {
	f.Note = strings.TrimSpace(f.Note)
	if f.Check == "" {
		s, ok := lineByID(p, f.Line)
		if !ok || s.Style != pack.Finding {
			return fault.New(fault.Invalid, "finding.line", "“%[1]s”不是按问题扣分的评分行。", "%[1]q is no line that counts findings.", f.Line)
		}
		f.Item, f.Text = s.Item, f.Note
		f.Kind = likely(p, s, f.PlaceKind)
		return nil
	}
	i := slices.IndexFunc(p.Checks, func(c pack.Check) bool { return c.ID == f.Check && c.Place == f.PlaceKind })
	if i < 0 {
		return fault.New(fault.Invalid, "finding.check", "这类点位没有检查要点“%[1]s”，请更新手机上的评分表。", "Such a place has no check %[1]q; refresh the sheet.", f.Check)
	}
	c := p.Checks[i]
	it, _, _ := p.Requirement(c.Of)
	f.Item, f.Kind, f.Text = it.ID, c.Kind, c.ZH
	f.Line = ""
	if s, ok := score.Counts(p, f.counted(p)); ok {
		f.Line = s.ID
	}
	return nil
}

// likely is the one kind of problem that breaks a line at such a place, or "".
func likely(p *pack.Pack, s pack.Score, placeKind string) string {
	it, _ := p.Item(s.Item)
	var kinds []string
	for _, r := range it.Requirements {
		if slices.Contains(r.Places, placeKind) {
			kinds = append(kinds, r.Kinds...)
		}
	}
	slices.Sort(kinds)
	if kinds = slices.Compact(kinds); len(kinds) == 1 {
		return kinds[0]
	}
	return ""
}

// counted is the finding as the scoring rules take it: its own clause first,
// then those that its kind breaks at such a place.
func (f Finding) counted(p *pack.Pack) score.Finding {
	items := []string{f.Item}
	for _, id := range p.ItemsFor(f.Kind, f.PlaceKind) {
		if f.Kind != "" && id != f.Item {
			items = append(items, id)
		}
	}
	return score.Finding{ID: f.ID, Line: f.Line, Items: items, Kind: f.Kind, Place: f.PlaceKind, At: f.PlaceID}
}

// Judge keeps marks on lines, papers and vetoes.
func Judge(tx *db.Tx, who org.Actor, in Judgement) (Round, error) {
	r, h, err := sheetOf(tx, who, in.Round, in.Expert)
	if err != nil {
		return r, err
	}
	if err := in.check(h.Pack); err != nil {
		return r, err
	}
	made := earlier(tx, in.MadeAt)
	told := []map[string]any{}
	for _, m := range in.Marks {
		m.Expert, m.Who, m.MadeAt, m.Note = in.Expert, who.ID, made, strings.TrimSpace(m.Note)
		if err := album.Hold(tx, r.ID, m.Photos); err != nil {
			return r, err
		}
		if err := putMark(tx, r.ID, m); err != nil {
			return r, fmt.Errorf("assess: mark: %w", err)
		}
		told = append(told, map[string]any{"what": m.What, "ref": m.Ref, "value": m.Value, "points": m.Points, "note": m.Note, "photos": m.Photos})
	}
	_, err = event.Add(tx, who.ID, "round.judged", r.ID, map[string]any{"expert": in.Expert, "made_at": made, "marks": told})
	return r, err
}

// Withdraw takes a finding back, with the reason; it stays on record.
func Withdraw(tx *db.Tx, who org.Actor, round, id, why string) (Round, error) {
	f, err := findingByID(tx, round, id)
	if err != nil {
		return Round{}, err
	}
	r, _, err := sheetOf(tx, who, round, f.Expert)
	if err != nil {
		return r, err
	}
	var c fault.Check
	c.That(strings.TrimSpace(why) != "" && len([]rune(why)) <= 200, "why", "请写明撤回的理由，最多200字", "say why, in at most 200 characters")
	if err := c.Err(); err != nil {
		return r, err
	}
	if f.WithdrawnAt > 0 {
		return r, nil
	}
	f.WithdrawnAt, f.WithdrawnBy, f.Why = tx.Now(), who.ID, strings.TrimSpace(why)
	if err := updateWithdrawn(tx, f); err != nil {
		return r, fmt.Errorf("assess: withdraw: %w", err)
	}
	_, err = event.Add(tx, who.ID, "round.withdrawn", r.ID, map[string]any{"finding": f.ID, "why": f.Why})
	return r, err
}

// Mine are the rounds under way in which the reader, or whom they stand in
// for, is an expert, each with the ids of those experts.
func Mine(tx *db.Tx, who org.Actor) (map[string][]string, []Round, error) {
	list, err := all(tx)
	mine := map[string][]string{}
	var out []Round
	for _, r := range list {
		for _, e := range r.Experts {
			if r.State == Judging && who.StandsFor(e.PersonID) {
				mine[r.ID] = append(mine[r.ID], e.ID)
			}
		}
		if len(mine[r.ID]) > 0 {
			out = append(out, r.told())
		}
	}
	return mine, out, err
}

// dayOf is the county's day of an instant.
func dayOf(ms int64) string { return string(calendar.On(time.UnixMilli(ms))) }
