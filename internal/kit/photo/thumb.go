package photo

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
)

// thumbQuality is enough for a screen and keeps a 320 px thumbnail near 20 KB.
const thumbQuality = 82

// Thumb is a JPEG of at most longest pixels on its longer side, the right way up and without
// any metadata, so showing it tells nobody where and with what it was taken. It never enlarges.
func Thumb(b []byte, longest int) ([]byte, error) {
	if longest < 1 {
		return nil, fmt.Errorf("photo: a thumbnail of %d pixels", longest)
	}
	p, err := unpack(b)
	if err != nil {
		return nil, err
	}
	return p.thumb(longest)
}

// copies makes a thumbnail for each longest side; a picture that is smaller than several of
// them looks the same in all of these and is encoded once.
func (p *picture) copies(longest []int) ([][]byte, error) {
	out, made := make([][]byte, len(longest)), map[int][]byte{}
	for i, most := range longest {
		actual := min(most, side(p.halves[0]))
		if made[actual] == nil {
			b, err := p.thumb(actual)
			if err != nil {
				return nil, err
			}
			made[actual] = b
		}
		out[i] = made[actual]
	}
	return out, nil
}

func (p *picture) thumb(longest int) ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, p.shown(longest), &jpeg.Options{Quality: thumbQuality}); err != nil {
		return nil, fmt.Errorf("photo: thumbnail: %w", err)
	}
	return out.Bytes(), nil
}

// shown is shrink, without a detour through RGB where nothing is to be done.
func (p *picture) shown(longest int) image.Image {
	switch p.halves[0].(type) {
	case *image.YCbCr, *image.Gray: // what a JPEG unpacks to, and is packed from faster
		if side(p.halves[0]) <= longest && p.facts.Orientation <= 1 {
			return p.halves[0]
		}
	}
	return p.shrink(longest)
}
