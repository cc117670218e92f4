package shifts

// table is a problem in flat arrays, for the inner loops. Shifts that nothing
// tells apart but their wishes and cover share a group; shifts after which the
// same may follow share a class.
type table struct {
	days, shifts, people int
	unit                 int // minutes of one unit: all lengths are whole units
	length               []int32
	class, group         []int16 // of each shift
	classes              int
	groups               []group
	queues               []queue
	follows              []bool // class × shift
	members              []*member
	pref                 []int32 // person × day × shift: cost of giving it
	want, under, over    []int32 // day × shift
	constant             int64   // what all wishes cost when nobody works
}

// group is what shifts have in common that nothing tells apart.
type group struct {
	class  int16
	length int32
	sample int16 // one of its shifts
}

// member is a person's limits, in units.
type member struct {
	*automaton
	most        []int32
	able        []int16 // shifts that may be worked at all
	least, full int32
	weekends    int32
	offDay      []bool
}

func newTable(p *Problem) *table {
	t := &table{days: p.Days, shifts: len(p.Shifts), people: len(p.People), unit: unitOf(p)}
	t.classify(p)
	t.price(p)
	kinds := map[[3]int]*automaton{}
	for i := range p.People {
		t.members = append(t.members, t.newMember(&p.People[i], kinds))
	}
	return t
}

// unitOf is the greatest common divisor of all lengths.
func unitOf(p *Problem) int {
	unit := 0
	for _, s := range p.Shifts {
		a, b := unit, s.Minutes
		for b != 0 {
			a, b = b, a%b
		}
		unit = a
	}
	return max(1, unit)
}

// classify numbers classes and groups.
func (t *table) classify(p *Problem) {
	n := t.shifts
	may := make([]bool, n*n)
	for s := range n {
		for f := range n {
			may[s*n+f] = true
		}
		for _, f := range p.Shifts[s].NotAfter {
			may[s*n+f] = false
		}
		t.length = append(t.length, int32(p.Shifts[s].Minutes/t.unit))
	}
	for s := range n {
		c := t.classOf(may, s)
		t.class = append(t.class, c)
		t.group = append(t.group, t.groupOf(may, s, c))
	}
	t.queue()
}

// classOf finds an earlier shift after which the same may follow.
func (t *table) classOf(may []bool, s int) int16 {
	n := t.shifts
	for e := range s {
		if equalRows(may[e*n:e*n+n], may[s*n:s*n+n]) {
			return t.class[e]
		}
	}
	t.follows = append(t.follows, may[s*n:s*n+n]...)
	t.classes++
	return int16(t.classes - 1)
}

// groupOf finds an earlier shift that behaves the same.
func (t *table) groupOf(may []bool, s int, class int16) int16 {
	n := t.shifts
	for g, other := range t.groups {
		same := other.class == class && other.length == t.length[s]
		for before := range n {
			same = same && may[before*n+s] == may[before*n+int(other.sample)]
		}
		if same {
			return int16(g)
		}
	}
	t.groups = append(t.groups, group{class, t.length[s], int16(s)})
	return int16(len(t.groups) - 1)
}

func equalRows(a, b []bool) bool {
	for k := range a {
		if a[k] != b[k] {
			return false
		}
	}
	return true
}

// price fills in wishes and cover.
func (t *table) price(p *Problem) {
	t.pref = make([]int32, t.people*t.days*t.shifts)
	for i, person := range p.People {
		for _, w := range person.Wishes {
			t.pref[(i*t.days+w.Day)*t.shifts+w.Shift] -= int32(w.Weight)
			t.constant += int64(max(0, w.Weight))
		}
	}
	for _, row := range p.Cover {
		for _, c := range row {
			t.want = append(t.want, int32(c.Want))
			t.under = append(t.under, int32(c.Under))
			t.over = append(t.over, int32(c.Over))
			t.constant += int64(c.Want * c.Under)
		}
	}
}

func (t *table) newMember(person *Person, kinds map[[3]int]*automaton) *member {
	key := [3]int{min(person.MaxRun, t.days), min(person.MinRun, t.days+1), min(person.MinOff, t.days+1)}
	if kinds[key] == nil {
		kinds[key] = newAutomaton(t, key[0], key[1], key[2])
	}
	m := &member{
		automaton: kinds[key], offDay: make([]bool, t.days), weekends: int32(person.MaxWeekends),
		least: int32((person.MinMinutes + t.unit - 1) / t.unit), full: int32(person.MaxMinutes / t.unit),
	}
	for s, most := range person.Most {
		m.most = append(m.most, int32(min(most, t.days)))
		if most > 0 {
			m.able = append(m.able, int16(s))
		}
	}
	for _, d := range person.DaysOff {
		m.offDay[d] = true
	}
	return m
}
