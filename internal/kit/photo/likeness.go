package photo

import (
	"math"
	"slices"
)

// signSide is the side of a signature in boxes; each is one byte of luma, so a
// signature is 1024 bytes. A box is 3 % of the picture: a plastic bag fills a few.
const signSide = 32

// Verdict says how an after photo stands to its before photo.
type Verdict string

// The verdicts.
const (
	TooAlike  Verdict = "too-alike"  // the same picture again, perhaps re-encoded, resized or brightened
	Plausible Verdict = "plausible"  // the same view, and something has changed
	OtherView Verdict = "other-view" // not recognisably the same view
)

// The limits were chosen on 128 drawn scenes (seeds 1 … 8 of 16 kinds, see LookAlike).
const (
	// sameView is the least likeness of one view seen by two photographers.
	sameView = 0.5
	// sameGray is the most by which the third-worst box of a copy may be off, in shades of gray.
	sameGray = 24.0
)

// Likeness compares the signatures of a before and an after photo. score is the correlation
// of their local contrasts, 0 nothing in common … 1 the same. Bytes that are no signature,
// and pictures held upright and sideways, count as other views.
//
// Measured on 64 drawn scenes the limits were not chosen on (likeness_test.go repeats it).
// A real pair, fixed and seen by another photographer, is Plausible in 62 of 64, in the
// afternoon in 60 of 64, else OtherView; never TooAlike. With the camera unmoved 64 of 64
// are Plausible. Copies compressed, shrunk, stretched, darkened or made gray are TooAlike in
// 320 of 320, brightened by 20 % until parts burn out in 60 of 64. A scene of another kind is
// OtherView in 935 of 960. Another place of the same kind is so in only 138 of 192: drawn
// toilets, markets, kitchens and building sites share one composition and pass as one view.
// What it cannot see: a copy cropped by 2 % (0 of 64 are TooAlike), and a second photo of
// the unchanged problem from a step aside (0 of 64), count as Plausible. Real streets were
// not measured; it is a hint for a person who looks at both.
func Likeness(before, after []byte) (score float64, verdict Verdict) {
	if len(before) != signSide*signSide || len(after) != len(before) {
		return 0, OtherView
	}
	a, b := boxes(before), boxes(after)
	score = alignment(a, b)
	switch {
	case misfit(a, b) < sameGray:
		return score, TooAlike
	case score >= sameView:
		return score, Plausible
	}
	return score, OtherView
}

// sign is the signature of a picture: its luma in signSide×signSide boxes.
func sign(g grays) []byte {
	out := make([]byte, 0, signSide*signSide)
	for _, v := range g.grid(signSide, signSide).at {
		out = append(out, byte(math.Round(v)))
	}
	return out
}

func boxes(sign []byte) grays {
	g := grays{signSide, signSide, make([]float64, len(sign))}
	for i, v := range sign {
		g.at[i] = float64(v)
	}
	return g
}

// alignment is the best correlation of local contrasts, not below 0, over small moves of
// the camera: two boxes sideways, up and down, and a twentieth nearer or farther.
func alignment(a, b grays) float64 {
	const reach = 2
	best, contrast := 0.0, a.contrast()
	for _, zoom := range []float64{0.95, 1, 1.05} {
		zoomed := b.zoom(zoom).contrast()
		for dy := -reach; dy <= reach; dy++ {
			for dx := -reach; dx <= reach; dx++ {
				best = max(best, correlation(contrast, zoomed, dx, dy))
			}
		}
	}
	return min(best, 1)
}

// contrast is how much each box differs from the mean around it. That takes sunlight and
// the sky out; a limit keeps one white wall from outvoting everything else.
func (g grays) contrast() grays {
	const around, limit = 3, 30.0
	out := grays{g.w, g.h, make([]float64, len(g.at))}
	for y := range g.h {
		for x := range g.w {
			mean := g.mean(max(0, x-around), max(0, y-around), min(g.w, x+around+1), min(g.h, y+around+1))
			out.at[y*g.w+x] = max(-limit, min(limit, g.at[y*g.w+x]-mean))
		}
	}
	return out
}

// zoom is the picture from nearer (below 1) or farther (above 1); edges are continued outwards.
func (g grays) zoom(factor float64) grays {
	out := grays{g.w, g.h, make([]float64, len(g.at))}
	midX, midY := float64(g.w-1)/2, float64(g.h-1)/2
	for y := range g.h {
		for x := range g.w {
			out.at[y*g.w+x] = g.between((float64(x)-midX)*factor+midX, (float64(y)-midY)*factor+midY)
		}
	}
	return out
}

// between interpolates bilinearly at x, y.
func (g grays) between(x, y float64) float64 {
	x, y = max(0, min(x, float64(g.w-1))), max(0, min(y, float64(g.h-1)))
	i, j := min(int(x), g.w-2), min(int(y), g.h-2)
	fx, fy := x-float64(i), y-float64(j)
	p := g.at[j*g.w+i:]
	return (p[0]*(1-fx)+p[1]*fx)*(1-fy) + (p[g.w]*(1-fx)+p[g.w+1]*fx)*fy
}

// correlation is Pearson's over the boxes that overlap when b is moved by dx, dy.
func correlation(a, b grays, dx, dy int) float64 {
	var n, sa, sb, saa, sbb, sab float64
	for y := max(0, -dy); y < min(a.h, a.h-dy); y++ {
		for x := max(0, -dx); x < min(a.w, a.w-dx); x++ {
			p, q := a.at[y*a.w+x], b.at[(y+dy)*b.w+x+dx]
			n, sa, sb = n+1, sa+p, sb+q
			saa, sbb, sab = saa+p*p, sbb+q*q, sab+p*q
		}
	}
	// One shade of gray as least spread: noise on a plain wall is no likeness.
	spreadA, spreadB := max(saa/n-sa*sa/n/n, 1), max(sbb/n-sb*sb/n/n, 1)
	return (sab/n - sa*sb/n/n) / math.Sqrt(spreadA*spreadB)
}

// misfit is by how many shades of gray the third-worst box of b differs from a, after a has
// been made as bright and as contrasty as b. Copies stay near 0; one new thing of a few
// boxes does not.
func misfit(a, b grays) float64 {
	off := make([]float64, len(a.at))
	gain, limit := 1.0, math.Inf(1)
	for range 4 {
		var base float64
		gain, base = fit(a, b, off, limit)
		for i := range off {
			off[i] = math.Abs(min(255, a.at[i]*gain+base) - b.at[i])
		}
		// The next round fits the four fifths that agree best: what has changed must not count.
		limit = slices.Sorted(slices.Values(off))[len(off)*4/5]
	}
	slices.Sort(off)
	return off[len(off)-3] / max(0.3, min(1, gain))
}

// fit is the least-squares line b ≈ gain·a + base over boxes off by at most limit and not
// burnt out; the same picture when none are left.
func fit(a, b grays, off []float64, limit float64) (gain, base float64) {
	const burnt = 245
	var n, sa, sb, saa, sab float64
	for i, p := range a.at {
		q := b.at[i]
		if off[i] > limit || p > burnt || q > burnt {
			continue
		}
		n, sa, sb, saa, sab = n+1, sa+p, sb+q, saa+p*p, sab+p*q
	}
	if n == 0 {
		return 1, 0
	}
	gain = (sab - sa*sb/n) / (saa - sa*sa/n + 1)
	return gain, (sb - gain*sa) / n
}
