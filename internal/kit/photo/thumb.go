package photo

import (
	"bytes"
	"fmt"
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
	f, err := head(b)
	if err != nil {
		return nil, err
	}
	f.readEXIF(b)
	img, err := unpack(b, f, longest)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: thumbQuality}); err != nil {
		return nil, fmt.Errorf("photo: thumbnail: %w", err)
	}
	return out.Bytes(), nil
}
