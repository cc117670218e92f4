package squads

// network is a directed graph with capacities; most finds the largest flow
// from node 0 to node 1 (Dinic's method: shortest paths level by level).
type network struct {
	head  [][]int32 // of each node, its arcs
	to    []int32   // of each arc; arc k^1 leads back
	room  []int32   // left on each arc
	level []int32
	next  []int32 // of each node, the first arc not yet tried
}

func (g *network) node() int32 {
	g.head = append(g.head, nil)
	return int32(len(g.head) - 1)
}

func (g *network) arc(from, to int32, room int) {
	if room <= 0 {
		return
	}
	k := int32(len(g.to))
	g.head[from] = append(g.head[from], k)
	g.head[to] = append(g.head[to], k+1)
	g.to = append(g.to, to, from)
	g.room = append(g.room, int32(room), 0)
}

func (g *network) most() int {
	total := 0
	g.level, g.next = make([]int32, len(g.head)), make([]int32, len(g.head))
	for g.layer() {
		clear(g.next)
		for {
			pushed := g.push(0, 1<<30)
			if pushed == 0 {
				break
			}
			total += int(pushed)
		}
	}
	return total
}

// layer numbers the nodes by their distance from node 0; false when node 1 is
// out of reach.
func (g *network) layer() bool {
	for k := range g.level {
		g.level[k] = -1
	}
	g.level[0] = 0
	queue := []int32{0}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, k := range g.head[at] {
			if to := g.to[k]; g.room[k] > 0 && g.level[to] < 0 {
				g.level[to] = g.level[at] + 1
				queue = append(queue, to)
			}
		}
	}
	return g.level[1] >= 0
}

func (g *network) push(at, most int32) int32 {
	if at == 1 {
		return most
	}
	for ; int(g.next[at]) < len(g.head[at]); g.next[at]++ {
		k := g.head[at][g.next[at]]
		to := g.to[k]
		if g.room[k] <= 0 || g.level[to] != g.level[at]+1 {
			continue
		}
		if pushed := g.push(to, min(most, g.room[k])); pushed > 0 {
			g.room[k] -= pushed
			g.room[k^1] += pushed
			return pushed
		}
	}
	return 0
}
