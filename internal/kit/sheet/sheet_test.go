package sheet

import (
	"bytes"
	"fmt"
	"maps"
	"strings"
	"testing"

	"chuangwei/internal/kit/fault"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"
)

var people = Table{Name: "人员", Columns: []Column{
	{Key: "code", Title: "编号", Need: true}, {Key: "name", Title: "姓名", Need: true, Hint: "与身份证一致"}, {Key: "since", Title: "任职日期", Kind: Day},
	{Key: "sex", Title: "性别", Choices: []string{"男", "女"}}, {Key: "share", Title: "占比", Kind: Number}, {Key: "party", Title: "党员", Kind: Yes},
	{Key: "seen", Title: "体检时间", Kind: Moment}, {Key: "starts", Title: "上班", Kind: Clock},
}}

func written(t testing.TB, rows ...map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	err := Write(&b, []Table{people}, func(_ Table, put func(map[string]string) error) error {
		for _, r := range rows {
			if err := put(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	word := rapid.StringMatching(`[=+\-@0-9一-龟a-z][0-9一-龟a-z '"<>&,=+\-]{0,20}[一-龟0-9a-z]`)
	rapid.Check(t, func(r *rapid.T) {
		var rows []map[string]string
		for range rapid.IntRange(0, 8).Draw(r, "rows") {
			row := map[string]string{"code": word.Draw(r, "code"), "name": word.Draw(r, "name")}
			if rapid.Bool().Draw(r, "full") {
				row["since"], row["sex"], row["share"], row["party"] = "2026-08-01", "女", "0.5", "是"
				at := rapid.IntRange(0, minutesOfDay-1).Draw(r, "minute")
				row["starts"] = fmt.Sprintf("%02d:%02d", at/60, at%60)
				row["seen"] = "2026-08-01 " + row["starts"]
			}
			rows = append(rows, row)
		}
		got, err := Read(bytes.NewReader(written(t, rows...)), []Table{people})
		if err != nil {
			t.Fatal(err)
		}
		if len(got["人员"]) != len(rows) {
			t.Fatalf("%d rows of %d", len(got["人员"]), len(rows))
		}
		for i, row := range got["人员"] {
			maps.DeleteFunc(row.Cells, func(_, v string) bool { return v == "" }) // empty cells are there, too
			if !maps.Equal(row.Cells, rows[i]) || row.N != i+2 {
				t.Fatalf("row %d: %v, was %v", row.N, row.Cells, rows[i])
			}
		}
	})
}

func TestNoCellIsAFormula(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(written(t, map[string]string{"code": "=1+1", "name": "=HYPERLINK(\"http://x\")"})))
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range []string{"A2", "B2"} {
		if formula, err := f.GetCellFormula("人员", cell); formula != "" || err != nil {
			t.Errorf("%s is the formula %s", cell, formula)
		}
	}
}

// made is a workbook as somebody typed it.
func made(t testing.TB, lines ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	if err := f.SetSheetName("Sheet1", "人员"); err != nil {
		t.Fatal(err)
	}
	for i, line := range lines {
		if err := f.SetSheetRow("人员", fmt.Sprintf("A%d", i+1), &line); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// told is the faults by cell.
func told(t *testing.T, err error) map[string]string {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Code != "sheet.cells" {
		t.Fatalf("%v", err)
	}
	out := map[string]string{}
	for _, each := range f.Fields {
		out[each.Name] = each.Text.ZH
	}
	return out
}

func TestEveryWrongCellIsNamedAtOnce(t *testing.T) {
	b := made(t, []any{"姓名*", "编号", "任职日期", "性别", "占比", "党员", "备注"},
		[]any{"王", "001", "2026年8月1日", "女", "12.5", "√", ""}, []any{}, []any{"", "002", "明天", "其他", "一半", "不是", ""}, []any{"李", "", 46235, "", "NaN", "", ""})
	rows, err := Read(bytes.NewReader(b), []Table{people})
	got := told(t, err)
	for _, cell := range []string{"人员!G1", "人员!A4", "人员!C4", "人员!D4", "人员!E4", "人员!F4", "人员!B5", "人员!E5"} {
		if got[cell] == "" {
			t.Errorf("nothing is said of %s: %v", cell, got)
		}
	}
	if len(got) != 8 {
		t.Errorf("%v", got)
	}
	if first := rows["人员"][0].Cells; first["since"] != "2026-08-01" || first["party"] != "是" || rows["人员"][2].Cells["since"] != "2026-08-01" {
		t.Errorf("%v", rows["人员"])
	}
}

func TestTimesAreReadAsTypedAndAsSpreadsheetsKeepThem(t *testing.T) {
	at := func(hours float64) float64 { return hours / 24 }
	lines := [][]any{{"编号", "姓名", "任职日期", "体检时间", "上班"}}
	for _, starts := range []any{at(8), "8:00", "08:00:00", "8：00", 46235 + at(8), "2026-08-01 08:00", 0.33333333333333331} {
		lines = append(lines, []any{"1", "王", "2026-08-01 00:00:00", 46235 + at(8), starts})
	}
	rows, err := Read(bytes.NewReader(made(t, lines...)), []Table{people})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows["人员"] {
		if c := row.Cells; c["starts"] != "08:00" || c["since"] != "2026-08-01" || c["seen"] != "2026-08-01 08:00" {
			t.Errorf("row %d: %v", row.N, c)
		}
	}
	for text, want := range map[string]string{"24:00": "24:00", "1": "24:00", "0": "00:00", "23:59": "23:59", "0.99999999": "00:00", "25:00": "", "8": "", "46235": "", "-0.5": "", "NaN": "", "24:01": ""} {
		if got := clock(text); got != want {
			t.Errorf("%s is read as %q, want %q", text, got, want)
		}
	}
}

func TestAFaultNamesACellAsItsSpreadsheetShowsIt(t *testing.T) {
	_, err := Read(bytes.NewReader(made(t, []any{"编号", "姓名", "任职日期", "上班"}, []any{"1", "王", 1.0 / 3, 46235}, []any{"2", "李", 12.5, 9})), []Table{people})
	for cell, want := range map[string]string{"人员!C2": "“08:00”不是日期", "人员!D2": "“2026-08-01”不是钟点", "人员!C3": "“12.5”", "人员!D3": "“9”"} {
		if got := told(t, err)[cell]; !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", cell, got, want)
		}
	}
}

func TestTitlesMustBeThereOnce(t *testing.T) {
	_, err := Read(bytes.NewReader(made(t, []any{"编号", "编号"}, []any{"1", "2"})), []Table{people})
	if got := told(t, err); !strings.Contains(got["人员!B1"], "重复") || !strings.Contains(got["人员!A1"], "缺少“姓名”") {
		t.Errorf("%v", got)
	}
}

func TestOtherFilesAreRefusedInWords(t *testing.T) {
	for name, c := range map[string]struct {
		b    []byte
		code string
	}{
		"text":      {[]byte("编号,姓名"), "sheet.format"},
		"half":      {written(t)[:400], "sheet.format"},
		"no sheets": {func() []byte { var b bytes.Buffer; _, _ = excelize.NewFile().WriteTo(&b); return b.Bytes() }(), "sheet.none"},
		"too large": {make([]byte, mostBytes+1), "sheet.large"},
	} {
		if _, err := Read(bytes.NewReader(c.b), []Table{people}); fault.Code(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestListsOfOtherSystemsAreReadInEitherEncoding(t *testing.T) {
	text := "工单号;姓名;编号;性别\r\nA1;王五;7;男\r\n;;;\r\nA2;\"李;四\";8;女\r\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string]string{"UTF-8": text, "UTF-8 with mark": "\ufeff" + text, "GB18030": gb, "commas": strings.ReplaceAll(strings.ReplaceAll(text, "\"李;四\"", "李四"), ";", ",")} {
		rows, err := ReadCSV(strings.NewReader(in), people)
		if err != nil || len(rows) != 2 || rows[0].Cells["name"] != "王五" || rows[1].Cells["code"] != "8" || rows[1].Cells["sex"] != "女" {
			t.Errorf("%s: %v, %v", name, rows, err)
		}
	}
	if _, err := ReadCSV(strings.NewReader("\xff\xfe\x00编"), people); fault.Code(err) != "sheet.encoding" {
		t.Errorf("neither encoding: %v", err)
	}
	if _, err := ReadCSV(strings.NewReader("别的\n1\n"), people); err == nil {
		t.Error("a list without our columns was read")
	}
}

func TestCSVIsSafeToOpen(t *testing.T) {
	var b bytes.Buffer
	c, err := NewCSV(&b, people)
	if err == nil {
		err = c.Put(map[string]string{"code": "=1+1", "name": "@王\"五", "share": "-3"})
	}
	if err == nil {
		err = c.Close()
	}
	want := "\ufeff编号,姓名,任职日期,性别,占比,党员,体检时间,上班\r\n'=1+1,\"'@王\"\"五\",,,'-3,,,\r\n"
	if err != nil || b.String() != want {
		t.Errorf("%q, %v", b.String(), err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(written(f, map[string]string{"code": "1", "name": "王"}))
	f.Add(made(f, []any{"编号", "姓名"}, []any{1.5, true}))
	f.Add(made(f, []any{"编号", "上班", "体检时间"}, []any{1, 1.0 / 3, 46235.3}, []any{2, "8：30", "8:30"}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := Read(bytes.NewReader(b), []Table{people}); err != nil {
			if _, ok := fault.As(err); !ok {
				t.Fatalf("not in words: %v", err)
			}
		}
	})
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte("编号,姓名\n1,\"王\n"))
	f.Add([]byte("\xef\xbb\xbf编号\t姓名\r\n1\t王"))
	f.Fuzz(func(t *testing.T, b []byte) {
		rows, err := ReadCSV(bytes.NewReader(b), people)
		if _, ok := fault.As(err); err != nil && !ok {
			t.Fatalf("not in words: %v", err)
		}
		for _, r := range rows {
			if r.N < 2 {
				t.Fatalf("row %d", r.N)
			}
		}
	})
}
