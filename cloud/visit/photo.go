package visit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"time"

	"github.com/carebox-project/carebox/policies"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// Limits of pictures.
const (
	MaxPhoto    = 5 << 20    // bytes as they come
	maxPixels   = 50_000_000 // before anything is decoded
	longestSide = 2048       // pixels, as they are kept
	quality     = 82
)

// Picture is a photo as a phone sends it.
type Picture struct {
	ID   string // of the phone's making
	Kind string // box, socket, cabling, proof, other
	At   time.Time
	Data []byte // PNG, JPEG or WebP
}

// AddPhoto keeps a picture, without anything that a phone writes into it beside what is seen. The same again changes nothing.
// ErrNotFound, ErrPhoto, ErrDiffers, ErrOver, ErrSigned, *Early, policies.Problems.
func (o *Office) AddPhoto(ctx context.Context, id string, p Picture, who Who) (Visit, error) {
	if !stepID.MatchString(p.ID) {
		return Visit{}, policies.Problems{{Code: policies.CodeID, Field: "photo", Detail: "An id is 1 to 64 letters, digits and dashes."}}
	}
	if !slices.Contains([]string{"box", "socket", "cabling", "proof", "other"}, p.Kind) {
		return Visit{}, policies.Problems{{Code: policies.CodeWord, Field: "kind", Detail: "A photo is of box, socket, cabling, proof or other."}}
	}
	if v, err := o.find(ctx, id, who); err != nil || v.State.Over() { // before work is done for a stranger
		return Visit{}, errors.Join(err, when(err == nil, ErrOver))
	}
	clean, meta, err := o.clean(ctx, p)
	if err != nil {
		return Visit{}, err
	}
	return o.change(ctx, id, who, func(v *Visit) (bool, error) {
		if err := v.photo(meta, o.now()); err != nil {
			return false, err
		}
		return o.Store.KeepPhoto(ctx, *v, p.ID, clean)
	})
}

// photo adds a picture; errSame: it is there.
func (v *Visit) photo(p Photo, now time.Time) error {
	i := slices.IndexFunc(v.Photos, func(o Photo) bool { return o.ID == p.ID })
	p.At = bounded(p.At, now.Add(-maxOld), now)
	switch {
	case i >= 0 && v.Photos[i].SHA256 == p.SHA256:
		return errSame
	case i >= 0:
		return ErrDiffers
	case v.State.Over():
		return ErrOver
	case v.Arrived.IsZero():
		return &Early{Needs: "arrive"}
	case v.Signed != nil && p.At.After(v.Signed.At):
		return ErrSigned
	case len(v.Photos) >= maxPhotos:
		return policies.Problems{{Code: policies.CodeTooMany, Field: "photo", Detail: "A visit has at most 20 photos."}}
	}
	v.Photos = append(v.Photos, p)
	return nil
}

const maxPhotos = 20

// DropPhoto takes a picture away that should not have been made. ErrNotFound, ErrOver, ErrSigned.
func (o *Office) DropPhoto(ctx context.Context, id, photo string, who Who) (Visit, error) {
	return o.change(ctx, id, who, func(v *Visit) (bool, error) {
		i := slices.IndexFunc(v.Photos, func(p Photo) bool { return p.ID == photo })
		switch {
		case v.State.Over():
			return false, ErrOver
		case v.Signed != nil:
			return false, ErrSigned
		case i < 0:
			return false, ErrNotFound
		}
		v.Photos = slices.Delete(v.Photos, i, i+1)
		return o.Store.DropPhoto(ctx, *v, photo)
	})
}

// Photo is the bytes of a picture, a JPEG. ErrNotFound.
func (o *Office) Photo(ctx context.Context, id, photo string, who Who) ([]byte, error) {
	if !stepID.MatchString(photo) {
		return nil, ErrNotFound
	}
	if _, err := o.find(ctx, id, who); err != nil {
		return nil, err
	}
	return o.Store.Photo(ctx, id, photo)
}

// clean draws a picture anew. Only two at once: each takes some 200 MB while it is drawn.
func (o *Office) clean(ctx context.Context, p Picture) ([]byte, Photo, error) {
	select {
	case o.looking <- struct{}{}:
		defer func() { <-o.looking }()
	case <-ctx.Done():
		return nil, Photo{}, fmt.Errorf("waiting for a turn: %w", ctx.Err())
	}
	data, size, err := cleanPhoto(p.Data)
	if err != nil {
		return nil, Photo{}, err
	}
	sum := sha256.Sum256(data)
	return data, Photo{
		ID: p.ID, Kind: p.Kind, At: p.At, Width: size.X, Height: size.Y, Bytes: len(data), SHA256: hex.EncodeToString(sum[:]),
	}, nil
}

// coding is how pictures of a kind are read.
type coding struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

func codingOf(data []byte) (coding, bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return coding{png.DecodeConfig, png.Decode}, true
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return coding{jpeg.DecodeConfig, jpeg.Decode}, true
	case len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return coding{webp.DecodeConfig, webp.Decode}, true
	}
	return coding{}, false
}

// decode reads a picture of at most so many pixels, whose size is read before anything else.
func decode(data []byte, most image.Point, pixels int) (image.Image, error) {
	kind, known := codingOf(data)
	if !known {
		return nil, fmt.Errorf("%w: it is no PNG, JPEG or WebP", ErrPhoto)
	}
	size, err := kind.config(bytes.NewReader(data))
	if err != nil || size.Width < 1 || size.Height < 1 {
		return nil, fmt.Errorf("%w: %w", ErrPhoto, err)
	}
	if size.Width > most.X || size.Height > most.Y || size.Width*size.Height > pixels {
		return nil, fmt.Errorf("%w: it has %d by %d pixels", ErrPhoto, size.Width, size.Height)
	}
	picture, err := kind.decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPhoto, err)
	}
	return picture, nil
}

// cleanPhoto is a picture drawn anew as JPEG, upright and at most longestSide wide and high: nothing else of the file is left.
func cleanPhoto(data []byte) ([]byte, image.Point, error) {
	if len(data) > MaxPhoto {
		return nil, image.Point{}, fmt.Errorf("%w: it has over 5 MB", ErrPhoto)
	}
	picture, err := decode(data, image.Pt(20_000, 20_000), maxPixels)
	if err != nil {
		return nil, image.Point{}, err
	}
	small := upright(shrink(picture), orientation(data))
	var out bytes.Buffer
	if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: quality}); err != nil {
		return nil, image.Point{}, fmt.Errorf("drawing photo: %w", err)
	}
	return out.Bytes(), small.Bounds().Size(), nil
}

// shrink draws a picture on white, smaller where it must be.
func shrink(from image.Image) *image.RGBA {
	size := from.Bounds().Size()
	if most := max(size.X, size.Y); most > longestSide {
		size = image.Pt(max(1, size.X*longestSide/most), max(1, size.Y*longestSide/most))
	}
	to := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(to, to.Bounds(), image.White, image.Point{}, draw.Src)
	xdraw.ApproxBiLinear.Scale(to, to.Bounds(), from, from.Bounds(), draw.Over, nil)
	return to
}

// cleanDrawing is a signature drawn anew as PNG.
func cleanDrawing(data []byte) ([]byte, error) {
	if !bytes.HasPrefix(data, []byte("\x89PNG")) {
		return nil, ErrPhoto
	}
	picture, err := decode(data, image.Pt(2000, 1000), 2_000_000)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := png.Encode(&out, shrink(picture)); err != nil {
		return nil, fmt.Errorf("drawing signature: %w", err)
	}
	return out.Bytes(), nil
}
