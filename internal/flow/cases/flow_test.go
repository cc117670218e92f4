package cases

import (
	"testing"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

func holder(id, unit string, posts ...org.Held) org.Actor {
	a := org.Actor{ID: id, Name: id, Unit: unit}
	a.Posts = append(a.Posts, org.Held{Post: org.Post{Role: org.Cadre, UnitID: unit}})
	a.Posts = append(a.Posts, posts...)
	return a
}

func post(role org.Role, unit string, areas ...string) org.Held {
	return org.Held{Post: org.Post{Role: role, UnitID: unit, Areas: areas}}
}

// Every move is tried by every role in every state; the table below says who
// may, everything else must be refused.
func TestWhoMayMove(t *testing.T) {
	c := Case{ID: "c", No: "2026-00001", OwnerID: "owner", FinderID: "finder", UnitID: "u1", AreaID: "a1"}
	actors := map[string]org.Actor{
		"owner":      holder("owner", "u1", post(org.Owner, "u1")),
		"other":      holder("other", "u2", post(org.Owner, "u2")),
		"finder":     holder("finder", "u3"),
		"head":       holder("head", "u1", post(org.UnitHead, "u1")),
		"chief":      holder("chief", "u9", post(org.Chief, "", "a1")),
		"far chief":  holder("far", "u9", post(org.Chief, "", "a2")),
		"dispatcher": holder("dispatcher", "u8", post(org.Dispatcher, "")),
		"shift lead": holder("lead", "u8", post(org.ShiftLead, "")),
		"verifier":   holder("verifier", "u8", post(org.Verifier, "")),
		"commander":  holder("commander", "u7", post(org.Commander, "")),
		"inspector":  holder("inspector", "u6", post(org.Inspector, "")),
		"admin":      holder("admin", "u5", post(org.Administrator, "")),
	}
	may := map[org.Verb][]string{
		org.Dispatch:   {"dispatcher", "shift lead"},
		org.Decide:     {"shift lead", "commander"},
		org.OwnCase:    {"owner", "head"},
		org.VerifyCase: {"chief", "shift lead", "verifier", "inspector"},
		org.Recheck:    {"verifier", "inspector"},
		org.NoteCase:   {"owner", "finder", "head", "chief", "dispatcher", "shift lead", "verifier", "commander", "inspector"},
	}
	states := []State{Reported, Assigned, Accepted, Returned, Blocked, Fixed, Closed, Rejected, Merged}
	for _, l := range Lines {
		for name, who := range actors {
			for _, s := range states {
				c := c
				c.State, c.Recheck, c.Ladder = s, "r", 1
				if l.Move == Agree || l.Move == Refuse {
					c.Ask.Kind = "block"
				}
				want := contains(may[l.Verb], name) && containsState(l.From, s)
				if got := allowed(c, who, l) == nil; got != want {
					t.Errorf("%s by %s in %s: allowed=%v, want %v", l.Move, name, s, got, want)
				}
			}
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func containsState(list []State, s State) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func TestEveryMoveHasAStepAnEventAndAName(t *testing.T) {
	for _, l := range Lines {
		if steps[l.Move] == nil || happened[l.Move] == "" || l.ZH == "" {
			t.Errorf("%s lacks a step, an event or a name", l.Move)
		}
	}
	if len(steps) != len(Lines) || len(happened) != len(Lines) {
		t.Error("a step without a line in the table")
	}
}

func TestConditions(t *testing.T) {
	owner := holder("owner", "u1")
	c := Case{OwnerID: "owner", UnitID: "u1", State: Accepted}
	for name, x := range map[string]struct {
		move   MoveName
		change func(*Case)
		code   string
	}{
		"a third refusal":          {Return, func(c *Case) { c.Refusals = 2 }, "case.decided"},
		"asking twice":             {Block, func(c *Case) { c.Ask.Kind = "extension" }, "case.asked"},
		"asking twice for days":    {AskExtension, func(c *Case) { c.Ask.Kind = "block" }, "case.asked"},
		"fixing before assignment": {Fix, func(c *Case) { c.State = Reported }, "case.moved_on"},
		"fixing a closed case":     {Fix, func(c *Case) { c.State = Closed }, "case.moved_on"},
	} {
		c := c
		x.change(&c)
		l, _ := LineOf(x.move)
		if code := fault.Code(allowed(c, owner, l)); code != x.code {
			t.Errorf("%s: %q, want %q", name, code, x.code)
		}
	}
}

func TestTheFixersSideNeverVerifies(t *testing.T) {
	c := Case{FixedBy: "fixer", OwnerID: "owner"}
	deputy := holder("deputy", "u2", org.Held{Post: org.Post{Role: org.Owner}, ForID: "fixer"})
	for name, x := range map[string]struct {
		who  org.Actor
		same bool
	}{
		"the fixer":            {holder("fixer", "u2"), true},
		"the owner":            {holder("owner", "u2"), true},
		"the fixer's unit":     {holder("mate", "u1"), true},
		"the fixer's deputy":   {deputy, true},
		"somebody else's unit": {holder("verifier", "u3"), false},
	} {
		if got := sameCrew(c, x.who, "u1"); got != x.same {
			t.Errorf("%s: same crew %v, want %v", name, got, x.same)
		}
	}
}

func TestMovesAskForWhatTheyNeed(t *testing.T) {
	for _, l := range Lines {
		err := checkMove(Move{Move: l.Move}, l)
		f, _ := fault.As(err)
		if len(l.Needs) == 0 {
			if err != nil {
				t.Errorf("%s: %v", l.Move, err)
			}
			continue
		}
		if f == nil || len(f.Fields) != len(l.Needs) {
			t.Errorf("%s: every missing field must be named, got %v", l.Move, err)
		}
	}
	l, _ := LineOf(Block)
	if err := checkMove(Move{Move: Block, Reason: "bored", Note: "x"}, l); err == nil {
		t.Error("an unknown reason was taken")
	}
}
