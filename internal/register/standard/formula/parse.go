package formula

import (
	"fmt"
	"slices"
	"strings"
)

// Limits of an expression, so that none can take long or grow large.
const (
	longest = 300 // bytes
	deepest = 30  // brackets and signs within each other
)

// Parse reads an expression of numbers, names, + - * / ( ), min(…), max(…) and
// at most one comparison on each level: min(1, treated / 90) * points.
func Parse(text string) (Formula, error) {
	if len(text) > longest {
		return Formula{}, fmt.Errorf("formula: longer than %d characters", longest)
	}
	words, err := split(text)
	if err != nil {
		return Formula{}, err
	}
	p := parser{words: words}
	root, err := p.comparison()
	if err == nil && p.peek() != "" {
		err = fmt.Errorf("formula: %q was not expected", p.peek())
	}
	if err != nil {
		return Formula{}, err
	}
	slices.Sort(p.names)
	return Formula{root, slices.Compact(p.names)}, nil
}

// split cuts the text into numbers, names and signs.
func split(text string) ([]string, error) {
	var words []string
	for text = strings.TrimLeft(text, " "); text != ""; text = strings.TrimLeft(text, " ") {
		n := 0
		switch c := text[0]; {
		case isDigit(c):
			n = span(text, func(c byte) bool { return isDigit(c) || c == '.' })
		case isLetter(c):
			n = span(text, func(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' })
		case strings.HasPrefix(text, "<=") || strings.HasPrefix(text, ">=") || strings.HasPrefix(text, "==") || strings.HasPrefix(text, "!="):
			n = 2
		case strings.IndexByte("+-*/(),<>", c) >= 0:
			n = 1
		default:
			return nil, fmt.Errorf("formula: %q is neither number, name nor sign", firstRune(text))
		}
		words, text = append(words, text[:n]), text[n:]
	}
	return words, nil
}

func firstRune(s string) string { return string([]rune(s)[0]) }

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

func span(text string, in func(byte) bool) int {
	n := 0
	for n < len(text) && in(text[n]) {
		n++
	}
	return n
}

// IsName tells whether s can stand in a formula as a name.
func IsName(s string) bool {
	return s != "" && isLetter(s[0]) && s != "min" && s != "max" &&
		span(s, func(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' }) == len(s)
}

type parser struct {
	words []string
	names []string
	depth int
}

func (p *parser) peek() string {
	if len(p.words) == 0 {
		return ""
	}
	return p.words[0]
}

func (p *parser) take() string {
	w := p.peek()
	if w != "" {
		p.words = p.words[1:]
	}
	return w
}

func (p *parser) comparison() (node, error) {
	left, err := p.sum()
	if err != nil || !slices.Contains([]string{"<", "<=", ">", ">=", "==", "!="}, p.peek()) {
		return left, err
	}
	op := p.take()
	right, err := p.sum()
	return both(op, left, right), err
}

func (p *parser) sum() (node, error)     { return p.chain(p.product, "+", "-") }
func (p *parser) product() (node, error) { return p.chain(p.single, "*", "/") }

// chain reads parts joined by either sign, from left to right.
func (p *parser) chain(part func() (node, error), signs ...string) (node, error) {
	left, err := part()
	for err == nil && slices.Contains(signs, p.peek()) {
		op := p.take()
		var right node
		if right, err = part(); err == nil {
			left = both(op, left, right)
		}
	}
	return left, err
}

func (p *parser) single() (node, error) {
	if p.depth++; p.depth > deepest {
		return nil, fmt.Errorf("formula: more than %d levels", deepest)
	}
	defer func() { p.depth-- }()
	switch w := p.take(); {
	case w == "":
		return nil, fmt.Errorf("formula: it ends too early")
	case w == "-":
		of, err := p.single()
		return negative(of), err
	case w == "(":
		inner, err := p.comparison()
		if err == nil {
			err = p.expect(")")
		}
		return inner, err
	case w == "min" || w == "max":
		return p.list(map[string]int{"min": -1, "max": 1}[w])
	case isDigit(w[0]):
		m, err := Number(w)
		return constant(m), err
	case isLetter(w[0]):
		p.names = append(p.names, w)
		return named(w), nil
	default:
		return nil, fmt.Errorf("formula: %q was not expected", w)
	}
}

// list reads the bracket after min or max.
func (p *parser) list(keep int) (node, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	var parts []node
	for {
		n, err := p.comparison()
		if err != nil {
			return nil, err
		}
		parts = append(parts, n)
		if p.peek() != "," {
			return extreme(keep, parts), p.expect(")")
		}
		p.take()
	}
}

func (p *parser) expect(w string) error {
	if got := p.take(); got != w {
		return fmt.Errorf("formula: %q was expected, not %q", w, got)
	}
	return nil
}
