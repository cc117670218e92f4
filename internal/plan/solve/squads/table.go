package squads

// never is the cost of a seat that leave or another duty forbids.
const never = int32(1) << 30

// table is a problem in flat arrays, for the search and the bound. It is not
// changed once made.
type table struct {
	p                                        *Problem
	days, shifts, areas, units, people, week int // week: calendar weeks
	needs                                    []flatNeed
	needsOf, needsOn                         [][]int32 // of each area, of each day
	seatNeed                                 []int32   // of each seat, its need
	frozen                                   []int32   // of each seat, the person frozen on it or −1
	unit                                     []int32   // of each person
	skills                                   []Skills
	slotCost                                 []int32 // [person, day, shift]: wishes, or never
	place                                    []int32 // [person, area]
	room                                     []int32 // [unit, day]: how many may be on duty
	weekRoom                                 []int32 // [person, week]: duties left
	busy                                     []bool  // [person, day]: on duty elsewhere
	target                                   []int32 // of each person, less what they carry
	weekOf, batchOf                          []int32 // of each day
	inWeek                                   []int   // of each day, the days of its week that come before it in the plan
	apart                                    [][]bool
	reach                                    int // days after which any shift may follow any other
	frozenOn                                 map[personDay]bool
	constant                                 int64 // cost that no plan avoids: likes, before any is granted
}

type personDay struct{ person, day int }

type flatNeed struct {
	first, seats     int32 // its seats; more than size when more are frozen
	size             int32
	area, day, shift int32
	slot             int32 // day and shift in one
	load             int32
	mostOfUnit       int32
	least            [SkillKinds]int8
	wants            Skills // the skills of which it wants somebody
}

func newTable(p *Problem) *table {
	t := &table{
		p: p, days: p.Days, shifts: len(p.Shifts), areas: p.Areas, units: len(p.Units), people: len(p.People),
		week: p.weekOf(max(p.Days-1, 0)) + 1,
	}
	for d := range t.days {
		t.weekOf = append(t.weekOf, int32(p.weekOf(d)))
		t.batchOf = append(t.batchOf, int32(p.batchOf(d)))
		t.inWeek = append(t.inWeek, 0)
		if d > 0 && t.weekOf[d] == t.weekOf[d-1] {
			t.inWeek[d] = t.inWeek[d-1] + 1
		}
	}
	t.fillNeeds()
	t.fillPeople()
	t.fillRest()
	return t
}

func (t *table) fillNeeds() {
	frozen := make([][]int32, len(t.p.Needs))
	t.frozenOn = map[personDay]bool{}
	t.needsOf, t.needsOn = make([][]int32, t.areas), make([][]int32, t.days)
	for _, f := range t.p.Frozen {
		t.frozenOn[personDay{f.Person, t.p.Needs[f.Need].Day}] = true
		frozen[f.Need] = append(frozen[f.Need], int32(f.Person))
	}
	for n, need := range t.p.Needs {
		f := flatNeed{
			first: int32(len(t.seatNeed)), seats: int32(max(need.Size, len(frozen[n]))), size: int32(need.Size),
			area: int32(need.Area), day: int32(need.Day), shift: int32(need.Shift), slot: int32(need.Day*t.shifts + need.Shift),
			load: int32(t.p.Shifts[need.Shift].Load), mostOfUnit: int32(need.MostOfUnit),
		}
		for k := range SkillKinds {
			if f.least[k] = int8(need.least(k)); f.least[k] > 0 {
				f.wants |= SkillsOf(k)
			}
		}
		t.needs = append(t.needs, f)
		t.needsOf[need.Area] = append(t.needsOf[need.Area], int32(n))
		t.needsOn[need.Day] = append(t.needsOn[need.Day], int32(n))
		for k := range int(f.seats) {
			t.seatNeed = append(t.seatNeed, int32(n))
			who := int32(-1)
			if k < len(frozen[n]) {
				who = frozen[n][k]
			}
			t.frozen = append(t.frozen, who)
		}
	}
}

func (t *table) fillPeople() {
	p := t.p
	t.slotCost = make([]int32, t.people*t.days*t.shifts)
	t.place = make([]int32, t.people*t.areas)
	t.room = make([]int32, t.units*t.days)
	t.weekRoom, t.busy = make([]int32, t.people*t.week), make([]bool, t.people*t.days)
	for u, unit := range p.Units {
		for d, most := range unit.Most {
			t.room[u*t.days+d] = int32(most)
		}
	}
	for i, target := range Targets(*p) {
		person := p.People[i]
		t.target = append(t.target, int32(target-person.Carried))
		t.unit = append(t.unit, int32(person.Unit))
		t.skills = append(t.skills, person.Skills)
		for a := range t.areas {
			t.place[i*t.areas+a] = int32(p.Weights.place(person, a))
		}
		for w := range t.week {
			t.weekRoom[i*t.week+w] = int32(p.Rules.PerWeek - p.dutiesBeside(person, w))
			if p.Rules.PerWeek == 0 {
				t.weekRoom[i*t.week+w] = 7
			}
		}
		for _, d := range person.Busy {
			t.busy[i*t.days+d] = true
		}
		t.fillWishes(i, person)
		t.fillAbsence(i, person)
	}
}

func (t *table) fillWishes(i int, person Person) {
	for _, w := range person.Wishes {
		// A like granted takes back what it costs unmet; a dislike costs when met.
		cost := -t.p.Weights.Wish * w.Weight
		if w.Weight > 0 {
			t.constant -= int64(cost)
		}
		for s := range t.shifts {
			if w.Shift == AnyShift || w.Shift == s {
				t.slotCost[(i*t.days+w.Day)*t.shifts+s] += int32(cost)
			}
		}
	}
}

// fillAbsence closes slots, but not on days on which the person is frozen:
// there nothing else can be asked of them, and they are away only once.
func (t *table) fillAbsence(i int, person Person) {
	for _, d := range person.Off {
		if t.frozenOn[personDay{i, d}] {
			continue
		}
		slots := t.slotCost[(i*t.days+d)*t.shifts:][:t.shifts]
		if t.shifts > 0 && slots[0] != never {
			t.room[person.Unit*t.days+d]--
		}
		for s := range slots {
			slots[s] = never
		}
	}
	for _, b := range person.Blocked {
		if t.frozenOn[personDay{i, b.Day}] {
			continue
		}
		t.slotCost[(i*t.days+b.Day)*t.shifts+b.Shift] = never
	}
}

// fillRest works out which shift may not follow which within how many days.
func (t *table) fillRest() {
	longest := 0
	for _, s := range t.p.Shifts {
		longest = max(longest, s.End)
	}
	t.apart = [][]bool{nil} // a gap of 0 days is no question of rest
	for gap := 1; gap*1440 < longest+t.p.Rules.Rest; gap++ {
		apart, clash := make([]bool, t.shifts*t.shifts), false
		for a, earlier := range t.p.Shifts {
			for b, later := range t.p.Shifts {
				apart[a*t.shifts+b] = gap*1440+later.Start >= earlier.End+t.p.Rules.Rest
				clash = clash || !apart[a*t.shifts+b]
			}
		}
		if clash {
			t.apart = append(t.apart, apart)
			t.reach = gap
		}
	}
}

func (t *table) slot(person, day, shift int32) int32 {
	return t.slotCost[(int(person)*t.days+int(day))*t.shifts+int(shift)]
}

// seatCost is what a seat costs by itself: wishes, place, change.
func (t *table) seatCost(person, need int32) int64 {
	n := &t.needs[need]
	return int64(t.slot(person, n.day, n.shift)) + int64(t.place[int(person)*t.areas+int(n.area)]) + int64(t.changeCost(person, need))
}

func (t *table) changeCost(person, need int32) int {
	if t.p.Kept != nil && !t.p.Kept.has(int(need), int(person)) {
		return t.p.Weights.Change
	}
	return 0
}

// costOf is what a person's duties cost, in order of days, if their load were
// another one.
func (t *table) costOf(person int32, duties []int32, load int) int64 {
	cost, last, off := int64(0), int32(-1), int64(load)-int64(t.target[person])
	for _, n := range duties {
		cost += t.seatCost(person, n) + t.link(last, n)
		last = n
	}
	return cost + int64(t.p.Weights.Fair)*off*off
}

// loadOf is the load of some duties.
func (t *table) loadOf(duties []int32) (load int) {
	for _, n := range duties {
		load += int(t.needs[n].load)
	}
	return load
}

// lastOfBatch says whether another batch begins after a day.
func (t *table) lastOfBatch(d int) bool {
	return d+1 < t.days && t.batchOf[d+1] != t.batchOf[d]
}

// passes is how many of the duties of a day's week count on the day after: a
// new week forgets them.
func (t *table) passes(d, duties int) int {
	if d+1 < t.days && t.weekOf[d+1] != t.weekOf[d] {
		return 0
	}
	return duties
}
