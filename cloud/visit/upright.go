package visit

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation is how a JPEG says that it is to be turned (EXIF 2.3, tag 0x0112): 1 to 8, 1 for not at all or unreadable. It is all
// that is read of what a phone writes into a picture.
func orientation(data []byte) int {
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		size := int(binary.BigEndian.Uint16(data[at+2:]))
		end := at + 2 + size
		if size < 2 || end > len(data) || data[at+1] == 0xda { // the picture itself follows
			break
		}
		if body := data[at+4 : end]; data[at+1] == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return tagged(body[6:])
		}
		at = end
	}
	return 1
}

// tagged looks for the tag in the first directory of a TIFF.
func tagged(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	n := int64(order.Uint16(tiff[at:]))
	for entry := at + 2; n > 0 && entry+12 <= int64(len(tiff)); entry, n = entry+12, n-1 {
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if turn := int(order.Uint16(tiff[entry+8:])); turn >= 1 && turn <= 8 {
				return turn
			}
		}
	}
	return 1
}

// upright turns and mirrors a picture as its orientation says.
func upright(from *image.RGBA, turn int) *image.RGBA {
	if turn == 1 {
		return from
	}
	w, h := from.Bounds().Dx(), from.Bounds().Dy()
	size := image.Pt(w, h)
	if turn >= 5 {
		size = image.Pt(h, w)
	}
	to := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			to.SetRGBA(x, y, from.RGBAAt(source(turn, x, y, image.Pt(w, h))))
		}
	}
	return to
}

// source is where the point of an upright picture is in the one that was taken.
func source(turn, x, y int, size image.Point) (int, int) {
	w, h := size.X-1, size.Y-1
	switch turn {
	case 2:
		return w - x, y
	case 3:
		return w - x, h - y
	case 4:
		return x, h - y
	case 5:
		return y, x
	case 6:
		return y, h - x
	case 7:
		return w - y, h - x
	case 8:
		return w - y, x
	}
	return x, y
}
