package demo

import (
	"context"
	"fmt"
	"slices"

	"chuangwei/internal/demo/town"
	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/plan/roster"
	"chuangwei/internal/register/org"
)

// How many days of duties lie behind and ahead of the demo's day.
const (
	dutiesPast  = 7
	dutiesAhead = 14
)

// duties gives people skills and homes, forms teams, and plans the market
// team, fixed posts and some squads by the verbs. What is over is confirmed by
// its leader.
func (b *builder) duties(ctx context.Context) error {
	if err := b.db.Write(ctx, b.members); err != nil {
		return err
	}
	if err := b.db.Write(ctx, b.teams); err != nil {
		return err
	}
	for n := -dutiesPast; n <= dutiesAhead; n++ {
		if err := b.db.Write(ctx, func(tx *db.Tx) error { return b.dutiesOf(tx, n) }); err != nil {
			return fmt.Errorf("day %d: %w", n, err)
		}
	}
	return nil
}

// members says who can do what: deputies and one cadre in five lead.
func (b *builder) members(tx *db.Tx) error {
	licensed := b.Holders(town.Enforcement, "")
	leads := b.Holders(town.UnitDeputy, "")
	for i, p := range b.People {
		var skills []org.Skill
		for _, s := range []struct {
			skill org.Skill
			has   bool
		}{
			{org.Leads, i%5 == 0 || slices.Contains(leads, p.Code)}, {org.Licensed, i%7 == 3 || slices.Contains(licensed, p.Code)},
			{org.Drives, i%4 == 1}, {org.Speaks, i%6 == 2},
		} {
			if s.has {
				skills = append(skills, s.skill)
			}
		}
		if err := roster.SetMember(tx, org.System, b.id("person", p.Code), skills, b.id("area", b.Areas[i%len(b.Areas)].Code)); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) persons(codes []string) (out []string) {
	for _, c := range codes {
		out = append(out, b.id("person", c))
	}
	return out
}

// patrols is how many teams the roving enforcement forms.
const patrols = 8

func (b *builder) teams(tx *db.Tx) error {
	six := b.persons(b.Holders(town.MarketTeam, ""))
	list := []duty.Team{{ID: b.id("team", "market"), Code: "SC01", Name: "中心农贸市场驻点工作队", Kind: "market",
		PlaceID: b.id("place", b.PlacesOf("market")[0].Code), LeaderID: six[0], People: six}}
	officers := b.persons(b.Holders(town.Enforcement, ""))
	for i := range patrols {
		crew := officers[i*len(officers)/patrols : (i+1)*len(officers)/patrols]
		list = append(list, duty.Team{ID: b.id("team", fmt.Sprint("patrol", i)), Code: fmt.Sprintf("XH%02d", i+1), Name: fmt.Sprintf("综合执法巡回%d组", i+1),
			Kind: "patrol", LeaderID: crew[0], People: crew})
	}
	for _, t := range list {
		if _, err := duty.PutTeam(tx, org.System, t); err != nil {
			return err
		}
	}
	return nil
}

// dutiesOf plans one day; n counts from the demo's day.
func (b *builder) dutiesOf(tx *db.Tx, n int) error {
	day := b.day0.Add(n)
	var list []duty.Draft
	add := func(code, kind, name, area, place string, from, to int, crew []string) {
		list = append(list, duty.Draft{ID: b.id("duty", fmt.Sprint(n, code)), Kind: kind, Name: name, Area: area, Place: place, On: string(day),
			From: from * 60, To: to * 60, Leader: crew[0], People: crew})
	}
	six := b.persons(b.Holders(town.MarketTeam, ""))
	stall := b.id("place", b.PlacesOf("market")[0].Code)
	morning, noon := six[:3], six[3:]
	if market.On(day) { // on market days all are there
		morning, noon = six, six
	}
	add("m1", "market", "市场工作队·早班", "", stall, 6, 12, morning)
	add("m2", "market", "市场工作队·午班", "", stall, 12, 18, noon)
	officers := b.persons(b.Holders(town.Enforcement, ""))
	for i := range patrols {
		crew := officers[i*len(officers)/patrols:][:4]
		area := b.Areas[(i*4+n+dutiesPast)%len(b.Areas)]
		add(fmt.Sprint("p", i), "patrol", fmt.Sprintf("综合执法巡回%d组", i+1), b.id("area", area.Code), "", 8, 12, crew)
	}
	for _, in := range list {
		if err := b.plan(tx, in, n); err != nil {
			return err
		}
	}
	return nil
}

// plan plans a duty; who is on leave stays at home, and what is over is
// confirmed.
func (b *builder) plan(tx *db.Tx, in duty.Draft, n int) error {
	in.People = slices.DeleteFunc(slices.Clone(in.People), func(id string) bool { away, err := org.Away(tx, id, in.On); return err != nil || away != nil })
	if len(in.People) == 0 {
		return nil
	}
	if !slices.Contains(in.People, in.Leader) {
		in.Leader = in.People[0]
	}
	d, err := duty.Plan(tx, org.System, in)
	if f, refused := fault.As(err); refused && f.Kind == fault.Conflict {
		return nil // somebody has a duty too close by
	}
	if err != nil || n >= 0 || d.ToAt > tx.Now() {
		return err
	}
	_, err = duty.Confirm(tx, org.System, d.ID, nil)
	return err
}
