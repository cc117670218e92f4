package assess

import (
	"fmt"
	"slices"
	"strings"

	"chuangwei/internal/campaign/assess/sample"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
)

// Bounds of what a round takes.
const (
	mostExperts  = 40
	mostSample   = 400 // places
	mostFindings = 60  // of one visit
	mostTimes    = 50
	mostPhotos   = 6 // of one finding or mark
	mostMarks    = 300
)

// usual is how many places of a kind a county's sample has unless the round
// says otherwise: 151 when there are enough of each. No official county sample
// was found (domain research 2.3): it is shaped on the smallest city column,
// and a working default.
var usual = map[string]int{
	"road": 12, "market": 6, "toilet": 10, "catering": 14, "food-shop": 8, "hotel": 6, "hair": 6, "bath": 3, "karaoke": 3, "school": 5, "kindergarten": 3,
	"hospital": 3, "clinic": 4, "community": 10, "office": 6, "building": 4, "urban-village": 4, "collection-point": 6, "transfer-station": 3, "supermarket": 3,
	"workshop": 2, "site": 3, "park": 2, "square": 2, "bus-station": 2, "bus-stop": 3, "notice-board": 4, "river-section": 3, "water-plant": 1, "sewage-plant": 1,
	"parking": 2, "elder-care": 2, "village": 4, "slaughterhouse": 1,
}

// Usual is the default sample under a pack: the kinds of place at which its
// scoring lines count something, as far as the county has them.
func Usual(p *pack.Pack, have map[string]int) []sample.Want {
	var out []sample.Want
	for _, kind := range placeKinds(p) {
		if n := min(usual[kind], have[kind]); n > 0 {
			out = append(out, sample.Want{Kind: kind, N: n})
		}
	}
	return out
}

// placeKinds are the kinds of place at which a pack's scoring lines look, in order.
func placeKinds(p *pack.Pack) []string {
	var out []string
	for _, s := range p.Scores {
		out = append(out, s.Places...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (in Plan) check() error {
	var c fault.Check
	c.That(in.ID != "", "id", "缺少编号", "the id is missing")
	c.That(in.Name != "" && len([]rune(in.Name)) <= 60, "name", "请写名称，最多60字", "a name of at most 60 characters")
	c.That(slices.Contains(Kinds, in.Kind), "kind", "请选择评估类型", "choose the sort of assessment")
	_, err := calendar.ParseDay(in.FromOn)
	c.That(err == nil, "from_on", "开始日期不对", "not a day")
	_, err = calendar.ParseDay(in.ToOn)
	c.That(err == nil && in.ToOn >= in.FromOn, "to_on", "结束日期早于开始日期", "it ends before it begins")
	checkExperts(&c, in.Experts)
	total, seen := 0, map[string]bool{}
	for _, w := range in.Wants {
		c.That(standard.PlaceWord(w.Kind).ZH != w.Kind && !seen[w.Kind], "wants", "点位类别不对或重复：%[1]s", "an unknown or repeated kind of place: %[1]s", w.Kind)
		c.That(w.N >= 0 && w.N <= mostSample, "wants", "数量在0到400之间", "between 0 and 400")
		seen[w.Kind] = true
		total += w.N
	}
	c.That(total <= mostSample, "wants", "一次最多400个点位", "at most 400 places")
	return c.Err()
}

func checkExperts(c *fault.Check, list []Expert) {
	c.That(len(list) > 0, "experts", "至少要有一名专家", "at least one expert")
	c.That(len(list) <= mostExperts, "experts", "专家最多40名", "at most 40 experts")
	ids, persons := map[string]bool{}, map[string]bool{}
	for _, e := range list {
		c.That(e.ID != "" && len(e.ID) <= 40 && !ids[e.ID], "experts", "专家编号重复", "an expert's id is there twice")
		c.That(strings.TrimSpace(e.Name) != "" && len([]rune(e.Name)) <= 40, "experts", "请写专家姓名，最多40字", "an expert needs a name of at most 40 characters")
		c.That(e.PersonID == "" || !persons[e.PersonID], "experts", "同一个人出现了两次", "a person is there twice")
		ids[e.ID], persons[e.PersonID] = true, true
	}
}

// numbered gives experts without an id one that is free.
func numbered(list []Expert) []Expert {
	out := slices.Clone(list)
	for i := range out {
		out[i].Name = strings.TrimSpace(out[i].Name)
		for n := i + 1; out[i].ID == ""; n++ {
			id := fmt.Sprint("e", n)
			if !slices.ContainsFunc(out, func(e Expert) bool { return e.ID == id }) {
				out[i].ID = id
			}
		}
	}
	return out
}

// scorable refuses a pack by which nothing can be counted.
func scorable(h *standard.Held) error {
	if len(h.Scores) > 0 {
		return nil
	}
	return fault.New(fault.Invalid, "round.no_sheet", "“%[1]s”没有评分行，不能用来评估。请选择有评分表的标准，或先在“标准”里补上评分行。",
		"%[2]s has no scoring lines; choose a standard with a sheet, or add its lines first.", h.ZH, h.EN).In("pack", "没有评分行", "it has no scoring lines")
}

func (in Visit) check() error {
	var c fault.Check
	c.That(in.ID != "", "id", "缺少编号", "the id is missing")
	c.That(len([]rune(in.Note)) <= 1000, "note", "说明最多1000字", "the note may have at most 1,000 characters")
	c.That(len(in.Findings) <= mostFindings, "findings", "一次最多60条问题", "at most 60 findings at once")
	for _, f := range in.Findings {
		c.That(f.Check != "" || f.Line != "", "findings", "请选择检查要点或评分行", "choose what it breaks")
		c.That(f.Check != "" || strings.TrimSpace(f.Note) != "", "findings", "请写一句是什么问题", "say what it is")
		c.That(f.Times >= 1 && f.Times <= mostTimes, "findings", "处数在1到50之间", "between 1 and 50 breaches")
		c.That(len(f.Photos) <= mostPhotos, "findings", "每条最多6张照片", "at most 6 photos each")
		c.That(len([]rune(f.Note)) <= 500, "findings", "每条说明最多500字", "a note of at most 500 characters each")
	}
	return c.Err()
}

// check holds marks against the pack of the round.
func (in Judgement) check(p *pack.Pack) error {
	var c fault.Check
	c.That(len(in.Marks) > 0 && len(in.Marks) <= mostMarks, "marks", "一次1到300条", "between 1 and 300 marks")
	for _, m := range in.Marks {
		c.That(fits(p, m), "marks", "“%[1]s”不能这样评：%[2]s", "%[1]s cannot be judged so: %[2]s", m.Ref, m.Value)
		reason := m.Value == Absent || m.Value == Fallen
		c.That(!reason || strings.TrimSpace(m.Note) != "", "marks", "“不涉及”和“否决”要写明理由", "what does not apply and what is vetoed needs a reason")
		c.That(len([]rune(m.Note)) <= 500, "marks", "说明最多500字", "a note of at most 500 characters")
		c.That(len(m.Photos) <= mostPhotos, "marks", "最多6张照片", "at most 6 photos")
	}
	return c.Err()
}

func fits(p *pack.Pack, m Mark) bool {
	switch m.What {
	case OnPaper:
		return (m.Value == There || m.Value == Missing) && lineOfPaper(p, m.Ref) != ""
	case OnVeto:
		return (m.Value == Clear || m.Value == Fallen) && slices.ContainsFunc(p.Vetoes, func(v pack.Veto) bool { return v.ID == m.Ref })
	case OnLine:
		s, ok := lineByID(p, m.Ref)
		if !ok || m.Value == Absent || m.Value == Seen && s.Style != pack.Banded {
			return ok && m.Points == nil
		}
		i := slices.IndexFunc(s.Bands, func(b pack.Band) bool { return b.ID == m.Value })
		return i >= 0 && (m.Points == nil || *m.Points >= s.Bands[i].From && *m.Points <= s.Bands[i].To)
	}
	return false
}

func lineByID(p *pack.Pack, id string) (pack.Score, bool) {
	i := slices.IndexFunc(p.Scores, func(s pack.Score) bool { return s.ID == id })
	if i < 0 {
		return pack.Score{}, false
	}
	return p.Scores[i], true
}

// lineOfPaper is the scoring line that asks for a requirement's paper, or "".
func lineOfPaper(p *pack.Pack, requirement string) string {
	for _, s := range p.Scores {
		if s.Style == pack.Paper && slices.Contains(s.Papers, requirement) {
			return s.ID
		}
	}
	return ""
}

// Looks reports whether an expert's part of the sheet has the chapter.
func (e Expert) Looks(chapter string) bool {
	return len(e.Chapters) == 0 || slices.Contains(e.Chapters, chapter)
}
