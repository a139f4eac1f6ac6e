package assist_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"testing"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/assist/assisttest"
)

// shelf counts the pictures that are kept.
type shelf struct {
	*assisttest.Store
	kept int
}

func (s *shelf) AddImage(ctx context.Context, one assist.Image, id string) error {
	s.kept++
	return s.Store.AddImage(ctx, one, id)
}

// A picture that no message can show is not kept: nothing would ever take it away.
func TestNoPictureIsKeptThatNobodySees(t *testing.T) {
	var dot bytes.Buffer
	if err := png.Encode(&dot, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	w, store := newTown(t, assist.Hours{}), &shelf{Store: assisttest.New()}
	w.Cases.Store = store
	ctx, k := t.Context(), w.asks(1)
	for range 20 {
		if _, err := w.Show(ctx, who(1), k.ID, dot.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Show(ctx, who(1), k.ID, dot.Bytes()); !errors.Is(err, assist.ErrCaseFull) || store.kept != 20 {
		t.Errorf("one too many: %v, %d kept", err, store.kept)
	}
	w.must(w.Judge(ctx, who(1), k.ID, true))
	if _, err := w.Show(ctx, who(1), k.ID, dot.Bytes()); !errors.Is(err, assist.ErrCaseState) || store.kept != 20 {
		t.Errorf("in a closed case: %v, %d kept", err, store.kept)
	}
	w.must(w.Judge(ctx, who(1), k.ID, false))
	w.must(w.Take(ctx, julie, k.ID))
	if _, err := w.AnswerImage(ctx, julie, k.ID, dot.Bytes()); !errors.Is(err, assist.ErrCaseFull) || store.kept != 20 {
		t.Errorf("of the agent: %v, %d kept", err, store.kept)
	}
}

func TestOnlyAnIDReachesTheStore(t *testing.T) {
	err := new(assist.Sessions).Decline(t.Context(), "h", "8d2f1b1e-6f4c-4f4e-9d3a-0c1c5f0a7c11", "\x00", assist.Closing{})
	if !errors.Is(err, assist.ErrUnknown) {
		t.Error(err)
	}
}
