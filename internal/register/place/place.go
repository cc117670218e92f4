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

// Area is a 片区. Shape is an RFC 7946 geometry in WGS-84.
type Area struct {
	ID         string
	Code       string
	Name       string
	LeadUnitID string
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
	if err := insertArea(tx, a); err != nil {
		return err
	}
	return org.Changed(tx, who, "area.added", a.ID, map[string]any{"code": a.Code, "name": a.Name, "lead": a.LeadUnitID})
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

// shapes keeps the areas in memory until one of them changes.
func shapes(tx *db.Tx) (*geo.Index, error) {
	stamp, err := db.Stamp(tx, org.Stamp)
	if err != nil {
		return nil, err
	}
	return db.Keep(tx, "place.areas", stamp, func() (*geo.Index, error) {
		areas, err := Areas(tx)
		if err != nil {
			return nil, err
		}
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
