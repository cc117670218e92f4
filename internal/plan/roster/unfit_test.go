package roster_test

import (
	"strings"
	"testing"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/plan/roster"
	"chuangwei/internal/register/org"
)

func TestPublishingNamesAllThatIsBroken(t *testing.T) {
	c := newCounty(t)
	c.made()
	c.search(rules(), "new", "")
	c.keep()
	c.publish(firstDay, "2026-12-06")
	ill := map[string]bool{}
	for _, s := range c.get().Plan.Squads {
		if strings.Contains(s.Key, "2026-12-09") && len(ill) < 2 {
			ill[s.People[0]] = true
		}
	}
	c.write(func(tx *db.Tx) error {
		for id := range ill {
			if err := org.AddLeave(tx, org.System, org.Leave{ID: "l" + id, PersonID: id, FromOn: "2026-12-09", ToOn: "2026-12-09"}); err != nil {
				return err
			}
		}
		return nil
	})
	publish := func(to string) error {
		return c.try("u0p0", func(tx *db.Tx, who org.Actor) error {
			_, err := roster.Publish(tx, who, "r", firstDay, to, 0)
			return err
		})
	}
	c.must(publish("2026-12-08"))
	f := asFault(publish(lastDay))
	if f == nil || f.Code != "roster.broken" || !strings.Contains(f.Text.ZH, "有 2 处不合规则，请先“局部调整”再发布") || !strings.Contains(f.Text.EN, "on 9 Dec") {
		t.Fatalf("publishing two who are ill: %v", f)
	}
	for id := range ill {
		if !strings.Contains(f.Text.ZH, "人"+id+"12月9日请假") {
			t.Errorf("%s is not named: %s", id, f.Text.ZH)
		}
	}
	if r := c.search(c.get().Rules, "repair", ""); r.Run.State != "found" {
		t.Fatalf("the repair ended %+v", r.Run)
	}
	c.keep()
	c.must(publish(lastDay))
}
