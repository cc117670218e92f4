package photo

import (
	"bytes"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bep/imagemeta"
)

// beijing is the zone of a photo that names none. China has kept UTC+8 without summer time
// since 1992, so no zone database is needed.
var beijing = time.FixedZone("UTC+8", 8*3600)

// wanted are the EXIF tags that are read; all others stay unparsed.
var wanted = map[string]bool{
	"Orientation": true, "Model": true,
	"DateTimeOriginal": true, "OffsetTimeOriginal": true,
	"DateTimeDigitized": true, "OffsetTimeDigitized": true,
	"GPSLatitude": true, "GPSLatitudeRef": true, "GPSLongitude": true, "GPSLongitudeRef": true,
}

// tags are EXIF values by name, as far as they could be read.
type tags map[string]any

// readEXIF fills in what the camera wrote. What is missing or broken stays unknown.
func (f *Facts) readEXIF(b []byte) {
	t := readTags(b, f.Type)
	if n, ok := t["Orientation"].(uint16); ok && n >= 1 && n <= 8 {
		f.Orientation = int(n)
	}
	f.Camera = t.text("Model")
	f.TakenAt = t.taken()
	f.Lat, f.Lon = t.position()
}

// readTags reads the EXIF of the picture itself, not of the thumbnail inside it (IFD1).
func readTags(b []byte, typ string) tags {
	format := imagemeta.JPEG
	if typ == TypePNG {
		format = imagemeta.PNG
	}
	found := tags{}
	// The error is dropped on purpose: what was read before the break is still true.
	_, _ = imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(b), ImageFormat: format, Sources: imagemeta.EXIF,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool {
			return wanted[t.Tag] && strings.HasPrefix(t.Namespace, "IFD0")
		},
		HandleTag: func(t imagemeta.TagInfo) error {
			found[t.Tag] = t.Value
			return nil
		},
		Warnf: func(string, ...any) {},
	})
	return found
}

func (t tags) text(name string) string {
	s, _ := t[name].(string)
	s = strings.TrimSpace(strings.TrimRight(s, "\x00"))
	if !utf8.ValidString(s) || len(s) > 64 {
		return ""
	}
	return s
}

// taken is the moment of the shot, else of its digitising, else the zero time.
func (t tags) taken() time.Time {
	for _, which := range []string{"Original", "Digitized"} {
		at, err := time.ParseInLocation("2006:01:02 15:04:05", t.text("DateTime"+which), zone(t.text("OffsetTime"+which)))
		if err == nil {
			return at
		}
	}
	return time.Time{}
}

// zone reads an EXIF offset such as "+08:00"; Beijing when there is none.
func zone(offset string) *time.Location {
	at, err := time.Parse("-07:00", offset)
	if err != nil {
		return beijing
	}
	_, seconds := at.Zone()
	return time.FixedZone("UTC"+offset, seconds)
}

// position is where the camera stood. Exactly 0° is what phones without a fix write, and what
// the reader makes of a broken value; neither line runs through China.
func (t tags) position() (lat, lon *float64) {
	y, okY := t.degrees("GPSLatitude", "S", 90)
	x, okX := t.degrees("GPSLongitude", "W", 180)
	if !okX || !okY || x == 0 || y == 0 {
		return nil, nil
	}
	return &y, &x
}

// degrees is a signed coordinate within ±most; negative is the reference letter of the lower half.
func (t tags) degrees(name, negative string, most float64) (float64, bool) {
	d, ok := t[name].(float64)
	if !ok || math.IsNaN(d) || d < 0 || d > most {
		return 0, false
	}
	if t.text(name+"Ref") == negative {
		d = -d
	}
	return d, true
}
