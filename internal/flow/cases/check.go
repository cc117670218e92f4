package cases

import (
	"strconv"
	"strings"
	"time"

	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"
	"chuangwei/internal/kit/photo"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

// Check is one thing the photos of a case say, in words, for the verifier.
// Level is good, note or warn.
type Check struct {
	About     string
	Level     string
	Said      fault.Text
	Photo     string
	OtherCase string
	OtherSum  string
}

// farMetres is how far an after photo may be taken from the problem before
// the verifier is told; phones between buildings are off by tens of metres.
const farMetres = 100

// looked is a photo with what was read from it.
type looked struct {
	Photo
	dhash string
	sign  string
}

// Checks tells the verifier what the photos say about the fix: when and where
// they were taken, whether the file or a look-alike was used before, and
// whether before and after show the same view with a change.
func Checks(tx *db.Tx, who org.Actor, caseID string) ([]Check, error) {
	c, err := Get(tx, who, caseID)
	if err != nil {
		return nil, err
	}
	photos, err := lookedPhotos(tx, caseID)
	if err != nil {
		return nil, err
	}
	var before, after []looked
	for _, p := range photos {
		switch p.Role {
		case "before":
			before = append(before, p)
		case "after":
			after = append(after, p)
		}
	}
	if len(after) == 0 {
		return []Check{{About: "missing", Level: "warn", Said: fault.Say("没有整改后照片", "no after photo")}}, nil
	}
	var out []Check
	for _, p := range after {
		out = append(out, checkTime(c, p), checkPlace(c, p))
		again, err := checkReuse(tx, c, p)
		if err != nil {
			return nil, err
		}
		out = append(out, again...)
	}
	return append(out, checkChange(before, after)...), nil
}

func checkTime(c Case, p looked) Check {
	k := Check{About: "time", Photo: p.Sum, Level: "good"}
	taken := time.UnixMilli(p.TakenAt).In(calendar.Zone).Format("1月2日15:04")
	switch {
	case p.TakenAt == 0:
		k.Level, k.Said = "note", fault.Say("照片没有拍摄时间，无法核对", "the photo carries no time of capture")
	case p.TakenAt < c.ReportedAt-int64(10*time.Minute/time.Millisecond):
		k.Level, k.Said = "warn", fault.Say("拍摄于%[1]s，早于问题上报的时间", "taken on %[1]s, before the problem was reported", taken)
	case p.TakenAt > p.At+int64(10*time.Minute/time.Millisecond):
		k.Level, k.Said = "warn", fault.Say("拍摄时间%[1]s晚于提交时间，手机时钟可能不准", "taken %[1]s, later than it was sent: the phone's clock may be wrong", taken)
	default:
		k.Said = fault.Say("拍摄于%[1]s，在上报之后", "taken on %[1]s, after the report", taken)
	}
	return k
}

func checkPlace(c Case, p looked) Check {
	k := Check{About: "place", Photo: p.Sum, Level: "note"}
	switch {
	case c.Point == nil:
		k.Said = fault.Say("案件没有坐标，无法核对位置", "the case has no position to compare with")
	case p.Point == nil:
		k.Said = fault.Say("照片没有位置信息，无法核对位置", "the photo carries no position")
	default:
		m := geo.Metres(*c.Point, *p.Point)
		if m > farMetres+p.Accuracy {
			k.Level, k.Said = "warn", fault.Say("拍摄位置距问题点约%.0f米", "taken about %.0f m from the problem", m)
		} else {
			k.Level, k.Said = "good", fault.Say("拍摄位置距问题点约%.0f米", "taken about %.0f m from the problem", m)
		}
	}
	return k
}

// checkReuse looks for the same file, or one that looks the same, on any other
// case or as this case's before photo.
func checkReuse(tx *db.Tx, c Case, p looked) ([]Check, error) {
	same, err := db.All(tx, scanUse, `SELECT p.case_id, c.no, p.sum, '' FROM case_photos p JOIN cases c ON c.id = p.case_id
		WHERE p.sum = $1 AND p.case_id <> $2 ORDER BY p.at LIMIT 3`, p.Sum, c.ID)
	if err != nil {
		return nil, err
	}
	var out []Check
	for _, u := range same {
		out = append(out, Check{About: "reused", Level: "warn", Photo: p.Sum, OtherCase: u.caseID, OtherSum: u.sum,
			Said: fault.Say("同一张照片已用于案件 %[1]s", "the same file was used on case %[1]s", u.no)})
	}
	alike, err := lookAlikes(tx, p)
	if err != nil {
		return nil, err
	}
	for _, u := range alike {
		if u.caseID == c.ID {
			continue // same view of the same case is what we ask for; checkChange judges it
		}
		out = append(out, Check{About: "lookalike", Level: "warn", Photo: p.Sum, OtherCase: u.caseID, OtherSum: u.sum,
			Said: fault.Say("与案件 %[1]s 的一张照片非常相似", "looks very much like a photo of case %[1]s", u.no)})
	}
	if len(out) == 0 {
		out = append(out, Check{About: "reused", Level: "good", Photo: p.Sum, Said: fault.Say("没有发现与其他案件重复的照片", "not used on any other case")})
	}
	return out, nil
}

type use struct{ caseID, no, sum, dhash string }

func scanUse(r db.Row) (u use, err error) { return u, r.Scan(&u.caseID, &u.no, &u.sum, &u.dhash) }

// lookAlikes finds photos on cases whose hash is close; the index of bands
// leaves only about a thousand of a million to compare.
func lookAlikes(tx *db.Tx, p looked) ([]use, error) {
	h, ok := album.Hash(p.dhash)
	if !ok || h == 0 {
		return nil, nil // not looked at yet, or a plain surface that matches anything
	}
	var parts []string
	args := []any{p.Sum}
	for band, values := range photo.Near(h) {
		parts = append(parts, `b.band = `+strconv.Itoa(band)+` AND b.value IN `+db.In(len(args)+1, len(values)))
		args = append(args, db.Args(values[:])...)
	}
	list, err := db.All(tx, scanUse, `SELECT DISTINCT cp.case_id, c.no, f.sum, f.dhash FROM photo_bands b
		JOIN photos f ON f.sum = b.sum JOIN case_photos cp ON cp.sum = f.sum JOIN cases c ON c.id = cp.case_id
		WHERE b.sum <> $1 AND (`+strings.Join(parts, ` OR `)+`)`, args...)
	if err != nil {
		return nil, err
	}
	var out []use
	for _, u := range list {
		other, ok := album.Hash(u.dhash)
		if ok && photo.Distance(h, other) <= photo.LookAlike && len(out) < 3 {
			out = append(out, u)
		}
	}
	return out, nil
}

// checkChange compares before with after: the best pair counts.
func checkChange(before, after []looked) []Check {
	if len(before) == 0 {
		return []Check{{About: "change", Level: "note", Said: fault.Say("没有整改前照片可以比较", "no before photo to compare with")}}
	}
	best := Check{About: "change", Level: "note", Said: fault.Say("照片还在分析，请自己比较前后照片", "the photos are still being read; compare them yourself")}
	rank := map[photo.Verdict]int{photo.OtherView: 1, photo.TooAlike: 2, photo.Plausible: 3}
	top := 0
	for _, b := range before {
		for _, a := range after {
			sb, sa := album.Sign(b.sign), album.Sign(a.sign)
			if sb == nil || sa == nil {
				continue
			}
			_, verdict := photo.Likeness(sb, sa)
			if rank[verdict] > top {
				top = rank[verdict]
				best = Check{About: "change", Photo: a.Sum, OtherSum: b.Sum, Level: verdictLevel[verdict], Said: verdictSaid[verdict]}
			}
		}
	}
	return []Check{best}
}

var verdictLevel = map[photo.Verdict]string{photo.TooAlike: "warn", photo.Plausible: "good", photo.OtherView: "note"}

var verdictSaid = map[photo.Verdict]fault.Text{
	photo.TooAlike:  fault.Say("前后照片几乎没有变化", "before and after hardly differ"),
	photo.Plausible: fault.Say("同一角度，画面有变化", "the same view, with a change"),
	photo.OtherView: fault.Say("前后照片不像同一角度，请仔细比较", "before and after do not look like the same view; compare closely"),
}

func lookedPhotos(tx *db.Tx, caseID string) ([]looked, error) {
	photos, err := Photos(tx, caseID)
	if err != nil {
		return nil, err
	}
	out := make([]looked, len(photos))
	for i, p := range photos {
		out[i].Photo = p
		type facts struct{ dhash, sign string }
		f, err := db.One(tx, func(r db.Row) (f facts, err error) { return f, r.Scan(&f.dhash, &f.sign) },
			`SELECT dhash, sign FROM photos WHERE sum = $1`, p.Sum)
		if err != nil {
			return nil, err
		}
		out[i].dhash, out[i].sign = f.dhash, f.sign
	}
	return out, nil
}

// Duplicate is an earlier open case that a case may repeat, and why.
type Duplicate struct {
	Case   Case
	Why    fault.Text
	Metres float64
}

// Duplicates lists likely earlier reports of the same problem: the same kind
// close by, or a photo that looks the same.
func Duplicates(tx *db.Tx, who org.Actor, caseID string) ([]Duplicate, error) {
	c, err := Get(tx, who, caseID)
	if err != nil {
		return nil, err
	}
	out, err := duplicatesNear(tx, c)
	if err != nil {
		return nil, err
	}
	photos, err := lookedPhotos(tx, caseID)
	if err != nil {
		return nil, err
	}
	for _, p := range photos {
		alike, err := lookAlikes(tx, p)
		if err != nil {
			return nil, err
		}
		for _, u := range alike {
			if u.caseID == c.ID || has(out, u.caseID) {
				continue
			}
			other, err := ByID(tx, u.caseID)
			if err != nil {
				return nil, err
			}
			if other.State.Open() {
				out = append(out, Duplicate{Case: other, Why: fault.Say("照片非常相似", "a photo looks the same")})
			}
		}
	}
	return out, nil
}

func has(list []Duplicate, id string) bool {
	for _, d := range list {
		if d.Case.ID == id {
			return true
		}
	}
	return false
}

func duplicatesNear(tx *db.Tx, c Case) ([]Duplicate, error) {
	if c.Point == nil {
		return nil, nil
	}
	since := c.ReportedAt - sameHours*int64(time.Hour/time.Millisecond)
	others, err := near(tx, *c.Point, sameMetres, "", since, c.ID)
	if err != nil {
		return nil, err
	}
	var out []Duplicate
	for _, o := range others {
		m := geo.Metres(*c.Point, *o.Point)
		if m > sameMetres || o.ReportedAt > c.ReportedAt || (c.KindID != "" && o.KindID != "" && c.KindID != o.KindID) {
			continue
		}
		out = append(out, Duplicate{Case: o, Metres: m, Why: fault.Say("相距%.0f米，24小时内上报", "%.0f m away, reported within 24 hours", m)})
	}
	return out, nil
}
