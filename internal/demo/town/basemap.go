package town

import "encoding/json"

type feature struct {
	Type       string            `json:"type"`
	Properties map[string]string `json:"properties"`
	Geometry   geometry          `json:"geometry"`
}

type geometry struct {
	Type        string `json:"type"`
	Coordinates any    `json:"coordinates"`
}

// BaseMap is the town as a GeoJSON FeatureCollection in drawing order. Each feature has a
// `class`: land, hill, boundary, area, block, park, square, river, lane, road, road-main,
// bridge or area-label; named features have a `name`, areas also a `code`.
func (t *Town) BaseMap() []byte {
	list := t.groundFeatures()
	list = append(list, t.builtFeatures()...)
	list = append(list, t.streetFeatures()...)
	for _, a := range t.Areas {
		list = append(list, named("area-label", a.Name, a.Code, "Point", a.Centre))
	}
	text, err := json.Marshal(map[string]any{"type": "FeatureCollection", "name": TownName, "features": list})
	if err != nil {
		panic(err) // only numbers and strings are in it
	}
	return text
}

func named(class, name, code, shape string, coordinates any) feature {
	p := map[string]string{"class": class}
	if name != "" {
		p["name"] = name
	}
	if code != "" {
		p["code"] = code
	}
	return feature{"Feature", p, geometry{shape, coordinates}}
}

func (t *Town) groundFeatures() []feature {
	var list []feature
	for _, h := range t.hills {
		list = append(list, named("hill", "", "", "Polygon", []Ring{h}))
	}
	list = append(list, named("boundary", TownName, "", "Polygon", []Ring{t.boundary}))
	for _, a := range t.Areas {
		list = append(list, named("area", a.Name, a.Code, "Polygon", []Ring{a.Ring}))
	}
	return append(list, named("river", "青溪河", "", "Polygon", []Ring{t.river}))
}

func (t *Town) builtFeatures() []feature {
	var list []feature
	for _, p := range t.Parks {
		class := "park"
		if p.Square {
			class = "square"
		}
		list = append(list, named(class, p.Name, "", "Polygon", []Ring{p.Ring}))
	}
	r := t.stream("blocks")
	for _, a := range t.Areas {
		var many [][]Ring
		for _, b := range t.blocks(a, r) {
			many = append(many, []Ring{b})
		}
		list = append(list, named("block", "", a.Code, "MultiPolygon", many))
	}
	return list
}

// streetFeatures puts lanes first so that wider streets are drawn over their mouths.
func (t *Town) streetFeatures() []feature {
	var list []feature
	for _, class := range []string{Lane, Road, MainRoad} {
		for _, s := range t.Streets {
			if s.Class == class {
				list = append(list, named(class, s.Name, "", "LineString", s.Line))
			}
		}
	}
	for _, b := range t.Bridges {
		list = append(list, named("bridge", b.Name, "", "LineString", b.Line))
	}
	return list
}
