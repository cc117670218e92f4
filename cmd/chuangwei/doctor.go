package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/backup"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/kit/room"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
	"chuangwei/schema"
)

// grade says how urgent a finding is.
type grade int

const (
	fine  grade = iota
	look        // works, but somebody should see to it
	wrong       // does not work, or soon will not
)

var gradeSign = map[grade]string{fine: "正常 ok  ", look: "注意 look", wrong: "故障 bad "}

// finding is one line of the doctor.
type finding struct {
	grade grade
	text  fault.Text
}

func found(g grade, zh, en string, args ...any) finding {
	return finding{g, fault.Say(zh, en, args...)}
}

// patient is a county being looked over.
type patient struct {
	where
	cert   string
	db     *db.DB
	photos blob.Store
}

// check is one thing the doctor looks at; an error is a finding too.
type check struct {
	what string
	look func(ctx context.Context, p *patient) ([]finding, error)
}

var checks = []check{
	{"database", soundDatabase},
	{"schema", currentSchema},
	{"disk", roomLeft},
	{"photos", photosThere},
	{"work", workDone},
	{"backup", freshBackup},
	{"people", peopleThere},
	{"register", routable},
	{"calendar", yearKnown},
	{"certificate", certificate},
}

type doctorCmd struct {
	where
	Cert string `help:"Certificate file of the server, to see when it ends." env:"CHUANGWEI_CERT"`
}

// Run prints a line for everything looked at; with anything wrong it ends in
// an error, so that a timer can ring somebody.
func (d *doctorCmd) Run(ctx context.Context, log *slog.Logger) error {
	if i, err := os.Stat(d.Dir); d.Database == "" && (err != nil || !i.IsDir()) {
		return noCounty(d.Dir)
	}
	base, photos, err := d.connect(ctx, log, time.Now, false)
	if err != nil {
		return fmt.Errorf("doctor: %w", err)
	}
	defer base.Close()
	if had, _, err := base.Pending(ctx, schema.Files); err != nil || len(had) == 0 {
		return errors.Join(err, noCounty(d.Dir))
	}
	p := &patient{where: d.where, cert: d.Cert, db: base, photos: photos}
	bad := 0
	for _, c := range checks {
		list, err := c.look(ctx, p)
		if err != nil {
			list = append(list, found(wrong, "没能检查：%[1]v", "This could not be looked at: %[1]v", err))
		}
		for _, f := range list {
			fmt.Printf("%s  %-11s %s\n%28s%s\n", gradeSign[f.grade], c.what, f.text.ZH, "", f.text.EN)
			if f.grade == wrong {
				bad++
			}
		}
	}
	if bad > 0 {
		return fault.New(fault.Conflict, "doctor.bad", "有 %[1]d 处故障要处理", "%[1]d things are wrong", bad)
	}
	return nil
}

func noCounty(dir string) error {
	return fault.New(fault.NotFound, "doctor.none", "%[1]s 里没有县的数据。请用 --data 或 --db 指出数据在哪里。", "There is no county in %[1]s. Say with --data or --db where it is.", dir)
}

func soundDatabase(ctx context.Context, p *patient) ([]finding, error) {
	if err := p.db.Sound(ctx); err != nil {
		return []finding{found(wrong, "数据库损坏：%v。请停止服务，从最近一次备份恢复。", "The database is damaged: %v. Stop the server and restore the last backup.", err)}, nil
	}
	return []finding{found(fine, "数据库完好（%[1]s）", "The database is whole (%[1]s).", p.db.Engine())}, nil
}

func currentSchema(ctx context.Context, p *patient) ([]finding, error) {
	had, missing, err := p.db.Pending(ctx, schema.Files)
	if err != nil {
		return nil, err
	}
	if len(missing) > 0 {
		return []finding{found(look, "数据结构有 %[1]d 处待升级，下次启动时自动先备份再升级。", "%[1]d changes of the schema wait; the next start backs up and applies them.", len(missing))}, nil
	}
	var broken bool
	if err := p.db.Read(ctx, func(tx *db.Tx) (err error) { broken, err = backup.Unfinished(tx); return err }); err != nil {
		return nil, err
	}
	if broken {
		return nil, backup.Interrupted()
	}
	return []finding{found(fine, "数据结构是最新的（%[1]d 个版本）", "The schema is up to date (%[1]d files).", len(had))}, nil
}

func roomLeft(_ context.Context, p *patient) ([]finding, error) {
	free, err := room.Free(p.Dir)
	if err != nil {
		return nil, err
	}
	mega := free >> 20
	switch {
	case mega < 512:
		return []finding{found(wrong, "磁盘只剩 %[1]d MB，请立即清理或扩容。", "Only %[1]d MB of disk are left; make room now.", mega)}, nil
	case mega < 5<<10:
		return []finding{found(look, "磁盘剩 %[1]d MB，请安排扩容。", "%[1]d MB of disk are left; plan for more.", mega)}, nil
	}
	return []finding{found(fine, "磁盘剩 %[1]d GB", "%[1]d GB of disk are left.", mega>>10)}, nil
}

// photosLooked is how many of the newest photos the doctor asks the store for.
const photosLooked = 500

func photosThere(ctx context.Context, p *patient) ([]finding, error) {
	var sums []string
	if err := p.db.Read(ctx, func(tx *db.Tx) (err error) { sums, err = album.Newest(tx, photosLooked); return err }); err != nil {
		return nil, err
	}
	gone := 0
	for _, sum := range sums {
		if _, err := p.photos.Stat(ctx, sum); errors.Is(err, blob.ErrNotFound) {
			gone++
		} else if err != nil {
			return nil, err
		}
	}
	if gone > 0 {
		return []finding{found(wrong, "最近 %[1]d 张照片里有 %[2]d 张文件不在，请检查照片目录或从备份补回。", "Of the newest %[1]d photos %[2]d have no bytes; look at the photo store or bring them back from a backup.", len(sums), gone)}, nil
	}
	return []finding{found(fine, "最近 %[1]d 张照片都在", "The newest %[1]d photos are all there.", len(sums))}, nil
}

func workDone(ctx context.Context, p *patient) (out []finding, err error) {
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		late, given, err := job.Stuck(tx, time.Now().Add(-15*time.Minute))
		if err != nil {
			return err
		}
		stuck, err := event.Stuck(tx)
		if late > 0 {
			out = append(out, found(look, "%[1]d 项后台工作晚了一刻钟以上；服务没有运行时这是正常的。", "%[1]d jobs are more than a quarter of an hour late; natural while the server is stopped.", late))
		}
		if given+stuck > 0 {
			out = append(out, found(wrong, "%[1]d 项后台工作多次失败、%[2]d 件事没能处理，请把日志发给维护人员。", "%[1]d jobs were given up, %[2]d events not digested; send the log to whoever maintains this.", given, stuck))
		}
		return err
	})
	if err == nil && len(out) == 0 {
		out = append(out, found(fine, "后台工作没有积压", "No background work is stuck."))
	}
	return out, err
}

func freshBackup(_ context.Context, p *patient) ([]finding, error) {
	names, err := filepath.Glob(filepath.Join(p.Dir, backupFolder, "*.zip"))
	if err != nil {
		return nil, err
	}
	newest := time.Time{}
	for _, n := range names {
		if at := modified(n); at.After(newest) {
			newest = at
		}
	}
	if newest.IsZero() {
		return []finding{found(look, "数据目录里没有备份。请每天运行 chuangwei backup，并把文件存到另一台机器。", "There is no backup in the data folder. Run chuangwei backup every day and keep the file on another machine.")}, nil
	}
	if age := time.Since(newest); age > 48*time.Hour {
		return []finding{found(look, "最近一次备份是 %[1]d 天前。", "The last backup is %[1]d days old.", int(age.Hours()/24))}, nil
	}
	return []finding{found(fine, "最近一次备份：%[1]s", "Last backup: %[1]s.", newest.Format("2006-01-02 15:04"))}, nil
}

func peopleThere(ctx context.Context, p *patient) (out []finding, err error) {
	today := string(calendar.On(time.Now()))
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		for _, need := range []struct {
			role   org.Role
			zh, en string
		}{
			{org.Administrator, "系统管理员", "administrator"}, {org.Dispatcher, "派遣员", "dispatcher"}, {org.Verifier, "核查员", "verifier"},
		} {
			list, err := org.Holders(tx, need.role, "", "", today)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				out = append(out, found(wrong, "今天没有在任的%[1]s，请在机构名单里补上。", "Nobody holds the post of %[2]s today; see to it in the register.", need.zh, need.en))
			}
		}
		return nil
	})
	if err == nil && len(out) == 0 {
		out = append(out, found(fine, "管理、派遣、核查都有人在任", "Administrator, dispatcher and verifier are in office."))
	}
	return out, err
}

// routable looks for kinds of problem that no unit leads.
func routable(ctx context.Context, p *patient) (out []finding, err error) {
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		kinds, err := standard.Kinds(tx)
		if err != nil {
			return err
		}
		orphans := 0
		for _, k := range kinds {
			if _, err := org.UnitByRole(tx, k.Lead); errors.Is(err, db.ErrNone) || fault.Is(err, fault.NotFound) {
				orphans++
			} else if err != nil {
				return err
			}
		}
		areas, err := place.Areas(tx)
		if err != nil {
			return err
		}
		if len(areas) == 0 {
			out = append(out, found(look, "还没有片区，案件只能由派遣员人工分。", "There are no areas yet; dispatchers must decide every case."))
		}
		if orphans > 0 {
			out = append(out, found(look, "%[2]d 类问题中有 %[1]d 类没有牵头单位，这些案件会等派遣员。", "%[1]d of %[2]d kinds have no leading unit; their cases wait for a dispatcher.", orphans, len(kinds)))
		}
		if len(out) == 0 {
			out = append(out, found(fine, "%[1]d 个片区，%[2]d 类问题都有牵头单位", "%[1]d areas; each of %[2]d kinds has its unit.", len(areas), len(kinds)))
		}
		return nil
	})
	return out, err
}

func yearKnown(context.Context, *patient) ([]finding, error) {
	now := time.Now()
	next := now.AddDate(0, 1, 0).Year()
	if _, published := calendar.National(next); !published {
		return []finding{found(look, "%[1]d 年的放假通知还没有收进来，工作日先按周一至周五推算；通知发布后请在日历里补录。",
			"The holiday notice of %[1]d is not in yet; working days are Monday to Friday until it is entered in the calendar.", next)}, nil
	}
	return []finding{found(fine, "%[1]d 年的放假安排已知", "The holidays of %[1]d are known.", next)}, nil
}

func certificate(_ context.Context, p *patient) ([]finding, error) {
	if p.cert == "" {
		return nil, nil
	}
	text, err := os.ReadFile(p.cert)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return []finding{found(wrong, "证书文件 %[1]s 不是 PEM 格式", "%[1]s is not PEM.", p.cert)}, nil
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, err
	}
	days := int(time.Until(c.NotAfter).Hours() / 24)
	switch {
	case days < 0:
		return []finding{found(wrong, "证书已过期 %[1]d 天", "The certificate ended %[1]d days ago.", -days)}, nil
	case days < 30:
		return []finding{found(look, "证书还有 %[1]d 天到期，请换新。", "The certificate ends in %[1]d days; renew it.", days)}, nil
	}
	return []finding{found(fine, "证书还有 %[1]d 天", "The certificate is good for %[1]d days.", days)}, nil
}
