package duty

import (
	"slices"
	"strings"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
)

// Draft is what a planner says of a duty. Times are minutes after midnight of
// On; To not after From means the next day.
type Draft struct {
	ID, Kind, Name string
	Team           string
	Unit           string
	Area, Place    string // ids
	On             string
	From, To       int
	Size           int
	Leader         string
	People         []string
	Roster         string
	Note           string
	Version        int64 // with Change: the version seen
}

const mostCrew = 60

// shape makes a duty of a draft and checks what the draft alone can tell.
func shape(tx *db.Tx, in Draft) (Duty, error) {
	var c fault.Check
	day, err := calendar.ParseDay(in.On)
	c.That(err == nil, "on", "日期不对", "the day is wrong")
	c.That(in.ID != "", "id", "缺少编号", "the id is missing")
	c.That(in.From >= 0 && in.From < 1440 && in.To >= 0 && in.To <= 1440, "from", "时间不对", "the time is wrong")
	c.That(len([]rune(in.Name)) <= 60, "name", "名称最多60字", "at most 60 characters")
	c.That(len([]rune(in.Note)) <= 500, "note", "说明最多500字", "at most 500 characters")
	c.That(len(in.People) <= mostCrew, "people", "一组最多60人", "at most 60 people")
	c.That(in.Size >= 0 && in.Size <= mostCrew, "size", "人数0–60", "0 to 60 people")
	if err := c.Err(); err != nil {
		return Duty{}, err
	}
	d := Duty{ID: in.ID, Kind: in.Kind, Name: strings.TrimSpace(in.Name), TeamID: in.Team, UnitID: in.Unit, AreaID: in.Area, PlaceID: in.Place,
		OnDay: in.On, Size: in.Size, LeaderID: in.Leader, RosterID: in.Roster, Note: in.Note}
	from := day.Time().Add(time.Duration(in.From) * time.Minute)
	to := day.Time().Add(time.Duration(in.To) * time.Minute)
	if !to.After(from) {
		to = to.Add(24 * time.Hour)
	}
	d.FromAt, d.ToAt = from.UnixMilli(), to.UnixMilli()
	if err := d.ofTeam(tx, &in); err != nil {
		return d, err
	}
	if err := d.where(tx); err != nil {
		return d, err
	}
	return d, d.who(tx, in.People)
}

// A duty may begin this many days from today: back to write down what was done
// without a plan, ahead for a year; further away the year is wrong.
const daysBack, daysAhead = 7, 400

func near(tx *db.Tx, on string) error {
	today := calendar.On(tx.Time())
	first, last := string(today.Add(-daysBack)), string(today.Add(daysAhead))
	if on < first || on > last {
		return fault.New(fault.Invalid, "duty.day", "日期 %[1]s 不对：值守只能排在 %[2]s 至 %[3]s 之间，请检查年份。",
			"The day %[1]s is wrong: a duty lies between %[2]s and %[3]s; check the year.", on, first, last).In("on", "日期应在 %[1]s 至 %[2]s 之间", "a day from %[1]s to %[2]s", first, last)
	}
	return nil
}

// ofTeam takes from a standing team what the draft leaves open.
func (d *Duty) ofTeam(tx *db.Tx, in *Draft) error {
	if in.Team != "" {
		t, err := TeamByID(tx, in.Team)
		if err != nil {
			return err
		}
		if len(in.People) == 0 {
			in.People, d.LeaderID = t.People, t.LeaderID
		}
		if d.Kind == "" {
			d.Kind = t.Kind
		}
		if d.Name == "" {
			d.Name = t.Name
		}
		if d.UnitID == "" {
			d.UnitID = t.UnitID
		}
		if d.PlaceID == "" && d.AreaID == "" {
			d.PlaceID, d.AreaID = t.PlaceID, t.AreaID
		}
	}
	k, err := kindByID(tx, d.Kind)
	if d.Name == "" {
		d.Name = k.Name
	}
	return err
}

func (d *Duty) where(tx *db.Tx) error {
	if d.PlaceID != "" {
		p, err := place.ByID(tx, d.PlaceID)
		if err != nil {
			return missing(err, "place", "点位", "place")
		}
		d.AreaID = p.AreaID
	}
	if d.AreaID == "" {
		return fault.New(fault.Invalid, "duty.where", "请选择片区或点位。", "Choose an area or a place.").In("area", "必选", "required")
	}
	_, err := place.AreaByID(tx, d.AreaID)
	return missing(err, "area", "片区", "area")
}

// who fills the crew; a leader who is not named with the others is added.
func (d *Duty) who(tx *db.Tx, people []string) error {
	if d.LeaderID != "" && !slices.Contains(people, d.LeaderID) {
		people = append(slices.Clone(people), d.LeaderID)
	}
	slices.Sort(people)
	people = slices.Compact(people)
	if d.LeaderID == "" && len(people) > 0 {
		return fault.New(fault.Invalid, "duty.leader_none", "请指定一名组长。", "Name a leader.").In("leader", "必选", "required")
	}
	if d.LeaderID == "" && d.Size == 0 {
		return fault.New(fault.Invalid, "duty.nobody", "请指定一名组长；人还没定的，请写明应到几人。", "Name a leader; while nobody is settled on, say how many people are wanted.").
			In("leader", "请指定组长，或填应到人数", "name a leader, or how many are wanted")
	}
	names, err := org.Names(tx)
	if err != nil {
		return err
	}
	for _, id := range people {
		if err := here(names, id, d.OnDay, "people"); err != nil {
			return err
		}
		d.People = append(d.People, Member{PersonID: id})
	}
	d.Size = max(d.Size, len(people))
	return nil
}
