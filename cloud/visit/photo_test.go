package visit

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// camera is a JPEG with a red left half, as a phone writes it: turned, and with a place.
func camera(tb testing.TB, turn int) []byte {
	tb.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 64, 32))
	for x := range 64 {
		for y := range 32 {
			c := color.RGBA{A: 255}
			if x < 32 {
				c.R = 255
			}
			m.Set(x, y, c)
		}
	}
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, m, nil); err != nil {
		tb.Fatal(err)
	}
	exif := append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), byte(turn), 0, 0, 0, 0, 0, 0)
	exif = append(exif, "48.8584N 2.2945E secret place"...)
	out := []byte{0xff, 0xd8, 0xff, 0xe1}
	out = binary.BigEndian.AppendUint16(out, uint16(len(exif)+2))
	return append(append(out, exif...), plain.Bytes()[2:]...)
}

func red(m image.Image, x, y int) bool {
	r, g, _, _ := m.At(x, y).RGBA()
	return r > 0x8000 && g < 0x8000
}

func TestAPhotoKeepsOnlyWhatIsSeenUpright(t *testing.T) {
	for turn, where := range map[int]string{1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"} {
		data, size, err := cleanPhoto(camera(t, turn))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte("secret")) || bytes.Contains(data, []byte("Exif")) {
			t.Error("where it was taken was kept")
		}
		m, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil || m.Bounds().Size() != size || (size.X > size.Y) != (turn < 5) {
			t.Fatalf("turn %d: %v, %v", turn, size, err)
		}
		spots := map[string]image.Point{"left": {4, size.Y / 2}, "right": {size.X - 4, size.Y / 2}, "top": {size.X / 2, 4}, "bottom": {size.X / 2, size.Y - 4}}
		if at := spots[where]; !red(m, at.X, at.Y) {
			t.Errorf("turn %d: the red half is not %s", turn, where)
		}
	}
}

func TestAPhotoIsReadWithinBounds(t *testing.T) {
	var wide bytes.Buffer
	if err := png.Encode(&wide, image.NewGray(image.Rect(0, 0, 5000, 100))); err != nil {
		t.Fatal(err)
	}
	if _, size, err := cleanPhoto(wide.Bytes()); err != nil || size != image.Pt(2048, 40) {
		t.Errorf("size %v, %v", size, err)
	}
	bomb := bytes.Clone(wide.Bytes())
	binary.BigEndian.PutUint32(bomb[16:], 60_000)
	binary.BigEndian.PutUint32(bomb[20:], 60_000)
	for name, data := range map[string][]byte{
		"nothing": nil, "a GIF": []byte("GIF89a"), "cut off": wide.Bytes()[:60], "a bomb": bomb, "too long": append(wide.Bytes(), make([]byte, MaxPhoto)...),
	} {
		if _, _, err := cleanPhoto(data); !errors.Is(err, ErrPhoto) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := cleanDrawing(camera(t, 1)); err == nil {
		t.Error("a photo as a signature")
	}
}

func FuzzPhoto(f *testing.F) {
	f.Add(camera(f, 6))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\xff"))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPVP8 "))
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if turn := orientation(data); turn < 1 || turn > 8 {
			t.Errorf("turn %d", turn)
		}
		if clean, size, err := cleanPhoto(data); err == nil && (len(clean) == 0 || size.X < 1 || size.Y < 1 || max(size.X, size.Y) > longestSide) {
			t.Errorf("%d bytes, %v", len(clean), size)
		}
	})
}

func TestOnlyAnIDOfAPhotoReachesTheStore(t *testing.T) {
	if _, err := NewOffice(Config{}).Photo(t.Context(), "v", "\x00", Who{All: true}); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}
