package evidence_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"chuangwei/internal/flow/evidence"
	"chuangwei/internal/kit/archive"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/kit/pdf"
	"chuangwei/internal/register/org"
)

// fonts are the machine's; without one nothing is printed.
func fonts(t testing.TB) pdf.Fonts {
	t.Helper()
	f, err := pdf.Find(os.Getenv("CHUANGWEI_FONT"), "../../../.tools/fonts")
	if err != nil {
		t.Skip("no TrueType font with Chinese characters here; tools/font.sh fetches one")
	}
	return f
}

func (c *county) archive(id string) (a evidence.Archive) {
	c.t.Helper()
	c.do("archivist", func(tx *db.Tx, who org.Actor) (err error) { a, err = evidence.ArchiveByID(tx, who, id); return err })
	return a
}

// order orders an archive and makes it.
func (c *county) order(id string) evidence.Archive {
	c.t.Helper()
	c.do("archivist", func(tx *db.Tx, who org.Actor) error {
		_, err := evidence.Order(tx, who, evidence.Archive{ID: id, Pack: "county-2021", FromYear: 2025, ToYear: 2026})
		return err
	})
	body, err := json.Marshal(id)
	if err == nil {
		err = c.desk.Make(c.t.Context(), c.db, job.Job{Body: body})
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return c.archive(id)
}

// orderNow is for whom no worker makes it.
func (c *county) orderNow(id string) evidence.Archive {
	c.t.Helper()
	a, err := c.desk.MakeNow(c.t.Context(), c.db, org.System, evidence.Archive{ID: id, Pack: "county-2021", FromYear: 2025, ToYear: 2026})
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

func TestTheArchiveLeavesInThePrescribedOrderAndCanBeChecked(t *testing.T) {
	c := newCounty(t)
	f := fonts(t)
	c.desk.Fonts = func() (pdf.Fonts, error) { return f, nil }
	c.cleaned(1)
	c.look(1, c.lineOf("10.8"), "good")
	for _, in := range []evidence.Draft{{Title: "会议纪要", On: "2025-06-01", Slots: []string{agenda}}, {Title: "会议纪要", On: "2025-07-01", Slots: []string{agenda, "county-2021:1.3"}},
		{Title: `发展/规划:2025*"?`, On: "2025-02-01", Year: 2025, ToYear: 2026, Slots: []string{"county-2021:1.2"}}} {
		p := c.file("aw-liaison", in)
		if err := c.check("archivist", p.ID, true, ""); err != nil {
			t.Fatal(err)
		}
	}
	c.file("aw-liaison", evidence.Draft{Title: "没有审核", On: "2025-06-01", Slots: []string{agenda}})
	c.work()
	a := c.order("one")
	if a.State != "ready" || a.Manifest == "" {
		t.Fatalf("%+v", a)
	}
	var b, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&b, &again} {
		if err := c.desk.Stream(t.Context(), w, a); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(b.Bytes(), again.Bytes()) || int64(b.Len()) != a.Bytes {
		t.Errorf("%d and %d bytes, said were %d", b.Len(), again.Len(), a.Bytes)
	}
	if second := c.orderNow("two"); second.State != "ready" || second.Manifest != a.Manifest {
		t.Errorf("made again of the same, and at once, the archive is %+v", second)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, x := range z.File {
		names = append(names, x.Name)
	}
	want := []string{
		"SHA256SUMS", "00-总目录.pdf",
		"2025/01-爱国卫生组织管理/00-卷内目录.pdf",
		"2025/01-爱国卫生组织管理/01-组织领导与政策/01-01-01_2025_爱卫办_会议纪要.pdf",
		"2025/01-爱国卫生组织管理/01-组织领导与政策/01-01-01_2025_爱卫办_会议纪要_2.pdf",
		"2025/01-爱国卫生组织管理/01-组织领导与政策/01-01-02_2025_爱卫办_发展规划2025.pdf",
		"2025/01-爱国卫生组织管理/01-组织领导与政策/01-01-03_2025_爱卫办_会议纪要.pdf",
		"2026/01-爱国卫生组织管理/00-卷内目录.pdf",
		"2026/01-爱国卫生组织管理/01-组织领导与政策/01-01-02_2026_爱卫办_发展规划2025.pdf",
		"2026/03-市容环境卫生/00-卷内目录.pdf",
	}
	if !slices.Equal(names[:len(want)], want) {
		t.Errorf("the order is\n%s\nwant\n%s", strings.Join(names, "\n"), strings.Join(want, "\n"))
	}
	if last := names[len(names)-1]; !strings.Contains(last, "03-01-") || !strings.HasSuffix(last, "工作记录.pdf") {
		t.Errorf("what was done is not in it: %v", names[len(want):])
	}
	c.vouched(t, b.Bytes())
}

// vouched checks the archive against the log, whole and with one file changed.
func (c *county) vouched(t *testing.T, b []byte) {
	t.Helper()
	r, err := archive.Check(bytes.NewReader(b), int64(len(b)))
	if err != nil || !r.OK() {
		t.Fatalf("%+v %v", r, err)
	}
	var made evidence.Made
	c.read(func(tx *db.Tx) error {
		list, err := event.Since(tx, 0, 10000)
		for _, e := range list {
			evidence.Vouched(r.Manifest, &made)(e)
		}
		return err
	})
	if made.Files != r.Files || made.Manifest != r.Manifest || made.Bytes != int64(len(b)) {
		t.Errorf("the log says %+v of %+v", made, r)
	}
	broken := bytes.Replace(bytes.Clone(b), []byte("%PDF-1.4 1"), []byte("%PDF-1.4 9"), 1)
	if r, err := archive.Check(bytes.NewReader(broken), int64(len(broken))); err != nil || len(r.Changed) == 0 {
		t.Errorf("one digit changed: %+v %v", r, err)
	}
}

func TestAnArchiveThatCannotBeMadeSaysWhy(t *testing.T) {
	c := newCounty(t)
	c.desk.Fonts = func() (pdf.Fonts, error) { return pdf.Fonts{}, pdf.ErrNoFont }
	a := c.order("no font")
	if a.State != "failed" || !strings.Contains(a.Why.ZH, "字体") || a.Why.EN == "" {
		t.Errorf("%+v", a)
	}
	if now := c.orderNow("no font, at once"); now.State != "failed" || now.Why != a.Why {
		t.Errorf("made at once: %+v", now)
	}
	if err := c.desk.Stream(t.Context(), io.Discard, a); fault.Code(err) != "archive.not_ready" {
		t.Errorf("it is streamed: %v", err)
	}
	for who, code := range map[string]string{"wang": "denied.evidence.export", "chief": "denied.evidence.export", "verifier": "denied.evidence.export", "lead": ""} {
		err := c.try(who, func(tx *db.Tx, a org.Actor) error {
			_, err := evidence.Order(tx, a, evidence.Archive{ID: "by " + who, Pack: "county-2021", FromYear: 2025, ToYear: 2026})
			return err
		})
		if fault.Code(err) != code {
			t.Errorf("%s orders: %v", who, err)
		}
	}
	for name, in := range map[string]evidence.Archive{"no years": {ID: "x", Pack: "county-2021"}, "backwards": {ID: "x", Pack: "county-2021", FromYear: 2026, ToYear: 2025}, "no pack": {ID: "x", Pack: "none", FromYear: 2025, ToYear: 2026}} {
		if err := c.try("lead", func(tx *db.Tx, a org.Actor) error { _, err := evidence.Order(tx, a, in); return err }); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
