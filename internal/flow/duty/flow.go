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
