package town

import "testing"

func TestUnitsAndPeople(t *testing.T) {
	town := New(1)
	counts := map[PostKind]int{}
	for _, p := range town.Posts {
		counts[p.Kind]++
		if p.Person == "" {
			t.Fatalf("the post %s has no holder", p.Kind)
		}
	}
	want := map[PostKind]int{
		Commander: 1, ExecutiveDeputy: 1, DeputyCommander: 15, GroupLead: 9, Chief: 34, UnitHead: 92,
		GridMember: 102, Intake: 2, Dispatcher: 2, ShiftLead: 2, Verifier: 3, Archivist: 1,
		Administrator: 1, Inspector: 12, MarketTeam: 6, Enforcement: 104,
	}
	for kind, n := range want {
		if counts[kind] != n {
			t.Errorf("%d posts of kind %s, want %d", counts[kind], kind, n)
		}
	}
	if n := len(town.People); n < 1000 || n > 1150 {
		t.Errorf("%d people", n)
	}
	t.Logf("%d units, %d people, posts %v, %d leaves", len(town.Units), len(town.People), counts, len(town.Leaves))
}

func TestNamesLoginsAndPhonesAreUnique(t *testing.T) {
	town := New(1)
	seen := map[string]bool{}
	once := func(what string) {
		if seen[what] {
			t.Errorf("%s occurs twice", what)
		}
		seen[what] = true
	}
	for _, p := range town.People {
		once(p.Name)
		once(p.Login)
		once(p.Phone)
	}
	for _, login := range []string{"zhihui", "changwu", "pianzhang", "chengguan", "zeren", "shichang", "xuncha", "diaodu", "hecha", "guanli"} {
		if !seen[login] {
			t.Errorf("nobody has the login %s", login)
		}
	}
}

func TestEveryUnitHasAnOwnerForEveryArea(t *testing.T) {
	town := New(1)
	for _, u := range town.Units {
		for _, a := range town.Areas {
			if p := town.Person(town.OwnerFor(u.Code, a.Code)); p.Unit != u.Code {
				t.Fatalf("%s in %s is owned by %s of another unit", u.Short, a.Code, p.Name)
			}
		}
	}
}

func TestTeams(t *testing.T) {
	town := New(1)
	counts := map[string]int{}
	for _, team := range town.Teams {
		counts[team.Kind]++
	}
	want := map[string]int{PartyVanguard: 35, YouthShock: 6, WomenTeam: 12, CommunityTeam: 4, ElderTeam: 6, MarketCrew: 1}
	for kind, n := range want {
		if counts[kind] != n {
			t.Errorf("%d teams of kind %s, want %d", counts[kind], kind, n)
		}
	}
}
