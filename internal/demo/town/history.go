package town

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"
)

// Channel is how a problem came in.
type Channel string

// The channels.
const (
	ByInspector Channel = "inspector"   // 巡查员
	ByResident  Channel = "resident"    // 群众扫码
	ByChief     Channel = "chief"       // 片长走查
	ByGrid      Channel = "grid"        // 网格员
	ByMarket    Channel = "market-team" // 市场驻点队
)

// Incident is one problem of the campaign's last three weeks, and what became of it.
type Incident struct {
	No        int    // 1 …, in order of time
	Kind      string // code in standards/kinds.yaml
	PlaceCode string
	AreaCode  string
	Address   string
	Lat, Lon  float64 // degrees WGS-84
	Day       string  // YYYY-MM-DD
	Minute    int     // of the day
	Channel   Channel
	Reporter  string // person code; "" for a resident
	Text      string
	Scene     Scene
	// Before and After are how many photos were taken; photo i of either is drawn with view i+1 or i+51.
	Before, After int
	Course        Course

	at int // minutes from midnight of day 0, negative before it
}

// Now is when the history ends: minutes after midnight of day 0.
const Now = 10 * 60

const (
	historyDays  = 21
	historyCount = 900
)

// History is the plan of the three weeks before day0 (YYYY-MM-DD) and of its first morning
// hours: about 900 incidents in order of time. market tells the town's market days.
// It panics when day0 is not a date.
func (t *Town) History(day0 string, market func(day string) bool) []Incident {
	start, err := time.Parse(time.DateOnly, day0)
	if err != nil {
		panic(err)
	}
	h := &historian{Town: t, r: t.stream("history"), start: start, market: market, byKind: map[string][]Place{}}
	for _, p := range t.places {
		h.byKind[p.Kind] = append(h.byKind[p.Kind], p)
	}
	for day, count := range h.dailyCounts() {
		rain := chance(h.r, 0.2)
		for range count {
			h.happen(day-historyDays, rain)
		}
	}
	h.repeat()
	h.number()
	return h.list
}

// historian holds what writing the history uses.
type historian struct {
	*Town
	r      *rand.Rand
	start  time.Time
	market func(day string) bool
	byKind map[string][]Place
	list   []Incident
}

func (h *historian) date(day int) string { return h.start.AddDate(0, 0, day).Format(time.DateOnly) }

// dailyCounts shares the incidents out over the days; market days bring more, Sundays fewer.
func (h *historian) dailyCounts() []int {
	weights := make([]float64, historyDays+1)
	sum := 0.0
	for i := range weights {
		day := h.start.AddDate(0, 0, i-historyDays)
		weights[i] = 0.8 + 0.02*float64(i)
		switch {
		case h.market(day.Format(time.DateOnly)):
			weights[i] *= 1.7
		case day.Weekday() == time.Sunday:
			weights[i] *= 0.6
		}
		if i == historyDays {
			weights[i] *= 0.35 // day 0 has only its morning
		}
		sum += weights[i]
	}
	counts := make([]int, len(weights))
	for i, w := range weights {
		counts[i] = int(w/sum*historyCount*0.92 + 0.5)
	}
	return counts
}

// happen adds one incident on a day.
func (h *historian) happen(day int, rain bool) {
	rec := h.recipe(h.market(h.date(day)))
	place := pick(h.r, h.byKind[pick(h.r, rec.places)])
	i := Incident{
		Kind: rec.kind, PlaceCode: place.Code, AreaCode: place.AreaCode, Address: place.Address,
		Lat: place.Lat, Lon: place.Lon,
	}
	i.Channel, i.Reporter = h.reporter(place)
	i.at = day*24*60 + h.minute(rec, i.Channel, day)
	i.Scene = Scene{Kind: rec.scene, Seed: sceneSeed(place.Code), Rain: rain}
	i.Before = 1 + h.r.IntN(2)
	if i.Channel == ByResident && chance(h.r, 0.15) {
		i.Before = 0
	}
	i.Text = h.describe(rec, place, i.Channel)
	i.Course = h.course(rec, place, i.at)
	h.add(i)
}

// add completes what follows from an incident's time and course.
func (h *historian) add(i Incident) {
	day := (i.at+historyDays*24*60)/(24*60) - historyDays
	i.Day, i.Minute = h.date(day), i.at-day*24*60
	i.Scene.Hour = i.Minute / 60
	if i.Course.Fix > 0 {
		i.After = 1 + h.r.IntN(2)
	}
	h.list = append(h.list, i)
}

// sceneSeed makes every photo of a place show the same spot.
func sceneSeed(placeCode string) uint64 {
	sum := fnv.New64a()
	sum.Write([]byte(placeCode))
	return sum.Sum64()
}

// recipe draws a kind of problem; on market days those of the market and the street weigh more.
func (h *historian) recipe(marketDay bool) recipe {
	sum := 0.0
	for _, rec := range recipes {
		sum += rec.weightOn(marketDay)
	}
	at := h.r.Float64() * sum
	for _, rec := range recipes {
		if at -= rec.weightOn(marketDay); at < 0 {
			return rec
		}
	}
	return recipes[0]
}

// reporter draws who found a problem at a place.
func (h *historian) reporter(p Place) (Channel, string) {
	if p.Kind == "market" && chance(h.r, 0.6) {
		return ByMarket, pick(h.r, h.Holders(MarketTeam, ""))
	}
	switch f := h.r.Float64(); {
	case f < 0.46:
		return ByInspector, pick(h.r, h.Holders(Inspector, ""))
	case f < 0.74:
		return ByResident, ""
	case f < 0.92:
		return ByGrid, pick(h.r, h.Area(p.AreaCode).GridMembers)
	}
	return ByChief, h.Area(p.AreaCode).Chief
}

// minute draws a time of day: staff in their rounds, residents also in the evening, smoke at night.
func (h *historian) minute(rec recipe, by Channel, day int) int {
	hour := between(h.r, 8, 11.8)
	switch {
	case day == 0:
		hour = between(h.r, 7, 9.6)
	case rec.evening:
		hour = between(h.r, 18.5, 22.2)
	case by == ByMarket:
		hour = between(h.r, 6.8, 11.5)
	case by == ByResident && chance(h.r, 0.35):
		hour = between(h.r, 17.8, 21.5)
	case chance(h.r, 0.46):
		hour = between(h.r, 14.4, 17.8)
	}
	return int(hour * 60)
}

// number puts the incidents in order of time and turns references into final numbers.
func (h *historian) number() {
	order := make([]int, len(h.list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return h.list[a].at - h.list[b].at })
	numbers := make([]int, len(order))
	sorted := make([]Incident, len(order))
	for n, i := range order {
		numbers[i] = n + 1
		sorted[n] = h.list[i]
		sorted[n].No = n + 1
	}
	for n := range sorted {
		if sorted[n].Course.Original > 0 {
			sorted[n].Course.Original = numbers[sorted[n].Course.Original-1]
		}
	}
	h.list = sorted
}
