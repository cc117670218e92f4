package town

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

// everySixth is a market-day rule like the zodiac's dragon and dog days.
func everySixth(day string) bool {
	d, _ := time.Parse(time.DateOnly, day)
	return d.Unix()/86400%6 == 2
}

func TestHistoryIsPlausible(t *testing.T) {
	town := New(1)
	list := town.History("2026-03-02", everySixth)
	if len(list) < 850 || len(list) > 960 {
		t.Errorf("%d incidents, want about 900", len(list))
	}
	outcomes, channels, texts := map[Outcome]int{}, map[Channel]int{}, map[string]bool{}
	market, marketDays, plain, plainDays := 0, map[string]bool{}, 0, map[string]bool{}
	for i, in := range list {
		outcomes[in.Course.Outcome]++
		channels[in.Channel]++
		texts[in.Text] = true
		if in.No != i+1 || (i > 0 && in.at < list[i-1].at) {
			t.Fatalf("incident %d is out of order", i)
		}
		if everySixth(in.Day) {
			market, marketDays[in.Day] = market+1, true
		} else {
			plain, plainDays[in.Day] = plain+1, true
		}
	}
	if market*len(plainDays) <= plain*len(marketDays) {
		t.Error("market days do not bring more incidents")
	}
	for _, o := range []Outcome{OnTime, Late, Returned, Blocked, Extended, Reworked, Relapsed, Open, Overdue, Duplicate, Rejected} {
		if outcomes[o] == 0 {
			t.Errorf("no incident is %s", o)
		}
	}
	t.Logf("%d incidents, %d different texts, %v %v", len(list), len(texts), outcomes, channels)
}

func TestEachIncidentHoldsTogether(t *testing.T) {
	town := New(1)
	list := town.History("2026-03-02", everySixth)
	for _, in := range list {
		c := in.Course
		now := float64(Now-in.at) / 60
		for _, hours := range []float64{c.Accept, c.Fix, c.Verify, c.Step} {
			if hours < 0 || hours > now {
				t.Errorf("no. %d: something happens %.1f h after its report, %.1f h is now", in.No, hours, now)
			}
		}
		if c.Verify > 0 && c.Verify < c.Fix || in.Minute < 0 || in.Minute >= 24*60 {
			t.Errorf("no. %d: verified before it was fixed, or minute %d", in.No, in.Minute)
		}
		if got := town.AreaAt(in.Lon, in.Lat); got != in.AreaCode {
			t.Errorf("no. %d says area %s and lies in %q", in.No, in.AreaCode, got)
		}
		if (in.Reporter == "") != (in.Channel == ByResident) || strings.Contains(in.Text, "{") {
			t.Errorf("no. %d: reporter %q by %s: %s", in.No, in.Reporter, in.Channel, in.Text)
		}
		if c.Original > 0 {
			checkTwin(t, list[c.Original-1], in)
		}
	}
}

func checkTwin(t *testing.T, first, twin Incident) {
	from, to := toPoint([2]float64{first.Lon, first.Lat}), toPoint([2]float64{twin.Lon, twin.Lat})
	minutes := twin.at - first.at
	if first.Kind != twin.Kind || metres(from, to) > 50 || minutes <= 0 {
		t.Errorf("no. %d is no repetition of no. %d", twin.No, first.No)
	}
	if !twin.Course.Relapse && minutes > 24*60 {
		t.Errorf("no. %d came %d minutes after the one it duplicates", twin.No, minutes)
	}
	if twin.Course.Relapse && float64(minutes) < first.Course.Verify*60 {
		t.Errorf("no. %d relapses before no. %d was closed", twin.No, first.No)
	}
}

func TestHistoryIsDeterministic(t *testing.T) {
	a := New(4).History("2026-03-02", everySixth)
	if !reflect.DeepEqual(a, New(4).History("2026-03-02", everySixth)) {
		t.Error("the same seed gave two histories")
	}
}

func TestRecipesUseKnownKindsRolesAndScenes(t *testing.T) {
	text, err := os.ReadFile("../../../standards/kinds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	town := New(1)
	for _, rec := range recipes {
		if !strings.Contains(string(text), "code: "+rec.kind+"\n") {
			t.Errorf("%s is no kind of standards/kinds.yaml", rec.kind)
		}
		town.UnitByRole(rec.otherRole)
		for _, kind := range rec.places {
			if len(town.PlacesOf(kind)) == 0 {
				t.Errorf("%s happens at places of kind %q, of which there are none", rec.kind, kind)
			}
		}
		if troubles[rec.scene] == nil && rooms[rec.scene] == nil {
			t.Errorf("%s has no scene", rec.kind)
		}
	}
}
