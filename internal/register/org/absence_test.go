package org_test

import (
	"context"
	"testing"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

// as does something as somebody with the posts they hold today.
func (o *office) as(login string, fn func(tx *db.Tx, who org.Actor) error) error {
	o.t.Helper()
	return o.db.Write(context.Background(), func(tx *db.Tx) error {
		p, err := org.PersonByID(tx, login)
		if err != nil {
			return err
		}
		who, err := org.ActorOf(tx, p, today)
		if err != nil {
			return err
		}
		return fn(tx, who)
	})
}

func TestWhoPlansForAUnitSetsItsSickNotes(t *testing.T) {
	o := newOffice(t, "ill", "friend", "liaison", "admin")
	o.add(org.Person{ID: "other", Code: "other", Name: "姓other", Login: "other", UnitID: "sc"})
	o.post("liaison", org.Liaison, "cg", nil, "2026-01-01", "")
	o.post("other", org.Liaison, "sc", nil, "2026-01-01", "")
	o.post("admin", org.Administrator, "", nil, "2026-01-01", "")
	set := func(who, id, person, deputy string) string {
		return fault.Code(o.as(who, func(tx *db.Tx, a org.Actor) error {
			_, err := org.GoAway(tx, a, org.Absence{Leave: org.Leave{ID: id, PersonID: person, FromOn: today, ToOn: "2026-11-25", Reason: "病假"}, DeputyID: deputy}, today)
			return err
		}))
	}
	for _, x := range []struct{ who, person, deputy, want string }{
		{"friend", "ill", "", "denied.duty.plan"},
		{"other", "ill", "", "denied.duty.plan"},
		{"liaison", "nobody", "", "leave.person"},
		{"liaison", "ill", "liaison", "leave.deputy"}, // who would hold the posts of the one they set away
		{"liaison", "ill", "", ""},
		{"admin", "ill", "", "leave.overlap"},
		{"admin", "friend", "liaison", ""},
	} {
		if got := set(x.who, x.who+x.person, x.person, x.deputy); got != x.want {
			t.Errorf("%s sets %s away, deputy %q: %q, want %q", x.who, x.person, x.deputy, got, x.want)
		}
	}
	seen := func(who string, list func(*db.Tx, org.Actor, string) ([]org.Absence, error)) (out []org.Absence) {
		err := o.as(who, func(tx *db.Tx, a org.Actor) (err error) { out, err = list(tx, a, today); return err })
		if err != nil {
			t.Error(err)
		}
		return out
	}
	if own := seen("ill", org.Absences); len(own) != 1 || own[0].Reason != "病假" {
		t.Errorf("their own: %+v", own)
	}
	if list := seen("liaison", org.AbsencesPlanned); len(list) != 2 || list[0].PersonID != "friend" || list[1].Reason != "" {
		t.Errorf("the liaison sees %+v", list)
	}
	if list := seen("other", org.AbsencesPlanned); len(list) != 0 {
		t.Errorf("another unit's liaison sees %+v", list)
	}
	end := func(who string) string {
		return fault.Code(o.as(who, func(tx *db.Tx, a org.Actor) error { return org.ComeBack(tx, a, "liaisonill") }))
	}
	if a, b, c := end("other"), end("liaison"), end("ill"); a != "leave.none" || b != "" || c != "leave.none" {
		t.Errorf("ended by another %q, by the liaison %q, again %q", a, b, c)
	}
	o.read(func(tx *db.Tx) error {
		list, err := event.Of(tx, "liaisonill")
		if len(list) != 2 || list[0].Who != "liaison" || list[1].Kind != "leave.cancelled" || list[1].Who != "liaison" {
			t.Errorf("the log says %+v", list)
		}
		return err
	})
}
