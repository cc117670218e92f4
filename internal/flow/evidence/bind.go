package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"

	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/archive"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/document"
	"chuangwei/internal/kit/pdf"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
)

// binder puts an archive together: by year, then by content; for each year and
// chapter a volume with its catalogue, before all of them the total catalogue
// (practice of counties, domain notes 4.5).
type binder struct {
	Desk
	ctx     context.Context
	db      *db.DB
	press   *pdf.Press
	archive Archive
	pack    *standard.Held
	county  string
	units   *org.Book
	slots   []*Slot
	places  map[string]string // names
	kinds   map[string]string // of problem
	names   map[string]int    // files of a volume by name, so that none hides another
	files   []archive.File
	volumes []volume
	printed []string // sums
}

// volume is one year's chapter. Its pieces are held only while it is bound.
type volume struct {
	year    int
	chapter pack.Chapter
	n       int // of the chapter
	pieces  []piece
	folder  string
	count   int
	pages   string
}

// piece is one file of a volume and its line in the catalogue.
type piece struct {
	archive.File
	slot    *Slot
	title   string
	unit    string
	onDay   string
	pages   int
	caption string // of a photo
	photo   string // its sum
}

// gather reads everything but the bytes.
func (b *binder) gather(tx *db.Tx, id string) (err error) {
	if b.archive, err = archiveByID(tx, id); err != nil {
		return err
	}
	if b.pack, err = standard.PackByID(tx, b.archive.Pack); err != nil {
		return err
	}
	if b.county, err = org.CountyName(tx); err != nil && !errors.Is(err, db.ErrNone) {
		return err
	}
	if b.units, err = org.Names(tx); err != nil {
		return err
	}
	all, err := Slots(tx)
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].Pack.ID == b.archive.Pack {
			b.slots = append(b.slots, &all[i])
		}
	}
	b.places, b.kinds = map[string]string{}, map[string]string{}
	places, err := place.All(tx)
	for _, p := range places {
		b.places[p.ID] = p.Name
	}
	if err != nil {
		return err
	}
	kinds, err := standard.Kinds(tx)
	for _, k := range kinds {
		b.kinds[k.ID] = k.Name
	}
	return err
}

// bind makes the volumes one after the other and fixes the order of the files;
// the total catalogue is printed last and stands first.
func (b *binder) bind() error {
	for year := b.archive.FromYear; year <= b.archive.ToYear; year++ {
		for n, ch := range b.pack.Chapters {
			v := volume{year: year, chapter: ch, n: n + 1, folder: fmt.Sprintf("%d/%02d-%s", year, n+1, FileName(ch.ZH))}
			if err := b.volume(&v); err != nil {
				return err
			}
			if err := b.along(year, n+1); err != nil {
				return err
			}
		}
	}
	if err := b.print("00-总目录.pdf", b.total); err != nil {
		return err
	}
	last := len(b.files) - 1
	b.files = append(b.files[last:], b.files[:last]...)
	return nil
}

// fill finds the pieces of a volume, slot by slot.
func (b *binder) fill(v *volume) error {
	var ids []string
	for _, s := range b.slots {
		if s.Chapter.ID == v.chapter.ID {
			ids = append(ids, s.ID)
		}
	}
	var papers map[string][]Paper
	err := b.db.Read(b.ctx, func(tx *db.Tx) (err error) { papers, err = checkedIn(tx, ids, v.year); return err })
	if err != nil {
		return err
	}
	for _, s := range b.slots {
		if s.Chapter.ID != v.chapter.ID {
			continue
		}
		for _, p := range papers[s.ID] {
			v.pieces = append(v.pieces, b.paper(*v, s, p))
		}
		if s.Proof.By == pack.ByWork {
			if err := b.record(v, s); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *binder) paper(v volume, s *Slot, p Paper) piece {
	unit := b.units.Unit(p.UnitID).Short
	out := piece{slot: s, title: p.Title, unit: unit, onDay: p.OnDay, pages: p.Document.Pages, caption: p.Caption}
	out.File = archive.File{Sum: p.Sum, Size: p.Bytes, Name: b.name(v, s, unit, p.Title, document.Extensions[p.Type])}
	if p.Type == document.TypeJPEG || p.Type == document.TypePNG {
		out.photo = p.Sum
	}
	return out
}

// name is 03-10-02_2025_城管局_清扫保洁记录.pdf in its folder; a second of the
// same gets a number.
func (b *binder) name(v volume, s *Slot, unit, title, ext string) string {
	base := path.Join(v.folder, s.Number[3:5]+"-"+FileName(s.Item.ZH), fmt.Sprintf("%s_%d_%s_%s", s.Number, v.year, FileName(unit), FileName(title)))
	b.names[base]++
	if n := b.names[base]; n > 1 {
		base += "_" + strconv.Itoa(n)
	}
	return base + "." + ext
}

// keep puts printed pages among the kept bytes and names their file.
func (b *binder) keep(name string, w *pdf.Writer) (archive.File, error) {
	var out bytes.Buffer
	if _, err := w.WriteTo(&out); err != nil {
		return archive.File{}, err
	}
	size := int64(out.Len())
	sum, _, err := b.Store.Put(b.ctx, &out)
	b.printed = append(b.printed, sum)
	return archive.File{Sum: sum, Name: name, Size: size}, err
}

// print prints a document and puts it next in the order.
func (b *binder) print(name string, fill func(*pdf.Writer) error) error {
	w, err := b.press.New()
	if err != nil {
		return err
	}
	if err := fill(w); err != nil {
		return err
	}
	f, err := b.keep(name, w)
	b.files = append(b.files, f)
	return err
}

// volume binds one: what stands before its pieces is printed, then they follow.
// An empty one is left out.
func (b *binder) volume(v *volume) error {
	b.names = map[string]int{}
	if err := b.fill(v); err != nil || len(v.pieces) == 0 {
		return err
	}
	for from, n := 0, 1; from < len(v.pieces); from, n = from+catalogueMost, n+1 {
		name := v.folder + "/00-卷内目录"
		if n > 1 {
			name += "_" + strconv.Itoa(n)
		}
		if err := b.print(name+".pdf", func(w *pdf.Writer) error { return b.catalogue(w, *v, from) }); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(v.pieces, func(p piece) bool { return p.photo != "" }) {
		if err := b.print(v.folder+"/00-照片册.pdf", func(w *pdf.Writer) error { return b.prints(w, *v) }); err != nil {
			return err
		}
	}
	for _, p := range v.pieces {
		b.files = append(b.files, p.File)
	}
	v.count, v.pages = len(v.pieces), pagesOf(v.pieces)
	v.pieces = nil
	b.volumes = append(b.volumes, *v)
	return nil
}

// along tells whoever waits how many of the volumes are through.
func (b *binder) along(year, n int) error {
	of := len(b.pack.Chapters)
	done, all := (year-b.archive.FromYear)*of+n, (b.archive.ToYear-b.archive.FromYear+1)*of
	return b.db.Write(b.ctx, func(tx *db.Tx) error { return progress(tx, b.archive.ID, done, all) })
}

// printsMost is how many photos of a volume are printed two to a row; the
// files of all are in the archive.
const printsMost = 200

// prints are the photos of a volume with their captions.
func (b *binder) prints(w *pdf.Writer, v volume) error {
	w.Title(strconv.Itoa(v.year) + "年 照片册")
	w.Heading(fmt.Sprintf("第%d卷 %s", v.n, v.chapter.ZH))
	var list []pdf.Picture
	for _, p := range v.pieces {
		if p.photo != "" && len(list) < printsMost {
			list = append(list, pdf.Picture{JPEG: b.picture(p.photo), Caption: p.slot.Number + " " + p.caption})
		}
	}
	return w.Pictures(list)
}

// picture is a photo small enough to print, nil when it cannot be opened: its
// caption then says so.
func (b *binder) picture(sum string) []byte {
	small, err := album.Looker{Store: b.Store}.Copy(b.ctx, sum, "view")
	if err != nil {
		return nil
	}
	return small
}

// record prints the work of a year that proves a slot, if there is any.
func (b *binder) record(v *volume, s *Slot) error {
	first := calendar.Day(strconv.Itoa(v.year) + "-01-01")
	t := Period{v.year, first, calendar.On(first.Time().AddDate(1, 0, -1))}
	var works []Work
	total := 0
	err := b.db.Read(b.ctx, func(tx *db.Tx) (err error) { works, total, err = Works(tx, *s, t, recordMost); return err })
	if err != nil || total == 0 {
		return err
	}
	w, err := b.press.New()
	if err != nil {
		return err
	}
	if err := b.works(w, v.year, *s, works, total); err != nil {
		return err
	}
	unit := b.units.Unit(s.LeadID).Short
	p := piece{slot: s, title: s.title() + "工作记录", unit: unit, onDay: works[0].OnDay, pages: w.Pages()}
	p.File, err = b.keep(b.name(*v, s, unit, p.title, "pdf"), w)
	v.pieces = append(v.pieces, p)
	return err
}
