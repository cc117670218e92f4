package roster_test

import (
	"strings"
	"testing"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/plan/roster"
	"chuangwei/internal/register/org"
)

func TestARosterIsRenamedAndLeavesUntilItIsPublished(t *testing.T) {
	c := newCounty(t)
	c.made()
	id := c.get().ID
	rename := func(name string) error {
		return c.try("u0p0", func(tx *db.Tx, who org.Actor) error {
			_, err := roster.Rename(tx, who, id, name)
			return err
		})
	}
	remove := func() error {
		return c.try("u0p0", func(tx *db.Tx, who org.Actor) error { return roster.Remove(tx, who, id) })
	}
	c.refused("input.invalid", rename(" "))
	c.refused("input.invalid", rename(strings.Repeat("长", 41)))
	c.must(rename(" 第二批 "))
	if name := c.get().Name; name != "第二批" {
		t.Errorf("it is called %q", name)
	}
	c.search(rules(), "new", "")
	c.keep()
	c.must(remove())
	c.refused("roster.none", rename("第三批"))

	c.made()
	c.search(rules(), "new", "")
	c.keep()
	c.publish(firstDay, firstDay)
	c.refused("roster.published", remove())
	if len(c.get().Published) == 0 {
		t.Error("it has forgotten what was published")
	}
}
