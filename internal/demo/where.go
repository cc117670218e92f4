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
		shape, err := json.Marshal(map[string]any{"type": "Polygon", "coordinates": [][][2]float64{a.Ring}})
		if err != nil {
			return err
		}
		err = place.AddArea(tx, org.System, place.Area{ID: b.id("area", a.Code), Code: a.Code, Name: a.Name, LeadUnitID: b.id("unit", a.LeadUnit),
			Shape: string(shape), Lat: a.Centre[1], Lon: a.Centre[0]})
		if err != nil {
			return err
		}
	}
	return nil
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
