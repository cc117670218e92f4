package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"chuangwei/internal/face/door"
	"chuangwei/internal/face/meter"
	"chuangwei/internal/kit/backup"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/room"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
	"chuangwei/schema"
	"chuangwei/standards"

	"github.com/google/uuid"
)

// where says where a county's data lies.
type where struct {
	Dir      string `help:"Folder of the database, photos and unfinished uploads." name:"data" short:"d" default:"data" env:"CHUANGWEI_DATA"`
	Database string `help:"sqlite:PATH or postgres://…?search_path=SCHEMA; a file in the data folder when empty." name:"db" env:"CHUANGWEI_DB"`
	S3       string `name:"s3" help:"Endpoint HOST:PORT of an S3 server for photos; the data folder when empty." env:"CHUANGWEI_S3"`
	Bucket   string `name:"bucket" help:"Bucket for photos." default:"chuangwei" env:"CHUANGWEI_S3_BUCKET"`
	S3Key    string `name:"s3-key" help:"Access key." env:"CHUANGWEI_S3_KEY"`
	S3Secret string `name:"s3-secret" help:"Secret key." env:"CHUANGWEI_S3_SECRET"`
	S3TLS    bool   `name:"s3-tls" help:"Use HTTPS to the S3 server." env:"CHUANGWEI_S3_TLS"`
	Font     string `help:"TrueType font with Chinese characters, or a folder of fonts, for printing archives; the system's when empty." env:"CHUANGWEI_FONT"`
}

// front says how the county is reached.
type front struct {
	Addr    string   `help:"Address to listen on." short:"a" default:"127.0.0.1:8080" env:"CHUANGWEI_ADDR"`
	Cert    string   `help:"Certificate file for HTTPS." env:"CHUANGWEI_CERT"`
	Key     string   `help:"Key file for HTTPS." env:"CHUANGWEI_KEY"`
	Proxy   []string `help:"Addresses of reverse proxies, such as 10.0.0.7 or 10.0.0.0/24, whose X-Forwarded-For is believed." env:"CHUANGWEI_PROXY"`
	Metrics string   `help:"Address for Prometheus, such as 127.0.0.1:9100; none when empty." env:"CHUANGWEI_METRICS"`
	Reserve int      `help:"Megabytes of disk kept back for a day when the disk is full." default:"64" env:"CHUANGWEI_RESERVE"`
	Issuer  string   `name:"oidc-issuer" help:"Address of the county's identity provider (OpenID Connect); none when empty." env:"CHUANGWEI_OIDC_ISSUER"`
	Client  string   `name:"oidc-client" help:"Our client id there." env:"CHUANGWEI_OIDC_CLIENT"`
	Secret  string   `name:"oidc-secret" help:"Our client secret there." env:"CHUANGWEI_OIDC_SECRET"`
	Button  string   `name:"oidc-name" help:"What people call it, on the button." default:"统一身份认证" env:"CHUANGWEI_OIDC_NAME"`
	TLS     bool     `help:"A proxy in front does HTTPS: mark cookies as secure." env:"CHUANGWEI_BEHIND_TLS"`
}

type serveCmd struct {
	where
	front
}

// Run serves a county until it is told to stop.
func (s *serveCmd) Run(ctx context.Context, log *slog.Logger) error {
	c, err := s.open(ctx, log, time.Now, false)
	if err != nil {
		return err
	}
	defer c.db.Close()
	if err := first(ctx, c); err != nil {
		return err
	}
	return s.listen(ctx, c, nil)
}

// first gives an empty county the standards that ship and one administrator,
// whose password is printed once.
func first(ctx context.Context, c *county) error {
	empty := false
	if err := c.db.Glance(ctx, func(tx *db.Tx) error {
		units, err := org.Units(tx)
		empty = len(units) == 0
		return err
	}); err != nil {
		return err
	}
	password, hash, made := rand.Text()[:12], "", false
	if empty {
		hash = org.HashPassword(password) // which takes its time
	}
	err := c.db.Write(ctx, func(tx *db.Tx) error {
		units, err := org.Units(tx)
		if err != nil {
			return err
		}
		if len(units) > 0 {
			return standard.Ship(tx, standards.Files) // a new release may bring new packs
		}
		made = true
		if err := standard.Load(tx, standards.Files); err != nil {
			return err
		}
		id := func() string { return uuid.Must(uuid.NewV7()).String() }
		office := org.Unit{ID: id(), Code: "HQ", Name: "创卫指挥部办公室", Short: "创卫办", Sort: "centre"}
		admin := org.Person{ID: id(), Code: "admin", Name: "系统管理员", Login: "admin", Password: hash, UnitID: office.ID, Title: "系统管理员", Lang: "zh"}
		post := org.Post{ID: id(), Role: org.Administrator, Name: "系统管理员"}
		return errors.Join(org.AddUnit(tx, org.System, office), org.AddPerson(tx, org.System, admin), org.AddPost(tx, org.System, post),
			org.AddTerm(tx, org.System, org.Term{ID: id(), PostID: post.ID, PersonID: admin.ID, FromOn: string(calendar.On(tx.Time()))}))
	})
	if err == nil && made {
		fmt.Printf("首次启动：管理员账号 admin，密码 %[1]s（只显示这一次）\nFirst start: sign in as admin with the password %[1]s (shown only once)\n", password)
	}
	return err
}

// open connects a county and brings its schema up to date.
func (w *where) open(ctx context.Context, log *slog.Logger, now func() time.Time, relaxed bool) (*county, error) {
	d, store, err := w.connect(ctx, log, now, relaxed)
	if err != nil {
		return nil, err
	}
	if err := w.upgrade(ctx, d, log); err != nil {
		d.Close()
		return nil, err
	}
	return &county{db: d, blobs: store, log: log, dir: w.Dir, font: w.Font, closing: make(chan struct{})}, nil
}

// upgrade brings the schema up to date; a county in use is backed up first,
// and one that a restore has left half filled is refused.
func (w *where) upgrade(ctx context.Context, d *db.DB, log *slog.Logger) error {
	if err := w.beforeUpgrade(ctx, d, log); err != nil {
		return err
	}
	if err := d.Migrate(ctx, schema.Files); err != nil {
		return err
	}
	return d.Read(ctx, func(tx *db.Tx) error {
		broken, err := backup.Unfinished(tx)
		if err == nil && broken {
			err = backup.Interrupted()
		}
		return err
	})
}

// connect reaches the database and the photos without touching the schema.
func (w *where) connect(ctx context.Context, log *slog.Logger, now func() time.Time, relaxed bool) (*db.DB, blob.Store, error) {
	if err := os.MkdirAll(w.Dir, 0o750); err != nil {
		return nil, nil, fmt.Errorf("data folder: %w", err)
	}
	address := w.Database
	if address == "" {
		address = "sqlite:" + filepath.Join(w.Dir, "county.db")
	}
	store, err := w.store(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("photos: %w", err)
	}
	d, err := db.Open(ctx, db.Options{URL: address, Now: now, Log: log, Relaxed: relaxed})
	return d, store, err
}

func (w *where) store(ctx context.Context) (blob.Store, error) {
	if w.S3 == "" {
		return blob.Folder(filepath.Join(w.Dir, "photos"))
	}
	return blob.S3(ctx, blob.S3Config{Endpoint: w.S3, Bucket: w.Bucket, AccessKey: w.S3Key, SecretKey: w.S3Secret, TLS: w.S3TLS})
}

// grace is how long running requests may finish when the program stops.
const grace = 15 * time.Second

// ballast is memory in bytes that is asked for and never touched, so that the
// machine does not give it; but the collector, which runs when the heap has
// doubled, counts it. The heap of a county, some 10 MB, would double many times
// a second under load. A large heap, as a roster needs it, is collected as ever.
const ballast = 24 << 20

// listen serves until ctx ends; ready is told the address.
func (f *front) listen(ctx context.Context, c *county, ready func(url string)) error {
	defer runtime.KeepAlive(make([]byte, ballast))
	c.secure = f.Cert != "" || f.TLS
	var err error
	if c.room, err = room.Keep(c.dir, int64(f.Reserve)<<20); err != nil {
		return err
	}
	if c.proxies, err = prefixes(f.Proxy); err != nil {
		return err
	}
	if f.Issuer != "" {
		c.provider = &door.Provider{Issuer: f.Issuer, Client: f.Client, Secret: f.Secret, Name: f.Button}
	}
	m := meter.New(c.db, c.room)
	h, err := c.handler(m)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", f.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	work, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	c.background(work, &running)
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(c.log.Handler(), slog.LevelDebug)}
	server.RegisterOnShutdown(func() { close(c.closing) })
	if f.Metrics != "" {
		stop, err := f.measure(m, c.log)
		if err != nil {
			cancel()
			return err
		}
		defer stop()
	}
	go func() {
		<-ctx.Done()
		late, stop := context.WithTimeout(context.Background(), grace)
		defer stop()
		if err := server.Shutdown(late); err != nil {
			server.Close()
		}
	}()
	url := f.url(l)
	c.log.Info("ready", "url", url)
	if ready != nil {
		ready(url)
	}
	err = f.serve(server, l)
	cancel()
	running.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// prefixes reads addresses and networks.
func prefixes(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range list {
		p, err := netip.ParsePrefix(text)
		if a, aerr := netip.ParseAddr(text); aerr == nil {
			p, err = a.Prefix(a.BitLen())
		}
		if err != nil {
			return nil, fault.New(fault.Invalid, "serve.proxy", "代理地址“%[1]s”不对，请写成 10.0.0.7 或 10.0.0.0/24", "%[1]q is no address of a proxy; write 10.0.0.7 or 10.0.0.0/24", text)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// measure answers Prometheus on an address of its own, away from the public.
func (f *front) measure(m *meter.Meter, log *slog.Logger) (stop func() error, err error) {
	l, err := net.Listen("tcp", f.Metrics)
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.Handler())
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics", "err", err)
		}
	}()
	log.Info("metrics", "url", "http://"+l.Addr().String()+"/metrics")
	return server.Close, nil
}

func (f *front) serve(server *http.Server, l net.Listener) error {
	if f.Cert != "" {
		return server.ServeTLS(l, f.Cert, f.Key)
	}
	return server.Serve(l)
}

func (f *front) url(l net.Listener) string {
	if f.Cert != "" {
		return "https://" + l.Addr().String()
	}
	return "http://" + l.Addr().String()
}
