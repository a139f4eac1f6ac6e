package assist

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"testing"
)

// FuzzImage takes what somebody may send as a picture: what comes out is a picture of the same size, or nothing.
func FuzzImage(f *testing.F) {
	dots := image.NewRGBA(image.Rect(0, 0, 7, 5))
	var one, other bytes.Buffer
	if err := png.Encode(&one, dots); err != nil {
		f.Fatal(err)
	}
	if err := jpeg.Encode(&other, dots, nil); err != nil {
		f.Fatal(err)
	}
	f.Add(one.Bytes())
	f.Add(other.Bytes())
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"))
	f.Add([]byte("GIF89a"))
	f.Fuzz(func(t *testing.T, data []byte) {
		made, err := encodeAnew(data)
		if err != nil {
			return
		}
		before, _, _ := image.DecodeConfig(bytes.NewReader(data))
		after, kind, err := image.DecodeConfig(bytes.NewReader(made.Data))
		if err != nil || "image/"+kind != made.Type || after.Width != before.Width || after.Height != before.Height || len(made.Data) > MaxImage {
			t.Errorf("%v: %+v became %s %+v", err, before, kind, after)
		}
	})
}

func TestAPictureThatUnpacksToTooMuchIsRefused(t *testing.T) {
	var packed bytes.Buffer
	if err := png.Encode(&packed, image.NewGray(image.Rect(0, 0, 4000, 4000))); err != nil {
		t.Fatal(err)
	}
	if _, err := encodeAnew(packed.Bytes()); err == nil || packed.Len() > MaxImage {
		t.Errorf("%d bytes of 16 million dots: %v", packed.Len(), err)
	}
}

func TestWebPBecomesJPEG(t *testing.T) {
	lossless := []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")
	made, err := encodeAnew(lossless)
	if err != nil || made.Type != "image/jpeg" {
		t.Errorf("%+v, %v", made, err)
	}
}
