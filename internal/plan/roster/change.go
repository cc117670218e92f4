package roster

import (
	"fmt"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

const mostName = 40 // characters

func checkName(c *fault.Check, name string) {
	c.That(name != "" && len([]rune(name)) <= mostName, "name", "名称必填，最多%[1]d字", "a name of at most %[1]d characters", mostName)
}

// Rename gives a roster another name.
func Rename(tx *db.Tx, who org.Actor, id, name string) (Roster, error) {
	r, err := own(tx, who, id)
	if err != nil {
		return r, err
	}
	was := r.Name
	r.Name = strings.TrimSpace(name)
	var c fault.Check
	checkName(&c, r.Name)
	if err := c.Err(); err != nil || r.Name == was {
		return r, err
	}
	if err := update(tx, &r); err != nil {
		return r, fmt.Errorf("roster: rename: %w", err)
	}
	_, err = event.Add(tx, who.ID, "roster.renamed", r.ID, map[string]any{"from": was, "to": r.Name})
	return r, err
}

// Remove forgets a roster of which nothing was published. One that was keeps
// its duties' story, so it stays.
func Remove(tx *db.Tx, who org.Actor, id string) error {
	r, err := own(tx, who, id)
	switch {
	case err != nil:
		return err
	case r.Run.State == "running":
		return running()
	case len(r.Published) > 0:
		return fault.New(fault.Conflict, "roster.published", "“%[1]s”已经发布过值守，要留作记录，不能删除。不再需要的值守请在值守表里取消。",
			"Duties of %[1]q have been published; it stays on record. Call off in the rota what is not needed any more.", r.Name)
	}
	if err := remove(tx, r.ID); err != nil {
		return fmt.Errorf("roster: remove: %w", err)
	}
	_, err = event.Add(tx, who.ID, "roster.removed", r.ID, map[string]any{"name": r.Name, "from_on": r.FromOn, "to_on": r.ToOn})
	return err
}
