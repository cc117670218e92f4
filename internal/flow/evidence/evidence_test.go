package evidence_test

import (
	"testing"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/evidence"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/document"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

// agenda is a requirement proved by papers of three years, led by the health office.
const agenda = "county-2021:1.1"

func TestAPaperFillsItsSlotWhenSomebodyElseHasCheckedIt(t *testing.T) {
	c := newCounty(t)
	if s := c.standing("1.1"); s.State != evidence.Empty || s.Want != 3 || s.Have != 0 || s.NewestOn != "" {
		t.Errorf("before: %+v", s)
	}
	p := c.file("aw-liaison", evidence.Draft{Slots: []string{agenda}, On: "2025-06-01"})
	if s := c.standing("1.1"); s.State != evidence.Empty {
		t.Errorf("filed and not checked: %+v", s)
	}
	if err := c.check("aw-liaison", p.ID, true, ""); fault.Code(err) != "denied.evidence.check" {
		t.Errorf("the filer checks: %v", err)
	}
	if err := c.check("archivist", p.ID, true, ""); err != nil {
		t.Fatal(err)
	}
	if s := c.standing("1.1"); s.State != evidence.Partly || s.Have != 1 || s.NewestOn != "2025-06-01" {
		t.Errorf("checked: %+v", s)
	}
	plan := c.file("archivist", evidence.Draft{Slots: []string{agenda, "county-2021:1.2"}, On: "2024-02-01", Year: 2024, ToYear: 2026})
	if err := c.check("archivist", plan.ID, true, ""); fault.Code(err) != "paper.own" {
		t.Errorf("the archivist checks what they filed: %v", err)
	}
	if err := c.check("lead", plan.ID, true, ""); err != nil {
		t.Fatal(err)
	}
	if s := c.standing("1.1"); s.State != evidence.Full || s.Have != 3 {
		t.Errorf("a paper for three years: %+v", s)
	}
	if s := c.standing("1.2"); s.State != evidence.Full || s.Want != 1 {
		t.Errorf("the other slot it serves: %+v", s)
	}
	if err := c.check("lead", plan.ID, false, "盖章不清"); err != nil {
		t.Fatal(err)
	}
	if s := c.standing("1.2"); s.State != evidence.Empty {
		t.Errorf("sent back after all: %+v", s)
	}
}

func TestAGapBecomesOneCaseThatThePaperFixesAndTheCheckCloses(t *testing.T) {
	c := newCounty(t)
	k, err := c.ask("archivist", agenda, 2025)
	if err != nil {
		t.Fatal(err)
	}
	if k.State != cases.Assigned || k.OwnerID != "aw-liaison" || k.UnitID != "aw" || k.DueAt == 0 || k.KindID != "paper.missing" {
		t.Errorf("%+v", k)
	}
	if again, err := c.ask("lead", agenda, 2025); err != nil || again.ID != k.ID {
		t.Errorf("asked again: %v %v", again.ID, err)
	}
	if s := c.standing("1.1"); s.CaseID != k.ID {
		t.Errorf("the standing does not name the case: %+v", s)
	}
	p := c.file("aw-liaison", evidence.Draft{Slots: []string{agenda}, On: "2025-06-01"})
	if got := c.caseOf(k.ID); got.State != cases.Fixed || got.FixedBy != "aw-liaison" {
		t.Errorf("filed: %s by %s", got.State, got.FixedBy)
	}
	if err := c.check("archivist", p.ID, false, "不是会议纪要"); err != nil {
		t.Fatal(err)
	}
	if got := c.caseOf(k.ID); got.State != cases.Accepted || got.Reworks != 1 {
		t.Errorf("sent back: %+v", got.State)
	}
	p = c.file("aw-liaison", evidence.Draft{Slots: []string{agenda}, On: "2025-07-01"})
	if err := c.check("archivist", p.ID, true, ""); err != nil {
		t.Fatal(err)
	}
	if got := c.caseOf(k.ID); got.State != cases.Closed {
		t.Errorf("checked: %s", got.State)
	}
	if _, err := c.ask("archivist", agenda, 2025); fault.Code(err) != "slot.full" {
		t.Errorf("nothing is lacking: %v", err)
	}
	if _, err := c.ask("archivist", agenda, 2019); fault.Code(err) != "slot.year" {
		t.Errorf("a year nobody asks for: %v", err)
	}
	if err := c.check("lead", p.ID, false, "印章不清"); err != nil {
		t.Fatal(err)
	}
	if next, err := c.ask("archivist", agenda, 2025); err != nil || next.ID == k.ID || next.State != cases.Assigned {
		t.Errorf("the gap is back: %v %v", next.ID, err)
	}
}

func TestAVerifiersWordOnTheCaseCountsForThePaper(t *testing.T) {
	c := newCounty(t)
	k, err := c.ask("archivist", agenda, 2025)
	if err != nil {
		t.Fatal(err)
	}
	p := c.file("aw-liaison", evidence.Draft{Slots: []string{agenda}, On: "2025-06-01"})
	err = c.try("verifier", func(tx *db.Tx, a org.Actor) error {
		_, err := cases.Do(tx, a, cases.Move{Case: k.ID, Move: cases.Verify})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	c.follow()
	if got := c.paper(p.ID); got.State != evidence.Checked || got.CheckedBy != "verifier" {
		t.Errorf("%s by %s", got.State, got.CheckedBy)
	}
	c.follow() // followers may see an event twice
	if got := c.paper(p.ID); got.Version != 2 {
		t.Errorf("version %d", got.Version)
	}
}

func TestWhoMayFileWhere(t *testing.T) {
	c := newCounty(t)
	for _, x := range []struct{ who, unit, slot, code string }{
		{"aw-liaison", "", agenda, ""}, {"aw-liaison", "cg", agenda, "denied.evidence.file"}, {"wang", "", agenda, "slot.other"}, {"wang", "", "county-2021:14.1", ""},
		{"archivist", "aw", agenda, ""}, {"boss", "", agenda, "denied.evidence.file"}, {"cadre", "", agenda, "denied.evidence.file"}, {"chief", "", agenda, "denied.evidence.file"},
		{"archivist", "", "county-2021:99", "slot.none"},
	} {
		_, err := c.tryFile(x.who, evidence.Draft{Unit: x.unit, Slots: []string{x.slot}})
		if fault.Code(err) != x.code {
			t.Errorf("%s files for %q on %s: %v, want %q", x.who, x.unit, x.slot, err, x.code)
		}
	}
}

func TestWhatAPaperMustHave(t *testing.T) {
	c := newCounty(t)
	photo := c.bring(document.TypeJPEG, []byte("\xff\xd8\xff photo"))
	for _, x := range []struct {
		in   evidence.Draft
		code string
	}{
		{evidence.Draft{Title: " ", Slots: []string{agenda}}, "input.invalid"},
		{evidence.Draft{Slots: nil}, "input.invalid"}, {evidence.Draft{Slots: []string{agenda}, On: "2026-11-24"}, "input.invalid"}, {evidence.Draft{Slots: []string{agenda}, On: "gestern"}, "input.invalid"},
		{evidence.Draft{Slots: []string{agenda}, Year: 2020, ToYear: 2031}, "input.invalid"},
		{evidence.Draft{Slots: []string{agenda}, Sum: "00ff"}, "photo.missing"}, {evidence.Draft{Slots: []string{agenda}, Sum: photo}, "paper.caption"},
		{evidence.Draft{Slots: []string{agenda}, Sum: photo, Caption: "2026年11月，老街，宣传活动"}, ""}, {evidence.Draft{Slots: []string{agenda}, Sum: photo, Caption: "再来一次"}, "paper.again"},
	} {
		_, err := c.tryFile("archivist", x.in)
		if fault.Code(err) != x.code {
			t.Errorf("%+v: %v, want %q", x.in, fault.Code(err), x.code)
		}
	}
}

func TestAJanuaryAsksForNoPaperOfTheYearThatHasJustBegun(t *testing.T) {
	c := newCounty(t)
	p := c.file("archivist", evidence.Draft{Slots: []string{agenda}, On: "2026-10-01", Year: 2024, ToYear: 2026})
	if err := c.check("lead", p.ID, true, ""); err != nil {
		t.Fatal(err)
	}
	c.clock.Set(time.Date(2027, 1, 15, 9, 0, 0, 0, monday.Location()))
	if s := c.standing("1.1"); s.State != evidence.Full {
		t.Errorf("in January: %+v", s)
	}
	c.clock.Set(time.Date(2027, 7, 15, 9, 0, 0, 0, monday.Location()))
	if s := c.standing("1.1"); s.State != evidence.Partly || s.Have != 2 {
		t.Errorf("in July: %+v", s)
	}
}
