package standard

import (
	"fmt"
	"io/fs"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"

	"go.yaml.in/yaml/v3"
)

// kindsFile is standards/kinds.yaml.
type kindsFile struct {
	Groups []struct {
		Code, ZH, EN string
	}
	Kinds []struct {
		Code, Group, ZH, EN, Lead string
		Helpers, Clauses, Places  []string
		Limit                     struct {
			N    int
			Unit string
		}
		National    []Code
		AfterPhoto  bool `yaml:"after_photo"`
		RelapseDays int  `yaml:"relapse_days"`
		Source      string
		Checked     string
	}
}

// Load puts the packs and kinds of dir into the county's registers. Rows that
// are there already stay as the county has made them.
func Load(tx *db.Tx, dir fs.FS) error {
	if err := loadKinds(tx, dir); err != nil {
		return fmt.Errorf("standard: kinds.yaml: %w", err)
	}
	if err := Ship(tx, dir); err != nil {
		return err
	}
	return org.Changed(tx, org.System, "standard.loaded", "standards", map[string]any{})
}

func loadKinds(tx *db.Tx, dir fs.FS) error {
	var f kindsFile
	if err := read(dir, "kinds.yaml", &f); err != nil {
		return err
	}
	groups := map[string]string{}
	for _, g := range f.Groups {
		groups[g.Code] = g.ZH
	}
	for i, k := range f.Kinds {
		kind := Kind{ID: k.Code, Group: k.Group, Name: k.ZH, NameEN: k.EN, Lead: k.Lead,
			Limit:      calendar.Limit{N: k.Limit.N, Unit: calendar.Unit(k.Limit.Unit)},
			AfterPhoto: k.AfterPhoto, RelapseDays: k.RelapseDays,
			Detail: Detail{Helpers: k.Helpers, Clauses: k.Clauses, Places: k.Places, Source: k.Source, Checked: k.Checked,
				GroupZH: groups[k.Group], National: k.National}}
		if err := check(kind); err != nil {
			return fmt.Errorf("%s: %w", k.Code, err)
		}
		if err := putKind(tx, i, kind); err != nil {
			return err
		}
	}
	return nil
}

func check(k Kind) error {
	switch {
	case k.ID == "" || k.Name == "":
		return fmt.Errorf("needs a code and a Chinese name")
	case k.GroupZH == "":
		return fmt.Errorf("unknown group %q", k.Group)
	case k.Limit.N <= 0:
		return fmt.Errorf("the limit must be above 0")
	case k.RelapseDays < 0 || k.Lead == "" || k.Checked == "" || k.Source == "":
		return fmt.Errorf("needs lead, source and checked, and relapse_days not below 0")
	}
	switch k.Limit.Unit {
	case calendar.UrgentHour, calendar.OfficeHour, calendar.WorkingDay, calendar.CalendarDay:
		return nil
	}
	return fmt.Errorf("unknown unit of time %q", k.Limit.Unit)
}

func read(dir fs.FS, name string, v any) error {
	b, err := fs.ReadFile(dir, name)
	if err != nil {
		return err
	}
	return yaml.Unmarshal(b, v)
}
