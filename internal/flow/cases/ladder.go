package cases

import (
	"encoding/json"
	"fmt"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"

	"github.com/google/uuid"
)

// Step is one step of the ladder a late case climbs: how many working days
// after its due instant (0: at once; -1: on the due day, before it), to whom
// the document goes, and what it is called.
type Step struct {
	Level int      `json:"level"`
	Days  int      `json:"days"`
	ZH    string   `json:"zh"`
	EN    string   `json:"en"`
	To    org.Role `json:"to"`
}

// Ladder is the default; a county keeps its own in the setting "ladder".
var Ladder = []Step{
	{1, -1, "到期提醒", "Reminder", org.Owner},
	{2, 0, "催办通知", "Urging notice", org.UnitHead},
	{3, 2, "督办单", "Supervision order", org.Chief},
	{4, 5, "挂牌督办通知", "Listed supervision", org.Commander},
}

// ladderOf is the county's own ladder, or the default.
func ladderOf(tx *db.Tx) ([]Step, error) {
	text, err := db.Value[string](tx, `SELECT value FROM settings WHERE name = 'ladder'`)
	if err == db.ErrNone {
		return Ladder, nil
	}
	if err != nil {
		return nil, err
	}
	var steps []Step
	return steps, json.Unmarshal([]byte(text), &steps)
}

// stepDue is the highest step a case has earned by now, or nil.
func stepDue(cal *calendar.Calendar, ladder []Step, c Case, now time.Time) (*Step, error) {
	if !c.State.running() || c.DueAt == 0 {
		return nil, nil
	}
	var top *Step
	for i, s := range ladder {
		at, err := stepTime(cal, time.UnixMilli(c.DueAt), s)
		if err != nil {
			return nil, err
		}
		if !now.Before(at) && s.Level > c.Ladder && (top == nil || s.Level > top.Level) {
			top = &ladder[i]
		}
	}
	return top, nil
}

func stepTime(cal *calendar.Calendar, due time.Time, s Step) (time.Time, error) {
	if s.Days < 0 { // the morning of the due day
		return calendar.On(due).Time().Add(8 * time.Hour), nil
	}
	if s.Days == 0 {
		return due.Add(time.Millisecond), nil
	}
	at, _, err := cal.Due(due, calendar.Limit{N: s.Days, Unit: calendar.WorkingDay})
	return at, err
}

// climbBatch bounds one write of Climb.
const climbBatch = 100

// Climb moves late cases up the ladder, each step with its document; the
// timetable calls it every few minutes until it returns 0. Blocked cases stand
// still, and a reopened or extended case starts again at the bottom.
func Climb(tx *db.Tx, after string) (next string, climbed int, err error) {
	cal, err := calendar.Load(tx)
	if err != nil {
		return "", 0, err
	}
	ladder, err := ladderOf(tx)
	if err != nil {
		return "", 0, fmt.Errorf("cases: ladder: %w", err)
	}
	soon := calendar.On(tx.Time()).Add(1).Time().UnixMilli()
	list, err := db.All(tx, scan, `SELECT `+columns+` FROM cases WHERE state IN ('assigned', 'accepted', 'returned')
		AND due_at > 0 AND due_at < $1 AND ladder < $2 AND id > $3 ORDER BY id LIMIT $4`,
		soon, len(ladder), after, climbBatch)
	if err != nil {
		return "", 0, err
	}
	for _, c := range list {
		s, err := stepDue(cal, ladder, c, tx.Time())
		if err == nil && s != nil {
			climbed++
			err = issue(tx, c, *s)
		}
		if err != nil {
			return "", climbed, fmt.Errorf("cases: ladder: %s: %w", c.No, err)
		}
		next = c.ID
	}
	if len(list) < climbBatch {
		next = ""
	}
	return next, climbed, nil
}

// issue writes the document of a step and tells of it.
func issue(tx *db.Tx, c Case, s Step) error {
	to, err := addressee(tx, c, s)
	if err != nil {
		return err
	}
	o := Order{ID: uuid.Must(uuid.NewV7()).String(), CaseID: c.ID, Level: s.Level, At: tx.Now(),
		No: fmt.Sprintf("%s-%d", c.No, s.Level), Title: s.ZH, To: to, Body: orderText(tx, c, s, to)}
	if err := insertOrder(tx, o); err != nil {
		return err
	}
	c.Ladder = s.Level
	if err := update(tx, &c); err != nil {
		return err
	}
	_, err = event.Add(tx, org.System.ID, "case.urged", c.ID, Told{No: c.No, Level: s.Level, Note: s.ZH, Owner: c.OwnerID, Due: to})
	return err
}

func addressee(tx *db.Tx, c Case, s Step) (string, error) {
	switch s.To {
	case org.Owner:
		return nameOf(tx, c.OwnerID)
	case org.UnitHead:
		return first(org.Holders(tx, s.To, c.UnitID, "", today(tx)))
	case org.Chief:
		return first(org.Holders(tx, s.To, "", c.AreaID, today(tx)))
	}
	return first(org.Holders(tx, s.To, "", "", today(tx)))
}

func first(list []org.Person, err error) (string, error) {
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0].Name, nil
}

func nameOf(tx *db.Tx, personID string) (string, error) {
	if personID == "" {
		return "", nil
	}
	p, err := org.PersonByID(tx, personID)
	return p.Name, err
}

// Order is a document of the ladder.
type Order struct {
	ID, CaseID string
	Level      int
	No         string
	At         int64
	Title      string
	Body       string
	To         string
	AckedAt    int64 // 0 while nobody has signed for it
	AckedBy    string
}

func orderText(tx *db.Tx, c Case, s Step, to string) string {
	owner, _ := nameOf(tx, c.OwnerID)
	due := time.UnixMilli(c.DueAt).In(calendar.Zone).Format("2006年1月2日 15:04")
	return fault.Say(
		"%[1]s：案件 %[2]s（%[3]s）由%[4]s负责整改，时限为%[5]s。请%[6]s。",
		"%[1]s: case %[2]s (%[3]s) is owned by %[4]s, due %[5]s.",
		orBlank(to, "相关负责同志"), c.No, clip(c.Text, 60), orBlank(owner, "待定"), due, orderDemand[s.Level]).ZH
}

var orderDemand = map[int]string{
	1: "今天内完成整改并提交整改后照片，确有困难请及时申请延期或说明卡点",
	2: "督促责任人立即整改，并在当日回复进展",
	3: "现场督办，协调解决卡点，并在两个工作日内完成整改",
	4: "专题研究，明确措施和完成日期，挂牌至销号",
}

func orBlank(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

func insertOrder(tx *db.Tx, o Order) error {
	_, err := tx.Exec(`INSERT INTO orders (id, case_id, level, no, at, title, body, to_name, acked_at, acked_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '')`,
		o.ID, o.CaseID, o.Level, o.No, o.At, o.Title, o.Body, o.To)
	return err
}

func signOrders(tx *db.Tx, caseID, who string) error {
	_, err := tx.Exec(`UPDATE orders SET acked_at = $2, acked_by = $3 WHERE case_id = $1 AND acked_at = 0`, caseID, tx.Now(), who)
	return err
}

// Orders lists the documents issued on a case, oldest first.
func Orders(tx *db.Tx, who org.Actor, caseID string) ([]Order, error) {
	if _, err := Get(tx, who, caseID); err != nil {
		return nil, err
	}
	return db.All(tx, func(r db.Row) (o Order, err error) {
		return o, r.Scan(&o.ID, &o.CaseID, &o.Level, &o.No, &o.At, &o.Title, &o.Body, &o.To, &o.AckedAt, &o.AckedBy)
	}, `SELECT id, case_id, level, no, at, title, body, to_name, acked_at, acked_by FROM orders WHERE case_id = $1 ORDER BY at, level`, caseID)
}
