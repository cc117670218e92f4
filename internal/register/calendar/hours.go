package calendar

import (
	"encoding/json"
	"fmt"
)

// Span is an office opening, minutes after midnight; JSON ["08:30","12:00"].
type Span struct{ From, To int }

// Hours are a working day's openings, in order.
type Hours []Span

// UsualHours are a mountain county's: 8:30–12:00 and 14:30–18:00.
var UsualHours = Hours{{8*60 + 30, 12 * 60}, {14*60 + 30, 18 * 60}}

func (h Hours) close() int { return h[len(h)-1].To }

// Valid reports whether the openings are in order within one day.
func (h Hours) Valid() error {
	last := 0
	for _, s := range h {
		if s.From < last || s.To <= s.From || s.To > 24*60 {
			return fmt.Errorf("calendar: office hours %v are not in order", h)
		}
		last = s.To
	}
	return nil
}

// MarshalJSON writes the opening and closing as clock times.
func (s Span) MarshalJSON() ([]byte, error) {
	return json.Marshal([2]string{clock(s.From), clock(s.To)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Span) UnmarshalJSON(b []byte) error {
	var texts []string
	if err := json.Unmarshal(b, &texts); err != nil {
		return err
	}
	if len(texts) != 2 {
		return fmt.Errorf("calendar: an office opening needs two times, not %d", len(texts))
	}
	for i, to := range []*int{&s.From, &s.To} {
		var err error
		if *to, err = minuteOf(texts[i]); err != nil {
			return err
		}
	}
	return nil
}

func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// minuteOf reads HH:MM strictly, 24:00 for the end of the day.
func minuteOf(text string) (int, error) {
	var h, m int
	_, err := fmt.Sscanf(text, "%d:%d", &h, &m)
	if err != nil || h < 0 || h > 24 || m < 0 || m > 59 || clock(h*60+m) != text {
		return 0, fmt.Errorf("calendar: %q is not a time like 08:30", text)
	}
	return h*60 + m, nil
}
