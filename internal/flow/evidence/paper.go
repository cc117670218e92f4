package evidence

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/document"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

// Draft is what somebody says of a paper they file.
type Draft struct {
	ID           string
	Sum          string
	Title        string
	Caption      string
	Unit         string // "" the filer's own
	On           string // the paper's own date; "" today
	Year, ToYear int    // 0 the year of On, and the same
	Slots        []string
	Case         string // the case a photo was taken on, or ""
}

// told is what the events of papers keep.
type told struct {
	Sum    string   `json:"sum"`
	Title  string   `json:"title"`
	On     string   `json:"on,omitempty"`
	Year   int      `json:"year"`
	ToYear int      `json:"to_year"`
	Unit   string   `json:"unit"`
	Slots  []string `json:"slots"`
	Note   string   `json:"note,omitempty"`
}

// tell appends what happened to a paper.
func tell(tx *db.Tx, who org.Actor, kind string, p Paper) error {
	_, err := event.Add(tx, who.ID, kind, p.ID, told{p.Sum, p.Title, p.OnDay, p.Year, p.ToYear, p.UnitID, p.Slots, p.Note})
	return err
}

// Arrive records bytes that lie in the store and orders their text to be read.
// The same document arriving again only renews its age.
func Arrive(tx *db.Tx, d Document) error {
	d.ArrivedAt, d.State = tx.Now(), Waiting
	fresh, err := insertDoc(tx, d)
	if err != nil || !fresh {
		return err
	}
	return job.Add(tx, "read:"+d.Sum, ReadJob, d.Sum, tx.Time())
}

// File files a paper on all slots that it proves. Open cases that asked for it
// are fixed by that.
func File(tx *db.Tx, who org.Actor, in Draft) (Paper, error) {
	if in.Unit == "" {
		in.Unit = who.Unit
	}
	if err := who.May(org.FileEvidence, org.Target{Units: []string{in.Unit}}); err != nil {
		return Paper{}, err
	}
	p, err := shape(tx, in)
	if err != nil {
		return p, err
	}
	p.Who, p.At, p.State, p.Version = who.ID, tx.Now(), Filed, 1
	if err := p.here(tx); err != nil {
		return p, err
	}
	if err := p.fits(tx, who, p.Slots); err != nil {
		return p, err
	}
	if err := insertPaper(tx, p); err != nil {
		return p, fmt.Errorf("evidence: file: %w", err)
	}
	if err := putSlots(tx, p.ID, p.Slots); err != nil {
		return p, fmt.Errorf("evidence: file: %w", err)
	}
	if err := job.Add(tx, "index:"+p.ID, IndexJob, p.ID, tx.Time()); err != nil {
		return p, err
	}
	if err := tell(tx, who, "paper.filed", p); err != nil {
		return p, err
	}
	return p, p.supply(tx, who)
}

// shape checks what the draft alone can tell.
func shape(tx *db.Tx, in Draft) (Paper, error) {
	p := Paper{ID: in.ID, Sum: in.Sum, Title: strings.TrimSpace(in.Title), Caption: strings.TrimSpace(in.Caption), UnitID: in.Unit, OnDay: in.On,
		Year: in.Year, ToYear: in.ToYear, CaseID: in.Case, Slots: slices.Compact(slices.Sorted(slices.Values(in.Slots)))}
	today := string(calendar.On(tx.Time()))
	if p.OnDay == "" {
		p.OnDay = today
	}
	day, err := calendar.ParseDay(p.OnDay)
	var c fault.Check
	c.That(in.ID != "", "id", "缺少编号", "the id is missing")
	c.That(p.Title != "" && len([]rune(p.Title)) <= 100, "title", "请写题名，最多100字", "a title of at most 100 characters")
	c.That(len([]rune(p.Caption)) <= 300, "caption", "照片说明最多300字", "a caption of at most 300 characters")
	c.That(err == nil && p.OnDay <= today, "on", "文件日期不对，不能晚于今天", "not a day, or later than today")
	c.That(len(p.Slots) > 0 && len(p.Slots) <= 60, "slots", "请至少选一项要求，最多60项", "between 1 and 60 requirements")
	if err == nil && p.Year == 0 {
		p.Year = day.Time().Year()
	}
	p.ToYear = max(p.Year, p.ToYear)
	c.That(p.Year >= 1990 && p.ToYear <= p.Year+10 && p.ToYear <= tx.Time().Year()+10, "year", "适用年度不对，一份资料最多管10年", "not a year; a paper proves at most ten")
	if err := c.Err(); err != nil {
		return p, err
	}
	_, err = org.UnitByID(tx, p.UnitID)
	return p, err
}

// here finds the bytes of a paper: a document that has arrived, or a photo of a case.
func (p *Paper) here(tx *db.Tx) error {
	d, err := DocumentBySum(tx, p.Sum)
	if errors.Is(err, db.ErrNone) {
		d, err = p.fromAlbum(tx)
	}
	if errors.Is(err, db.ErrNone) {
		f := fault.New(fault.Conflict, "photo.missing", "文件还没有传完，请等上传结束后再提交。", "The file has not arrived yet; wait until the upload is done.")
		f.Photos = []string{p.Sum}
		return f
	}
	if err != nil {
		return err
	}
	p.Type, p.Bytes, p.Document = d.Type, d.Bytes, d
	photo := d.Type == document.TypeJPEG || d.Type == document.TypePNG
	if photo && p.Caption == "" {
		return fault.New(fault.Invalid, "paper.caption", "照片要有说明：何时、何地、什么内容。", "A photo needs a caption: when, where, what.").In("caption", "请写照片说明", "a caption is needed")
	}
	old, err := standing(tx, p.Sum)
	if errors.Is(err, db.ErrNone) {
		return nil
	}
	if err == nil {
		err = fault.New(fault.Conflict, "paper.again", "这份文件已经交过：“%[1]s”。请在那份资料上增加要求，不用重复上传。", "This file was filed before: %[1]q. Hang that paper on more requirements instead.", old.Title)
	}
	return err
}

func (p *Paper) fromAlbum(tx *db.Tx) (Document, error) {
	f, err := album.BySum(tx, p.Sum)
	if err != nil {
		return Document{}, err
	}
	d := Document{Sum: f.Sum, Type: f.Type, Bytes: f.Bytes, Name: "", Who: f.Who, ArrivedAt: tx.Now(), State: Read, Pages: 1}
	_, err = insertDoc(tx, d)
	return d, err
}

// fits refuses slots that are not there or not the unit's to fill.
func (p *Paper) fits(tx *db.Tx, who org.Actor, slots []string) error {
	everywhere := who.Scope(org.FileEvidence).All
	for _, id := range slots {
		s, err := SlotByID(tx, id)
		if err != nil {
			return err
		}
		if !everywhere && !slices.Contains(s.Units(), p.UnitID) {
			return fault.New(fault.Denied, "slot.other", "“%[1]s”不由您的单位牵头或配合，请联系创卫中心资料员。", "%[1]q is neither led nor helped by your unit; ask the archivist.", s.title()).
				In("slots", "不是本单位的要求", "not your unit's")
		}
	}
	return nil
}

// supply fixes the open cases that asked for what the paper proves.
func (p Paper) supply(tx *db.Tx, who org.Actor) error {
	return p.eachGap(tx, func(c cases.Case) error {
		if c.State != cases.Fixed && c.State != cases.Blocked {
			_, err := cases.Supply(tx, who, c.ID, "已补交：“"+p.Title+"”")
			return err
		}
		return nil
	})
}

// eachGap goes over the open cases of the slots and years that a paper proves.
func (p Paper) eachGap(tx *db.Tx, fn func(cases.Case) error) error {
	open, err := openGaps(tx)
	if err != nil {
		return err
	}
	for _, id := range p.Slots {
		for _, g := range open[id] {
			if !p.Covers(g.Year) {
				continue
			}
			c, err := cases.ByID(tx, g.CaseID)
			if err == nil {
				err = fn(c)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Hang lets a paper serve more slots.
func Hang(tx *db.Tx, who org.Actor, id string, slots []string) (Paper, error) {
	p, err := Get(tx, who, id)
	if err != nil {
		return p, err
	}
	if err := who.May(org.FileEvidence, org.Target{Units: []string{p.UnitID}}); err != nil {
		return p, err
	}
	if p.State != Filed && p.State != Checked {
		return p, p.movedOn("增加要求", "hang")
	}
	if err := p.fits(tx, who, slots); err != nil {
		return p, err
	}
	if err := putSlots(tx, id, slots); err != nil {
		return p, fmt.Errorf("evidence: hang: %w", err)
	}
	if p.Slots, err = slotsOn(tx, id); err != nil {
		return p, err
	}
	if len(p.Slots) > 60 {
		return p, fault.New(fault.Invalid, "paper.slots", "一份资料最多用于60项要求。", "A paper serves at most 60 requirements.")
	}
	if err := tell(tx, who, "paper.hung", p); err != nil {
		return p, err
	}
	if p.State == Checked {
		return p, nil // what it proves is known; its cases wait for whoever checks
	}
	return p, p.supply(tx, who)
}

func (p Paper) movedOn(zh, en string) error {
	return fault.New(fault.Conflict, "paper.moved_on", "“%[1]s”现在是“%[2]s”，不能%[3]s。请刷新后再看。", "%[1]q is now %[4]q; it cannot be done (%[5]s). Refresh and look again.",
		p.Title, p.State.ZH(), zh, string(p.State), en)
}

// Check says that a paper is what was asked for, or why not. Nobody checks
// what they filed. The cases it fixed are verified or sent back by that.
func Check(tx *db.Tx, who org.Actor, id string, ok bool, note string) (Paper, error) {
	p, err := Get(tx, who, id)
	if err != nil {
		return p, err
	}
	if err := who.May(org.CheckEvidence, p.target()); err != nil {
		return p, err
	}
	if who.StandsFor(p.Who) {
		return p, fault.New(fault.Denied, "paper.own", "不能审核自己交的资料，请由其他人审核。", "Nobody checks what they filed; somebody else must.")
	}
	if err := p.settle(tx, who, ok, note); err != nil {
		return p, err
	}
	return p, p.eachGap(tx, func(c cases.Case) error {
		if c.State != cases.Fixed {
			return nil
		}
		if !ok {
			_, err := cases.SendBack(tx, who, c.ID, note)
			return bySame(err)
		}
		_, err := cases.Approve(tx, who, c.ID, "")
		return bySame(err)
	})
}

// bySame lets a case wait for a verifier of another unit: the paper is checked
// all the same.
func bySame(err error) error {
	if fault.Code(err) == "case.same_crew" {
		return nil
	}
	return err
}

// settle moves a paper to checked or returned and tells of it.
func (p *Paper) settle(tx *db.Tx, who org.Actor, ok bool, note string) error {
	to, kind := Checked, "paper.checked"
	if !ok {
		to, kind = Returned, "paper.returned"
	}
	if !slices.Contains(paperMoves[to], p.State) {
		return p.movedOn("审核", "check")
	}
	note = strings.TrimSpace(note)
	if !ok && note == "" || len([]rune(note)) > 500 {
		return fault.New(fault.Invalid, "paper.why", "请写明退回原因，最多500字，对方会看到。", "Say why in at most 500 characters; the filer will read it.").In("note", "必填", "required")
	}
	p.State, p.Note, p.CheckedBy, p.CheckedAt = to, note, who.ID, tx.Now()
	if err := updatePaper(tx, p); err != nil {
		return fmt.Errorf("evidence: check: %w", err)
	}
	return tell(tx, who, kind, *p)
}

// Withdraw takes a paper back that nobody has checked, with the reason.
func Withdraw(tx *db.Tx, who org.Actor, id, note string) (Paper, error) {
	p, err := Get(tx, who, id)
	if err != nil {
		return p, err
	}
	if err := who.May(org.FileEvidence, org.Target{Units: []string{p.UnitID}, Persons: []string{p.Who}}); err != nil {
		return p, err
	}
	if !slices.Contains(paperMoves[Withdrawn], p.State) {
		return p, p.movedOn("撤下", "withdraw")
	}
	note = strings.TrimSpace(note)
	if note == "" || len([]rune(note)) > 500 {
		return p, fault.New(fault.Invalid, "paper.why", "请写明撤下原因，最多500字。", "Say why in at most 500 characters.").In("note", "必填", "required")
	}
	p.State, p.Note = Withdrawn, note
	if err := updatePaper(tx, &p); err != nil {
		return p, fmt.Errorf("evidence: withdraw: %w", err)
	}
	return p, tell(tx, who, "paper.withdrawn", p)
}
