package org

import (
	"slices"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
)

// Skill is what somebody can do on a duty.
type Skill string

// The skills that a duty may ask for.
const (
	Leads    Skill = "leader"   // 带队
	Licensed Skill = "licence"  // 执法证
	Drives   Skill = "driver"   // 驾驶
	Speaks   Skill = "language" // 民族语言
)

// Skills are all of them, in the order they are shown.
var Skills = []Skill{Leads, Licensed, Drives, Speaks}

var skillWords = map[Skill]fault.Text{
	Leads: {ZH: "带队", EN: "leader"}, Licensed: {ZH: "执法证", EN: "enforcement licence"},
	Drives: {ZH: "驾驶", EN: "driver"}, Speaks: {ZH: "民族语言", EN: "minority language"},
}

// Text is the skill in words.
func (s Skill) Text() fault.Text { return skillWords[s] }

// SetSkills says what a person can do on a duty; those not named they cannot.
func SetSkills(tx *db.Tx, who Actor, personID string, skills []Skill) error {
	if !who.Can(PlanRoster, Target{}) {
		if err := Change(who); err != nil {
			return err
		}
	}
	for _, s := range skills {
		if !slices.Contains(Skills, s) {
			return fault.New(fault.Invalid, "skill.none", "没有“%[1]s”这项技能", "there is no skill %[1]q", string(s)).In("skills", "没有这项技能", "no such skill")
		}
	}
	if _, err := tx.Exec(`DELETE FROM person_skills WHERE person_id = $1`, personID); err != nil {
		return err
	}
	for _, s := range skills {
		if _, err := tx.Exec(`INSERT INTO person_skills (person_id, skill) VALUES ($1, $2) ON CONFLICT (person_id, skill) DO NOTHING`, personID, string(s)); err != nil {
			return err
		}
	}
	return Changed(tx, who, "person.skilled", personID, map[string]any{"skills": skills})
}

// SkillBook is what everybody can do, by person; kept in memory.
func SkillBook(tx *db.Tx) (map[string][]Skill, error) {
	stamp, err := db.Stamp(tx, Stamp)
	if err != nil {
		return nil, err
	}
	return db.Keep(tx, "org.skills", stamp, func() (map[string][]Skill, error) {
		type line struct {
			person string
			skill  Skill
		}
		list, err := db.All(tx, func(r db.Row) (l line, err error) { return l, r.Scan(&l.person, &l.skill) }, `SELECT person_id, skill FROM person_skills`)
		book := map[string][]Skill{}
		for _, l := range list {
			book[l.person] = append(book[l.person], l.skill)
		}
		return book, err
	})
}
