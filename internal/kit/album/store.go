package album

import (
	"encoding/base64"
	"slices"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/photo"
)

const columns = `sum, type, bytes, taken_at, lat, lon, accuracy, source, who, arrived_at, looked_at`

func scan(r db.Row) (p Photo, err error) {
	return p, r.Scan(&p.Sum, &p.Type, &p.Bytes, &p.TakenAt, &p.Lat, &p.Lon, &p.Accuracy, &p.Source, &p.Who, &p.ArrivedAt, &p.LookedAt)
}

// BySum finds an arrived photo, or db.ErrNone.
func BySum(tx *db.Tx, sum string) (Photo, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM photos WHERE sum = $1`, sum)
}

func insert(tx *db.Tx, p Photo) (fresh bool, err error) {
	n, err := tx.Exec(`INSERT INTO photos (`+columns+`, width, height, dhash, sign)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 0, '', '') ON CONFLICT (sum) DO NOTHING`,
		p.Sum, p.Type, p.Bytes, p.TakenAt, ref(p.Lat), ref(p.Lon), ref(p.Accuracy), p.Source, p.Who, p.ArrivedAt)
	if err == nil && n == 0 {
		_, err = tx.Exec(`UPDATE photos SET arrived_at = $2 WHERE sum = $1`, p.Sum, p.ArrivedAt)
	}
	return n > 0, err
}

func ref(f *float64) any {
	if f == nil {
		return nil
	}
	return *f
}

// lookedAt keeps what the picture says. The picture's own time and place fill
// in what the phone did not tell; they never replace it.
func lookedAt(tx *db.Tx, sum string, f photo.Facts) error {
	taken := int64(0)
	if !f.TakenAt.IsZero() {
		taken = f.TakenAt.UnixMilli()
	}
	_, err := tx.Exec(`UPDATE photos SET width = $2, height = $3, dhash = $4, sign = $5, looked_at = $6,
		taken_at = CASE WHEN taken_at = 0 THEN $7 ELSE taken_at END, lat = COALESCE(lat, $8), lon = COALESCE(lon, $9) WHERE sum = $1`,
		sum, int64(f.Width), int64(f.Height), hexHash(f.DHash), base64.StdEncoding.EncodeToString(f.Sign), tx.Now(), taken, ref(f.Lat), ref(f.Lon))
	if err != nil {
		return err
	}
	for band, value := range photo.Bands(f.DHash) {
		_, err := tx.Exec(`INSERT INTO photo_bands (band, value, sum) VALUES ($1, $2, $3) ON CONFLICT (band, value, sum) DO NOTHING`, int64(band), value, sum)
		if err != nil {
			return err
		}
	}
	return nil
}

// Here refuses a command whose photos have not all arrived, so that nothing
// ever points at bytes the server does not have.
func Here(tx *db.Tx, sums []string) error {
	if len(sums) == 0 {
		return nil
	}
	here, err := db.Values[string](tx, `SELECT sum FROM photos WHERE sum IN `+db.In(1, len(sums)), db.Args(sums)...)
	gone := slices.DeleteFunc(slices.Clone(sums), func(s string) bool { return slices.Contains(here, s) })
	if err != nil || len(gone) == 0 {
		return err
	}
	f := fault.New(fault.Conflict, "photo.missing", "有 %[1]d 张照片还没有传完，手机会自动补传。",
		"%[1]d photos have not arrived yet; the phone sends them again.", len(gone))
	f.Photos = gone
	return f
}

// Hold keeps photos that something other than a case refers to, once they are
// here. The holder is its id.
func Hold(tx *db.Tx, holder string, sums []string) error {
	if err := Here(tx, sums); err != nil {
		return err
	}
	for _, sum := range sums {
		if _, err := tx.Exec(`INSERT INTO photo_uses (sum, holder) VALUES ($1, $2) ON CONFLICT (sum, holder) DO NOTHING`, sum, holder); err != nil {
			return err
		}
	}
	return nil
}

// Holders are the ids of what else than cases refers to a photo.
func Holders(tx *db.Tx, sum string) ([]string, error) {
	return db.Values[string](tx, `SELECT holder FROM photo_uses WHERE sum = $1 ORDER BY holder`, sum)
}

// kept are the sums of bytes that something refers to: photos of cases
// and rounds, papers
// that were filed, manifests of archives and their printed pages.
const kept = `SELECT sum FROM case_photos UNION SELECT sum FROM photo_uses UNION SELECT sum FROM papers UNION SELECT sum FROM archive_prints UNION SELECT manifest FROM archives WHERE manifest <> ''`

// usedOf marks the sums that something refers to.
func usedOf(tx *db.Tx, sums []string) (map[string]bool, error) {
	used := map[string]bool{}
	list, err := db.Values[string](tx, `SELECT k.sum FROM (`+kept+`) k WHERE k.sum IN `+db.In(1, len(sums)), db.Args(sums)...)
	for _, s := range list {
		used[s] = true
	}
	return used, err
}

// oldPage is how many rows are looked at in one read, so that no statement
// grows with the county.
const oldPage = 500

// oldOf lists the next page, after a sum, of what arrived before an instant in
// photos or documents.
func oldOf(tx *db.Tx, table string, before int64, after string) ([]string, error) {
	return db.Values[string](tx, `SELECT sum FROM `+table+` WHERE sum > $1 AND arrived_at < $2 ORDER BY sum LIMIT $3`, after, before, int64(oldPage))
}

// unused are those sums that nothing refers to.
func unused(tx *db.Tx, sums []string) ([]string, error) {
	used, err := usedOf(tx, sums)
	return slices.DeleteFunc(slices.Clone(sums), func(sum string) bool { return used[sum] }), err
}

// drop removes the rows of sums in photos or documents that arrived before an
// instant and to which nothing refers by now.
func drop(tx *db.Tx, table string, before int64, sums []string) error {
	gone, err := unused(tx, sums)
	if err != nil {
		return err
	}
	for _, sum := range gone {
		if table == "photos" {
			err = dropBands(tx, sum, before)
		}
		if err == nil {
			_, err = tx.Exec(`DELETE FROM `+table+` WHERE sum = $1 AND arrived_at < $2`, sum, before)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// dropBands finds the pieces of a photo's hash by their values, since nothing
// lists them by photo.
func dropBands(tx *db.Tx, sum string, before int64) error {
	text, err := db.Value[string](tx, `SELECT dhash FROM photos WHERE sum = $1 AND arrived_at < $2`, sum, before)
	if err != nil && err != db.ErrNone { // none: sent again
		return err
	}
	hash, looked := Hash(text)
	if !looked {
		return nil
	}
	for band, value := range photo.Bands(hash) {
		if _, err := tx.Exec(`DELETE FROM photo_bands WHERE band = $1 AND value = $2 AND sum = $3`, int64(band), value, sum); err != nil {
			return err
		}
	}
	return nil
}

// Sums lists all bytes that have arrived or that something refers to.
func Sums(tx *db.Tx) ([]string, error) {
	return db.Values[string](tx, `SELECT sum FROM photos UNION SELECT sum FROM documents UNION `+kept+` ORDER BY 1`)
}

// Newest lists the n photos that arrived last.
func Newest(tx *db.Tx, n int) ([]string, error) {
	return db.Values[string](tx, `SELECT sum FROM photos ORDER BY arrived_at DESC, sum LIMIT $1`, int64(n))
}
