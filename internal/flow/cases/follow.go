package cases

import (
	"context"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/job"
)

// Jobs of this noun, for the timetable in wire.go.
const (
	ClimbJob = "cases.climb"
	DrawJob  = "cases.draw"
)

// Climbing runs the ladder over all late cases, a batch to a write.
func Climbing(ctx context.Context, d *db.DB, _ job.Job) error {
	for after := ""; ; {
		var next string
		err := d.Write(ctx, func(tx *db.Tx) (err error) {
			next, _, err = Climb(tx, after)
			return err
		})
		if err != nil || next == "" {
			return err
		}
		after = next
	}
}

// Drawing draws the day's second looks.
func Drawing(ctx context.Context, d *db.DB, _ job.Job) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := DrawRechecks(tx)
		return err
	})
}

// Regular is the noun's part of the timetable.
var Regular = []job.Regular{{Kind: ClimbJob, Every: 5 * time.Minute}, {Kind: DrawJob, Every: 24 * time.Hour}}
