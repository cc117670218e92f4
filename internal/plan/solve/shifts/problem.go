// Package shifts plans who works which shift on which day of a period: hard
// rules of every person that no answer breaks, wishes and wanted numbers with
// their prices, and a proven lower bound beside every answer. It is the
// problem of Curtois and Qu ("Computational results on new staff scheduling
// benchmark instances", 2014), whose public instances Read reads. It is pure:
// no database, no words for readers, no clock but that of the context.
//
// A search cools a plan first: whole weeks of one person are drawn anew by
// their chances under all rules, days of two are exchanged (window, annealer).
// Then it proves a bound by column generation over everybody and all days
// (region, master, cheapest) and dives from there to a whole plan (dive). Where
// that program would be too large, it plans weeks of everybody anew one after
// another and proves a bound from their prices (wideBound). The rest of the
// time it plans parts of the best plan anew by the same column generation and
// dives (hood). docs/decisions/0014 says why.
//
// Everything is named by its index: person 3 is Problem.People[3], day 0 the
// first day. The caller keeps the names.
package shifts

// Off is the entry of a plan on a day without a shift.
const Off = -1

// Problem is one period to be planned. It is only read, never changed.
type Problem struct {
	Days   int // days 0 … Days−1; day 0 is a Monday
	Shifts []Shift
	People []Person
	// Cover[d][s] is what is wanted of shift s on day d.
	Cover [][]Cover
}

// Shift is a kind of shift.
type Shift struct {
	Minutes  int
	NotAfter []int // shifts that may not be worked on the day after this one
}

// Person is one of those who work, with the limits that always hold.
type Person struct {
	Most       []int // how often each kind of shift at most
	MinMinutes int   // of work in the whole period
	MaxMinutes int
	// MaxRun and MinRun limit days of work in a row, MinOff days off in a row.
	// What touches the first or the last day may go on outside the period, so
	// the two least lengths do not hold for it; MaxRun counts the period alone.
	MaxRun, MinRun, MinOff int
	MaxWeekends            int   // with work on Saturday or Sunday
	DaysOff                []int // never worked
	Wishes                 []Wish
}

// Wish is a shift on a day that a person would like (Weight > 0: what it costs
// not to give it) or would rather not have (Weight < 0: what giving it costs).
type Wish struct{ Day, Shift, Weight int }

// Cover is a wanted number of people, and what each too few or too many costs.
type Cover struct{ Want, Under, Over int }

// Plan says who works what: Plan[i][d] is the shift of person i on day d, or Off.
type Plan [][]int

// Clone returns a copy that shares nothing.
func (p Plan) Clone() Plan {
	c := make(Plan, len(p))
	for i, days := range p {
		c[i] = append([]int(nil), days...)
	}
	return c
}

// Weekend says whether a day is a Saturday or Sunday.
func Weekend(day int) bool { return day%7 >= 5 }
