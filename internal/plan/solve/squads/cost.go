package squads

import "slices"

// Parts are the terms of a plan's cost, each already times its weight.
type Parts struct{ Fair, Wishes, Places, Moves, Changes int64 }

// Total is the cost.
func (p Parts) Total() int64 { return p.Fair + p.Wishes + p.Places + p.Moves + p.Changes }

// Minus is the difference of each term.
func (p Parts) Minus(q Parts) Parts {
	return Parts{p.Fair - q.Fair, p.Wishes - q.Wishes, p.Places - q.Places, p.Moves - q.Moves, p.Changes - q.Changes}
}

// Cost returns the cost of a plan, counted anew and plainly. All terms are
// integers, at least 0, and each belongs to one person:
//
//	Fair     Σ people  Weights.Fair · (Carried + load of the duties − target)²
//	Wishes   Σ wishes  Weights.Wish · |Weight|, of likes not granted and dislikes not spared
//	Places   Σ duties  Away outside home and liked areas (of those who have any),
//	                   AtHome in the home area, Disliked in a disliked one
//	Moves    Σ duties  Stay after a duty of the same batch in another area,
//	                   Turn after a duty of an earlier batch in the same area
//	Changes  Σ duties  Change unless the kept plan has the same person there
//
// The targets are those of Targets.
func Cost(p Problem, plan Plan) Parts {
	plan = whole(p, plan)
	var parts Parts
	targets := Targets(p)
	duties := make([][]int, len(p.People))
	for n, people := range plan.Seats {
		for _, i := range people {
			duties[i] = append(duties[i], n)
		}
	}
	for i := range p.People {
		slices.SortStableFunc(duties[i], func(a, b int) int { return p.Needs[a].Day - p.Needs[b].Day })
		c := costOfPerson(p, i, duties[i], targets[i])
		parts = parts.Minus(Parts{}.Minus(c))
	}
	return parts
}

// costOfPerson takes the duties in order of days.
func costOfPerson(p Problem, i int, duties []int, target int) Parts {
	var c Parts
	w := p.Weights
	load := p.People[i].Carried
	for k, n := range duties {
		load += p.Shifts[p.Needs[n].Shift].Load
		c.Places += int64(w.place(p.People[i], p.Needs[n].Area))
		if k > 0 {
			c.Moves += int64(moveCost(p, duties[k-1], n))
		}
		if p.Kept != nil && !p.Kept.has(n, i) {
			c.Changes += int64(w.Change)
		}
	}
	c.Fair = int64(w.Fair) * int64(load-target) * int64(load-target)
	for _, wish := range p.People[i].Wishes {
		granted := slices.ContainsFunc(duties, func(n int) bool {
			return p.Needs[n].Day == wish.Day && (wish.Shift == AnyShift || p.Needs[n].Shift == wish.Shift)
		})
		if granted != (wish.Weight > 0) {
			c.Wishes += int64(w.Wish) * int64(max(wish.Weight, -wish.Weight))
		}
	}
	return c
}

func (w Weights) place(person Person, area int) int {
	c := 0
	drawn := person.Home != Nowhere || len(person.Liked) > 0
	if drawn && area != person.Home && !slices.Contains(person.Liked, area) {
		c += w.Away
	}
	if area == person.Home {
		c += w.AtHome
	}
	if slices.Contains(person.Disliked, area) {
		c += w.Disliked
	}
	return c
}

// moveCost is that of two duties of a person with none between them.
func moveCost(p Problem, earlier, later int) int {
	a, b := p.Needs[earlier], p.Needs[later]
	sameBatch := p.batchOf(a.Day) == p.batchOf(b.Day)
	switch {
	case sameBatch && a.Area != b.Area:
		return p.Weights.Stay
	case !sameBatch && a.Area == b.Area:
		return p.Weights.Turn
	}
	return 0
}

func (p Problem) batchOf(day int) int {
	if p.Rules.Batch == 0 {
		return 0
	}
	return day / p.Rules.Batch
}

func (p Plan) has(need, person int) bool {
	return need < len(p.Seats) && slices.Contains(p.Seats[need], person)
}

// Targets returns the load that would be fair for each person, Carried
// included: the mean of what all carried, and of the load of this plan a share
// by the days not on leave. Rounded by largest remainder (the earlier person
// first), so that the targets add up to the whole load.
func Targets(p Problem) []int {
	carried, coming, days := 0, 0, 0
	free := make([]int, len(p.People))
	for i, person := range p.People {
		off := map[int]bool{}
		for _, d := range person.Off {
			off[d] = true
		}
		free[i] = p.Days - len(off)
		days += free[i]
		carried += person.Carried
	}
	for _, n := range p.Needs {
		coming += n.Size * p.Shifts[n.Shift].Load
	}
	if days == 0 {
		days = 1 // nobody can serve: the load to come has no shares
	}
	whole := days * len(p.People) // of this many parts is a unit of load
	targets, rest, order := make([]int, len(p.People)), carried+coming, make([]int, len(p.People))
	part := func(i int) int { return carried*days + coming*free[i]*len(p.People) }
	for i := range targets {
		targets[i] = part(i) / whole
		rest -= targets[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return part(j)%whole - part(i)%whole })
	for _, i := range order[:min(max(rest, 0), len(order))] {
		targets[i]++
	}
	return targets
}

// dearest is more than any one duty may cost, load aside.
func (p *Problem) dearest() int64 {
	w, wish := p.Weights, 0
	for _, person := range p.People {
		each := map[int]int{} // of a day
		for _, x := range person.Wishes {
			each[x.Day] += max(x.Weight, -x.Weight)
			wish = max(wish, each[x.Day])
		}
	}
	return 1 + int64(w.Wish)*int64(wish) + int64(w.Away) + int64(w.AtHome) + int64(w.Disliked) + int64(w.Change) + int64(max(w.Stay, w.Turn))
}
