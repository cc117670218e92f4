package api_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/job"
)

// fixed is a case somebody reported and its owner says is fixed.
func (c *county) fixed(change map[string]any) view {
	c.t.Helper()
	k := c.report("inspector", change)
	return c.move(k.Owner.ID, k.ID, "fix", map[string]any{"photos": []string{c.photo(k.Owner.ID)}})
}

// closed is a case that has come all the way.
func (c *county) closed(change map[string]any) view {
	c.t.Helper()
	return c.move("verifier", c.fixed(change).ID, "verify", nil)
}

func TestACaseGoesFromReportToClosed(t *testing.T) {
	c := newCounty(t)
	before, after := c.photo("inspector"), c.photo("wang")
	k := c.report("inspector", map[string]any{"photos": []string{before}})
	if v := c.move("wang", k.ID, "accept", nil); v.State != "accepted" || v.Version != 2 {
		t.Errorf("accepted %+v", v)
	}
	c.tryMove("wang", k.ID, "fix", nil).refused(422, "case.after_photo")
	c.tryMove("wang", k.ID, "fix", map[string]any{"photos": []string{before}}).refused(422, "case.same_photo")
	c.clock.Add(time.Hour)
	if v := c.move("wang", k.ID, "fix", map[string]any{"photos": []string{after}, "note": " 已清理 "}); v.State != "fixed" || !slices.Contains(v.Flags, "to_verify") {
		t.Errorf("fixed %+v", v)
	}
	c.tryMove("sun", k.ID, "verify", nil).refused(403, "denied.case.verify")
	if f := c.open("inspector", k.ID); !slices.Contains(f.Moves, "verify") || f.WhyNotVerify != "" {
		t.Errorf("an inspector may %v", f.Moves)
	}
	if v := c.move("verifier", k.ID, "verify", nil); v.State != "closed" || v.ClosedAt != c.clock.Now().UnixMilli() || len(v.Flags) != 0 {
		t.Errorf("closed %+v", v)
	}
	c.tryMove("verifier", k.ID, "verify", nil).refused(409, "case.moved_on")
	f := c.open("wang", k.ID)
	var told []string
	for _, s := range f.Steps {
		told = append(told, s.Kind)
	}
	if strings.Join(told, " ") != "case.reported case.assigned case.accepted case.fixed case.verified" || f.Steps[3].Note != "已清理" || f.Steps[3].Photos[0] != after {
		t.Errorf("told %+v", f.Steps)
	}
	if len(f.Photos) != 2 || f.Photos[0].Role != "before" || f.Photos[1].Role != "after" || f.Photos[1].By != "王建国" {
		t.Errorf("photos %+v", f.Photos)
	}
}

func TestWhoIsNearTheFixerIsToldWhyTheyCannotVerify(t *testing.T) {
	c := newCounty(t)
	c.as("chief") // an area chief from the centre, while chief-east's area is elsewhere
	k := c.report("chief", nil)
	c.move("desk", k.ID, "assign", map[string]any{"to_person": "chief"})
	c.move("chief", k.ID, "fix", map[string]any{"photos": []string{c.photo("chief")}})
	f := c.open("verifier", k.ID)
	if slices.Contains(f.Moves, "verify") || f.WhyNotVerify == "" {
		t.Errorf("a colleague of the fixer may %v, why %q", f.Moves, f.WhyNotVerify)
	}
	c.tryMove("verifier", k.ID, "verify", nil).refused(403, "case.same_crew")
}

func TestAFixThatIsNotGoodEnoughGoesBack(t *testing.T) {
	c := newCounty(t)
	k := c.fixed(nil)
	if p := c.tryMove("verifier", k.ID, "rework", nil).refused(422, "input.invalid"); p.names()[0] != "note" {
		t.Errorf("fields %v", p.names())
	}
	if v := c.move("verifier", k.ID, "rework", map[string]any{"note": "还有一半"}); v.State != "accepted" || v.Reworks != 1 || !slices.Contains(v.Flags, "reworked") || v.Owner.ID != "wang" {
		t.Errorf("case %+v", v)
	}
}

func TestWhatIsNotOnesOwnIsPassedOnThenDecidedByTheCentre(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", nil)
	if v := c.move("wang", k.ID, "return", map[string]any{"note": "属于市场", "to_unit": "sc"}); v.State != "assigned" || v.Owner.ID != "zhou" || v.Refusals != 1 {
		t.Errorf("passed on %+v", v)
	}
	c.as("wang").get("/api/cases/"+k.ID).refused(404, "case.none") // no longer theirs to see
	if v := c.move("zhou", k.ID, "return", map[string]any{"note": "不是我们"}); v.State != "returned" || !slices.Contains(v.Flags, "triage") {
		t.Errorf("returned %+v", v)
	}
	if v := c.move("desk", k.ID, "assign", map[string]any{"to_person": "wang", "keep_rule": true}); v.Owner.ID != "wang" || v.DueAt != k.DueAt {
		t.Errorf("decided %+v", v)
	}
	c.tryMove("wang", k.ID, "return", map[string]any{"note": "真的不是"}).refused(409, "case.decided")
	if next := c.report("inspector", nil); next.Owner.ID != "wang" {
		t.Errorf("the kept rule sends the next one to %s", next.Owner.ID)
	}
}

func TestTimeStandsStillOnlyByAgreement(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", nil)
	c.tryMove("wang", k.ID, "block", map[string]any{"note": "要钱"}).refused(422, "input.invalid")
	if v := c.move("wang", k.ID, "block", map[string]any{"note": "要钱", "reason": "other"}); v.Ask != "block" || v.State != "assigned" {
		t.Errorf("asked %+v", v)
	}
	if f := c.open("lead", k.ID); f.Ask == nil || f.Ask.By != "王建国" || f.Ask.Note != "要钱" || !slices.Contains(f.Moves, "agree") {
		t.Errorf("waiting %+v for %v", f.Ask, f.Moves)
	}
	c.tryMove("wang", k.ID, "agree", nil).refused(403, "denied.case.decide")
	if v := c.move("lead", k.ID, "agree", nil); v.State != "blocked" || v.Block != "other" || v.Ask != "" {
		t.Errorf("agreed %+v", v)
	}
	c.clock.Add(48 * time.Hour)
	if v := c.move("boss", k.ID, "resume", nil); v.State != "accepted" || v.DueAt <= k.DueAt || v.Block != "" {
		t.Errorf("resumed %+v", v)
	}
}

func TestAnExtensionIsAskedForAndDecided(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", nil)
	for _, day := range []string{"2026-11-23", "2020-01-01"} {
		c.tryMove("wang", k.ID, "ask_extension", map[string]any{"note": "下雨", "until_on": day}).refused(422, "case.until")
	}
	for _, day := range []string{"tomorrow", "2026-13-01", "2026-02-30", "'; --"} {
		if p := c.tryMove("wang", k.ID, "ask_extension", map[string]any{"note": "下雨", "until_on": day}).refused(422, "input.invalid"); p.names()[0] != "until_on" {
			t.Errorf("%s: %v", day, p.names())
		}
	}
	c.move("wang", k.ID, "ask_extension", map[string]any{"note": "下雨", "until_on": "2026-11-30"})
	c.tryMove("wang", k.ID, "block", map[string]any{"note": "再要", "reason": "law"}).refused(409, "case.asked")
	c.move("lead", k.ID, "refuse", map[string]any{"note": "不行"})
	c.tryMove("lead", k.ID, "agree", nil).refused(409, "case.not_asked")
	c.move("wang", k.ID, "ask_extension", map[string]any{"note": "下雨", "until_on": "2026-11-30"})
	if v := c.move("deputy", k.ID, "agree", map[string]any{"until_on": "2026-11-27"}); v.DueOn != "2026-11-27" || v.Ask != "" {
		t.Errorf("extended %+v", v)
	}
}

func TestTheDeskDecidesWhatIsUnclear(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", map[string]any{"kind": nil})
	if k.State != "reported" {
		t.Fatalf("case %+v", k)
	}
	c.tryMove("desk", k.ID, "assign", map[string]any{"to_unit": "cg"}).refused(422, "case.kind")
	c.tryMove("desk", k.ID, "assign", map[string]any{"to_unit": "nobody", "kind": "env.exposed-waste"}).refused(404, "unit.none")
	c.tryMove("desk", k.ID, "assign", map[string]any{"to_unit": "zx", "kind": "env.exposed-waste"}).refused(422, "case.nobody")
	if v := c.move("desk", k.ID, "assign", map[string]any{"to_unit": "cg", "kind": "env.exposed-waste"}); v.Owner.ID != "wang" || v.Kind != "env.exposed-waste" {
		t.Errorf("assigned %+v", v)
	}
	r := c.report("inspector", map[string]any{"kind": nil})
	if v := c.move("desk", r.ID, "reject", map[string]any{"note": "不是问题"}); v.State != "rejected" {
		t.Errorf("rejected %+v", v)
	}
	c.tryMove("desk", r.ID, "wave", nil).refused(422, "case.no_move")
}

func TestARepeatedReportIsHintedAndMerged(t *testing.T) {
	c := newCounty(t)
	here := map[string]any{"lat": 22.05, "lon": 103.07}
	first := c.report("inspector", here)
	second := c.report("wang", map[string]any{"lat": 22.05, "lon": 103.07, "photos": []string{c.photo("wang")}})
	if !slices.Contains(second.Flags, "merged_hint") {
		t.Errorf("flags %v", second.Flags)
	}
	type twin struct {
		Case   view
		Why    string
		Metres float64
	}
	twins := items[twin](c.as("desk").get("/api/cases/" + second.ID + "/duplicates"))
	if len(twins) != 1 || twins[0].Case.ID != first.ID || twins[0].Why == "" || twins[0].Metres > 1 {
		t.Errorf("duplicates %+v", twins)
	}
	c.tryMove("desk", second.ID, "merge", map[string]any{"into": second.ID}).refused(409, "case.merge")
	if v := c.move("desk", second.ID, "merge", map[string]any{"into": first.ID}); v.State != "merged" || v.MergedInto != first.ID {
		t.Errorf("merged %+v", v)
	}
	if f := c.open("desk", first.ID); len(f.Photos) != 1 || f.Steps[len(f.Steps)-1].Kind != "case.joined" {
		t.Errorf("joined %+v", f)
	}
}

func TestWhatComesBackReopensItsCase(t *testing.T) {
	c := newCounty(t)
	at := map[string]any{"place": "WC7788", "lat": nil, "lon": nil}
	old := c.closed(at)
	again := c.report("inspector", at)
	if again.State != "merged" || again.MergedInto != old.ID {
		t.Errorf("again %+v", again)
	}
	if v := c.open("desk", old.ID).Case; v.State != "assigned" || v.Relapses != 1 || !slices.Contains(v.Flags, "relapsed") {
		t.Errorf("reopened %+v", v)
	}
}

func TestASecondLookIsDrawnAndJudged(t *testing.T) {
	c := newCounty(t)
	var done []view
	c.write(func(tx *db.Tx) error { _, err := cases.DrawRechecks(tx); return err })
	for range 2 {
		done = append(done, c.closed(nil))
	}
	c.clock.Add(24 * time.Hour)
	for i := range done { // drawn, whatever the dice say
		c.write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE cases SET recheck = $2 WHERE id = $1`, done[i].ID, "recheck-"+done[i].ID)
			return err
		})
	}
	c.tryMove("boss", done[0].ID, "recheck_ok", nil).refused(403, "denied.case.recheck")
	if v := c.move("inspector", done[0].ID, "recheck_ok", nil); v.State != "closed" {
		t.Errorf("passed %+v", v)
	}
	c.tryMove("inspector", done[0].ID, "recheck_ok", nil).refused(409, "case.not_drawn")
	if v := c.move("verifier", done[1].ID, "recheck_bad", map[string]any{"note": "又脏了", "photos": []string{c.photo("verifier")}}); v.State != "assigned" || v.Relapses != 1 {
		t.Errorf("failed %+v", v)
	}
	if f := c.open("desk", done[1].ID); f.Photos[len(f.Photos)-1].Role != "recheck" {
		t.Errorf("photos %+v", f.Photos)
	}
}

func TestALateCaseClimbsTheLadderWithDocuments(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", nil)
	c.clock.Add(15 * 24 * time.Hour)
	if err := cases.Climbing(context.Background(), c.db, job.Job{}); err != nil {
		t.Fatal(err)
	}
	type order struct {
		Level               int
		No, Title, Body, To string
	}
	list := items[order](c.as("wang").get("/api/cases/" + k.ID + "/orders"))
	if len(list) != 1 || list[0].Level != 4 || list[0].To != "卫国栋" || !strings.Contains(list[0].Body, k.No) {
		t.Errorf("orders %+v", list)
	}
	if v := c.open("wang", k.ID).Case; v.Ladder != 4 || !slices.Contains(v.Flags, "overdue") {
		t.Errorf("case %+v", v)
	}
}

func TestTheVerifierIsToldWhatThePhotosSay(t *testing.T) {
	c := newCounty(t)
	before, after := closeUp(31), closeUp(32)
	c.as("inspector").upload(before, nil).want(204)
	c.as("wang").upload(after, nil).want(204)
	k := c.report("inspector", map[string]any{"lat": 22.05, "lon": 103.05, "photos": []string{before.sum}})
	type check struct{ About, Level, Said, Photo string }
	if none := items[check](c.as("verifier").get("/api/cases/" + k.ID + "/checks")); len(none) != 1 || none[0].About != "missing" {
		t.Errorf("before the fix: %+v", none)
	}
	c.move("wang", k.ID, "fix", map[string]any{"photos": []string{after.sum}})
	c.work()
	said := map[string]string{}
	for _, ch := range items[check](c.as("verifier").get("/api/cases/" + k.ID + "/checks")) {
		said[ch.About] = ch.Level
	}
	if said["time"] != "warn" || said["place"] != "good" || said["reused"] != "good" || said["change"] == "" {
		t.Errorf("said %v", said)
	}
	other := c.fixed(nil)
	c.move("wang", other.ID, "note", map[string]any{"note": "同一张", "photos": []string{after.sum}})
	again := read[json.RawMessage](c.as("verifier").get("/api/cases/" + k.ID + "/checks").want(200))
	if !strings.Contains(string(again), other.No) || !strings.Contains(string(again), `"other_case":{"id":"`+other.ID) {
		t.Errorf("reused on %s: %s", other.No, again)
	}
}

func TestAMoveOnACaseThatIsNotThereOrNotMineIsNotFound(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", nil)
	for _, a := range []answer{c.tryMove("wang", newKey(), "accept", nil), c.tryMove("zhou", k.ID, "accept", nil), c.tryMove("wang", "no-case", "accept", nil)} {
		a.refused(404, "case.none")
	}
	p := c.tryMove("wang", k.ID, "note", map[string]any{"note": "看", "photos": []string{picture(1).sum}}).refused(409, "photo.missing")
	if len(p.Photos) != 1 || p.Photos[0] != picture(1).sum {
		t.Errorf("missing %v", p.Photos)
	}
}
