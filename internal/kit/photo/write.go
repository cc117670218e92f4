package photo

import (
	"bytes"
	"encoding/binary"
	"math"
	"time"
)

// EXIF field types (TIFF 6.0, section 2).
const (
	asciiField    = 2
	longField     = 4
	rationalField = 5
)

// field is one entry of a TIFF directory: its value as bytes in big-endian order.
type field struct {
	tag, kind uint16
	count     uint32
	value     []byte
}

// WriteEXIF returns a copy of a JPEG with a new EXIF segment: when, where and with what it
// was taken. The zero time, a missing coordinate or an empty camera is left out; an EXIF
// segment already there stays behind the new one, which readers take first. What is not a
// JPEG comes back as it is.
func WriteEXIF(jpeg []byte, taken time.Time, lat, lon *float64, camera string) []byte {
	if typ, _ := Sniff(jpeg); typ != TypeJPEG {
		return jpeg
	}
	tiff := tiffOf(taken, lat, lon, camera)
	var b bytes.Buffer
	b.Grow(len(jpeg) + len(tiff) + 10)
	b.Write(jpeg[:2])
	b.Write([]byte{0xff, 0xe1})
	b.Write(binary.BigEndian.AppendUint16(nil, uint16(2+6+len(tiff))))
	b.WriteString("Exif\x00\x00")
	b.Write(tiff)
	b.Write(jpeg[2:])
	return b.Bytes()
}

// tiffOf lays out the directories one after another: picture, shot, place (EXIF 2.32, 4.5 and 4.6).
func tiffOf(taken time.Time, lat, lon *float64, camera string) []byte {
	shot, place := shotFields(taken), placeFields(lat, lon)
	var root []field
	if camera != "" {
		root = append(root, ascii(0x0110, camera[:min(len(camera), 64)]))
	}
	const header = 8
	at := header + length(root) + pointers(shot, place)*12
	if len(shot) > 0 {
		root = append(root, long(0x8769, at))
		at += length(shot)
	}
	if len(place) > 0 {
		root = append(root, long(0x8825, at))
	}
	out := appendDirectory([]byte("MM\x00\x2a\x00\x00\x00\x08"), root)
	for _, directory := range [][]field{shot, place} {
		if len(directory) > 0 {
			out = appendDirectory(out, directory)
		}
	}
	return out
}

// pointers counts the directories the first one must point to.
func pointers(directories ...[]field) (n int) {
	for _, d := range directories {
		if len(d) > 0 {
			n++
		}
	}
	return n
}

func shotFields(taken time.Time) []field {
	if taken.IsZero() {
		return nil
	}
	return []field{
		ascii(0x9003, taken.Format("2006:01:02 15:04:05")), // DateTimeOriginal
		ascii(0x9011, taken.Format("-07:00")),              // OffsetTimeOriginal
	}
}

func placeFields(lat, lon *float64) []field {
	if lat == nil || lon == nil {
		return nil
	}
	return []field{
		ascii(1, letter(*lat, "N", "S")), degrees(2, *lat),
		ascii(3, letter(*lon, "E", "W")), degrees(4, *lon),
	}
}

func letter(degrees float64, positive, negative string) string {
	if degrees < 0 {
		return negative
	}
	return positive
}

func ascii(tag uint16, s string) field {
	return field{tag, asciiField, uint32(len(s) + 1), append([]byte(s), 0)}
}

func long(tag uint16, n int) field {
	return field{tag, longField, 1, binary.BigEndian.AppendUint32(nil, uint32(n))}
}

// degrees is an angle as degrees, minutes and seconds, to a hundred-thousandth of a second (0.3 mm).
func degrees(tag uint16, d float64) field {
	const parts = 100_000
	left := uint64(math.Round(math.Abs(d) * 3600 * parts))
	var v []byte
	for _, r := range [][2]uint64{
		{left / (3600 * parts), 1},
		{left / (60 * parts) % 60, 1},
		{left % (60 * parts), parts},
	} {
		v = binary.BigEndian.AppendUint32(v, uint32(r[0]))
		v = binary.BigEndian.AppendUint32(v, uint32(r[1]))
	}
	return field{tag, rationalField, 3, v}
}

// length is how many bytes appendDirectory adds. A value of up to four bytes lies in its entry.
func length(fields []field) int {
	n := 2 + 12*len(fields) + 4
	for _, f := range fields {
		if len(f.value) > 4 {
			n += len(f.value)
		}
	}
	return n
}

// appendDirectory writes entries, which must be in the order of their tags, then long values.
func appendDirectory(out []byte, fields []field) []byte {
	values := len(out) + 2 + 12*len(fields) + 4
	out = binary.BigEndian.AppendUint16(out, uint16(len(fields)))
	var long []byte
	for _, f := range fields {
		out = binary.BigEndian.AppendUint16(out, f.tag)
		out = binary.BigEndian.AppendUint16(out, f.kind)
		out = binary.BigEndian.AppendUint32(out, f.count)
		if len(f.value) <= 4 {
			out = append(out, append(f.value, make([]byte, 4-len(f.value))...)...)
			continue
		}
		out = binary.BigEndian.AppendUint32(out, uint32(values+len(long)))
		long = append(long, f.value...)
	}
	out = binary.BigEndian.AppendUint32(out, 0) // no further directory
	return append(out, long...)
}
