// Package intake takes lists of other systems in: 12345, 数字城管. Each line is
// routed as any report, keeps its outside number, and comes in once.
package intake

import (
	"strconv"
	"strings"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/geo"
	"chuangwei/internal/kit/sheet"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"

	"github.com/google/uuid"
)

// Table is a list of another system, 12345 or 数字城管, under the titles
// their exports use. Columns it does not name are passed over.
var Table = sheet.Table{Name: "工单", Columns: []sheet.Column{
	{Key: "number", Title: "工单编号", Need: true, Also: []string{"编号", "工单号", "案件编号", "任务号", "案卷编号", "受理编号"}},
	{Key: "text", Title: "反映内容", Need: true, Also: []string{"内容", "问题描述", "诉求内容", "主要内容", "工单内容"}},
	{Key: "at", Title: "反映时间", Kind: sheet.Moment, Also: []string{"受理时间", "上报时间", "来电时间", "创建时间"}},
	{Key: "address", Title: "地址", Also: []string{"事发地址", "地址描述", "发生地点", "事发地点", "问题地址"}},
	{Key: "kind", Title: "问题类型", Also: []string{"小类名称", "小类", "诉求类型", "问题类别"}},
	{Key: "phone", Title: "联系电话", Also: []string{"来电号码", "电话", "联系方式"}},
	{Key: "lon", Title: "经度", Kind: sheet.Number, Also: []string{"X坐标", "lng", "lon"}},
	{Key: "lat", Title: "纬度", Kind: sheet.Number, Also: []string{"Y坐标", "lat"}},
}}

// Taken is what became of one line of a list.
type Taken struct {
	Row    int
	Number string // outside
	What   string // new, known
	Case   cases.Case
}

// TakeIn makes cases of a list of another system. A number that has come in
// before is known and changes nothing, so the same list may come every day.
func TakeIn(tx *db.Tx, who org.Actor, rows []sheet.Row) ([]Taken, error) {
	if err := who.May(org.Dispatch, org.Target{}); err != nil {
		return nil, err
	}
	kinds, err := kindNames(tx)
	if err != nil {
		return nil, err
	}
	var out []Taken
	var bad sheet.Faults
	for _, row := range rows {
		number := row.Cells["number"]
		if known, ok, err := cases.ByOutside(tx, number); err != nil {
			return nil, err
		} else if ok {
			out = append(out, Taken{row.N, number, "known", known})
			continue
		}
		in, ok := outsideReport(row, kinds, &bad)
		if !ok {
			continue
		}
		c, err := cases.Receive(tx, who, in)
		if err != nil {
			return nil, err
		}
		out = append(out, Taken{row.N, number, "new", c})
	}
	return out, bad.Err()
}

func kindNames(tx *db.Tx) (map[string]string, error) {
	list, err := standard.Kinds(tx)
	out := map[string]string{}
	for _, k := range list {
		out[k.Name] = k.ID
	}
	return out, err
}

// longestText is what a report may say, in characters.
const longestText = 2000

func outsideReport(row sheet.Row, kinds map[string]string, bad *sheet.Faults) (cases.Report, bool) {
	text := []rune(row.Cells["text"])
	in := cases.Report{ID: uuid.Must(uuid.NewV7()).String(), Text: string(text[:min(len(text), longestText)]), Kind: kinds[row.Cells["kind"]], Address: row.Cells["address"],
		Channel: "import", Contact: row.Cells["phone"], Outside: row.Cells["number"]}
	if at, err := time.ParseInLocation("2006-01-02 15:04", row.Cells["at"], calendar.Zone); err == nil {
		in.MadeAt = at.UnixMilli()
	}
	lon, lat := strings.TrimSpace(row.Cells["lon"]), strings.TrimSpace(row.Cells["lat"])
	if lon == "" && lat == "" {
		return in, true
	}
	x, err1 := strconv.ParseFloat(lon, 64)
	y, err2 := strconv.ParseFloat(lat, 64)
	p, err := geo.ToWGS84(geo.Point{Lat: y, Lon: x}, geo.CGCS2000) // what city systems must use
	if err1 != nil || err2 != nil || err != nil {
		bad.At(Table, row, "lon", "经纬度不对（要 CGCS2000 的度数）", "not a position in degrees of CGCS2000")
		return in, false
	}
	in.Point, in.Datum = &p, geo.WGS84
	return in, true
}
