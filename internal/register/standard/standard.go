// Package standard is what: packs of clauses as data, and the kinds of
// problem with who leads and by when. Every line says where it comes from and
// how sure it is; a county may change any of it without a release.
package standard

import (
	"fmt"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

// Kind is a kind of problem.
type Kind struct {
	ID          string // env.exposed-waste
	Group       string
	Name        string
	NameEN      string
	Lead        string // role key of the unit that leads
	Limit       calendar.Limit
	AfterPhoto  bool // a fix must show a photo
	RelapseDays int  // the same kind at the same place within so many days reopens
	Detail
}

// Detail is the part of a kind that is only shown.
type Detail struct {
	Helpers  []string `json:"helpers,omitempty"`
	Clauses  []string `json:"clauses,omitempty"`
	Places   []string `json:"places,omitempty"`
	Source   string   `json:"source,omitempty"`
	Checked  string   `json:"checked,omitempty"`
	GroupZH  string   `json:"group_zh,omitempty"`
	National []Code   `json:"national,omitempty"`
}

// Code is the number of a kind in a national directory.
type Code struct {
	Standard string `json:"standard" yaml:"standard"`
	Code     string `json:"code" yaml:"code"`
	Inferred bool   `json:"inferred,omitempty" yaml:"inferred"`
	Checked  string `json:"checked,omitempty" yaml:"checked"`
}

// Clause is a line of a standard.
type Clause struct {
	ID      string // county-2021:10
	Pack    string
	Title   string
	Checked string
}

// In is the name in the reader's language.
func (k Kind) In(lang string) string {
	if lang == "en" && k.NameEN != "" {
		return k.NameEN
	}
	return k.Name
}

// ByID finds a kind, as it is kept in memory until the registers change.
func ByID(tx *db.Tx, id string) (Kind, error) {
	stamp, err := db.Stamp(tx, org.Stamp)
	if err != nil {
		return Kind{}, err
	}
	all, err := db.Keep(tx, "standard.kinds", stamp, func() (map[string]Kind, error) {
		list, err := Kinds(tx)
		out := make(map[string]Kind, len(list))
		for _, k := range list {
			out[k.ID] = k
		}
		return out, err
	})
	if err != nil {
		return Kind{}, fmt.Errorf("standard: kind %s: %w", id, err)
	}
	k, ok := all[id]
	if !ok {
		return k, fault.New(fault.Invalid, "kind.none", "没有“%[1]s”这类问题。请从列表中选择。",
			"There is no kind of problem %[1]q. Choose one from the list.", id)
	}
	return k, nil
}

// Change writes a county's own decision on a kind: who leads it and by when.
func Change(tx *db.Tx, who org.Actor, k Kind) error {
	if err := org.Change(who); err != nil {
		return err
	}
	if err := updateKind(tx, k); err != nil {
		return fmt.Errorf("standard: kind %s: %w", k.ID, err)
	}
	return org.Changed(tx, who, "kind.changed", k.ID, map[string]any{"name": k.Name, "lead": k.Lead, "limit": k.Limit, "after_photo": k.AfterPhoto, "relapse_days": k.RelapseDays})
}
