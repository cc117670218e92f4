package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"sync"
	"time"

	"chuangwei/internal/demo/town"
)

func main() {
	dir := os.Args[1]
	os.MkdirAll(dir+"/photos", 0o755)
	t := town.New(7)
	day0 := time.Now().UTC().Add(8 * time.Hour).Format(time.DateOnly)
	hist := t.History(day0, func(d string) bool { x, _ := time.Parse(time.DateOnly, d); return x.YearDay()%5 == 0 })
	type inc struct {
		town.Incident
		BeforeSums, AfterSums []string
	}
	from := len(hist) - 320
	out := make([]inc, len(hist))
	var wg sync.WaitGroup
	sem := make(chan int, 16)
	save := func(b []byte) string {
		s := sha256.Sum256(b)
		n := hex.EncodeToString(s[:])
		os.WriteFile(dir+"/photos/"+n, b, 0o644)
		return n
	}
	for i := range hist {
		out[i].Incident = hist[i]
		if i < from {
			continue
		}
		wg.Add(1)
		sem <- 1
		go func() {
			defer wg.Done()
			h := &out[i]
			for v := 0; v < min(h.Before, 2); v++ {
				h.BeforeSums = append(h.BeforeSums, save(town.Photo(h.Scene, false, uint64(v+1))))
			}
			for v := 0; v < min(h.After, 1); v++ {
				h.AfterSums = append(h.AfterSums, save(town.Photo(h.Scene, true, uint64(v+51))))
			}
			<-sem
		}()
	}
	wg.Wait()
	os.WriteFile(dir+"/basemap.geojson", t.BaseMap(), 0o644)
	b, _ := json.Marshal(map[string]any{"day0": day0, "areas": t.Areas, "units": t.Units, "people": t.People, "posts": t.Posts, "places": t.Places(), "history": out[from:]})
	os.WriteFile(dir+"/town.json", b, 0o644)
}
