package assist

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"image/png"

	"github.com/google/uuid"
	_ "golang.org/x/image/webp" // decodes

	"github.com/carebox-project/carebox/policies"
)

const (
	// MaxImage is bytes of a picture as it comes, and as it is kept.
	MaxImage      = 2 << 20
	maxPixels     = 12_000_000
	maxSide       = 8000
	decodedAtOnce = 2 // each needs up to a hundred megabytes
	quality       = 85
)

// Image is a picture in a case. It was decoded and encoded anew: nothing of it is what somebody sent.
type Image struct {
	ID   string
	Type string // image/jpeg or image/png
	Data []byte
}

// errImage is what is no picture that we take.
var errImage = errors.New("not a picture that is taken")

// Show keeps a picture of the customer as a message. policies.Problems.
func (c *Cases) Show(ctx context.Context, who Customer, id string, data []byte) (Message, error) {
	k, _, err := c.Own(ctx, who, id)
	if err == nil && !k.Open() {
		err = ErrCaseState
	}
	if err != nil {
		return Message{}, err
	}
	m, err := c.shown(ctx, &k, data)
	if err != nil {
		return Message{}, err
	}
	return c.sayAs(ctx, who, id, m)
}

// AnswerImage keeps a picture of the agent who has the case. policies.Problems.
func (c *Cases) AnswerImage(ctx context.Context, agent Agent, id string, data []byte) (Message, error) {
	k, err := c.Held(ctx, id, agent)
	if err != nil {
		return Message{}, err
	}
	m, err := c.shown(ctx, &k, data)
	if err != nil {
		return Message{}, err
	}
	return c.answerAs(ctx, agent, id, m)
}

// shown is a message with a picture, made anew. It is not made where no message could show it.
func (c *Cases) shown(ctx context.Context, k *Case, data []byte) (Message, error) {
	made := Image{ID: uuid.NewString()}
	if err := room(k, Message{Picture: made.ID}); err != nil {
		return Message{}, err
	}
	select {
	case c.decoding <- struct{}{}:
		defer func() { <-c.decoding }()
	case <-ctx.Done():
		return Message{}, ctx.Err()
	}
	anew, err := encodeAnew(data)
	if err != nil {
		return Message{}, policies.Problems{{Code: "picture", Field: "picture", Detail: "This is no PNG, JPEG or WebP of at most 2 MB and 12 million dots."}}
	}
	made.Type, made.Data = anew.Type, anew.Data
	return Message{Picture: made.ID, Image: &made}, nil
}

// encodeAnew makes a picture of bytes that somebody sent: what they hid in it, such as where it was taken, stays behind.
func encodeAnew(data []byte) (Image, error) {
	if len(data) > MaxImage {
		return Image{}, errImage
	}
	config, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || config.Width < 1 || config.Height < 1 || config.Width > maxSide || config.Height > maxSide ||
		config.Width*config.Height > maxPixels {
		return Image{}, errImage
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return Image{}, errImage
	}
	var out bytes.Buffer
	if kind == "png" {
		if err := png.Encode(&out, picture); err == nil && out.Len() <= MaxImage {
			return Image{Type: "image/png", Data: out.Bytes()}, nil
		}
		out.Reset()
	}
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: quality}); err != nil || out.Len() > MaxImage {
		return Image{}, errImage
	}
	return Image{Type: "image/jpeg", Data: out.Bytes()}, nil
}

// OwnImage is a picture of a customer's case. ErrCaseUnknown.
func (c *Cases) OwnImage(ctx context.Context, who Customer, id, picture string) (Image, error) {
	if _, _, err := c.Own(ctx, who, id); err != nil {
		return Image{}, err
	}
	return c.StaffImage(ctx, id, picture)
}

// StaffImage is a picture of a case. ErrCaseUnknown.
func (c *Cases) StaffImage(ctx context.Context, id, picture string) (Image, error) {
	if !valid(id) || !valid(picture) {
		return Image{}, ErrCaseUnknown
	}
	return c.Store.Image(ctx, id, picture)
}
