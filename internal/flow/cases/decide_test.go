package cases_test

import (
	"context"
	"strings"
	"testing"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
)

func TestASittingDecidesWhoAndByWhenIfItMayDispatch(t *testing.T) {
	c := newCounty(t)
	make := func(who, kind string, d cases.Decision) (out cases.Case, err error) {
		c.n++
		rep := cases.Report{ID: "decided-" + string(rune('a'+c.n)), Text: "评估失分", Kind: kind, Place: "MKT234", Decided: d}
		if kind == "paper.missing" {
			rep.Place = ""
		}
		err = c.db.Write(context.Background(), func(tx *db.Tx) error {
			foreseen, err := cases.Foresee(tx, c.as(tx, who), rep)
			if err != nil {
				return err
			}
			out, err = cases.Receive(tx, c.as(tx, who), rep)
			if err == nil && (foreseen.OwnerID != out.OwnerID || foreseen.DueAt != out.DueAt || foreseen.UnitID != out.UnitID) {
				t.Errorf("foreseen for %q by %d, became %q by %d", foreseen.OwnerID, foreseen.DueAt, out.OwnerID, out.DueAt)
			}
			return err
		})
		return out, err
	}
	for name, x := range map[string]struct {
		kind string
		d    cases.Decision
		unit string
		who  string
		due  string
	}{
		"nothing, so it is routed":        {"market.aisle-blocked", cases.Decision{}, "sc", "zhou", ""},
		"a day only":                      {"market.zoning", cases.Decision{DueOn: "2026-12-10"}, "sc", "zhou", "2026-12-10"},
		"a person and a day":              {"market.sewage", cases.Decision{Owner: "li", DueOn: "2026-12-11"}, "cg", "li", "2026-12-11"},
		"a unit, for what is at no place": {"paper.missing", cases.Decision{Unit: "cg"}, "cg", "li", ""},
	} {
		k, err := make("lead", x.kind, x.d)
		if err != nil || k.State != cases.Assigned || k.UnitID != x.unit || k.OwnerID != x.who || k.DueAt == 0 || !strings.Contains(k.DueWhy.ZH, x.due) {
			t.Errorf("%s: %s of %s, %q, %v", name, k.OwnerID, k.UnitID, k.DueWhy.ZH, err)
		}
	}
	if _, err := make("lead", "market.notices", cases.Decision{DueOn: "2026-11-22"}); fault.Code(err) != "case.due" {
		t.Errorf("a day that has passed: %v", err)
	}
	if _, err := make("inspector", "market.notices", cases.Decision{Owner: "li"}); !fault.Is(err, fault.Denied) {
		t.Errorf("by somebody who may not dispatch: %v", err)
	}
}
