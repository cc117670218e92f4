package squads

import "slices"

// kind is what yesterday leaves: the class of its shift, and the days in a row.
type kind struct{ class, run int32 }

// grounds are what everybody's choice of duties rests on.
type grounds struct {
	*relaxation
	kinds  []kind
	step   [][]int32 // [kind, shift]: the kind it becomes, −1 where it may not be served
	needAt [][]int32 // [day, shift, area]: needs
}

func newGrounds(r *relaxation, needAt [][]int32) *grounds {
	g := &grounds{relaxation: r, needAt: needAt}
	g.fillKinds()
	return g
}

// fillKinds follows the shifts from a day off to all that a day can leave.
func (g *grounds) fillKinds() {
	limit := int32(g.p.Rules.InRow)
	g.kinds = []kind{{}}
	for run := int32(1); run <= limit; run++ { // days before the plan, after which any shift may follow
		g.kinds = append(g.kinds, kind{0, run})
	}
	for k := 0; k < len(g.kinds); k++ {
		row := make([]int32, g.shifts)
		for s := range row {
			row[s] = -1
			if !g.follows[g.kinds[k].class][g.enters[s]] || limit > 0 && g.kinds[k].run >= limit {
				continue
			}
			next := kind{class: g.leaves[s]}
			if limit > 0 {
				next.run = g.kinds[k].run + 1
			}
			if next.run == limit && limit > 0 {
				next.class = 0 // nothing may follow whatever it was
			}
			row[s] = int32(slices.Index(g.kinds, next))
			if row[s] < 0 {
				row[s] = int32(len(g.kinds))
				g.kinds = append(g.kinds, next)
			}
		}
		g.step = append(g.step, row)
	}
}

// first is the kind before day 0.
func (g *grounds) first(person int32) int {
	run := int32(min(g.p.People[person].RowBefore, g.p.Rules.InRow))
	return slices.Index(g.kinds, kind{0, run})
}

// roomOn is how many duties a person may have in the week of a day.
func (g *grounds) roomOn(person int32, d int) int {
	return int(min(7, g.weekRoom[int(person)*g.week+int(g.weekOf[d])]))
}
