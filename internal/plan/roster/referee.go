package roster

import (
	"slices"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/plan/solve/squads"
	"chuangwei/internal/register/calendar"
)

// Referee says whether crews would still keep the rules of the rosters they
// were planned by. It reads each roster once; one referee serves one
// transaction.
type Referee struct{ books map[string]*book }

// book is a roster with the crews as they are by now; nil in q when nothing of
// it is kept.
type book struct {
	q    *question
	plan squads.Plan
}

// NewReferee begins with no roster read.
func NewReferee() *Referee { return &Referee{map[string]*book{}} }

// Allows refuses crews that break a rule which the crews of now keep. That
// somebody is missing, away or busy is not looked at: duties see to that, and a
// smaller crew is for people to decide.
func (f *Referee) Allows(tx *db.Tx, after ...duty.Duty) error {
	byRoster := map[string][]duty.Duty{}
	for _, d := range after {
		if d.RosterID != "" {
			byRoster[d.RosterID] = append(byRoster[d.RosterID], d)
		}
	}
	for _, id := range sorted(byRoster) {
		b, err := f.book(tx, id)
		if err != nil {
			return err
		}
		if b.q != nil {
			if err := b.allows(byRoster[id]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *Referee) book(tx *db.Tx, id string) (*book, error) {
	if b := f.books[id]; b != nil {
		return b, nil
	}
	r, err := ByID(tx, id)
	if err != nil {
		return nil, err
	}
	b := &book{}
	f.books[id] = b
	if r.Plan == nil {
		return b, nil
	}
	if b.q, err = ask(tx, r, r.Rules); err != nil {
		return nil, err
	}
	b.plan = b.q.seats(b.q.standing(r.Plan))
	return b, nil
}

func (b *book) allows(after []duty.Duty) error {
	then := squads.Plan{Seats: slices.Clone(b.plan.Seats)}
	var needs, people []int
	for _, d := range after {
		n, known := b.q.needOf(d.ID)
		if !known {
			continue // its rules are no more
		}
		crew, err := b.crew(d)
		if err != nil {
			return err
		}
		needs, people = append(needs, n), append(people, slices.Concat(then.Seats[n], crew)...)
		then.Seats[n] = crew
	}
	slices.Sort(people)
	people = slices.Compact(people)
	were := map[squads.Rule]int{}
	for _, x := range squads.CheckSome(b.q.Problem, b.plan, needs, people) {
		were[x.Rule] = x.By
	}
	for _, x := range squads.CheckSome(b.q.Problem, then, needs, people) {
		if x.By > were[x.Rule] && !slices.Contains(seenByDuties, x.Rule.Kind) {
			why := b.q.breach(x)
			return fault.New(fault.Conflict, "roster.breaks", "这样换不合编排规则：%[1]s。请换一位同事或另一班。", "This would break a rule of the roster: %[2]s. Choose another colleague or another duty.", why.ZH, why.EN)
		}
	}
	return nil
}

// seenByDuties are the rules that duties see to.
var seenByDuties = []squads.RuleKind{squads.Filled, squads.Taken, squads.OnLeave}

// crew are the people of a duty in the solver's indices.
func (b *book) crew(d duty.Duty) (crew []int, err error) {
	for _, id := range d.Crew() {
		i, goes := b.q.person[id]
		if !goes {
			name := b.q.names.Name(id)
			return nil, fault.New(fault.Conflict, "roster.outside", "%[1]s不在这份编排的人员里，不能这样换。", "%[1]s takes no part in this roster.", name).In("other", "请换一位", "choose somebody else")
		}
		crew = append(crew, i)
	}
	slices.Sort(crew)
	return crew, nil
}

// needOf finds the need of a duty made of the roster.
func (q *question) needOf(id string) (int, bool) {
	if q.needOfDuty == nil {
		q.needOfDuty = map[string]int{}
		for key, n := range q.need {
			q.needOfDuty[dutyID(q.roster.ID, key)] = n
		}
	}
	n, known := q.needOfDuty[id]
	return n, known
}

// mostBroken is how many broken rules are told at once.
const mostBroken = 50

// broken are the rules that crews from a day on break, as leave, changes by
// hand and wishes granted have made them, in words; and how many there are.
func (q *question) broken(p squads.Plan, from calendar.Day) (said []fault.Text, count int) {
	begun := q.begun(q.now)
	for _, x := range squads.Check(q.Problem, p) {
		if _, last := q.lasts(x.Rule); last < from || x.Rule.Need >= 0 && begun(q.Needs[x.Rule.Need]) {
			continue
		}
		if count++; count <= mostBroken {
			said = append(said, q.breach(x))
		}
	}
	return said, count
}

// lasts is from which day to which a broken rule is about.
func (q *question) lasts(r squads.Rule) (first, last calendar.Day) {
	switch {
	case q.dayOf(r) >= 0:
		day := q.days[q.dayOf(r)]
		return day, day
	case r.Week >= 0:
		monday := q.monday().Add(7 * r.Week)
		return monday, monday.Add(6)
	}
	return q.days[0], q.days[len(q.days)-1]
}

// breach puts a broken rule into words.
func (q *question) breach(b squads.Breach) fault.Text {
	if b.Rule.Kind == squads.Filled {
		zh, en := q.squadWords(b.Rule.Need)
		return fault.Say("%[1]s要 %[3]d 人，差 %[4]d 人", "%[2]s needs %[3]d people and lacks %[4]d", zh, en, q.Needs[b.Rule.Need].Size, b.By)
	}
	return q.clash(b.Rule, b.By)
}
