package demo

import (
	"encoding/json"

	"chuangwei/internal/demo/town"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
)

func (b *builder) areas(tx *db.Tx) error {
	for _, a := range b.Areas {
		whole := place.Area{ID: b.id("area", a.Code), Code: a.Code, Name: a.Name, LeadUnitID: b.id("unit", a.LeadUnit)}
		if err := addArea(tx, whole, a.Ring, a.Centre); err != nil {
			return err
		}
		for _, g := range a.Grids {
			piece := place.Area{ID: b.id("area", g.Code), Code: g.Code, Name: g.Name, LeadUnitID: whole.LeadUnitID, ParentID: whole.ID}
			if err := addArea(tx, piece, g.Ring, g.Centre); err != nil {
				return err
			}
		}
	}
	return nil
}

func addArea(tx *db.Tx, a place.Area, ring town.Ring, centre [2]float64) error {
	shape, err := json.Marshal(map[string]any{"type": "Polygon", "coordinates": [][][2]float64{ring}})
	if err != nil {
		return err
	}
	a.Shape, a.Lat, a.Lon = string(shape), centre[1], centre[0]
	return place.AddArea(tx, org.System, a)
}

func (b *builder) places(tx *db.Tx) error {
	for _, p := range b.Places() {
		err := place.Add(tx, org.System, place.Place{ID: b.id("place", p.Code), Code: p.Code, Name: p.Name, Kind: town.KindNames[p.Kind],
			AreaID: b.id("area", p.AreaCode), UnitID: b.id("unit", p.UnitCode), Address: p.Address, Lat: p.Lat, Lon: p.Lon})
		if err != nil {
			return err
		}
	}
	return nil
}
