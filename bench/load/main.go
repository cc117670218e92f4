// Load measures the real program over HTTP: a thousand signed-in phones at
// mixed work, and each operation by itself, on SQLite and on PostgreSQL, with
// more and more cases stored, beside PocketBase with the same payload in the
// same run. It prints tables in Markdown.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

type options struct {
	binary, peer, postgres string
	sizes                  []int64
	engines                []string
	conns, phones          int
	seconds, mixed         time.Duration
	keep, only, profile    string
}

func read() options {
	var o options
	sizes := flag.String("sizes", "10000,200000", "stored cases, separated by commas")
	engines := flag.String("engines", "sqlite,postgres", "which engines")
	flag.StringVar(&o.binary, "binary", ".tools/chuangwei", "the program")
	flag.StringVar(&o.peer, "peer", "", "PocketBase as built from bench/pocketbase; none when empty")
	flag.StringVar(&o.postgres, "postgres", os.Getenv("CHUANGWEI_TEST_PG"), "address of a PostgreSQL to make schemas in")
	flag.IntVar(&o.conns, "conns", 32, "connections of the single operations")
	flag.IntVar(&o.phones, "phones", 1000, "signed-in phones of the mixed work")
	flag.DurationVar(&o.seconds, "seconds", 6*time.Second, "time of each single operation")
	flag.DurationVar(&o.mixed, "mixed", 20*time.Second, "time of the mixed work; 0 leaves it out, and most of the phones unsigned")
	flag.StringVar(&o.only, "only", "", "the operations to run by their names, separated by commas; all when empty")
	flag.StringVar(&o.profile, "profile", "", "file for a CPU profile of the operation named by -only")
	flag.StringVar(&o.keep, "dir", "", "where to put the data, or find that of an earlier run; a temporary folder when empty")
	flag.Parse()
	if o.mixed == 0 {
		o.phones = o.conns
	}
	for _, s := range strings.Split(*sizes, ",") {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			log.Fatalf("sizes: %v", err)
		}
		o.sizes = append(o.sizes, n)
	}
	o.engines = strings.Split(*engines, ",")
	return o
}

func main() {
	o := read()
	log.SetFlags(log.Ltime)
	if o.keep == "" {
		dir, err := os.MkdirTemp("", "chuangwei-load-*")
		if err != nil {
			log.Fatal(err)
		}
		defer os.RemoveAll(dir)
		o.keep = dir
	}
	ctx := context.Background()
	fmt.Printf("\n%d connections for single operations, %d phones for mixed work. CPU is user + system of the server and its database.\n", o.conns, o.phones)
	fmt.Print("\n| program | stored | operation | per second | p50 ms | p95 ms | p99 ms | CPU ms each |\n|---|--:|---|--:|--:|--:|--:|--:|\n")
	var ends []string
	for _, size := range o.sizes {
		if o.peer != "" {
			end, err := peer(ctx, o, size)
			if err != nil {
				log.Fatalf("PocketBase at %d: %v", size, err)
			}
			ends = append(ends, end)
		}
		for _, engine := range o.engines {
			end, err := ours(ctx, o, engine, size)
			if err != nil {
				log.Fatalf("%s at %d: %v", engine, size, err)
			}
			ends = append(ends, end)
		}
	}
	fmt.Printf("\n| program | stored | ready after start, s | resident MB at rest | resident MB after load | written MB under load |\n|---|--:|--:|--:|--:|--:|\n%s\n", strings.Join(ends, "\n"))
}

// ours measures this program on one engine with size stored cases.
func ours(ctx context.Context, o options, engine string, size int64) (string, error) {
	s := &server{name: "chuangwei " + engine, dir: filepath.Join(o.keep, fmt.Sprintf("%s-%d", engine, size)), binary: o.binary}
	address, err := s.county(o, engine)
	if err != nil {
		return "", err
	}
	log.Printf("%s: filling to %d", s.name, size)
	if err := fill(ctx, address, size); err != nil {
		return "", err
	}
	if err := s.start(append([]string{"serve"}, s.args...)...); err != nil {
		return "", err
	}
	defer s.stop()
	rest := s.resident()
	before := s.written()
	w, err := newWork(ctx, s.url, address, o)
	if err != nil {
		return "", err
	}
	for _, op := range w.singles() {
		if o.only != "" && !slices.Contains(strings.Split(o.only, ","), op.name) {
			continue
		}
		if op.ready != nil {
			op.ready()
		}
		s.quiet()
		if o.profile != "" {
			go s.profile(o.profile, o.seconds)
		}
		r := run(s, o.conns, o.seconds, op.do)
		row(s, size, op.name, r)
		if later := s.quiet(); later > 100*time.Millisecond {
			fmt.Printf("| %s | %d | … and in the background afterwards | | | | | %.2f |\n", s.name, size, later.Seconds()*1000/float64(max(1, r.n())))
		}
	}
	if o.only == "" && o.mixed > 0 {
		for _, m := range w.mixed(o) {
			row(s, size, "mixed: "+m.name, m.result)
		}
	}
	if w.failed.Load() > 0 {
		return "", fmt.Errorf("%d requests failed, first: %v", w.failed.Load(), w.first.Load())
	}
	return fmt.Sprintf("| %s | %d | %.2f | %d | %d | %d |", s.name, size, s.ready.Seconds(), rest>>20, s.resident()>>20, (s.written()-before)>>20), nil
}

func row(s *server, size int64, name string, r result) {
	cpu := "–"
	if r.cpu > 0 {
		cpu = fmt.Sprintf("%.2f", r.cpu.Seconds()*1000/float64(max(1, r.n())))
	}
	fmt.Printf("| %s | %d | %s | %.0f | %.1f | %.1f | %.1f | %s |\n", s.name, size, name, float64(r.n())/r.took.Seconds(), r.at(.5), r.at(.95), r.at(.99), cpu)
}
