package shifts

import "slices"

// queue are groups that may follow the same classes of shifts. The queues of a
// table are listed so that a sum over these classes can be made from that of
// the queue before, as a rule: late shifts may follow all that early ones may.
type queue struct {
	groups  []int16
	classes []int16 // besides those of the queue before
	anew    bool    // not all classes of the queue before are among them
	last    bool    // all classes are: also what a day off may follow
}

// queue lists the queues of the table.
func (t *table) queue() {
	var before [][]bool // of a queue and class
	var groups [][]int16
	all := make([]bool, t.classes)
	for c := range all {
		all[c] = true
	}
	before, groups = append(before, all), append(groups, nil)
	for g := range t.groups {
		may := t.before(t.groups[g].sample)
		k := slices.IndexFunc(before, func(o []bool) bool { return slices.Equal(o, may) })
		if k < 0 {
			k = len(before)
			before, groups = append(before, may), append(groups, nil)
		}
		groups[k] = append(groups[k], int16(g))
	}
	order := make([]int, len(before))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(x, y int) int { return count(before[x]) - count(before[y]) })
	so := make([]bool, t.classes)
	for _, k := range order {
		t.queues = append(t.queues, newQueue(groups[k], before[k], so))
		so = before[k]
	}
	t.queues[len(t.queues)-1].last = true
}

// before are the classes that a shift may follow.
func (t *table) before(shift int16) []bool {
	may := make([]bool, t.classes)
	for c := range may {
		may[c] = t.follows[c*t.shifts+int(shift)]
	}
	return may
}

func newQueue(groups []int16, may, so []bool) queue {
	q := queue{groups: groups}
	for c := range may {
		q.anew = q.anew || so[c] && !may[c]
	}
	for c := range may {
		if may[c] && (q.anew || !so[c]) {
			q.classes = append(q.classes, int16(c))
		}
	}
	return q
}

func count(set []bool) int {
	n := 0
	for _, in := range set {
		if in {
			n++
		}
	}
	return n
}
