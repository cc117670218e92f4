package place

import "chuangwei/internal/kit/db"

const areaColumns = `id, code, name, lead_unit_id, parent_id, shape, lat, lon`

func scanArea(r db.Row) (a Area, err error) {
	return a, r.Scan(&a.ID, &a.Code, &a.Name, &a.LeadUnitID, &a.ParentID, &a.Shape, &a.Lat, &a.Lon)
}

const placeColumns = `id, code, name, kind, area_id, unit_id, address, lat, lon`

func scanPlace(r db.Row) (p Place, err error) {
	return p, r.Scan(&p.ID, &p.Code, &p.Name, &p.Kind, &p.AreaID, &p.UnitID, &p.Address, &p.Lat, &p.Lon)
}

func insertArea(tx *db.Tx, a Area) error {
	_, err := tx.Exec(`INSERT INTO areas (`+areaColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		a.ID, a.Code, a.Name, a.LeadUnitID, a.ParentID, a.Shape, a.Lat, a.Lon)
	return err
}

func insertPlace(tx *db.Tx, p Place) error {
	_, err := tx.Exec(`INSERT INTO places (`+placeColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		p.ID, p.Code, p.Name, p.Kind, p.AreaID, p.UnitID, p.Address, p.Lat, p.Lon)
	return err
}

// Areas lists all areas in order of code, without their grids.
func Areas(tx *db.Tx) ([]Area, error) {
	return db.All(tx, scanArea, `SELECT `+areaColumns+` FROM areas WHERE parent_id = '' ORDER BY code`)
}

// Grids lists the grids of all areas in order of code.
func Grids(tx *db.Tx) ([]Area, error) {
	return db.All(tx, scanArea, `SELECT `+areaColumns+` FROM areas WHERE parent_id <> '' ORDER BY code`)
}

func allAreas(tx *db.Tx) ([]Area, error) {
	return db.All(tx, scanArea, `SELECT `+areaColumns+` FROM areas`)
}

// All lists every place in order of code.
func All(tx *db.Tx) ([]Place, error) {
	return db.All(tx, scanPlace, `SELECT `+placeColumns+` FROM places ORDER BY code`)
}

// ByID finds a place.
func ByID(tx *db.Tx, id string) (Place, error) {
	return db.One(tx, scanPlace, `SELECT `+placeColumns+` FROM places WHERE id = $1`, id)
}

func placeByCode(tx *db.Tx, code string) (Place, error) {
	return db.One(tx, scanPlace, `SELECT `+placeColumns+` FROM places WHERE code = $1`, code)
}

// AreaByCode finds an area or grid by its code, or db.ErrNone.
func AreaByCode(tx *db.Tx, code string) (Area, error) {
	return db.One(tx, scanArea, `SELECT `+areaColumns+` FROM areas WHERE code = $1`, code)
}

func updateArea(tx *db.Tx, a Area) error {
	_, err := tx.Exec(`UPDATE areas SET name = $2, lead_unit_id = $3, parent_id = $4, shape = $5, lat = $6, lon = $7 WHERE id = $1`,
		a.ID, a.Name, a.LeadUnitID, a.ParentID, a.Shape, a.Lat, a.Lon)
	return err
}

func updatePlace(tx *db.Tx, p Place) error {
	_, err := tx.Exec(`UPDATE places SET name = $2, kind = $3, area_id = $4, unit_id = $5, address = $6, lat = $7, lon = $8 WHERE id = $1`,
		p.ID, p.Name, p.Kind, p.AreaID, p.UnitID, p.Address, p.Lat, p.Lon)
	return err
}
