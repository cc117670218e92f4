// Pocketbase is the peer of the load benchmark: PocketBase with one collection
// of the same payload as a report, open to everybody, and made as durable as
// ours (synchronous=FULL; it ships with NORMAL).
package main

import (
	"log"
	"os"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

const pragmas = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)" +
	"&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)"

func main() {
	app := pocketbase.NewWithConfig(pocketbase.Config{
		DefaultDataDir: os.Getenv("PB_DATA"),
		DBConnect:      func(path string) (*dbx.DB, error) { return dbx.Open("sqlite", path+pragmas) },
	})
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if err := collection(e.App); err != nil {
			return err
		}
		return e.Next()
	})
	if err := app.Start(); err != nil && !strings.Contains(err.Error(), "closed") {
		log.Fatal(err)
	}
}

// collection makes the table of reports, once.
func collection(app core.App) error {
	if _, err := app.FindCollectionByNameOrId("reports"); err == nil {
		return nil
	}
	c := core.NewBaseCollection("reports")
	c.ListRule, c.CreateRule = types.Pointer(""), types.Pointer("")
	c.Fields.Add(
		&core.TextField{Name: "text"}, &core.TextField{Name: "kind"}, &core.NumberField{Name: "lat"}, &core.NumberField{Name: "lon"},
		&core.TextField{Name: "finder"}, &core.FileField{Name: "photo", MaxSize: 10 << 20, MaxSelect: 1},
		&core.AutodateField{Name: "created", OnCreate: true},
	)
	c.AddIndex("reports_newest", false, "created", "")
	return app.Save(c)
}
