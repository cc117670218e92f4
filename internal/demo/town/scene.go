package town

import (
	"image"
	"math/rand/v2"
)

// SceneKind is what a photo shows.
type SceneKind string

// The kinds of scene.
const (
	SceneRubbish  SceneKind = "rubbish"  // 暴露垃圾
	SceneBin      SceneKind = "bin"      // 垃圾桶满溢
	SceneStall    SceneKind = "stall"    // 占道经营
	SceneScooters SceneKind = "scooters" // 非机动车乱停
	SceneCar      SceneKind = "car"      // 机动车乱停
	SceneAds      SceneKind = "ads"      // 小广告
	SceneToilet   SceneKind = "toilet"   // 公厕不洁
	SceneDrain    SceneKind = "drain"    // 下水道堵塞积水
	SceneWeeds    SceneKind = "weeds"    // 杂草
	SceneShed     SceneKind = "shed"     // 私搭乱建
	SceneBarbecue SceneKind = "barbecue" // 露天烧烤
	SceneManhole  SceneKind = "manhole"  // 井盖缺失
	SceneLaundry  SceneKind = "laundry"  // 沿街晾挂
	SceneMarket   SceneKind = "market"   // 市场脏乱
	SceneSite     SceneKind = "site"     // 工地围挡、裸土
	SceneKitchen  SceneKind = "kitchen"  // 后厨脏乱
)

// SceneKinds are all kinds of scene, in a fixed order.
var SceneKinds = []SceneKind{
	SceneRubbish, SceneBin, SceneStall, SceneScooters, SceneCar, SceneAds, SceneToilet, SceneDrain,
	SceneWeeds, SceneShed, SceneBarbecue, SceneManhole, SceneLaundry, SceneMarket, SceneSite, SceneKitchen,
}

// Scene is what stands before the camera. The same Seed is the same spot: houses,
// trees and shop signs stay, whatever the hour, the weather or the view.
type Scene struct {
	Kind SceneKind
	Seed uint64
	Hour int // hour of the day, 0 … 23
	Rain bool
}

// Draw paints the scene at 1280×960. With fixed the problem is gone. view moves the
// camera by less than a step, as a second photographer would stand; 0 does not move it.
func Draw(scene Scene, fixed bool, view uint64) image.Image {
	s := &stage{canvas: newCanvas(photoWidth, photoHeight), r: scene.chance("place")}
	s.camera = scene.stand(view)
	scene.setLight(&s.camera)
	trouble := scene.chance("trouble")
	if room, ok := rooms[scene.Kind]; ok {
		// Rooms are seen from their middle, the street from its right-hand side.
		s.x, s.yaw = s.x-1.6, s.yaw*0.35
		room(s, trouble, fixed)
	} else {
		s.street(scene)
		troubles[scene.Kind](s, trouble, fixed)
	}
	if scene.Rain && !scene.indoors() {
		s.rain(rand.New(rand.NewPCG(scene.Seed, view)))
	}
	s.grain(rand.New(rand.NewPCG(scene.Seed^0x9e37, view)), 7)
	return s.img
}

func (s Scene) indoors() bool {
	return s.Kind == SceneToilet || s.Kind == SceneMarket || s.Kind == SceneKitchen
}

// chance is a source of chance for one part of the scene.
func (s Scene) chance(part string) *rand.Rand {
	h := uint64(len(part)) * 0x9e3779b97f4a7c15
	for _, b := range []byte(string(s.Kind) + part) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return rand.New(rand.NewPCG(s.Seed, h))
}

// stand is where the photographer stands.
func (s Scene) stand(view uint64) camera {
	r := s.chance("camera")
	c := camera{x: between(r, 1.1, 2.1), y: 1.55, yaw: between(r, 0.06, 0.2), focal: 960, horizon: 395}
	if view != 0 {
		v := rand.New(rand.NewPCG(s.Seed, view))
		c.x += between(v, -0.3, 0.3)
		c.y += between(v, -0.08, 0.1)
		c.z += between(v, -0.4, 0.4)
		c.yaw += between(v, -0.03, 0.03)
		c.roll += between(v, -0.012, 0.012)
		c.horizon += between(v, -18, 18)
	}
	return c
}

// setLight chooses sun, dusk, lamp light or rain.
func (s Scene) setLight(c *camera) {
	c.brightness, c.tint, c.fogColour, c.fogMetres = 1, 0xfffdf8, 0xd4e2ee, 150
	switch {
	case s.indoors():
		c.brightness, c.tint, c.fogColour = 0.97, 0xfdfff6, 0xe8ebe4
	case s.Rain:
		c.brightness, c.tint, c.fogColour, c.fogMetres = 0.8, 0xe8eef6, 0xb9c2ca, 60
	case s.Hour < 8:
		c.brightness, c.tint, c.fogColour, c.fogMetres = 0.92, 0xfff0d8, 0xf0dfc8, 95
	case s.Hour >= 20 || s.Hour < 5:
		c.brightness, c.tint, c.fogColour, c.fogMetres = 0.66, 0xd6d4f0, 0x2b3350, 60
	case s.Hour >= 18:
		c.brightness, c.tint, c.fogColour, c.fogMetres = 0.82, 0xffdcb8, 0xe8b894, 90
	}
}
