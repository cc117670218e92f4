package evidence

import (
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/standard/pack"
)

// notBefore is how many months of a year must have passed before its paper is
// asked for: an annual summary cannot be there in January. A working rule of ours.
const notBefore = 6

// Period is a stretch of time that a slot asks proof of, both days inclusive.
type Period struct {
	Year     int // the calendar year, or that in which the last twelve months end
	From, To calendar.Day
}

// Periods are what a slot asks for as of a day, newest first: calendar years of
// papers, the twelve months up to the day of work.
func Periods(p pack.Proof, on calendar.Day) []Period {
	out := make([]Period, p.Years)
	last := on.Time().AddDate(0, -notBefore, 0).Year()
	for i := range out {
		if p.By == pack.ByWork {
			to := calendar.On(on.Time().AddDate(-i, 0, 0))
			out[i] = Period{to.Time().Year(), calendar.On(to.Time().AddDate(-1, 0, 1)), to}
			continue
		}
		first := on.Time().AddDate(last-i-on.Time().Year(), 1-int(on.Time().Month()), 1-on.Time().Day())
		out[i] = Period{last - i, calendar.On(first), calendar.On(first.AddDate(1, 0, -1))}
	}
	return out
}

// found is what counts for a slot: pieces in each of its periods, and the day
// of the newest.
type found struct {
	per      []int
	newestOn string
}

func (f *found) add(period, n int, on string) {
	f.per[period] += n
	f.newestOn = max(f.newestOn, on)
}

// judge says how far a slot is filled as of a day. More than asked in one
// period fills no other.
func judge(p pack.Proof, f found, on calendar.Day) (state State, want, have int) {
	for _, n := range f.per {
		want += p.Count
		have += min(p.Count, n)
	}
	switch {
	case have == 0:
		return Empty, want, have
	case have < want:
		return Partly, want, have
	case p.Fresh > 0 && f.newestOn < string(on.Add(-p.Fresh)):
		return Stale, want, have
	}
	return Full, want, have
}

// counts reports whether a paper proves something of a period.
func (p Paper) counts(by string, t Period) bool {
	if by == pack.ByWork {
		return p.OnDay >= string(t.From) && p.OnDay <= string(t.To)
	}
	return p.Covers(t.Year)
}

// paperMoves are the steps of a paper: to which state from which.
var paperMoves = map[PaperState][]PaperState{
	Checked:   {Filed},
	Returned:  {Filed, Checked},
	Withdrawn: {Filed, Returned},
}
