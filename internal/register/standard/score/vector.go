package score

import (
	"cmp"
	"slices"

	"chuangwei/internal/register/standard/formula"
	"chuangwei/internal/register/standard/pack"
)

// Grade is how well vectors are controlled: A, B, C, or Over when not even C
// is kept. Ungraded means that something that decides it is not known yet.
type Grade string

const (
	Ungraded Grade = ""
	Over     Grade = "over"
)

// Vectors is the grade of all pests, the worst of them, explained.
type Vectors struct {
	Grade Grade
	Pests []Pest
}

// Pest is the grade of one pest: the worst of its measures.
type Pest struct {
	ID       string
	Grade    Grade
	Measures []Measure
}

// Measure is the worst of its quantities.
type Measure struct {
	ID         string
	Grade      Grade
	Quantities []Quantity
}

// Quantity is one counted figure with its grade.
type Quantity struct {
	ID, ZH, EN string
	Known      bool
	Value      Milli
	Grade      Grade
}

// GradeVectors grades counted figures, by the id of the measure's line.
func GradeVectors(p *pack.Pack, counted map[string]Milli) Vectors {
	var out Vectors
	for _, m := range p.Vectors {
		v, known := counted[m.ID]
		q := Quantity{ID: m.ID, ZH: m.ZH, EN: m.EN, Known: known, Value: v, Grade: grade(m, v, known)}
		i := slices.IndexFunc(out.Pests, func(x Pest) bool { return x.ID == m.Pest })
		if i < 0 {
			i = len(out.Pests)
			out.Pests = append(out.Pests, Pest{ID: m.Pest})
		}
		out.Pests[i].put(m.Measure, q)
	}
	var pests []Grade
	for i := range out.Pests {
		out.Pests[i].sum()
		pests = append(pests, out.Pests[i].Grade)
	}
	out.Grade = worst(pests)
	return out
}

func (p *Pest) put(measure string, q Quantity) {
	i := slices.IndexFunc(p.Measures, func(m Measure) bool { return m.ID == measure })
	if i < 0 {
		i = len(p.Measures)
		p.Measures = append(p.Measures, Measure{ID: measure})
	}
	p.Measures[i].Quantities = append(p.Measures[i].Quantities, q)
}

func (p *Pest) sum() {
	var measures []Grade
	for i := range p.Measures {
		m := &p.Measures[i]
		var list []Grade
		for _, q := range m.Quantities {
			list = append(list, q.Grade)
		}
		m.Grade = worst(list)
		measures = append(measures, m.Grade)
	}
	p.Grade = worst(measures)
}

// grade is the best grade whose limit the figure keeps.
func grade(m pack.Measure, v Milli, known bool) Grade {
	if !known {
		return Ungraded
	}
	for _, l := range m.Limits {
		if formula.Holds(v, m.Op, l.Value) {
			return Grade(l.Grade)
		}
	}
	return Over
}

// worst of grades; what is not known yet leaves all open, unless one is over.
func worst(list []Grade) Grade {
	rank := map[Grade]int{"A": 1, "B": 2, "C": 3, Ungraded: 4, Over: 5}
	if len(list) == 0 {
		return Ungraded
	}
	return slices.MaxFunc(list, func(a, b Grade) int { return cmp.Compare(rank[a], rank[b]) })
}
