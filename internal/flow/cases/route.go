package cases

import (
	"errors"
	"fmt"
	"slices"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
)

// strayMetres is how far outside all areas a point may lie and still count to
// the closest one: the error of a phone between buildings.
const strayMetres = 60

// route is what routing finds out; where it stays empty the desk decides.
type route struct {
	unit, owner string
	duty        string // the crew that the owner belongs to, or ""
	reasons     []Reason
	helpers     []string
}

func (r *route) because(about, zh, en string, args ...any) {
	r.reasons = append(r.reasons, Reason{about, fault.Say(zh, en, args...)})
}

// locate finds the area of a case from its place or its point.
func locate(tx *db.Tx, c *Case) error {
	if c.PlaceID != "" {
		p, err := place.ByID(tx, c.PlaceID)
		if err != nil {
			return err
		}
		c.AreaID = p.AreaID
		return c.areaBecause(tx, "点位“%[1]s”在%[2]s", "place %[1]q lies in %[2]s", p.Name)
	}
	if c.Point == nil {
		c.because("area", "没有位置，请派遣员确定片区", "no position: the desk must choose the area")
		return nil
	}
	id, metres, inside, err := place.At(tx, *c.Point)
	if err != nil {
		return err
	}
	switch {
	case inside:
		c.AreaID = id
		return c.areaBecause(tx, "上报位置落在%[2]s", "the point falls in %[2]s", "")
	case id != "" && metres <= strayMetres:
		c.AreaID = id
		return c.areaBecause(tx, "位置在各片区之外，距%[2]s最近", "outside all areas, closest to %[2]s", "")
	}
	c.because("area", "位置不在任何片区内，请派遣员核实", "the point lies in no area: the desk must look")
	return nil
}

func (c *Case) because(about, zh, en string, args ...any) {
	c.Reasons = append(c.Reasons, Reason{about, fault.Say(zh, en, args...)})
}

func (c *Case) areaBecause(tx *db.Tx, zh, en, what string) error {
	a, err := place.AreaByID(tx, c.AreaID)
	if err != nil {
		return err
	}
	c.because("area", zh, en, what, a.Name)
	return nil
}

// gridBecause names the grid and who looks after it.
func (c *Case) gridBecause(tx *db.Tx) error {
	g, who, err := Grid(tx, *c)
	if err != nil || g.ID == "" {
		return err
	}
	if len(who) == 0 {
		c.because("area", "属%[1]s，今天没有网格员", "in %[1]s, which has no grid member today", g.Name)
		return nil
	}
	c.because("area", "属%[1]s，网格员%[2]s", "in %[1]s, grid member %[2]s", g.Name, who[0].Name)
	return nil
}

// Grid finds the grid a case lies in, with who looks after it today; the zero
// Area where there is none.
func Grid(tx *db.Tx, c Case) (place.Area, []org.Person, error) {
	if c.Point == nil {
		return place.Area{}, nil, nil
	}
	g, ok, err := place.GridAt(tx, *c.Point)
	if err != nil || !ok {
		return place.Area{}, nil, err
	}
	who, err := org.Holders(tx, org.GridMember, "", g.ID, today(tx))
	return g, who, err
}

// find routes a case of known kind: a kept rule first, then the place's own
// unit or the area's lead unit for what belongs to the premises, then the unit
// that leads the kind. The owner is of the crew that is there today, and where
// there is none, whoever of the unit answers for the area today.
func find(tx *db.Tx, c Case, k standard.Kind) (route, error) {
	var r route
	kept, err := ruleFor(tx, c.AreaID, k.ID)
	if err != nil {
		return r, err
	}
	if kept.unit != "" {
		r.unit = kept.unit
		r.because("unit", "按派遣时保存的规则", "by a rule kept at dispatch")
	} else if err := r.leadUnit(tx, c, k); err != nil {
		return r, err
	}
	if r.unit == "" {
		return r, nil
	}
	if err := r.helping(tx, k); err != nil {
		return r, err
	}
	if kept.unit == "" {
		if found, err := r.onDuty(tx, c, k); found || err != nil {
			return r, err
		}
	}
	return r, r.answers(tx, c.AreaID, kept.person)
}

// onDuty looks for a crew that is there today and takes such problems: its
// leader owns the case, or the leader's deputy, or else somebody of the crew.
func (r *route) onDuty(tx *db.Tx, c Case, k standard.Kind) (bool, error) {
	crew, ok, err := duty.CrewFor(tx, k.Group, c.AreaID, c.PlaceID)
	if err != nil || !ok {
		return false, err
	}
	from, to := at8(crew.FromAt).Format("15:04"), at8(crew.ToAt).Format("15:04")
	r.because("owner", "今天“%[1]s”（%[2]s–%[3]s）在此值守，这类问题由其承办", "%[1]q (%[2]s–%[3]s) is on duty here today and takes such problems", crew.Name, from, to)
	found, err := r.ofCrew(tx, crew)
	if found {
		r.duty = crew.ID
	}
	return found, err
}

// ofCrew finds who of a crew answers today: its leader, or the leader's deputy,
// or else somebody of the crew.
func (r *route) ofCrew(tx *db.Tx, crew duty.Duty) (bool, error) {
	for _, id := range crew.LeaderFirst() {
		p, err := org.PersonByID(tx, id)
		if err != nil {
			return false, err
		}
		zh, en := "值守队员", "of the crew"
		if id == crew.LeaderID {
			zh, en = "值守组长", "its leader"
		}
		if done, err := r.orDeputy(tx, p, zh, en, today(tx)); done || err != nil {
			return done, err
		}
	}
	return false, nil
}

// premises are lead roles that mean "whoever answers for this place".
var premises = []string{"shequ", "danwei", "yezhu"}

func (r *route) leadUnit(tx *db.Tx, c Case, k standard.Kind) error {
	if slices.Contains(premises, k.Lead) {
		if unit, why, err := premisesUnit(tx, c); err != nil || unit != "" {
			r.unit = unit
			r.reasons = append(r.reasons, why)
			return err
		}
	}
	u, err := org.UnitByRole(tx, k.Lead)
	if errors.Is(err, db.ErrNone) {
		r.because("unit", "“%[1]s”没有登记牵头单位，请派遣员确定", "no unit is registered to lead %[1]q: the desk must choose", k.Name)
		return nil
	}
	if err != nil {
		return err
	}
	r.unit = u.ID
	r.because("unit", "“%[1]s”由%[2]s牵头", "%[3]q is led by %[2]s", k.Name, u.Short, k.In("en"))
	return nil
}

func premisesUnit(tx *db.Tx, c Case) (string, Reason, error) {
	if c.PlaceID != "" {
		p, err := place.ByID(tx, c.PlaceID)
		if err != nil {
			return "", Reason{}, err
		}
		if p.UnitID != "" {
			u, err := org.UnitByID(tx, p.UnitID)
			return u.ID, Reason{"unit", fault.Say("点位的责任单位是%[1]s", "%[1]s answers for the place", u.Short)}, err
		}
	}
	if c.AreaID == "" {
		return "", Reason{}, nil
	}
	a, err := place.AreaByID(tx, c.AreaID)
	if err != nil || a.LeadUnitID == "" {
		return "", Reason{}, err
	}
	u, err := org.UnitByID(tx, a.LeadUnitID)
	return u.ID, Reason{"unit", fault.Say("%[1]s由%[2]s包片", "%[2]s leads in %[1]s", a.Name, u.Short)}, err
}

func (r *route) helping(tx *db.Tx, k standard.Kind) error {
	for _, role := range k.Helpers {
		u, err := org.UnitByRole(tx, role)
		if errors.Is(err, db.ErrNone) {
			continue
		}
		if err != nil {
			return err
		}
		if u.ID != r.unit && !slices.Contains(r.helpers, u.ID) {
			r.helpers = append(r.helpers, u.ID)
		}
	}
	return nil
}

// chain is who in a unit answers when nobody before has the post or is there.
var chain = []struct {
	role   org.Role
	zh, en string
}{
	{org.Owner, "本片区责任人", "owner for the area"},
	{org.Liaison, "联络员", "liaison"},
	{org.UnitDeputy, "分管负责人", "deputy head"},
	{org.UnitHead, "主要负责人", "head"},
}

// answers finds the one person who answers today: the wanted one, or down the
// chain, each with a deputy when away.
func (r *route) answers(tx *db.Tx, areaID, wanted string) error {
	on := today(tx)
	if wanted != "" {
		p, err := org.PersonByID(tx, wanted)
		if err != nil {
			return err
		}
		if done, err := r.orDeputy(tx, p, "指定的责任人", "the chosen owner", on); done || err != nil {
			return err
		}
	}
	for _, link := range chain {
		holders, err := org.Holders(tx, link.role, r.unit, areaID, on)
		if err != nil {
			return err
		}
		for _, p := range holders {
			if done, err := r.orDeputy(tx, p, link.zh, link.en, on); done || err != nil {
				return err
			}
		}
	}
	r.because("owner", "今天该单位无人在岗，请派遣员指定", "nobody of the unit answers today: the desk must choose")
	return nil
}

// orDeputy takes the person, or who answers for them while they are away.
func (r *route) orDeputy(tx *db.Tx, p org.Person, zh, en, on string) (bool, error) {
	away, err := org.Away(tx, p.ID, on)
	if err != nil {
		return false, err
	}
	if away == nil {
		r.owner = p.ID
		r.because("owner", "%[1]s是%[2]s", "%[1]s is %[3]s", p.Name, zh, en)
		return true, nil
	}
	d, err := org.DeputyOf(tx, p.ID, on)
	if errors.Is(err, db.ErrNone) {
		r.because("owner", "%[1]s %[2]s至%[3]s请假，没有代理人", "%[1]s is away %[2]s to %[3]s without a deputy", p.Name, away.FromOn, away.ToOn)
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r.owner = d.ID
	r.because("owner", "%[1]s（%[2]s）%[3]s至%[4]s请假，由%[5]s代理", "%[5]s stands in for %[1]s (%[6]s), away %[3]s to %[4]s",
		p.Name, zh, away.FromOn, away.ToOn, d.Name, en)
	return true, nil
}

// today is the county's day of this unit of work.
func today(tx *db.Tx) string { return string(calendar.On(tx.Time())) }

// promise computes and stores the due instant with its explanation.
func promise(tx *db.Tx, c *Case, k standard.Kind) error {
	cal, err := calendar.Load(tx)
	if err != nil {
		return err
	}
	due, why, err := cal.Due(tx.Time(), k.Limit)
	if err != nil {
		return fmt.Errorf("cases: due: %w", err)
	}
	c.DueAt = due.UnixMilli()
	c.DueWhy = fault.Text{ZH: why.Text("zh"), EN: why.Text("en")}
	c.because("due", "%[1]s", "%[2]s", c.DueWhy.ZH, c.DueWhy.EN)
	return nil
}
