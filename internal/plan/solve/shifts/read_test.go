package shifts

import (
	"reflect"
	"strings"
	"testing"
)

const tinyText = `# a comment
SECTION_HORIZON
7

SECTION_SHIFTS
# ShiftID, Length in mins, Shifts which cannot follow this shift
E,480,
L,600,E|L

SECTION_STAFF
A,E=3|L=2,3000,960,5,2,2,1
B,E=0,3000,0,5,1,1,0

SECTION_DAYS_OFF
A,0,6

SECTION_SHIFT_ON_REQUESTS
A,2,E,3

SECTION_SHIFT_OFF_REQUESTS
B,3,L,2

SECTION_COVER
0,E,1,100,1
6,L,-0,100,1
`

func TestReadTakesEverySection(t *testing.T) {
	p, names, err := Read(strings.NewReader(tinyText))
	if err != nil {
		t.Fatal(err)
	}
	cover := make([][]Cover, 7)
	for d := range cover {
		cover[d] = make([]Cover, 2)
	}
	cover[0][0], cover[6][1] = Cover{1, 100, 1}, Cover{0, 100, 1}
	want := Problem{
		Days:   7,
		Shifts: []Shift{{Minutes: 480}, {Minutes: 600, NotAfter: []int{0, 1}}},
		People: []Person{
			{Most: []int{3, 2}, MinMinutes: 960, MaxMinutes: 3000, MaxRun: 5, MinRun: 2, MinOff: 2, MaxWeekends: 1, DaysOff: []int{0, 6}, Wishes: []Wish{{2, 0, 3}}},
			{Most: []int{0, 7}, MaxMinutes: 3000, MaxRun: 5, MinRun: 1, MinOff: 1, Wishes: []Wish{{3, 1, -2}}},
		},
		Cover: cover,
	}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("read %+v\nwant %+v", p, want)
	}
	if !reflect.DeepEqual(names, Names{[]string{"E", "L"}, []string{"A", "B"}}) {
		t.Errorf("names %+v", names)
	}
}

func TestReadNamesSectionAndLine(t *testing.T) {
	for _, c := range []struct{ old, fresh, want string }{
		{"SECTION_HORIZON\n7", "", "has to come first"},
		{"\n7\n", "\n0\n", "line 3 (SECTION_HORIZON)"},
		{"\n7\n", "\n7\n7\n", "line 4 (SECTION_HORIZON): a second horizon"},
		{"E,480,\n", "E,x,\n", `line 7 (SECTION_SHIFTS): "x"`},
		{"E,480,\n", "E,480,\nE,480,\n", "empty or taken"},
		{"E|L\n", "E|X\n", `line 8 (SECTION_SHIFTS): unknown shift "X"`},
		{"A,E=3|L=2,3000", "A,E=3|L=2", "line 11 (SECTION_STAFF): 7 fields"},
		{"E=3|L=2", "E=3|X=2", "does not limit a known shift"},
		{"A,0,6", "Z,0,6", `unknown person "Z"`},
		{"A,0,6", "A,0,7", "off on day 7"},
		{"A,2,E,3", "A,2,E", "line 18 (SECTION_SHIFT_ON_REQUESTS)"},
		{"B,3,L,2", "B,9,L,2", "wish"},
		{"0,E,1,100,1", "7,E,1,100,1", "day 7 of 7"},
		{"0,E,1,100,1", "0,E,1,100,1\n0,E,1,100,1", "a second time"},
		{"6,L,-0", "6,L,-1", `"-1"`},
		{"SECTION_COVER", "SECTION_COVERS", "unknown section"},
		{"# a comment", "stray", "before the first section"},
	} {
		text := strings.Replace(tinyText, c.old, c.fresh, 1)
		if text == tinyText {
			t.Fatalf("%q is not in the text", c.old)
		}
		if _, _, err := Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q for %q: %v, want %q", c.fresh, c.old, err, c.want)
		}
	}
}

// FuzzRead: whatever is read is valid, and nothing makes the reader panic.
func FuzzRead(f *testing.F) {
	f.Add(tinyText)
	f.Add("SECTION_HORIZON\n1\nSECTION_SHIFTS\nD,480,D\nSECTION_COVER\n0,D,1,1,1")
	f.Fuzz(func(t *testing.T, text string) {
		p, names, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		if err := Valid(p); err != nil {
			t.Error(err)
		}
		if len(names.People) != len(p.People) || len(names.Shifts) != len(p.Shifts) {
			t.Errorf("%d people with %d names", len(p.People), len(names.People))
		}
	})
}
