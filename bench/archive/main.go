// Command archive measures how fast a county's ledger leaves as an archive,
// beside Info-ZIP storing the same files (zip -0) in the same run, and how much
// memory it takes. Both read the same bytes from the same disk and write one
// file; ours also checks every file against its SHA-256 on the way.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"chuangwei/internal/flow/evidence"
	"chuangwei/internal/kit/archive"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/document"
	"chuangwei/internal/kit/pdf"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
	"chuangwei/schema"
	"chuangwei/standards"
)

// packID is the standard whose slots the papers hang on.
const packID = "county-2021"

func main() {
	files := flag.Int("files", 100_000, "papers in the county")
	rounds := flag.Int("rounds", 3, "rounds; ours and zip take turns")
	least, most := flag.Int("least", 1<<10, "bytes of the smallest file"), flag.Int("most", 15<<10, "bytes of the largest")
	dir := flag.String("dir", "", "folder to work in; a temporary one when empty")
	part := flag.String("part", "", "used by the command itself: make or stream")
	flag.Parse()
	if *part != "" {
		check(child(*dir, *part))
		return
	}
	if *dir == "" {
		made, err := os.MkdirTemp("", "bench-archive-")
		check(err)
		defer os.RemoveAll(made)
		*dir = made
	}
	bytes := fill(*dir, *files, *least, *most)
	fmt.Printf("%d papers, %.0f MB, %d to %d bytes each\n", *files, float64(bytes)/1e6, *least, *most)
	took, rss := run(*dir, "make")
	fmt.Printf("order and catalogues (prints %d years of volumes, fixes all names and sums): %.1f s, peak %d MB\n", 3, took.Seconds(), rss>>20)
	named(*dir)
	var ours, theirs []float64
	for range *rounds {
		took, rss := run(*dir, "stream")
		ours = append(ours, took.Seconds())
		fmt.Printf("  chuangwei  %6.2f s  %6.0f MB/s  peak %d MB\n", took.Seconds(), float64(bytes)/1e6/took.Seconds(), rss>>20)
		z := plain(*dir)
		theirs = append(theirs, z.Seconds())
		fmt.Printf("  zip -0     %6.2f s  %6.0f MB/s\n", z.Seconds(), float64(bytes)/1e6/z.Seconds())
	}
	fmt.Printf("speed relative to zip -0: best %.2f, median %.2f\n", slices.Min(theirs)/slices.Min(ours), median(theirs)/median(ours))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func median(list []float64) float64 {
	s := slices.Sorted(slices.Values(list))
	return s[len(s)/2]
}

func open(dir string) (*db.DB, blob.Store) {
	d, err := db.Open(context.Background(), db.Options{URL: "sqlite:" + filepath.Join(dir, "county.db"), Relaxed: true})
	check(err)
	store, err := blob.Folder(filepath.Join(dir, "photos"))
	check(err)
	return d, store
}

// fill makes a county of checked papers, three years on every slot that asks
// for papers, with random bytes, which no method could compress.
func fill(dir string, files, least, most int) (total int64) {
	d, _ := open(dir)
	defer d.Close()
	ctx := context.Background()
	check(d.Migrate(ctx, schema.Files))
	check(d.Write(ctx, func(tx *db.Tx) error { return standard.Load(tx, standards.Files) }))
	var slots []evidence.Slot
	check(d.Read(ctx, func(tx *db.Tx) (err error) { slots, err = evidence.Slots(tx); return err }))
	slots = slices.DeleteFunc(slots, func(s evidence.Slot) bool { return s.Pack.ID != packID })
	check(d.Write(ctx, func(tx *db.Tx) error {
		return org.AddUnit(tx, org.System, org.Unit{ID: "u", Code: "u", Name: "城市管理局", Short: "城管局", Sort: "unit"})
	}))
	r := rand.New(rand.NewPCG(1, 1))
	for from := 0; from < files; from += 1000 {
		check(d.Write(ctx, func(tx *db.Tx) error {
			for i := from; i < min(files, from+1000); i++ {
				b := make([]byte, least+r.IntN(most-least+1))
				for j := 0; j+8 <= len(b); j += 8 {
					x := r.Uint64()
					for k := range 8 {
						b[j+k] = byte(x >> (8 * k))
					}
				}
				total += int64(len(b))
				if err := paper(tx, dir, i, 2024+i/len(slots)%3, b, slots[i%len(slots)]); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	return total
}

func paper(tx *db.Tx, dir string, i, year int, b []byte, s evidence.Slot) error {
	sum := archive.Sum(b)
	name := filepath.Join(dir, "photos", "original", sum[:2], sum) // as the store lays it out, without waiting for the disk 100,000 times
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(name, b, 0o644); err != nil {
		return err
	}
	id := fmt.Sprintf("p%07d", i)
	_, err := tx.Exec(`INSERT INTO documents (sum, type, bytes, name, who, arrived_at, state, pages, cut, why, body) VALUES ($1, $2, $3, '', 'x', 1, 'read', 3, $4, '', '')`, sum, document.TypePDF, int64(len(b)), false)
	if err == nil {
		_, err = tx.Exec(`INSERT INTO papers (id, sum, type, bytes, title, caption, unit_id, on_day, year, to_year, state, note, case_id, who, at, checked_by, checked_at, version)
			VALUES ($1, $2, $3, $4, $5, '', 'u', $6, $7, $7, 'checked', '', '', 'x', 1, 'y', 1, 2)`, id, sum, document.TypePDF, int64(len(b)), fmt.Sprintf("第%d号清扫保洁记录", i), fmt.Sprintf("%d-06-01", year), int64(year))
	}
	if err == nil {
		_, err = tx.Exec(`INSERT INTO paper_slots (paper_id, slot) VALUES ($1, $2)`, id, s.ID)
	}
	return err
}

// child does one part in a process of its own, whose memory is counted.
func child(dir, part string) error {
	d, store := open(dir)
	defer d.Close()
	ctx := context.Background()
	k := evidence.Desk{Store: store, Fonts: func() (pdf.Fonts, error) { return pdf.Find(os.Getenv("CHUANGWEI_FONT"), ".tools/fonts") }}
	const id = "archive"
	if part == "make" {
		_, err := k.MakeNow(ctx, d, org.System, evidence.Archive{ID: id, Pack: packID, FromYear: 2024, ToYear: 2026})
		return err
	}
	var a evidence.Archive
	if err := d.Read(ctx, func(tx *db.Tx) (err error) { a, err = evidence.ArchiveByID(tx, org.System, id); return err }); err != nil {
		return err
	}
	if a.State != "ready" {
		return fmt.Errorf("the archive is %s: %s", a.State, a.Why.EN)
	}
	out, err := os.Create(filepath.Join(dir, "ours.zip"))
	if err != nil {
		return err
	}
	if err := k.Stream(ctx, out, a); err != nil {
		return err
	}
	return out.Close()
}

// run starts a part and tells how long it took and the most memory it had.
func run(dir, part string) (time.Duration, int64) {
	own, err := os.Executable()
	check(err)
	c := exec.Command(own, "-dir", dir, "-part", part)
	c.Stderr = os.Stderr
	start := time.Now()
	check(c.Run())
	took := time.Since(start)
	return took, c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
}

// named lays the files of the archive out under their names, as links, so that
// zip packs the same bytes under the same names.
func named(dir string) {
	d, store := open(dir)
	defer d.Close()
	ctx := context.Background()
	var a evidence.Archive
	check(d.Read(ctx, func(tx *db.Tx) (err error) { a, err = evidence.ArchiveByID(tx, org.System, "archive"); return err }))
	r, size, err := store.Open(ctx, a.Manifest)
	check(err)
	manifest := make([]byte, size)
	_, err = io.ReadFull(r, manifest)
	check(err)
	files, err := archive.ParseManifest(manifest)
	check(err)
	for _, f := range files {
		to := filepath.Join(dir, "tree", f.Name)
		check(os.MkdirAll(filepath.Dir(to), 0o755))
		check(os.Link(filepath.Join(dir, "photos", "original", f.Sum[:2], f.Sum), to))
	}
}

func plain(dir string) time.Duration {
	out := filepath.Join(dir, "theirs.zip")
	_ = os.Remove(out) // none from the round before is fine
	c := exec.Command("zip", "-0", "-q", "-r", out, ".")
	c.Dir = filepath.Join(dir, "tree")
	start := time.Now()
	if b, err := c.CombinedOutput(); err != nil {
		check(fmt.Errorf("zip: %w %s", err, strings.TrimSpace(string(b))))
	}
	return time.Since(start)
}
