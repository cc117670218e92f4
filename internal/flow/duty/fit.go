package duty

import (
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

// fits refuses a crew of which somebody is away, elsewhere, or without rest.
func fits(tx *db.Tx, d Duty) error {
	if d.ToAt-d.FromAt > mostLong.Milliseconds() {
		return fault.New(fault.Invalid, "duty.long", "一次值守不超过16小时，请检查起止时间。", "A duty lasts at most 16 hours; check its times.").In("to", "超过16小时", "over 16 hours")
	}
	for _, id := range d.Crew() {
		if err := fitsOne(tx, d, id, d.ID); err != nil {
			return asked(err, id == d.LeaderID)
		}
	}
	return nil
}

// asked names the field somebody was asked for in: the leader has their own.
func asked(err error, leads bool) error {
	f, ok := fault.As(err)
	for i := 0; ok && leads && i < len(f.Fields); i++ {
		if f.Fields[i].Name == "people" {
			f.Fields[i].Name = "leader"
		}
	}
	return err
}

// fitsOne is fits for one person; duties in not do not count, being given up.
func fitsOne(tx *db.Tx, d Duty, person string, not ...string) error {
	names, err := org.Names(tx)
	if err != nil {
		return err
	}
	away, err := org.Away(tx, person, d.OnDay)
	if err != nil {
		return err
	}
	if away != nil {
		on, onEN := between(calendar.Day(away.FromOn), calendar.Day(away.ToOn))
		return fault.New(fault.Conflict, "duty.away", "%[1]s%[2]s请假，请换一位或改期。", "%[1]s is away %[3]s; choose somebody else or another day.", names.Name(person), on, onEN).
			In("people", "%[1]s 请假", "%[1]s is away", names.Name(person))
	}
	has, err := windows(tx, person, d.FromAt-Rest.Milliseconds(), d.ToAt+Rest.Milliseconds(), not)
	if err != nil {
		return err
	}
	if f := clash(names.Name(person), d.FromAt, d.ToAt, has, Rest); f != nil {
		return f
	}
	return nil
}

// between names the days from one to another.
func between(from, to calendar.Day) (zh, en string) {
	const dayZH, dayEN = "1月2日", "2 Jan"
	if from == to {
		return from.Time().Format(dayZH), "on " + from.Time().Format(dayEN)
	}
	return from.Time().Format(dayZH) + "至" + to.Time().Format(dayZH), "from " + from.Time().Format(dayEN) + " to " + to.Time().Format(dayEN)
}
