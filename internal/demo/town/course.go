package town

// Outcome is what became of an incident.
type Outcome string

// The outcomes.
const (
	OnTime    Outcome = "on-time"   // fixed before its limit and verified
	Late      Outcome = "late"      // fixed and verified after its limit
	Returned  Outcome = "returned"  // 不属我单位, then fixed by another unit
	Blocked   Outcome = "blocked"   // needs money or another body; the clock stands
	Extended  Outcome = "extended"  // extension asked and granted, then fixed or open
	Reworked  Outcome = "reworked"  // the first fix did not hold at verification
	Relapsed  Outcome = "relapsed"  // closed, and found again later
	Open      Outcome = "open"      // still within its limit
	Overdue   Outcome = "overdue"   // not fixed, past its limit
	Duplicate Outcome = "duplicate" // the same as Original
	Rejected  Outcome = "rejected"  // no problem, or not of this campaign
)

// Course is how an incident went. Hours count from the report by the clock on the wall;
// 0 means that it has not happened by Now.
type Course struct {
	Outcome             Outcome
	Accept, Fix, Verify float64
	// Step is when the turn of the course happens: returned, blocked, extension asked,
	// sent back for rework, rejected or merged.
	Step float64
	// Reason is the Chinese line that goes with the turn; "" where there is none.
	Reason string
	// ToRole is the role of the unit that takes over a returned incident.
	ToRole string
	// ExtraDays is the extension granted, in calendar days.
	ExtraDays int
	// Original is the number of the earlier incident that this one duplicates or relapses from.
	Original int
	// Relapse is true when this incident is a relapse of Original.
	Relapse bool
}

// outcomeShares are the chances of each planned course, in thousandths.
var outcomeShares = []struct {
	outcome Outcome
	share   int
}{
	{OnTime, 590}, {Late, 100}, {Returned, 45}, {Blocked, 50}, {Extended, 80},
	{Reworked, 55}, {Relapsed, 35}, {Overdue, 25}, {Rejected, 20},
}

// outcome draws how an incident is to go; kinds that never block or wait go on time instead.
func (h *historian) outcome(rec recipe) Outcome {
	at := h.r.IntN(1000)
	for _, o := range outcomeShares {
		if at -= o.share; at >= 0 {
			continue
		}
		if o.outcome == Blocked && blockLines[rec.scene] == nil ||
			o.outcome == Extended && (extendLines[rec.scene] == nil || rec.limitHours < 24) {
			break
		}
		return o.outcome
	}
	return OnTime
}

// course draws how an incident reported at a minute goes, as far as Now allows.
func (h *historian) course(rec recipe, p Place, at int) Course {
	c := Course{Outcome: h.outcome(rec), Accept: between(h.r, 0.2, 3)}
	limit := rec.limitHours
	c.Fix = c.Accept + limit*between(h.r, 0.15, 0.8)
	switch c.Outcome {
	case Late:
		c.Fix = c.Accept + limit*between(h.r, 1.15, 2.2)
	case Returned:
		c.Step, c.Reason, c.ToRole = c.Accept+between(h.r, 0.3, 4), pick(h.r, returnLines), rec.otherRole
		c.Fix += c.Step
	case Blocked:
		c.Step, c.Reason, c.Fix = c.Accept+between(h.r, 2, 20), pick(h.r, blockLines[rec.scene]), 0
	case Extended:
		c.Step, c.Reason, c.ExtraDays = c.Accept+limit*0.6, pick(h.r, extendLines[rec.scene]), 3+h.r.IntN(8)
		c.Fix = limit + float64(c.ExtraDays)*24*between(h.r, 0.3, 0.95)
	case Reworked:
		c.Step, c.Reason = c.Fix+between(h.r, 1, 8), pick(h.r, append(reworkLines[rec.scene], commonReworkLines...))
		c.Fix = c.Step + between(h.r, 2, 20)
	case Overdue:
		c.Fix = 0
	case Rejected:
		c = Course{Outcome: Rejected, Step: between(h.r, 0.2, 3), Reason: pick(h.r, rejectLines)}
		return c.until(at, limit)
	}
	if c.Fix > 0 {
		c.Verify = c.Fix + between(h.r, 1, 22)
	}
	return c.until(at, limit)
}

// until takes back what would happen after Now; an incident left unfixed is open or overdue.
func (c Course) until(at int, limit float64) Course {
	now := float64(Now-at) / 60
	for _, hours := range []*float64{&c.Accept, &c.Fix, &c.Verify} {
		if *hours > now {
			*hours = 0
		}
	}
	turned := c.Step > 0 && c.Step <= now
	if c.Step > now {
		c.Step, c.Reason, c.ToRole, c.ExtraDays = 0, "", "", 0
	}
	switch {
	case c.Verify > 0 || turned:
		return c
	case c.Fix > 0:
		c.Outcome = Open // fixed and waiting for the verifier
	case now > limit:
		c.Outcome = Overdue
	default:
		c.Outcome = Open
	}
	return c
}

// repeat adds what comes twice: other people's reports of the same thing, and relapses.
func (h *historian) repeat() {
	for i := range len(h.list) {
		first := h.list[i]
		switch c := first.Course; {
		case c.Outcome == Relapsed && c.Verify > 0:
			h.relapse(i, first)
		case c.Outcome != Rejected && chance(h.r, 0.055):
			h.duplicate(i, first)
		}
	}
}

// relapse reports the same problem at the same place some days after it was closed.
func (h *historian) relapse(i int, first Incident) {
	rec := recipeOf(first.Kind)
	again := first
	again.at += int(first.Course.Verify*60) + (2+h.r.IntN(9))*24*60
	if again.at >= Now-30 {
		h.list[i].Course.Outcome = OnTime
		return
	}
	// People report in daytime, whenever the first one was closed.
	if hour := again.at / 60 % 24; (hour+24)%24 < 7 {
		again.at += 8 * 60
	}
	place := h.place(first.PlaceCode)
	again.Channel, again.Reporter = h.reporter(place)
	again.Text = pick(h.r, relapseLines) + h.describe(rec, place, again.Channel)
	again.Course = h.course(rec, place, again.at)
	if again.at >= Now {
		h.list[i].Course.Outcome = OnTime
		return
	}
	again.Course.Original, again.Course.Relapse = i+1, true
	h.add(again)
}

// duplicate reports the same problem within 50 m and 24 h by somebody else.
func (h *historian) duplicate(i int, first Incident) {
	twin := first
	twin.at += 20 + h.r.IntN(9*60)
	if hour := (twin.at%(24*60) + 24*60) % (24 * 60) / 60; twin.at >= Now || hour >= 22 || hour < 6 {
		return
	}
	place := h.place(first.PlaceCode)
	twin.Channel, twin.Reporter = h.reporter(place)
	if twin.Reporter == first.Reporter {
		twin.Channel, twin.Reporter = ByResident, ""
	}
	shift := Point{between(h.r, -18, 18), between(h.r, -18, 18)}
	from := toPoint([2]float64{first.Lon, first.Lat})
	if at := (Point{from.X + shift.X, from.Y + shift.Y}).lonLat(); h.AreaAt(at[0], at[1]) == first.AreaCode {
		twin.Lon, twin.Lat = at[0], at[1]
	}
	twin.Text = h.describe(recipeOf(first.Kind), place, twin.Channel)
	twin.Course = Course{Outcome: Duplicate, Step: between(h.r, 0.1, 2), Original: i + 1}
	if twin.at+int(twin.Course.Step*60) >= Now {
		twin.Course.Step = 0.05
	}
	h.add(twin)
}

func (t *Town) place(code string) Place {
	for _, p := range t.places {
		if p.Code == code {
			return p
		}
	}
	panic("town: no place " + code)
}
