package state

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/policies"
)

func anything([]byte) error { return nil }

func open(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func load(t *testing.T, s *Store) (string, Notes) {
	t.Helper()
	desired, notes, err := s.Load(anything)
	if err != nil {
		t.Fatal(err)
	}
	return string(desired), notes
}

func TestNewFolderIsEmptyAndPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s := open(t, dir)
	if got, notes := load(t, s); got != "" || notes.Usage != nil {
		t.Errorf("a new folder holds %q and %v", got, notes)
	}
	if err := s.SaveDesired([]byte("one")); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "desired.0"): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %v, want %v", path, got, want)
		}
	}
}

func TestReopenedFolderHoldsTheNewest(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	want := Notes{
		Trusted: time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC),
		Usage:   policies.Usage{"leo": {"2026-11-21": {Minutes: 7, Last: time.Date(2026, 11, 21, 17, 0, 0, 0, time.UTC)}}},
	}
	for _, message := range []string{"one", "two", "three"} {
		if err := errors.Join(s.SaveDesired([]byte(message)), s.SaveNotes(want)); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	s = open(t, dir)
	got, notes := load(t, s)
	if got != "three" {
		t.Errorf("loaded %q, want three", got)
	}
	if diff := cmp.Diff(want, notes); diff != "" {
		t.Error(diff)
	}
	if l := s.Limitations(); l != nil {
		t.Errorf("limitations %v of a sound folder", l)
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "another agent") {
		t.Errorf("second open: %v", err)
	}
}

func TestTooLongIsRefused(t *testing.T) {
	if err := open(t, t.TempDir()).SaveDesired(make([]byte, MaxRecord+1)); err == nil {
		t.Error("a record beyond the limit was saved")
	}
}

// damaged saves two documents and hands the file of the newer one to harm, then says what is loaded.
func damaged(t *testing.T, older, newer string, harm func([]byte) []byte) (string, *Store) {
	t.Helper()
	d := newFakeDisk()
	s := newStore(d)
	if err := errors.Join(s.SaveDesired([]byte(older)), s.SaveDesired([]byte(newer))); err != nil {
		t.Fatal(err)
	}
	d.now["desired.1"] = harm(bytes.Clone(d.now["desired.1"]))
	s = newStore(d)
	got, _ := load(t, s)
	return got, s
}

func TestFileCutAtEveryByteFallsBack(t *testing.T) {
	whole := len(encode(2, []byte("newer document")))
	for n := range whole {
		got, s := damaged(t, "older", "newer document", func(b []byte) []byte { return b[:n] })
		if got != "older" {
			t.Fatalf("cut at byte %d: loaded %q", n, got)
		}
		if l := s.Limitations(); len(l) != 1 || l[0].Code != "state-fallback" {
			t.Fatalf("cut at byte %d: limitations %v", n, l)
		}
	}
}

func TestEveryBitFlipFallsBack(t *testing.T) {
	whole := len(encode(2, []byte("newer document")))
	for bit := range whole * 8 {
		got, s := damaged(t, "older", "newer document", func(b []byte) []byte {
			b[bit/8] ^= 1 << (bit % 8)
			return b
		})
		if got != "older" || len(s.Limitations()) != 1 {
			t.Fatalf("bit %d flipped: loaded %q, limitations %v", bit, got, s.Limitations())
		}
	}
}

func TestSaveAfterFallbackHeals(t *testing.T) {
	got, s := damaged(t, "older", "newer", func([]byte) []byte { return nil })
	if got != "older" {
		t.Fatalf("loaded %q", got)
	}
	if err := s.SaveDesired([]byte("newest")); err != nil {
		t.Fatal(err)
	}
	if l := s.Limitations(); l != nil {
		t.Errorf("limitations %v after the damaged slot was replaced", l)
	}
	if got, _ := load(t, s); got != "newest" {
		t.Errorf("loaded %q after healing", got)
	}
}

func TestLostSlotIsReported(t *testing.T) {
	d := newFakeDisk()
	s := newStore(d)
	if err := errors.Join(s.SaveDesired([]byte("one")), s.SaveDesired([]byte("two")), s.SaveDesired([]byte("three"))); err != nil {
		t.Fatal(err)
	}
	delete(d.now, "desired.0")
	s = newStore(d)
	if got, _ := load(t, s); got != "two" {
		t.Errorf("loaded %q", got)
	}
	if l := s.Limitations(); len(l) != 1 || !strings.Contains(l[0].Detail, "is gone") {
		t.Errorf("limitations %v", l)
	}
}

func TestDocumentThatIsNotAcceptedFallsBack(t *testing.T) {
	d := newFakeDisk()
	s := newStore(d)
	if err := errors.Join(s.SaveDesired([]byte("good")), s.SaveDesired([]byte("forged"))); err != nil {
		t.Fatal(err)
	}
	s = newStore(d)
	got, _, err := s.Load(func(b []byte) error {
		if string(b) == "forged" {
			return errors.New("signature is wrong")
		}
		return nil
	})
	if err != nil || string(got) != "good" {
		t.Errorf("loaded %q, %v", got, err)
	}
	if l := s.Limitations(); len(l) != 1 || !strings.Contains(l[0].Detail, "signature") {
		t.Errorf("limitations %v", l)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(1, nil))
	f.Add(encode(18446744073709551615, []byte("body")))
	f.Add([]byte(magic + " 1 0 \n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		seq, body, err := decode(data)
		if err == nil && !bytes.Equal(encode(seq, body), data) {
			t.Errorf("decoded something that encode does not write: %q", data)
		}
	})
}
