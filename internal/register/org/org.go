// Package org is who: units, persons, the posts they hold from one day to
// another, deputies and leave, sign-in, and what each post may do.
package org

import (
	"slices"

	"chuangwei/internal/kit/fault"
)

// Unit is a department or other body. Role is the key by which kinds of
// problem name their lead; most bodies have none.
type Unit struct {
	ID    string
	Code  string
	Name  string
	Short string
	Sort  string // unit, group, centre or team
	Role  string
}

// Person is somebody with a sign-in.
type Person struct {
	ID       string
	Code     string
	Name     string
	Login    string
	Password string // argon2id hash
	Phone    string
	UnitID   string
	Title    string
	Lang     string // zh or en
	LeftOn   string // first day no longer here, or ""

	UnitName string // filled on reading
	Away     bool   // on leave on the day asked about
	Deputy   string // name of who answers instead on that day
}

// Post is an office. UnitID and Areas bound what its holder may do; empty
// means the whole county.
type Post struct {
	ID     string
	Role   Role
	Name   string
	UnitID string
	Areas  []string
}

// Term says that a person holds a post from one day to another, inclusive;
// ToOn is "" while it is open.
type Term struct {
	ID, PostID, PersonID string
	FromOn, ToOn         string
}

// Leave is an absence, both days inclusive.
type Leave struct {
	ID, PersonID string
	FromOn, ToOn string
	Reason       string
}

// Deputising says who answers for a person between two days, inclusive.
type Deputising struct {
	ID, PersonID, DeputyID string
	FromOn, ToOn           string
}

// Held is a post in an actor's hands today. For names the person the actor
// stands in for, or is empty.
type Held struct {
	Post
	UnitName string
	For      string
	ForID    string
}

// Actor is who performs a verb: a person with the posts in force on the day,
// or the system itself.
type Actor struct {
	ID    string // person id, or "system", or "resident"
	Name  string
	Unit  string // unit id
	Lang  string
	Posts []Held
}

// The actors who are nobody in particular.
var (
	System   = Actor{ID: "system", Name: "系统", Posts: []Held{{Post: Post{Role: roleSystem}}}}
	Resident = Actor{ID: "resident", Name: "居民", Posts: []Held{{Post: Post{Role: roleResident}}}}
)

// IsSystem reports whether the product itself acts.
func (a Actor) IsSystem() bool { return a.ID == System.ID }

// Holds reports whether the actor has a post of one of the roles.
func (a Actor) Holds(roles ...Role) bool {
	return slices.ContainsFunc(a.Posts, func(h Held) bool { return slices.Contains(roles, h.Role) })
}

// StandsFor reports whether the actor is the person or answers for them today.
func (a Actor) StandsFor(personID string) bool {
	return personID != "" && (a.ID == personID ||
		slices.ContainsFunc(a.Posts, func(h Held) bool { return h.ForID == personID }))
}

// Denied is the fault of a verb the actor's posts do not allow.
func Denied(v Verb) error {
	return fault.New(fault.Denied, "denied."+string(v),
		"您的岗位没有“%[1]s”的权限。如确有需要，请联系创卫中心或系统管理员。",
		"Your posts do not allow %[2]q. Ask the centre or the administrator if you need it.", v.ZH(), string(v))
}
