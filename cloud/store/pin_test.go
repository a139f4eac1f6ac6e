package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/keyring"
)

func TestWhatBoxesBelieveIsCounted(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx := open(t, database), t.Context()
		for _, p := range []keyring.Pin{
			{Box: "b1", Key: "k1", At: accountsBegin}, {Box: "b2", Key: "k1", Next: "k2", At: accountsBegin}, {Box: "b3", Key: "k1", Next: "k2", At: accountsBegin},
			{Box: "b4", Key: "k1", At: accountsBegin}, {Box: "b4", Key: "k2", At: accountsBegin.Add(time.Hour)},
		} {
			if err := s.KeepPin(ctx, p); err != nil {
				t.Fatal(err)
			}
		}
		held, err := s.Held(ctx)
		want := []keyring.Held{{Key: "k1", Boxes: 3, Next: map[string]int{"k2": 2}}, {Key: "k2", Boxes: 1, Next: map[string]int{}}}
		if diff := cmp.Diff(want, held); err != nil || diff != "" {
			t.Error(err, diff)
		}
		pin, err := s.PinOf(ctx, "b4")
		if diff := cmp.Diff(keyring.Pin{Box: "b4", Key: "k2", At: accountsBegin.Add(time.Hour)}, pin); err != nil || diff != "" {
			t.Error(err, diff)
		}
		if pin, err := s.PinOf(ctx, "b9"); err != nil || pin != (keyring.Pin{Box: "b9"}) {
			t.Errorf("of who never spoke: %v, %v", pin, err)
		}
	})
}

func TestAKeyNamesTheNextOneOnce(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx := open(t, database), t.Context()
		first := keyring.Letter{Old: "k1", New: "k2", Message: []byte{0, 255, 'x'}, Made: accountsBegin}
		second := keyring.Letter{Old: "k2", New: "k3", Message: []byte("y"), Made: accountsBegin.Add(time.Hour)}
		again := first
		again.Message, again.Made = []byte("z"), accountsBegin.Add(2*time.Hour)
		for _, l := range []keyring.Letter{second, first, again} {
			if err := s.AddLetter(ctx, l); err != nil {
				t.Fatal(err)
			}
		}
		letters, err := s.Letters(ctx)
		if diff := cmp.Diff([]keyring.Letter{first, second}, letters); err != nil || diff != "" {
			t.Error(err, diff)
		}
	})
}
