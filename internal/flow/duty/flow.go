package duty

import (
	"cmp"
	"slices"
	"time"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
)

// Rest is how long somebody is free between two duties of different days:
// eleven hours, as the EU's working-time directive has it for want of a
// Chinese rule for offices. The rules of a roster may ask for more, not less.
const Rest = 11 * time.Hour

// mostLong is the longest duty; longer is a mistake in the times.
const mostLong = 16 * time.Hour

// window is somebody's time on a duty.
type window struct {
	name     string
	from, to int64
}

// clash says why somebody cannot be on a duty from a to b beside what they
// already have, or nil. Windows of one day may follow each other at once (the
// morning's team stays on); between days there is rest.
func clash(person string, a, b int64, has []window, rest time.Duration) *fault.Fault {
	for _, w := range has {
		if w.from < b && a < w.to {
			f := fault.New(fault.Conflict, "duty.twice", "%[1]s %[2]s 已在“%[4]s”值守，不能同时在两处。", "%[1]s is on duty at %[4]q from %[3]s.",
				person, clockZH(w.from), clockEN(w.from), w.name)
			return f.In("people", "%[1]s 时间冲突", "%[1]s is busy then", person)
		}
		gap := max(a-w.to, w.from-b)
		if day(w.from) != day(a) && gap < rest.Milliseconds() {
			f := fault.New(fault.Conflict, "duty.rest", "%[1]s 与“%[2]s”之间休息不足 %[3]d 小时。", "%[1]s would rest less than %[3]d hours from %[2]q.", person, w.name, int(rest.Hours()))
			return f.In("people", "%[1]s 休息不足", "%[1]s lacks rest", person)
		}
	}
	return nil
}

func clockZH(ms int64) string { return time.UnixMilli(ms).In(calendar.Zone).Format("1月2日 15:04") }
func clockEN(ms int64) string { return time.UnixMilli(ms).In(calendar.Zone).Format("2 Jan 15:04") }

func day(ms int64) calendar.Day { return calendar.On(time.UnixMilli(ms)) }

// crewFor chooses of the day's duties the crew that takes a problem of a group
// at a place or in an area at an instant: who is there now before who comes
// next, who is at the place before who is in the area. The order of duties
// does not matter.
func crewFor(list []Duty, kinds map[string]Kind, group, areaID, placeID string, at int64) (Duty, bool) {
	var fit []Duty
	for _, d := range list {
		here := d.PlaceID != "" && d.PlaceID == placeID || d.PlaceID == "" && d.AreaID == areaID && areaID != ""
		if here && d.CancelledAt == 0 && d.LeaderID != "" && d.ToAt > at && kinds[d.Kind].takes(group) {
			fit = append(fit, d)
		}
	}
	if len(fit) == 0 {
		return Duty{}, false
	}
	return slices.MinFunc(fit, func(x, y Duty) int {
		return cmp.Or(cmp.Compare(max(x.FromAt, at), max(y.FromAt, at)), cmp.Compare(y.PlaceID, x.PlaceID), cmp.Compare(x.FromAt, y.FromAt), cmp.Compare(x.ID, y.ID))
	}), true
}

// next chooses who takes over from a duty: the crew at the same place (or, of
// crews without a place, in the same area) that begins first after it began.
func next(list []Duty, d Duty) (Duty, bool) {
	var fit []Duty
	for _, n := range list {
		same := n.PlaceID == d.PlaceID && n.AreaID == d.AreaID && n.Kind == d.Kind
		if same && n.ID != d.ID && n.CancelledAt == 0 && n.LeaderID != "" && n.FromAt >= d.ToAt {
			fit = append(fit, n)
		}
	}
	if len(fit) == 0 {
		return Duty{}, false
	}
	return slices.MinFunc(fit, func(x, y Duty) int { return cmp.Or(cmp.Compare(x.FromAt, y.FromAt), cmp.Compare(x.ID, y.ID)) }), true
}

// handDays is how many days after a duty the crew may begin that takes over.
const handDays = 8

// follows reports whether a duty may be handed over to another: one of the same
// place, area or kind that comes, may have begun, and stays longer.
func follows(d, n Duty) bool {
	near := n.AreaID == d.AreaID || n.Kind == d.Kind || n.PlaceID != "" && n.PlaceID == d.PlaceID
	soon := n.ToAt > d.ToAt && n.FromAt < d.ToAt+(handDays*24*time.Hour).Milliseconds()
	return near && soon && n.ID != d.ID && n.CancelledAt == 0 && n.LeaderID != ""
}

// likelier orders crews that may take over from a duty: those of its kind at
// its place, those at its place, in its area, of its kind; then by how near
// they begin to its end.
func likelier(d, a, b Duty) int {
	rank := func(n Duty) int {
		place, area, kind := n.PlaceID == d.PlaceID, n.AreaID == d.AreaID, n.Kind == d.Kind
		switch {
		case place && area && kind:
			return 0
		case area && place:
			return 1
		case area:
			return 2
		}
		return 3
	}
	gap := func(n Duty) int64 { return max(n.FromAt-d.ToAt, d.ToAt-n.FromAt) }
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(gap(a), gap(b)), cmp.Compare(a.FromAt, b.FromAt), cmp.Compare(a.ID, b.ID))
}
