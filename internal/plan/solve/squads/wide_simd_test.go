//go:build goexperiment.simd && amd64

package squads

import (
	"context"
	"reflect"
	"testing"
)

func TestEightAtATimeAnswersTheSame(t *testing.T) {
	if !wide {
		t.Skip("this processor has no AVX2")
	}
	defer func() { wide = true }()
	for _, seed := range []uint64{4, 5, 6} {
		p := Generate(Size{400, 35, 14, 21}, seed)
		var answers []Answer
		for _, eight := range []bool{true, false} {
			wide = eight
			a, err := Solve(context.Background(), p, Options{Seed: seed, Iterations: 1 << 20})
			if err != nil {
				t.Fatal(err)
			}
			answers = append(answers, a)
		}
		if answers[0].Bound != answers[1].Bound || !reflect.DeepEqual(answers[0].Plan, answers[1].Plan) {
			t.Errorf("seed %d: cost %d, bound %d; one at a time %d, %d",
				seed, answers[0].Cost, answers[0].Bound, answers[1].Cost, answers[1].Bound)
		}
	}
}
