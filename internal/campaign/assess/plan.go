package assess

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"chuangwei/internal/campaign/assess/sample"
	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
)

// Make plans a round. The seed of its draw is chosen here and its seal told in
// the log, before anybody can know what it will draw.
func Make(tx *db.Tx, who org.Actor, in Plan) (Round, error) {
	if err := who.May(org.PlanRound, org.Target{}); err != nil {
		return Round{}, err
	}
	if err := in.complete(tx); err != nil {
		return Round{}, err
	}
	h, err := standard.PackByID(tx, in.Pack)
	if err != nil {
		return Round{}, err
	}
	if err := errorsIn(tx, h, in.Experts); err != nil {
		return Round{}, err
	}
	if len(in.Wants) == 0 {
		if in.Wants, err = usualOf(tx, h); err != nil {
			return Round{}, err
		}
	}
	raw := make([]byte, 32)
	rand.Read(raw)
	seed := hex.EncodeToString(raw)
	r := Round{ID: in.ID, Name: in.Name, Kind: in.Kind, Pack: in.Pack, FromOn: in.FromOn, ToOn: in.ToOn, State: Planned, Experts: in.Experts, Wants: in.Wants,
		Seal: cases.Sealed(seed), MadeBy: who.ID, MadeAt: tx.Now(), Version: 1}
	if err := insert(tx, r, seed); err != nil {
		return r, fmt.Errorf("assess: round: %w", err)
	}
	_, err = event.Add(tx, who.ID, "round.planned", r.ID, map[string]any{"name": r.Name, "kind": r.Kind, "pack": r.Pack, "from_on": r.FromOn, "to_on": r.ToOn,
		"experts": r.Experts, "wants": r.Wants, "seal": r.Seal})
	return r, err
}

// complete gives experts their ids, and those with a sign-in their name, and
// refuses what cannot be.
func (in *Plan) complete(tx *db.Tx) error {
	in.Name, in.Experts = strings.TrimSpace(in.Name), numbered(in.Experts)
	for i, e := range in.Experts {
		if e.Name != "" || e.PersonID == "" {
			continue
		}
		p, err := org.PersonByID(tx, e.PersonID)
		if err != nil {
			return err
		}
		in.Experts[i].Name = p.Name
	}
	return in.check()
}

// errorsIn refuses a pack without a sheet, and experts of persons or chapters that are not there.
func errorsIn(tx *db.Tx, h *standard.Held, experts []Expert) error {
	if err := scorable(h); err != nil {
		return err
	}
	var c fault.Check
	for _, e := range experts {
		for _, id := range e.Chapters {
			known := false
			for _, ch := range h.Chapters {
				known = known || ch.ID == id
			}
			c.That(known, "experts", "标准里没有第%[1]s章", "the standard has no chapter %[1]s", id)
		}
		if e.PersonID != "" {
			if _, err := org.PersonByID(tx, e.PersonID); err != nil {
				return err
			}
		}
	}
	return c.Err()
}

func usualOf(tx *db.Tx, h *standard.Held) ([]sample.Want, error) {
	have, err := Have(tx)
	return Usual(h.Pack, have), err
}

// Have counts the county's places by kind, as packs name it.
func Have(tx *db.Tx) (map[string]int, error) {
	places, err := place.All(tx)
	out := map[string]int{}
	for _, p := range places {
		out[standard.PlaceKind(p.Kind)]++
	}
	return out, err
}

// Change plans a round anew. Once judging has begun, its pack and sample stay,
// and so does every expert who has judged something.
func Change(tx *db.Tx, who org.Actor, in Plan) (Round, error) {
	r, err := open(tx, who, org.PlanRound, in.ID)
	if err != nil {
		return r, err
	}
	in.Kind = r.Kind
	if r.State == Judging || len(in.Wants) == 0 {
		in.Wants = r.Wants
	}
	if err := in.complete(tx); err != nil {
		return r, err
	}
	h, err := standard.PackByID(tx, r.Pack)
	if err != nil {
		return r, err
	}
	if err := errorsIn(tx, h, in.Experts); err != nil {
		return r, err
	}
	if err := stay(tx, r, in.Experts); err != nil {
		return r, err
	}
	r.Name, r.FromOn, r.ToOn, r.Experts, r.Wants = in.Name, in.FromOn, in.ToOn, in.Experts, in.Wants
	if err := update(tx, &r); err != nil {
		return r, fmt.Errorf("assess: round: %w", err)
	}
	_, err = event.Add(tx, who.ID, "round.changed", r.ID, map[string]any{"name": r.Name, "from_on": r.FromOn, "to_on": r.ToOn, "experts": r.Experts, "wants": r.Wants})
	return r, err
}

// stay refuses a team without somebody who has judged already.
func stay(tx *db.Tx, r Round, team []Expert) error {
	list, err := Findings(tx, r.ID)
	if err != nil {
		return err
	}
	marks, err := Marks(tx, r.ID)
	if err != nil {
		return err
	}
	judged := map[string]bool{}
	for _, f := range list {
		judged[f.Expert] = true
	}
	for _, m := range marks {
		judged[m.Expert] = true
	}
	var c fault.Check
	for _, e := range r.Experts {
		c.That(!judged[e.ID] || slices.ContainsFunc(team, func(x Expert) bool { return x.ID == e.ID }), "experts",
			"%[1]s已经评过，不能去掉", "%[1]s has judged already and must stay", e.Name)
	}
	return c.Err()
}

// open finds a round for a verb on it that is not finished yet.
func open(tx *db.Tx, who org.Actor, v org.Verb, id string) (Round, error) {
	r, err := Get(tx, who, id)
	if err != nil {
		return r, err
	}
	if err := who.May(v, org.Target{}); err != nil {
		return r, err
	}
	if r.State == Finished {
		return r, fault.New(fault.Conflict, "round.finished", "“%[1]s”已经结束并封存，不能再改。", "%[1]q is finished and frozen.", r.Name)
	}
	return r, nil
}

// Get reads a round if the reader may see it. Its seed is told once it is drawn.
func Get(tx *db.Tx, who org.Actor, id string) (Round, error) {
	r, err := byID(tx, id)
	if err != nil {
		return r, err
	}
	if !who.Can(org.SeeRound, r.target()) {
		return Round{}, errNone
	}
	return r.told(), nil
}

// told is the round without a seed that is still sealed.
func (r Round) told() Round {
	if r.DrawnAt == 0 {
		r.Seed = ""
	}
	return r
}

// List shows the rounds the reader may see, the newest first.
func List(tx *db.Tx, who org.Actor) ([]Round, error) {
	if who.Scope(org.SeeRound).Empty() {
		return nil, org.Denied(org.SeeRound)
	}
	list, err := all(tx)
	var out []Round
	for _, r := range list {
		if who.Can(org.SeeRound, r.target()) {
			out = append(out, r.told())
		}
	}
	return out, err
}

// MaySeePhoto reports whether the reader may see a round that shows the photo.
func MaySeePhoto(tx *db.Tx, who org.Actor, sum string) (bool, error) {
	holders, err := album.Holders(tx, sum)
	for _, id := range holders {
		r, err := byID(tx, id)
		if fault.Is(err, fault.NotFound) {
			continue // something else than a round
		}
		if err != nil || who.Can(org.SeeRound, r.target()) {
			return err == nil, err
		}
	}
	return false, err
}

// Begin opens the sheets. With draw the sealed seed is opened and the sample
// drawn, once; without, the places are those added by hand. The standing
// estimate of this moment is kept, to be compared with the result.
func Begin(tx *db.Tx, who org.Actor, id string, draw bool) (Round, error) {
	r, err := open(tx, who, org.PlanRound, id)
	if err != nil {
		return r, err
	}
	if r.State != Planned {
		return r, fault.New(fault.Conflict, "round.begun", "“%[1]s”已经开始。", "%[1]q has begun already.", r.Name)
	}
	if draw {
		if err := drawSpots(tx, who, &r); err != nil {
			return r, err
		}
	} else if spots, err := Spots(tx, id); err != nil || len(spots) == 0 {
		return r, orFault(err, fault.New(fault.Conflict, "round.no_places", "还没有点位：请抽取样本，或先添加点位。", "There are no places yet: draw a sample or add places first."))
	}
	if r.Estimate, err = before(tx, r.Pack); err != nil {
		return r, err
	}
	r.State = Judging
	if err := update(tx, &r); err != nil {
		return r, fmt.Errorf("assess: begin: %w", err)
	}
	_, err = event.Add(tx, who.ID, "round.begun", r.ID, map[string]any{"drawn": draw, "estimate": r.Estimate})
	return r, err
}

func orFault(err error, f *fault.Fault) error {
	if err != nil {
		return err
	}
	return f
}

func drawSpots(tx *db.Tx, who org.Actor, r *Round) error {
	whole, err := byID(tx, r.ID)
	if err != nil {
		return err
	}
	frame, err := frameFor(tx, r.Wants)
	if err != nil {
		return err
	}
	drawn := sample.Draw(whole.Seed, frame, r.Wants)
	ids := make([]string, len(drawn))
	for i, p := range drawn {
		ids[i] = p.ID
		if err := insertSpot(tx, r.ID, Spot{PlaceID: p.ID, N: i, Kind: p.Kind, AreaID: p.Area, Source: Drawn}); err != nil {
			return fmt.Errorf("assess: draw: %w", err)
		}
	}
	if err := putFrame(tx, r.ID, packed(frame)); err != nil {
		return fmt.Errorf("assess: draw: %w", err)
	}
	r.Seed, r.DrawnAt = whole.Seed, tx.Now()
	_, err = event.Add(tx, who.ID, "round.drawn", r.ID, map[string]any{"seed": r.Seed, "frame": folded(frame), "wants": r.Wants, "drawn": ids})
	return err
}

// frameFor are the county's places of the kinds that are wanted.
func frameFor(tx *db.Tx, wants []sample.Want) ([]sample.Place, error) {
	places, err := place.All(tx)
	var out []sample.Place
	for _, p := range places {
		kind := standard.PlaceKind(p.Kind)
		if slices.ContainsFunc(wants, func(w sample.Want) bool { return w.Kind == kind && w.N > 0 }) {
			out = append(out, sample.Place{ID: p.ID, Kind: kind, Area: p.AreaID})
		}
	}
	return out, err
}

// folded is a frame as the log tells it: kind → area → places.
func folded(frame []sample.Place) map[string]map[string][]string {
	out := map[string]map[string][]string{}
	for _, p := range frame {
		if out[p.Kind] == nil {
			out[p.Kind] = map[string][]string{}
		}
		out[p.Kind][p.Area] = append(out[p.Kind][p.Area], p.ID)
	}
	return out
}

// Redraw draws a round's sample again from what was recorded and tells whether
// seal, seed and sample belong together.
func Redraw(tx *db.Tx, r Round) (same bool, err error) {
	if r.DrawnAt == 0 {
		return false, nil
	}
	frame, err := frameOf(tx, r.ID)
	if err != nil {
		return false, err
	}
	spots, err := Spots(tx, r.ID)
	if err != nil {
		return false, err
	}
	was := map[string]bool{}
	for _, s := range spots {
		if s.Source == Drawn {
			was[s.PlaceID] = true
		}
	}
	again := sample.Draw(r.Seed, frame, r.Wants)
	same = cases.Sealed(r.Seed) == r.Seal && len(again) == len(was)
	for _, p := range again {
		same = same && was[p.ID]
	}
	return same, nil
}

// SetSpots adds places by hand, and takes out added ones nobody has visited.
func SetSpots(tx *db.Tx, who org.Actor, id string, add, drop []string) (Round, error) {
	r, err := open(tx, who, org.PlanRound, id)
	if err != nil {
		return r, err
	}
	for _, code := range add {
		if err := addSpot(tx, r.ID, code); err != nil {
			return r, err
		}
	}
	for _, code := range drop {
		p, err := place.ByCode(tx, code)
		if err != nil {
			return r, err
		}
		n, err := deleteSpot(tx, r.ID, p.ID)
		if err != nil {
			return r, err
		}
		if n == 0 {
			return r, fault.New(fault.Conflict, "round.spot_stays", "“%[1]s”是抽中的或已经看过，不能去掉。", "%[1]q was drawn or has been visited and stays.", p.Name)
		}
	}
	if err := update(tx, &r); err != nil {
		return r, err
	}
	_, err = event.Add(tx, who.ID, "round.places", r.ID, map[string]any{"add": add, "drop": drop})
	return r, err
}

func addSpot(tx *db.Tx, round, code string) error {
	p, err := place.ByCode(tx, code)
	if err != nil {
		return err
	}
	spots, err := Spots(tx, round)
	if err != nil {
		return err
	}
	n := 0
	for _, s := range spots {
		n = max(n, s.N+1)
	}
	return insertSpot(tx, round, Spot{PlaceID: p.ID, N: n, Kind: standard.PlaceKind(p.Kind), AreaID: p.AreaID, Source: Added})
}
