package squads

// width is how many costs fit in one instruction where wide is true.
const width = 8

// cheapen lowers costs to others and a cost more.
func cheapen(to, others []int32, by int32) {
	if wide {
		cheapenWide(to, others, by)
		return
	}
	for k, c := range others[:len(to)] {
		to[k] = min(to[k], c+by)
	}
}
