package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"chuangwei/internal/kit/fault"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// ReadCSV reads one table from CSV: UTF-8 with or without its mark, or
// GB18030, as the exporting system happened to write it; separated by commas,
// semicolons or tabs. Columns the table does not know are left out: lists of
// other systems have many.
func ReadCSV(r io.Reader, t Table) ([]Row, error) {
	b, err := io.ReadAll(io.LimitReader(r, mostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("sheet: %w", err)
	}
	if len(b) > mostBytes {
		return nil, fault.New(fault.Invalid, "sheet.large", "文件超过20MB，请分开导入。", "The file is larger than 20 MB; split it.")
	}
	text, err := decoded(b)
	if err != nil {
		return nil, err
	}
	in := csv.NewReader(strings.NewReader(text))
	in.Comma, in.FieldsPerRecord, in.LazyQuotes = separator(text), -1, true
	var rows []Row
	var bad Faults
	var at []int
	for n := 1; ; n++ {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fault.New(fault.Invalid, "sheet.csv", "CSV 第 %[1]d 行无法读取", "line %[1]d of the CSV cannot be read", n)
		}
		if n == 1 {
			at = t.known(cells, &bad)
			continue
		}
		if n > mostRows {
			return nil, fault.New(fault.Invalid, "sheet.rows", "超过 %[1]d 行，请分开导入。", "More than %[1]d rows; split the file.", mostRows)
		}
		if row, ok := t.row(n, cells, at, &bad); ok {
			rows = append(rows, row)
		}
	}
	return rows, bad.Err()
}

// known is titles for lists of other systems: what is not ours is passed over.
func (t Table) known(cells []string, bad *Faults) []int {
	var own Faults
	at := t.titles(cells, &own)
	for _, f := range own.list {
		if strings.HasPrefix(f.Text.ZH, "缺少") {
			bad.list = append(bad.list, f)
		}
	}
	return at
}

// decoded is the text of a file in either encoding.
func decoded(b []byte) (string, error) {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if utf8.Valid(b) {
		return string(b), nil
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", fault.New(fault.Invalid, "sheet.encoding", "看不懂文件的编码，请另存为 UTF-8 或 GB18030 的 CSV。", "The file is neither UTF-8 nor GB18030.")
	}
	return string(out), nil
}

// separator guesses from the first line.
func separator(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	best, most := ',', strings.Count(first, ",")
	for _, c := range ";\t" {
		if n := strings.Count(first, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// CSV writes rows as RFC 4180 says, with the mark that makes Excel read UTF-8.
type CSV struct {
	w *csv.Writer
	t Table
}

// NewCSV begins a file with its titles.
func NewCSV(w io.Writer, t Table) (*CSV, error) {
	if _, err := io.WriteString(w, "\xef\xbb\xbf"); err != nil {
		return nil, fmt.Errorf("sheet: %w", err)
	}
	c := &CSV{csv.NewWriter(w), t}
	c.w.UseCRLF = true
	titles := make([]string, len(t.Columns))
	for i, col := range t.Columns {
		titles[i] = col.Title
	}
	return c, c.w.Write(titles)
}

// Put writes a row.
func (c *CSV) Put(cells map[string]string) error {
	line := make([]string, len(c.t.Columns))
	for i, col := range c.t.Columns {
		line[i] = guarded(cells[col.Key])
	}
	return c.w.Write(line)
}

// Close writes what is left.
func (c *CSV) Close() error {
	c.w.Flush()
	return c.w.Error()
}

// guarded keeps spreadsheets from taking a text for a formula (OWASP: CSV injection).
func guarded(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
