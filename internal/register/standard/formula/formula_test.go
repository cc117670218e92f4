package formula

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFormulasCompute(t *testing.T) {
	data := map[string]Milli{"points": 20_000, "treated": 81_000, "all": 90_000, "none": 0}
	for text, want := range map[string]string{
		"1 + 2 * 3":                              "7",
		"(1 + 2) * 3":                            "9",
		"10 - 3 - 2":                             "5",
		"8 / 4 / 2":                              "1",
		"-2 * -3":                                "6",
		"points * min(1, treated / all)":         "18",
		"points * (treated >= 90)":               "0",
		"max(0, points - 2 * (all - treated))":   "2",
		"1 / 3":                                  "0.333",
		"2 / 3":                                  "0.667",
		"-1 / 2000":                              "0",
		"1 / 2000":                               "0.001",
		"min(3, 1, 2) + max(3, 1, 2)":            "4",
		"1 < 2":                                  "1",
		"(1 == 1) + (1 != 1) + (2 <= 1) + (2>1)": "2",
	} {
		f, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, err := f.Value(data); err != nil || got.String() != want {
			t.Errorf("%s = %v %v, want %s", text, got, err, want)
		}
	}
}

func TestWhatIsNoFormulaIsRefused(t *testing.T) {
	for _, text := range []string{"", "1 +", "(1", "1)", "1 2", "a b", "min", "min()", "min(1,", "1 < 2 < 3", "1.2345", "1..2", "1.", "10000000000", "a;b", "A", "比例", "\xff", "x = 1",
		strings.Repeat("(", 40) + "1" + strings.Repeat(")", 40), strings.Repeat("1+", 200) + "1"} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestWhatCannotBeComputedSaysWhy(t *testing.T) {
	for text, want := range map[string]error{"a + b": ErrMissing, "1 / (a - a)": ErrZero, "a * a * a": ErrLarge, "0 - a * a * a": ErrLarge} {
		f, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Value(map[string]Milli{"a": 999_999_000}); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", text, err, want)
		}
	}
}

func TestNamesAreKnownBeforehand(t *testing.T) {
	f, err := Parse("b1 + a_2 * b1 + min(c, 1)")
	if err != nil || strings.Join(f.Names(), " ") != "a_2 b1 c" {
		t.Fatal(f.Names(), err)
	}
	if !IsName("a_2") || IsName("min") || IsName("2a") || IsName("a-b") || IsName("") {
		t.Fatal("a name is letters, digits and _, and not min or max")
	}
}

func TestNumbersReadBackAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Milli(rapid.Int64Range(-int64(most)+1, int64(most)-1).Draw(t, "m"))
		if back, err := Number(m.String()); err != nil || back != m {
			t.Fatalf("%d is written %s and read %d %v", m, m, back, err)
		}
	})
}

func TestOfRoundsWithoutOverflowAndGrowsWithItsNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(0, int64(most))
		over := amount.Draw(t, "over") + 1
		by := rapid.Int64Range(0, over).Draw(t, "by")
		a, b := amount.Draw(t, "a"), amount.Draw(t, "b")
		if a > b {
			a, b = b, a
		}
		x, y := Milli(a).Of(Milli(by), Milli(over)), Milli(b).Of(Milli(by), Milli(over))
		if x > y || x < 0 || y > Milli(b) {
			t.Fatalf("%d·%d/%d = %d, %d·… = %d", a, by, over, x, b, y)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"points * min(1, treated / 90)", "a >= 90", "((1))", "-(-a)", "max(a,b,1.5)", "1/0", "a*a*a*a", "比", "1e9"} {
		f.Add(s, int64(90_000), int64(-5))
	}
	f.Fuzz(func(t *testing.T, text string, a, b int64) {
		parsed, err := Parse(text)
		if err != nil {
			return
		}
		data := map[string]Milli{}
		for i, n := range parsed.Names() {
			if !IsName(n) {
				t.Fatalf("%q is no name", n)
			}
			data[n] = []Milli{Milli(a), Milli(b)}[i%2]
		}
		v, err := parsed.Value(data)
		if err == nil && (v > most || v < -most) {
			t.Fatalf("%s = %v", text, v)
		}
		if err != nil && !errors.Is(err, ErrZero) && !errors.Is(err, ErrLarge) {
			t.Fatalf("%s: %v", text, err)
		}
	})
}
