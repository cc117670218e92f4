// Package photo says what a photo shows from its bytes alone: size, EXIF, look-alikes,
// before/after likeness and thumbnails. It keeps nothing and touches no database.
package photo

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"time"
)

// The types a photo may have.
const (
	TypeJPEG = "image/jpeg"
	TypePNG  = "image/png"
)

// What a photo may not exceed. The pixels are counted before any is unpacked, so a
// small file cannot ask for gigabytes of memory.
const (
	MaxBytes  = 25 << 20   // of the file
	MaxPixels = 50_000_000 // width × height
)

// Why bytes are refused.
var (
	ErrNotPhoto      = errors.New("photo: neither JPEG nor PNG")
	ErrHEIC          = errors.New("photo: HEIC is not read here")
	ErrTooLarge      = errors.New("photo: more than 25 MB")
	ErrTooManyPixels = errors.New("photo: more than 50 megapixels")
)

// Facts is what a photo says of itself. Width and Height are as shown, that is after
// Orientation has been applied.
type Facts struct {
	Type          string    // TypeJPEG or TypePNG
	Width, Height int       // pixels
	TakenAt       time.Time // zero when unknown
	Lat, Lon      *float64  // WGS-84 degrees; both or neither
	Orientation   int       // EXIF 1 … 8; 1 when unknown
	Camera        string    // maker's model name, "" when unknown
	DHash         uint64    // of the picture as shown
	Sign          []byte    // small signature for Likeness
}

// Look reads everything a photo says. Broken EXIF counts as none; a broken picture is ErrNotPhoto.
func Look(b []byte) (Facts, error) {
	f, _, err := LookAndCopy(b)
	return f, err
}

// LookAndCopy reads what Look does and makes a copy for each of the longest sides as Thumb does.
// The picture is unpacked once, which is most of the work.
func LookAndCopy(b []byte, longest ...int) (Facts, [][]byte, error) {
	p, err := unpack(b)
	if err != nil {
		return Facts{}, nil, err
	}
	f := p.facts
	if f.Orientation >= 5 {
		f.Width, f.Height = f.Height, f.Width
	}
	gray := luma(p.shrink(workSide))
	f.DHash, f.Sign = dHash(gray), sign(gray)
	copies, err := p.copies(longest)
	if err != nil {
		return Facts{}, nil, err
	}
	return f, copies, nil
}

// head checks type and size without unpacking a pixel.
func head(b []byte) (Facts, error) {
	if len(b) > MaxBytes {
		return Facts{}, ErrTooLarge
	}
	typ, err := Sniff(b)
	if err != nil {
		return Facts{}, err
	}
	config := jpeg.DecodeConfig
	if typ == TypePNG {
		config = png.DecodeConfig
	}
	c, err := config(bytes.NewReader(b))
	switch {
	case err != nil:
		return Facts{}, fmt.Errorf("%w: %v", ErrNotPhoto, err)
	case c.Width < 1 || c.Height < 1:
		return Facts{}, ErrNotPhoto
	case int64(c.Width)*int64(c.Height) > MaxPixels:
		return Facts{}, ErrTooManyPixels
	}
	return Facts{Type: typ, Width: c.Width, Height: c.Height, Orientation: 1}, nil
}

// decode unpacks the whole picture as it lies in the file.
func decode(b []byte, typ string) (image.Image, error) {
	open := jpeg.Decode
	if typ == TypePNG {
		open = png.Decode
	}
	img, err := open(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrNotPhoto, err)
	}
	return img, nil
}
