package org_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

// declared are the values of the constants of a type in can.go.
func declared(t *testing.T, kind string) (out []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "can.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.ValueSpec); ok && len(s.Values) == 1 {
			of, named := s.Type.(*ast.Ident)
			text, plain := s.Values[0].(*ast.BasicLit)
			if named && plain && of.Name == kind {
				value, _ := strconv.Unquote(text.Value)
				out = append(out, value)
			}
		}
		return true
	})
	return out
}

func TestEveryVerbIsGrantedAndSpokenInChinese(t *testing.T) {
	verbs := declared(t, "Verb")
	if len(verbs) < 10 {
		t.Fatalf("verbs %v", verbs)
	}
	for _, v := range verbs {
		granted := false
		for _, g := range org.Grants {
			granted = granted || slices.Contains(g.Verbs, org.Verb(v))
		}
		if !granted {
			t.Errorf("nobody may %s", v)
		}
		if org.Verb(v).ZH() == "" {
			t.Errorf("%s has no Chinese", v)
		}
	}
	for _, g := range org.Grants {
		for _, v := range g.Verbs {
			if !slices.Contains(verbs, string(v)) {
				t.Errorf("%s is granted %s, which does not exist", g.Role, v)
			}
		}
	}
}

// plain are the roles that give no right beyond what every cadre has.
var plain = []org.Role{}

func TestEveryRoleStandsInTheTableOrIsPlain(t *testing.T) {
	roles := declared(t, "Role")
	if len(roles) != 22 {
		t.Fatalf("%d roles %v", len(roles), roles)
	}
	for _, r := range roles {
		named := false
		for _, g := range org.Grants {
			named = named || g.Role == org.Role(r)
		}
		if named == slices.Contains(plain, org.Role(r)) {
			t.Errorf("%s stands in the table: %v", r, named)
		}
	}
	for _, g := range org.Grants {
		if !slices.Contains(roles, string(g.Role)) || g.Reach < org.Own || g.Reach > org.County || len(g.Verbs) == 0 {
			t.Errorf("line %+v", g)
		}
	}
}

func held(role org.Role, unit string, areas ...string) org.Actor {
	return org.Actor{ID: "me", Posts: []org.Held{{Post: org.Post{Role: role, UnitID: unit, Areas: areas}}}}
}

func TestAReachEndsWhereThePostEnds(t *testing.T) {
	west, cg, mine := org.Target{Area: "west"}, org.Target{Units: []string{"cg"}}, org.Target{Persons: []string{"", "me"}}
	for _, c := range []struct {
		name string
		who  org.Actor
		to   org.Target
		may  bool
	}{
		{"a chief in the area", held(org.Chief, "", "east", "west"), west, true},
		{"a chief elsewhere", held(org.Chief, "", "east"), west, false},
		{"a chief of no area", held(org.Chief, ""), west, false},
		{"a chief where no area is known", held(org.Chief, "", ""), org.Target{}, false},
		{"a head of the unit", held(org.UnitHead, "cg"), cg, true},
		{"a head of another", held(org.UnitHead, "sc"), cg, false},
		{"a head of no unit, of a case of no unit", held(org.UnitHead, ""), org.Target{Units: []string{""}}, false},
		{"a cadre's own", held(org.Cadre, "cg"), mine, true},
		{"a cadre, others'", held(org.Cadre, "cg"), org.Target{Area: "west", Units: []string{"cg"}, Persons: []string{"", "you"}}, false},
		{"a commander", held(org.Commander, ""), org.Target{}, true},
		{"an enforcement team", held(org.Enforcement, "cg"), cg, false},
		{"nobody", org.Actor{}, org.Target{Persons: []string{""}}, false},
	} {
		if got := c.who.Can(org.SeeCase, c.to); got != c.may {
			t.Errorf("%s may see: %v", c.name, got)
		}
		err := c.who.May(org.SeeCase, c.to)
		if (err == nil) != c.may || !c.may && (!fault.Is(err, fault.Denied) || fault.Code(err) != "denied.case.see") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestAScopeAddsUpAllPosts(t *testing.T) {
	who := org.Actor{ID: "me", Posts: []org.Held{
		{Post: org.Post{Role: org.Cadre}}, {Post: org.Post{Role: org.Chief, Areas: []string{"west"}}}, {Post: org.Post{Role: org.UnitHead, UnitID: "cg"}}}}
	s := who.Scope(org.SeeCase)
	if s.All || s.Empty() || !slices.Equal(s.Areas, []string{"west"}) || !slices.Equal(s.Units, []string{"cg"}) || !slices.Equal(s.Persons, []string{"me"}) {
		t.Errorf("scope %+v", s)
	}
	if !who.Scope(org.Decide).Empty() || !who.Holds(org.Verifier, org.Chief) || who.Holds(org.Verifier) || who.IsSystem() {
		t.Errorf("decides %+v", who.Scope(org.Decide))
	}
	want := []string{"assess.judge", "assess.measure", "assess.see", "board.see", "case.note", "case.own", "case.report", "case.see", "case.verify", "duty.plan", "duty.see", "evidence.file", "evidence.see", "inspection.make", "inspection.plan", "inspection.see"}
	if got := who.Verbs(); !slices.Equal(got, want) {
		t.Errorf("verbs %v", got)
	}
}

func TestTheSystemAndResidentsDoOnlyTheirPart(t *testing.T) {
	if !org.System.IsSystem() || !org.System.Can(org.Dispatch, org.Target{}) || org.System.Can(org.VerifyCase, org.Target{}) || org.System.Can(org.OwnCase, org.Target{}) {
		t.Errorf("the system may %v", org.System.Verbs())
	}
	if got := org.Resident.Verbs(); !slices.Equal(got, []string{"case.report"}) {
		t.Errorf("a resident may %v", got)
	}
}
