package town

import (
	"bytes"
	"image"
	"image/jpeg"
)

// photoQuality keeps a photo at about 120–250 KB, like what phones send after shrinking.
const photoQuality = 80

// Photo is the scene as a JPEG file without EXIF; the caller adds time, place and camera.
func Photo(scene Scene, fixed bool, view uint64) []byte { return encode(Draw(scene, fixed, view)) }

func encode(img image.Image) []byte {
	var b bytes.Buffer
	b.Grow(256 << 10)
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: photoQuality}); err != nil {
		panic(err) // a buffer takes everything and the size is legal
	}
	return b.Bytes()
}
