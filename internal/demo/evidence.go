package demo

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"chuangwei/internal/flow/evidence"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/document"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/pdf"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard/pack"
)

// How much of the ledger people have filled by hand: the rest is what the
// history did, and gaps.
const (
	demoPapers = 60
	demoAsked  = 5
	demoPhotos = 6
)

// ledger files invented papers by the liaisons of the units that lead, lets
// the archivist check most of them, and asks for some that lack.
func (b *builder) ledger(ctx context.Context) error {
	b.clock.at(b.end())
	l := &clerk{writer: &writer{builder: b}, ctx: ctx}
	var slots []evidence.Slot
	if err := b.db.Read(ctx, func(tx *db.Tx) (err error) { slots, err = evidence.Slots(tx); return err }); err != nil {
		return err
	}
	n := 0
	for _, s := range slots {
		if s.Pack.ID != "county-2021" || s.Proof.By != pack.ByPaper || s.LeadID == "" {
			continue
		}
		n++
		before := l.filed
		if err := l.slot(n, s); err != nil {
			return fmt.Errorf("%s: %w", s.ID, err)
		}
		if l.filed/10 != before/10 {
			b.o.Progress("台账 ledger", l.filed, demoPapers)
		}
	}
	return b.db.Write(ctx, l.photos)
}

// clerk fills the ledger.
type clerk struct {
	*writer
	ctx          context.Context
	press        *pdf.Press
	filed, asked int
}

// slot fills one slot more or less: every fifth wholly, some by halves, and
// asks for a few that are empty.
func (l *clerk) slot(n int, s evidence.Slot) error {
	last := l.day0.Time().Year()
	years := map[int][]int{0: {last - 2, last - 1, last}, 1: {last - 1}, 3: {last - 2, last - 1}}[n%5]
	if s.Proof.Years == 1 && n%5 < 4 {
		years = []int{last}
	}
	for _, y := range years {
		for i := range min(s.Proof.Count, 1+n%5/3) {
			if l.filed < demoPapers {
				if err := l.file(n, s, y, i); err != nil {
					return err
				}
			}
		}
	}
	if len(years) > 0 || l.asked >= demoAsked || n%3 != 0 {
		return nil
	}
	l.asked++
	lacking := evidence.Periods(s.Proof, l.day0)
	return l.db.Write(l.ctx, func(tx *db.Tx) error {
		who, err := l.actor(tx, l.byLogin("ziliao"))
		if err == nil {
			_, err = evidence.Ask(tx, who, s.ID, lacking[len(lacking)-1].Year)
		}
		return err
	})
}

// file writes a paper, lets it arrive and files it; the newest few wait to be
// checked, and one was sent back.
func (l *clerk) file(n int, s evidence.Slot, year, i int) error {
	l.filed++
	title := fmt.Sprintf("%d年%s", year, s.Proof.What)
	if i > 0 {
		title += fmt.Sprintf("（%d）", i+1)
	}
	kind, body, err := l.write(title, s, year)
	if err != nil {
		return err
	}
	sum, _, err := l.blobs.Put(l.ctx, bytes.NewReader(body))
	if err != nil {
		return err
	}
	return l.db.Write(l.ctx, func(tx *db.Tx) error {
		who, err := l.liaison(tx, s.LeadID)
		if err != nil {
			return err
		}
		if err := evidence.Arrive(tx, evidence.Document{Sum: sum, Type: kind, Bytes: int64(len(body)), Name: title + "." + document.Extensions[kind], Who: who.ID}); err != nil {
			return err
		}
		on := fmt.Sprintf("%d-%02d-%02d", year, 1+n%9, 1+n%27)
		p, err := evidence.File(tx, who, evidence.Draft{ID: l.id("paper", fmt.Sprint(s.ID, year, i)), Sum: sum, Title: title, Unit: s.LeadID, On: on, Year: year, Slots: []string{s.ID}})
		if err != nil || l.filed%9 == 0 {
			return err
		}
		return l.check(tx, p)
	})
}

func (l *clerk) check(tx *db.Tx, p evidence.Paper) error {
	who, err := l.actor(tx, l.byLogin("ziliao"))
	if err != nil {
		return err
	}
	if who.ID == p.Who {
		return nil
	}
	if l.filed == 20 {
		_, err = evidence.Check(tx, who, p.ID, false, "缺少单位盖章，请补盖后重新提交。")
		return err
	}
	_, err = evidence.Check(tx, who, p.ID, true, "")
	return err
}

// liaison is who files for a unit.
func (l *clerk) liaison(tx *db.Tx, unit string) (org.Actor, error) {
	for _, role := range []org.Role{org.Liaison, org.UnitDeputy, org.UnitHead} {
		list, err := org.Holders(tx, role, unit, "", string(l.day0))
		if err != nil {
			return org.Actor{}, err
		}
		if len(list) > 0 {
			return l.actor(tx, list[0].ID)
		}
	}
	return org.System, nil
}

// write makes an invented paper: a PDF where there is a font, else a DOCX.
func (l *clerk) write(title string, s evidence.Slot, year int) (string, []byte, error) {
	lead := "牵头单位"
	for _, u := range l.Units {
		if l.id("unit", u.Code) == s.LeadID {
			lead = u.Name
		}
	}
	text := []string{
		fmt.Sprintf("%d年，%s按照“%s”的要求，明确分管负责人和经办人员，逐项落实工作任务。", year, lead, s.Requirement.ZH),
		"全年共召开专题会议4次，开展检查12次，发现的问题均已登记并限期整改，整改情况由其他单位人员复核。",
		"存在的不足：部分点位反复出现同类问题，长效管理还需加强；基层人员变动后培训没有及时跟上。",
		"下一步打算：继续按季度检查，把资料随工作一并归档，做到账实相符。",
		"（本文为演示数据，单位和内容均为虚构。）",
	}
	if l.o.Fonts.Body == "" || l.filed%3 == 1 {
		b, err := document.DOCX(title, text)
		return document.TypeDOCX, b, err
	}
	if l.press == nil {
		press, err := l.o.Fonts.Open()
		if err != nil {
			return "", nil, err
		}
		l.press = press
	}
	w, err := l.press.New()
	if err != nil {
		return "", nil, err
	}
	w.Title(title)
	w.Text(strings.Join(text, ""))
	var out bytes.Buffer
	_, err = w.WriteTo(&out)
	return document.TypePDF, out.Bytes(), err
}

// photos lets the archivist take some photos of fixed cases as papers, with
// the captions the system proposes.
func (l *clerk) photos(tx *db.Tx) error {
	who, err := l.actor(tx, l.byLogin("ziliao"))
	if err != nil {
		return err
	}
	sums, err := db.Values[string](tx, `SELECT p.sum FROM case_photos p JOIN cases c ON c.id = p.case_id WHERE c.state = 'closed' AND p.role = 'after' ORDER BY c.closed_at DESC, p.sum LIMIT $1`, int64(demoPhotos*5))
	taken := 0
	for _, sum := range sums {
		if err != nil || taken == demoPhotos {
			break
		}
		var d evidence.Draft
		if d, err = evidence.Propose(tx, who, sum); err != nil || len(d.Slots) == 0 {
			continue
		}
		d.ID = l.id("paper", sum)
		if _, err = evidence.File(tx, who, d); err == nil {
			taken++
		} else if f, refused := fault.As(err); refused && f.Kind == fault.Conflict {
			err = nil
		}
	}
	return err
}
