// Package place is where: areas that cover the town without gap or overlap,
// the places inspected in them, and the codes printed on their QR labels.
package place

import (
	"errors"
	"fmt"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"
	"chuangwei/internal/register/org"
)

// Area is a 片区, or with a parent a 网格 (grid), the piece of an area that one
// grid member looks after. Shape is an RFC 7946 geometry in WGS-84.
type Area struct {
	ID         string
	Code       string
	Name       string
	LeadUnitID string
	ParentID   string // of a grid: its area
	Shape      string
	Lat, Lon   float64 // a point inside, for the label
}

// Place is a 点位 with the code on its label.
type Place struct {
	ID, Code, Name, Kind string
	AreaID, UnitID       string
	Address              string
	Lat, Lon             float64 // WGS-84
}

// Add writes a place; its area is where its point falls.
func Add(tx *db.Tx, who org.Actor, p Place) error {
	if err := org.Change(who); err != nil {
		return err
	}
	if err := insertPlace(tx, p); err != nil {
		return err
	}
	return org.Changed(tx, who, "place.added", p.ID, map[string]any{"code": p.Code, "name": p.Name, "kind": p.Kind, "area": p.AreaID, "unit": p.UnitID})
}

// AddArea writes an area after checking its shape.
func AddArea(tx *db.Tx, who org.Actor, a Area) error {
	if err := org.Change(who); err != nil {
		return err
	}
	if _, err := geo.ParseGeoJSON([]byte(a.Shape)); err != nil {
		return fault.New(fault.Invalid, "area.shape", "片区“%[1]s”的边界不对：%[2]v", "The outline of area %[1]q is wrong: %[2]v", a.Name, err)
	}
	if err := insideParent(tx, a); err != nil {
		return err
	}
	if err := insertArea(tx, a); err != nil {
		return err
	}
	if err := db.Touch(tx, outlines); err != nil {
		return err
	}
	return org.Changed(tx, who, "area.added", a.ID, map[string]any{"code": a.Code, "name": a.Name, "lead": a.LeadUnitID, "parent": a.ParentID})
}

// Change writes what a place is now.
func Change(tx *db.Tx, who org.Actor, p Place) error {
	if err := org.Change(who); err != nil {
		return err
	}
	if err := updatePlace(tx, p); err != nil {
		return err
	}
	return org.Changed(tx, who, "place.changed", p.ID, map[string]any{"code": p.Code, "name": p.Name, "kind": p.Kind, "area": p.AreaID, "unit": p.UnitID})
}

// ChangeArea writes what an area is now, after checking its shape.
func ChangeArea(tx *db.Tx, who org.Actor, a Area) error {
	if err := org.Change(who); err != nil {
		return err
	}
	if _, err := geo.ParseGeoJSON([]byte(a.Shape)); err != nil {
		return fault.New(fault.Invalid, "area.shape", "片区“%[1]s”的边界不对：%[2]v", "The outline of area %[1]q is wrong: %[2]v", a.Name, err)
	}
	if err := insideParent(tx, a); err != nil {
		return err
	}
	if err := updateArea(tx, a); err != nil {
		return err
	}
	if err := db.Touch(tx, outlines); err != nil {
		return err
	}
	return org.Changed(tx, who, "area.changed", a.ID, map[string]any{"code": a.Code, "name": a.Name, "lead": a.LeadUnitID, "parent": a.ParentID})
}

// insideParent refuses a grid whose area is unknown, or is a grid itself, or
// does not hold the grid's label.
func insideParent(tx *db.Tx, a Area) error {
	if a.ParentID == "" {
		return nil
	}
	parent, err := AreaByID(tx, a.ParentID)
	if err != nil {
		return err
	}
	shape, err := geo.ParseGeoJSON([]byte(parent.Shape))
	if err != nil {
		return fmt.Errorf("place: area %s: %w", parent.Code, err)
	}
	if parent.ParentID != "" || !shape.Contains(geo.Point{Lat: a.Lat, Lon: a.Lon}) {
		return fault.New(fault.Invalid, "grid.outside", "网格“%[1]s”不在片区“%[2]s”里。", "The grid %[1]q does not lie in the area %[2]q.", a.Name, parent.Name)
	}
	return nil
}

// ByCode finds a place by the code on its label.
func ByCode(tx *db.Tx, code string) (Place, error) {
	p, err := placeByCode(tx, code)
	if errors.Is(err, db.ErrNone) {
		return p, fault.New(fault.NotFound, "place.none", "没有编码为 %[1]s 的点位。请检查二维码或从列表中选择。",
			"No place has the code %[1]s. Check the label or choose from the list.", code)
	}
	return p, err
}

// At returns the area of a point; ok is false outside all areas, and then id
// and metres name the closest one.
func At(tx *db.Tx, p geo.Point) (id string, metres float64, ok bool, err error) {
	index, err := shapes(tx)
	if err != nil {
		return "", 0, false, fmt.Errorf("place: areas: %w", err)
	}
	if id, ok = index.At(p); ok {
		return id, 0, true, nil
	}
	id, metres = index.Nearest(p)
	return id, metres, false, nil
}

// GridAt returns the grid of a point; ok is false where there is none.
func GridAt(tx *db.Tx, p geo.Point) (a Area, ok bool, err error) {
	index, err := kept(tx, "place.grids", Grids)
	if err != nil {
		return a, false, fmt.Errorf("place: grids: %w", err)
	}
	id, ok := index.At(p)
	if !ok {
		return a, false, nil
	}
	a, err = AreaByID(tx, id)
	return a, err == nil, err
}

func shapes(tx *db.Tx) (*geo.Index, error) { return kept(tx, "place.areas", Areas) }

// AreaByID finds an area or grid.
func AreaByID(tx *db.Tx, id string) (Area, error) {
	areas, err := keep(tx, "place.byID", allAreas, func(list []Area) (map[string]Area, error) {
		byID := make(map[string]Area, len(list))
		for _, a := range list {
			byID[a.ID] = a
		}
		return byID, nil
	})
	if err != nil {
		return Area{}, err
	}
	a, ok := areas[id]
	if !ok {
		return a, fault.New(fault.NotFound, "area.none", "没有这个片区", "No such area")
	}
	return a, nil
}

// outlines is touched by every change of an area; places come and go without.
const outlines = "areas"

// keep keeps in memory what build makes of areas until one of them changes.
func keep[T any](tx *db.Tx, key string, list func(*db.Tx) ([]Area, error), build func([]Area) (T, error)) (made T, err error) {
	stamp, err := db.Stamp(tx, outlines)
	if err != nil {
		return made, err
	}
	return db.Keep(tx, key, stamp, func() (T, error) {
		areas, err := list(tx)
		if err != nil {
			return made, err
		}
		return build(areas)
	})
}

func kept(tx *db.Tx, key string, list func(*db.Tx) ([]Area, error)) (*geo.Index, error) {
	return keep(tx, key, list, func(areas []Area) (*geo.Index, error) {
		named := make([]geo.Named, len(areas))
		for i, a := range areas {
			shape, err := geo.ParseGeoJSON([]byte(a.Shape))
			if err != nil {
				return nil, fmt.Errorf("area %s: %w", a.Code, err)
			}
			named[i] = geo.Named{ID: a.ID, Shape: shape}
		}
		return geo.NewIndex(named), nil
	})
}
