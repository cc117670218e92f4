package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"

	"chuangwei/internal/flow/evidence"
	"chuangwei/internal/kit/archive"
	"chuangwei/internal/kit/document"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/kit/pdf"
	"chuangwei/internal/register/org"
)

type ledgerSlot struct {
	Slot, Number, Text, State, By, Case string
	Want, Have, Waiting                 int
	Lead                                *struct{ ID, Name string }
}

type ledgerBody struct {
	Pack     struct{ ID string }
	Tally    struct{ Full, Partly, Stale, Empty int }
	Waiting  int
	Chapters []struct {
		ID    string
		Items []struct {
			ID    string
			Slots []ledgerSlot
		}
	}
}

func (l ledgerBody) slot(id string) (out ledgerSlot, n int) {
	for _, c := range l.Chapters {
		for _, i := range c.Items {
			n += len(i.Slots)
			for _, s := range i.Slots {
				if s.Slot == id {
					out = s
				}
			}
		}
	}
	return out, n
}

type paperBody struct {
	ID, Sum, Type, Title, State, Text, Who, Around string
	Slots                                          []string
	MayCheck                                       bool `json:"may_check"`
	MayChange                                      bool `json:"may_change"`
}

// uploadPaper sends a document by tus and returns its sum and the last answer.
func (w *caller) uploadPaper(b []byte) (string, answer) {
	w.t.Helper()
	raw := sha256.Sum256(b)
	sum := hex.EncodeToString(raw[:])
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	made := w.with("Tus-Resumable", "1.0.0").with("Upload-Length", strconv.Itoa(len(b))).with("Upload-Metadata", "sha256 "+b64(sum)+",filename "+b64("纪要.docx")).do("POST", "/api/uploads/papers/", nil)
	if made.status != 201 {
		return sum, made
	}
	at := made.header.Get("Location")
	at = at[strings.Index(at, "/api/"):]
	half := len(b) / 2
	first := w.with("Tus-Resumable", "1.0.0").with("Upload-Offset", "0").with("Content-Type", "application/offset+octet-stream").do("PATCH", at, b[:half])
	if first.status != 204 {
		return sum, first
	}
	return sum, w.with("Tus-Resumable", "1.0.0").with("Upload-Offset", strconv.Itoa(half)).with("Content-Type", "application/offset+octet-stream").do("PATCH", at, b[half:])
}

func minutes(t testing.TB, n int) []byte {
	t.Helper()
	b, err := document.DOCX("会议纪要", []string{fmt.Sprintf("第%d次会议研究清扫保洁。", n)})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sorting is a requirement that city management leads: waste is sorted.
const sorting = "county-2021:14.1"

func (w *caller) file(t testing.TB, n int, change map[string]any) paperBody {
	t.Helper()
	sum, a := w.uploadPaper(minutes(t, n))
	a.want(204)
	body := map[string]any{"sum": sum, "title": fmt.Sprint("会议纪要", n), "slots": []string{sorting}, "on": "2025-05-01"}
	for k, v := range change {
		body[k] = v
	}
	return read[paperBody](w.post("/api/papers", body).want(201))
}

func TestAPaperIsUploadedFiledCheckedAndFound(t *testing.T) {
	c := newCounty(t)
	p := c.as("sun").file(t, 1, nil)
	if p.State != "filed" || p.Type != "docx" || p.Text != "waiting" || p.MayCheck || !p.MayChange || p.Who != "孙志强" {
		t.Errorf("%+v", p)
	}
	c.as("sun").post("/api/papers/"+p.ID+"/check", map[string]any{"ok": true}).refused(403, "denied.evidence.check")
	if got := read[paperBody](c.as("archivist").post("/api/papers/"+p.ID+"/check", map[string]any{"ok": true}).want(200)); got.State != "checked" {
		t.Errorf("%+v", got)
	}
	l := read[ledgerBody](c.as("boss").get("/api/evidence").want(200))
	if s, n := l.slot(sorting); n != 210 || s.State != "partly" || s.Have != 1 || s.Want != 3 || l.Pack.ID != "county-2021" || s.By != "paper" {
		t.Errorf("%d slots, %+v", n, s)
	}
	c.background(t)
	found := items[paperBody](c.as("boss").get("/api/papers?q=" + "%E6%B8%85%E6%89%AB"))
	if len(found) != 1 || found[0].ID != p.ID || !strings.Contains(found[0].Around, "清扫") || found[0].Text != "read" {
		t.Errorf("%+v", found)
	}
	f := c.as("boss").get("/api/papers/" + p.ID + "/file").want(200)
	if !bytes.Equal(f.body, minutes(t, 1)) || !strings.HasPrefix(f.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%d bytes, %s", len(f.body), f.header.Get("Content-Disposition"))
	}
	again := c.as("zhao").post("/api/papers", map[string]any{"sum": p.Sum, "title": "又一次", "slots": []string{sorting}})
	again.refused(409, "paper.again")
	c.as("sun").post("/api/papers", map[string]any{"sum": strings.Repeat("0", 64), "title": "没传", "slots": []string{sorting}}).refused(409, "photo.missing")
}

// background does the work of reading and printing there is.
func (c *county) background(t testing.TB) {
	t.Helper()
	k := evidence.Desk{Store: c.blobs, Fonts: func() (pdf.Fonts, error) { return pdf.Find("", "../../../.tools/fonts") }}
	w := &job.Worker{DB: c.db, Log: slog.New(slog.DiscardHandler), Handlers: map[string]job.Handler{evidence.ReadJob: k.ReadText, evidence.IndexJob: k.Index, evidence.MakeJob: k.Make}}
	for {
		did, err := w.Once(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if !did {
			return
		}
	}
}

func TestAnUploadIsTakenByItsContentAlone(t *testing.T) {
	c := newCounty(t)
	for code, b := range map[string][]byte{"paper.kind": []byte("MZ this is a program, whatever it is called"), "paper.old": append([]byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, make([]byte, 600)...)} {
		_, a := c.as("sun").uploadPaper(b)
		var p problem
		if err := json.Unmarshal(a.body, &p); err != nil || p.Code != code || a.status != 422 {
			t.Errorf("%d %s, want %s", a.status, a.body, code)
		}
	}
	if _, a := c.as("grid").uploadPaper(minutes(t, 1)); a.status != 403 {
		t.Errorf("somebody who files nothing uploads: %d", a.status)
	}
	if _, a := c.nobody().uploadPaper(minutes(t, 1)); a.status != 401 {
		t.Errorf("nobody uploads: %d", a.status)
	}
}

func TestAGapIsAskedForOnceAndItsCaseHangsOnTheClause(t *testing.T) {
	c := newCounty(t)
	type asked struct{ ID, No, State, Channel string }
	first := read[asked](c.as("archivist").post("/api/evidence/slots/"+sorting+"/ask", map[string]any{"year": 2025}).want(200))
	second := read[asked](c.as("desk").post("/api/evidence/slots/"+sorting+"/ask", map[string]any{"year": 2025}).want(200))
	if first.ID != second.ID || first.Channel != "evidence" || first.State != "assigned" {
		t.Errorf("%+v %+v", first, second)
	}
	full := read[struct {
		Clauses []struct{ ID string }
		Case    struct{ Unit struct{ ID string } }
	}](c.as("sun").get("/api/cases/" + first.ID).want(200))
	if len(full.Clauses) != 1 || full.Clauses[0].ID != "county-2021:14" {
		t.Errorf("%+v", full)
	}
	p := c.as("sun").file(t, 2, nil)
	if k := c.open("sun", first.ID).Case; k.State != "fixed" {
		t.Errorf("filed: %s", k.State)
	}
	c.as("archivist").post("/api/papers/"+p.ID+"/check", map[string]any{"ok": true}).want(200)
	if k := c.open("sun", first.ID).Case; k.State != "closed" {
		t.Errorf("checked: %s", k.State)
	}
	d := read[struct {
		Slot   ledgerSlot
		Papers []paperBody
		Sure   bool
		What   string
	}](c.as("boss").get("/api/evidence/slots/" + sorting).want(200))
	if d.Slot.Have != 1 || len(d.Papers) != 1 || d.Sure || d.What == "" {
		t.Errorf("%+v", d)
	}
}

// TestTheLedgerOpensForThoseTheTableGrantsIt tries every verb of the ledger as
// everybody.
func TestTheLedgerOpensForThoseTheTableGrantsIt(t *testing.T) {
	c := newCounty(t)
	p := c.as("sun").file(t, 3, nil)
	slots := map[string]int{}
	for _, who := range people {
		see, file := somewhere(who, org.SeeEvidence), somewhere(who, org.FileEvidence)
		refused := func(a answer, may bool, code string) {
			t.Helper()
			if may && a.status >= 400 && a.status != 409 && a.status != 404 && a.status != 422 || !may && a.status != 404 && (a.status != 403 || !strings.HasPrefix(a.problem().Code, code)) {
				t.Errorf("%s (%s) %s: %d %.200s, may %v", who.login, who.role, a.to, a.status, a.body, may)
			}
		}
		l := c.as(who.login).get("/api/evidence")
		refused(l, see, "denied.evidence.see")
		if see {
			_, slots[who.login] = read[ledgerBody](l).slot("")
		}
		refused(c.as(who.login).get("/api/papers"), see, "denied.evidence.see")
		refused(c.as(who.login).get("/api/papers/"+p.ID), see, "denied.evidence.see")
		refused(c.as(who.login).get("/api/papers/"+p.ID+"/file"), see, "denied.evidence.see")
		refused(c.as(who.login).get("/api/evidence/proposal?sum="+p.Sum), file, "denied.evidence.file")
		refused(c.as(who.login).post("/api/papers", map[string]any{"sum": p.Sum, "title": "再交", "slots": []string{sorting}}), file, "denied.evidence.file")
		refused(c.as(who.login).post("/api/papers/"+p.ID+"/check", map[string]any{"ok": false, "note": ""}), see && somewhere(who, org.CheckEvidence), "denied.evidence")
		refused(c.as(who.login).post("/api/papers/"+p.ID+"/slots", map[string]any{"slots": []string{"county-2021:99"}}), see && file, "denied.evidence")
		refused(c.as(who.login).post("/api/papers/"+p.ID+"/withdraw", map[string]any{"note": " "}), see && file, "denied.evidence")
		refused(c.as(who.login).post("/api/evidence/slots/"+sorting+"/ask", map[string]any{"year": 2019}), somewhere(who, org.AskEvidence), "denied.evidence.ask")
		refused(c.as(who.login).get("/api/archives"), somewhere(who, org.ExportEvidence), "denied.evidence.export")
		refused(c.as(who.login).post("/api/archives", map[string]any{"pack": "none", "from_year": 2025, "to_year": 2026}), somewhere(who, org.ExportEvidence), "denied.evidence.export")
	}
	if got := read[paperBody](c.as("boss").get("/api/papers/" + p.ID).want(200)); got.State != "filed" {
		t.Errorf("after all those tries: %+v", got)
	}
	if slots["boss"] != 210 || slots["sun"] == 0 || slots["sun"] == 210 || slots["chief"] == 210 {
		t.Errorf("%v", slots)
	}
}

func TestAnArchiveIsOrderedMadeAndTakenDown(t *testing.T) {
	if _, err := pdf.Find("", "../../../.tools/fonts"); err != nil {
		t.Skip("no TrueType font with Chinese characters here; tools/font.sh fetches one")
	}
	c := newCounty(t)
	p := c.as("sun").file(t, 4, nil)
	c.as("archivist").post("/api/papers/"+p.ID+"/check", map[string]any{"ok": true}).want(200)
	type made struct {
		ID, State, Manifest string
		Files               int
		Bytes               int64
	}
	a := read[made](c.as("archivist").post("/api/archives", map[string]any{"pack": "county-2021", "from_year": 2025, "to_year": 2026}).want(201))
	c.as("archivist").get("/api/archives/"+a.ID+"/file").refused(409, "archive.not_ready")
	c.background(t)
	a = read[made](c.as("archivist").get("/api/archives/" + a.ID).want(200))
	if a.State != "ready" || a.Files < 3 {
		t.Fatalf("%+v", a)
	}
	z := c.as("archivist").get("/api/archives/" + a.ID + "/file").want(200)
	r, err := archive.Check(bytes.NewReader(z.body), int64(len(z.body)))
	if err != nil || !r.OK() || r.Manifest != a.Manifest || int64(len(z.body)) != a.Bytes {
		t.Errorf("%+v %v, %d bytes", r, err, len(z.body))
	}
	list := items[made](c.as("archivist").get("/api/archives"))
	if !slices.ContainsFunc(list, func(m made) bool { return m.ID == a.ID }) {
		t.Errorf("%+v", list)
	}
}
