package api_test

import (
	"bytes"
	"context"
	"errors"
	"image/jpeg"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/kit/photo"
)

// closeUp is a larger picture that says where and when it was taken.
func closeUp(n int) file {
	lat, lon := 22.05, 103.05
	return fileOf(photo.WriteEXIF(picture(n).bytes, monday.Add(-time.Hour), &lat, &lon, "P40"))
}

func TestAPhotoIsSeenByWhoeverSentItAndWhoeverSeesACaseWithIt(t *testing.T) {
	c := newCounty(t)
	f := closeUp(20)
	c.as("inspector").upload(f, nil).want(204)
	path := "/api/photos/" + f.sum
	c.as("inspector").get(path).want(200)
	c.as("wang").get(path).refused(404, "photo.none")
	c.as("boss").get(path).refused(404, "photo.none") // on no case yet
	k := c.report("inspector", map[string]any{"photos": []string{f.sum}})
	for login, want := range map[string]int{"wang": 200, "boss": 200, "chief": 200, "sun": 200, "li": 404, "wu": 404, "chief-east": 404, "cadre": 404} {
		c.as(login).get(path).want(want)
		c.as(login).get("/api/cases/" + k.ID).want(want)
	}
	c.nobody().get(path).refused(401, "signin.needed")
	c.nobody().head(path).want(200)
	c.nobody().head("/api/photos/" + picture(21).sum).want(404)
}

func TestAPhotoComesInThreeSizesOfWhichOnlyTheOriginalSaysWhere(t *testing.T) {
	c := newCounty(t)
	f := closeUp(22)
	c.as("inspector").upload(f, nil).want(204)
	for size, longest := range map[string]int{"": 96, "?size=view": 96, "?size=thumb": 96, "?size=original": 96} {
		a := c.as("inspector").get("/api/photos/" + f.sum + size).want(200)
		config, err := jpeg.DecodeConfig(bytes.NewReader(a.body))
		if err != nil || config.Width != longest || a.header.Get("Content-Type") != "image/jpeg" || a.header.Get("Cache-Control") != "private, max-age=31536000, immutable" {
			t.Errorf("%q: %v %v %v", size, config, err, a.header)
		}
		if says := bytes.Contains(a.body, []byte("Exif")); says != (size == "?size=original") {
			t.Errorf("%q says where: %v", size, says)
		}
		if size == "?size=original" && !bytes.Equal(a.body, f.bytes) {
			t.Error("the original was altered")
		}
	}
	c.as("inspector").get("/api/photos/"+f.sum+"?size=huge").refused(422, "input.invalid")
}

func TestANameThatIsNoSumIsNoPhoto(t *testing.T) {
	c := newCounty(t)
	sum := c.photo("wang")
	for _, name := range []string{strings.ToUpper(sum), sum[:63], sum + "0", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e", "original%2f" + sum[:2] + "%2f" + sum, "-", "%20" + sum[1:]} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			c.as("wang").do(method, "/api/photos/"+name, nil).want(404)
		}
	}
}

func TestAPhotoIsLookedAtInTheBackground(t *testing.T) {
	c := newCounty(t)
	f := closeUp(24)
	c.as("inspector").upload(f, nil).want(204)
	c.work()
	p, err := c.row(f.sum)
	if err != nil || p.LookedAt == 0 || p.TakenAt != monday.Add(-time.Hour).UnixMilli() || p.Lat == nil || *p.Lat < 22.04 || *p.Lat > 22.06 {
		t.Errorf("row %+v, %v", p, err)
	}
	for _, size := range []string{"thumb", "view"} {
		if b, err := c.blobs.OpenDerived(context.Background(), f.sum, size); err != nil || len(b) == 0 {
			t.Errorf("%s: %v", size, err)
		}
	}
}

func TestAPhotoThatBreaksOffIsToldAsThatNotAsOurTrouble(t *testing.T) {
	c := newCounty(t)
	whole := picture(25).bytes
	f := fileOf(whole[:len(whole)-200])
	c.as("wang").upload(f, nil).want(204) // its head is well
	c.work()
	c.as("wang").get("/api/photos/"+f.sum).refused(422, "photo.kind")
	if a := c.as("wang").get("/api/photos/" + f.sum + "?size=original").want(200); !bytes.Equal(a.body, f.bytes) {
		t.Error("the original was altered")
	}
}

func TestAPhotoWhoseBytesAreGoneIsNotRememberedAsGone(t *testing.T) {
	c := newCounty(t)
	sum := c.photo("wang")
	if err := c.blobs.Delete(context.Background(), sum); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	for _, size := range []string{"view", "original"} {
		a := c.as("wang").get("/api/photos/" + sum + "?size=" + size)
		if a.refused(404, "photo.none"); a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: may be kept: %s", size, a.header.Get("Cache-Control"))
		}
	}
	c.nobody().head("/api/photos/" + sum).want(404)
}
