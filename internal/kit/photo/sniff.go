package photo

import "bytes"

// heicBrands are the ISO-BMFF brands of HEIF pictures in HEVC or AV1, which phones of
// one maker send by default (ISO/IEC 23008-12, annex B).
var heicBrands = []string{"heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1", "avif", "avis"}

// Sniff tells the type from the first bytes; a name or a header sent along is never believed.
// Sixteen bytes are enough.
func Sniff(head []byte) (typ string, err error) {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return TypeJPEG, nil
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return TypePNG, nil
	case isHEIC(head):
		return "", ErrHEIC
	}
	return "", ErrNotPhoto
}

func isHEIC(head []byte) bool {
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return false
	}
	for _, brand := range heicBrands {
		if string(head[8:12]) == brand {
			return true
		}
	}
	return false
}
