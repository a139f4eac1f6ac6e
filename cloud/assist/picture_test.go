package assist_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"sync"
	"testing"

	"github.com/carebox-project/carebox/cloud/assist"
)

// gray is a picture of that many dots.
func gray(t *testing.T, dots int) []byte {
	t.Helper()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, dots, 1))); err != nil {
		t.Fatal(err)
	}
	return picture.Bytes()
}

// A picture that no message can show is not kept: nothing would ever take it away.
func TestNoPictureIsKeptThatNobodySees(t *testing.T) {
	w, dot := newTown(t, assist.Hours{}), gray(t, 30)
	ctx, k := t.Context(), w.asks(1)
	for n := range 19 {
		if _, err := w.Show(ctx, who(1), k.ID, gray(t, n+1)); err != nil {
			t.Fatal(err)
		}
	}
	var all sync.WaitGroup
	for n := range 4 { // of those that come at once the last that fits is shown
		all.Go(func() { _, _ = w.Show(ctx, who(1), k.ID, gray(t, 40+n)) })
	}
	all.Wait()
	if _, err := w.Show(ctx, who(1), k.ID, dot); !errors.Is(err, assist.ErrCaseFull) || w.store.Images() != 20 {
		t.Errorf("one too many: %v, %d kept", err, w.store.Images())
	}
	w.must(w.Judge(ctx, who(1), k.ID, true))
	if _, err := w.Show(ctx, who(1), k.ID, dot); !errors.Is(err, assist.ErrCaseState) || w.store.Images() != 20 {
		t.Errorf("in a closed case: %v, %d kept", err, w.store.Images())
	}
	w.must(w.Judge(ctx, who(1), k.ID, false))
	w.must(w.Take(ctx, julie, k.ID))
	if _, err := w.AnswerImage(ctx, julie, k.ID, dot); !errors.Is(err, assist.ErrCaseFull) || w.store.Images() != 20 {
		t.Errorf("of the agent: %v, %d kept", err, w.store.Images())
	}
}

func TestOnlyAnIDReachesTheStore(t *testing.T) {
	err := new(assist.Sessions).Decline(t.Context(), "h", "8d2f1b1e-6f4c-4f4e-9d3a-0c1c5f0a7c11", "\x00", assist.Closing{})
	if !errors.Is(err, assist.ErrUnknown) {
		t.Error(err)
	}
}
