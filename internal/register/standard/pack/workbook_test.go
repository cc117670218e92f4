package pack

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/sheet"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// ours is a workbook with words people use.
var ours = NewWorkbook(Words{
	Roles:  []Word{{"chengguan", "城管", "City management"}, {"huanwei", "环卫", "Sanitation"}},
	Places: []Word{{"road", "路段", "Road"}, {"market", "农贸市场", "Market"}}, Kinds: smallWords.Kinds,
})

func exported(t *testing.T, p *Pack) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := ours.Write(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// edited changes cells of an exported pack as a person would: sheet!cell=value.
func edited(t *testing.T, p *Pack, cells ...string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(exported(t, p)))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cells {
		where, value, _ := strings.Cut(c, "=")
		name, cell, _ := strings.Cut(where, "!")
		if err := f.SetCellStr(name, cell, value); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAPackComesBackFromXLSXAsItWas(t *testing.T) {
	p, _ := parsed(t, small)
	back, err := ours.Read(bytes.NewReader(exported(t, p)))
	if err != nil {
		f, _ := fault.As(err)
		t.Fatalf("%v %+v", err, f)
	}
	if d := cmp.Diff(p, back); d != "" {
		t.Fatal(d)
	}
}

func TestAPackComesBackFromYAMLAsItWas(t *testing.T) {
	p, _ := parsed(t, small)
	b, err := Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	back, _ := parsed(t, string(b))
	if d := cmp.Diff(p, back); d != "" {
		t.Fatal(d)
	}
	if lines := strings.Count(string(b), "\n"); lines > 60 {
		t.Errorf("%d lines:\n%s", lines, b)
	}
}

func TestPeopleSeeWordsNotKeys(t *testing.T) {
	p, _ := parsed(t, small)
	f, err := excelize.OpenReader(bytes.NewReader(exported(t, p)))
	if err != nil {
		t.Fatal(err)
	}
	for where, want := range map[string]string{"条!F2": "城管", "条!G2": "环卫", "条!H2": "现场、资料、数据", "要求!E2": "路段", "评分!E2": "按问题扣分", "评分!H2": "0.2", "要求!Q3": "转引", "病媒!J2": "3", "病媒!I2": "", "标准!P2": "已核实"} {
		name, cell, _ := strings.Cut(where, "!")
		if got, err := f.GetCellValue(name, cell); err != nil || got != want {
			t.Errorf("%s is %q, want %q; %v", where, got, want, err)
		}
	}
}

func TestAllFaultsOfAWorkbookAreToldByCell(t *testing.T) {
	p, _ := parsed(t, small)
	file := edited(t, p, "条!F2=无此部门", "要求!F3=猜", "评分!F2=十", "评分!H3=0.00001", "检查表!C2=9.9", "要求!B4=7", "分档!A2=x", "指标!F2=~", "来源!A2=t", "标准!Q2=999", "条!C3=")
	_, err := ours.Read(bytes.NewReader(file))
	f, ok := fault.As(err)
	if !ok {
		t.Fatalf("%v", err)
	}
	var got []string
	for _, x := range f.Fields {
		got = append(got, x.Name)
		if x.Text.ZH == "" || x.Text.EN == "" {
			t.Errorf("%+v", x)
		}
	}
	// a word, a list, a number, a fraction, what leads nowhere, a missing name, an unknown source, a total
	for _, want := range []string{"条!F2", "要求!F3", "评分!F2", "评分!H3", "检查表!C2", "要求!B4", "分档!A2", "指标!F2", "来源!A2", "标准!Q2", "条!C3", "章!E2"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not told; told are %v", want, got)
		}
	}
}

func TestNumbersAreReadAsSpreadsheetsKeepThem(t *testing.T) {
	for cell, want := range map[string]string{"0.30000000000000004": "0.3", "1E-3": "0.001", "2": "2", "0.0004": "", "0.3000001": "", "1e99": "", "x": "", "NaN": "", "Inf": ""} {
		m, err := amount(cell)
		if (err != nil) != (want == "") || err == nil && m.String() != want {
			t.Errorf("%s: %v %v", cell, m, err)
		}
	}
}

func TestWhatIsNoPackFileIsRefused(t *testing.T) {
	empty := excelize.NewFile()
	var b bytes.Buffer
	if _, err := empty.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"", "PK\x03\x04", b.String()} {
		if _, err := ours.Read(strings.NewReader(file)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%v", err)
		}
	}
}

func TestDiffSaysInWordsWhatChanges(t *testing.T) {
	p, _ := parsed(t, small)
	if d := ours.Diff(p, p); len(d) != 0 {
		t.Fatalf("%+v", d)
	}
	text := strings.NewReplacer(
		`zh: 干净, places`, `zh: 很干净, places`, "each: 0.2,", "each: 0.5,", "pass: 32", "pass: 30", "lead: chengguan\n    help: [huanwei]", "lead: huanwei\n    help: [chengguan]",
		"  - {id: swept, item: \"1\", zh: 清扫率太低, when: \"swept < 50\"", "  - {id: dirty, item: \"1\", zh: 太脏, when: \"swept < 40\"",
	).Replace(small)
	other, _ := parsed(t, text)
	other.Vectors[0], other.Vectors[1] = other.Vectors[1], other.Vectors[0]
	got := map[string]fault.Text{}
	for _, c := range ours.Diff(p, other) {
		got[string(c.What)+" "+c.Sheet+" "+c.ID] = c.Text
	}
	for at, want := range map[string][2]string{
		"changed 标准 ":      {"标准 修改：合格线“32”→“30”", `standard changes: line to pass "32" → "30"`},
		"changed 条 1":      {"条 1 修改：牵头“城管”→“环卫”；配合“环卫”→“城管”", `item 1 changes: lead "城管" → "环卫"; help "环卫" → "城管"`},
		"changed 要求 1.1":   {"要求 1.1 修改：要求“干净”→“很干净”", `requirement 1.1 changes: Chinese "干净" → "很干净"`},
		"changed 评分 f":     {"评分 f 修改：每处扣分“0.2”→“0.5”", `scoring line f changes: lost for each "0.2" → "0.5"`},
		"removed 否决 swept": {"否决 swept 删除：清扫率太低", "veto swept goes: 清扫率太低"},
		"added 否决 dirty":   {"否决 dirty 新增：太脏", "veto dirty is new: 太脏"},
		"moved 病媒 ":        {"病媒 的顺序有变化", "the order of each vector measure changes"},
	} {
		if got[at] != (fault.Text{ZH: want[0], EN: want[1]}) {
			t.Errorf("%s: %+v", at, got[at])
		}
		delete(got, at)
	}
	if len(got) > 0 {
		t.Errorf("also told: %+v", got)
	}
}

// full has every key of a pack filled, sense or not.
func full() *Pack {
	return &Pack{ID: "x", ZH: "z", EN: "e", Honour: "h", Document: "d", IssuedOn: "2021-01-01", InForceOn: "2022-01-01", Note: "n",
		Scope: Scope{"s", Mark{"q", Confirmed}}, Counts: Counts{1, 2, 3, Mark{"q", Confirmed}}, Sheet: Sheet{1, 2, "none", Mark{"q", Confirmed}},
		Sources:    []Source{{"q", "z", "e"}},
		Chapters:   []Chapter{{"1", "z", "e", 5, Mark{"q", Confirmed}}},
		Items:      []Item{{"1", "1", "z", "e", "a", "chengguan", []string{"huanwei"}, []string{"site"}, Mark{"q", Confirmed}, []Requirement{{"1.1", "z", "e", []string{"road"}, []string{"site"}, "huanwei", []string{"chengguan"}, []string{"k"}, Proof{"w", ByPaper, 2, 3, 4, SecondHand}, Mark{"q", Confirmed}}}}},
		Checks:     []Check{{"c", "road", "1.1", "z", "e", "k", Mark{"q", Confirmed}}},
		Indicators: []Indicator{{"i", "1", "z", "e", "u", ">=", 7, Mark{"q", Confirmed}}},
		Scores:     []Score{{"s", "1", "z", "e", Finding, 1, 2, []string{"road"}, []string{"k"}, 3, 4, 5, 6, []string{"1.1"}, []Band{{"b", "z", 1, 2}}, "f", Mark{"q", Confirmed}}},
		Vetoes:     []Veto{{"v", "1", "z", "e", "w", Mark{"q", Confirmed}}},
		Vectors:    []Measure{{"m", "1", "p", "q", "z", "e", "u", "<=", []Limit{{"A", 1}, {"B", 0}, {"C", 3}}, Mark{"q", Confirmed}}},
	}
}

// Every key of the pack has a column: a change of any of them must come back.
func TestNoKeyOfAPackIsLostOnItsWay(t *testing.T) {
	full := full()
	rows := map[string]int{}
	in := &intake{pack: &Pack{}, where: map[string]place{}, broken: map[string]bool{}}
	for _, pg := range pages(ours.words) {
		for _, cells := range pg.cells(full) {
			rows[pg.table().Name]++
			pg.take(in, []sheet.Row{{N: 2, Cells: cells}})
		}
	}
	if d := cmp.Diff(full, in.pack); d != "" || len(in.bad) > 0 || len(rows) != 11 {
		t.Errorf("%s %+v %v", d, in.bad, rows)
	}
	b, err := Encode(full)
	if err != nil {
		t.Fatal(err)
	}
	back, _ := parsed(t, string(b))
	if d := cmp.Diff(full, back); d != "" {
		t.Error(d)
	}
}
