// Package meter tells Prometheus how the program is doing. It counts requests,
// work and space, never people: no metric bears a name, an area or a unit.
package meter

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/kit/room"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Meter is one process's figures.
type Meter struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

// lateAfter is when a job that waits counts as late.
const lateAfter = 5 * time.Minute

// patience bounds the questions to the database of one reading.
const patience = 5 * time.Second

// New makes the figures of a county; reserve may be nil.
func New(d *db.DB, reserve *room.Room) *Meter {
	m := &Meter{registry: prometheus.NewRegistry(), requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "chuangwei_request_seconds", Help: "Time to answer, by route and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"route", "status"})}
	m.registry.MustRegister(m.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		&county{db: d, reserve: reserve})
	return m
}

// Observe counts one answered request. route is its pattern, never its path.
func (m *Meter) Observe(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}

// Handler answers readings.
func (m *Meter) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// county asks the database when it is read, so that nothing has to be kept up.
type county struct {
	db      *db.DB
	reserve *room.Room
}

var (
	up     = prometheus.NewDesc("chuangwei_database_up", "1 when the database answers.", []string{"engine"}, nil)
	events = prometheus.NewDesc("chuangwei_events_total", "Events in the log.", nil, nil)
	stuck  = prometheus.NewDesc("chuangwei_events_stuck", "Events a follower could not digest.", nil, nil)
	late   = prometheus.NewDesc("chuangwei_jobs_late", "Jobs due for five minutes and not done.", nil, nil)
	given  = prometheus.NewDesc("chuangwei_jobs_given_up", "Jobs that failed at every try.", nil, nil)
	short  = prometheus.NewDesc("chuangwei_disk_reserve_given_up", "1 while the disk is full and the reserve is in use.", nil, nil)
)

// Describe names the figures.
func (c *county) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{up, events, stuck, late, given, short} {
		to <- d
	}
}

// Collect reads them.
func (c *county) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	var happened, undigested, waiting, lost int64
	err := c.db.Read(ctx, func(tx *db.Tx) (err error) {
		if happened, err = event.Last(tx); err != nil {
			return err
		}
		if undigested, err = event.Stuck(tx); err != nil {
			return err
		}
		waiting, lost, err = job.Stuck(tx, tx.Time().Add(-lateAfter))
		return err
	})
	gauge(short, truth(c.reserve.Short()))
	gauge(up, truth(err == nil), string(c.db.Engine()))
	if err != nil {
		return // the figure above says it
	}
	to <- prometheus.MustNewConstMetric(events, prometheus.CounterValue, float64(happened))
	gauge(stuck, float64(undigested))
	gauge(late, float64(waiting))
	gauge(given, float64(lost))
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
