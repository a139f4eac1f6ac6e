package state

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

var pinBegin = time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC)

// operatorKey is one of a row of keys that follow each other, 1, 2, 3 ….
func operatorKey(n int) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte(strings.Repeat(fmt.Sprint(n%10), ed25519.SeedSize)))
}

func publicKey(n int) ed25519.PublicKey { return operatorKey(n).Public().(ed25519.PublicKey) }

// names is the letter by which one key names another, so long after the first.
func names(t *testing.T, old, next int, after time.Duration) []byte {
	t.Helper()
	message, err := wire.SignSuccession(operatorKey(old), publicKey(next), pinBegin.Add(after))
	if err != nil {
		t.Fatal(err)
	}
	return message
}

// pinbox is a box's keys on a disk of its own, enrolled under key 1.
type pinbox struct {
	*Pins
	t    *testing.T
	disk *fakeDisk
	rang int
}

func newPinbox(t *testing.T) *pinbox {
	b := &pinbox{t: t, disk: newFakeDisk()}
	b.restart(1)
	return b
}

func (b *pinbox) restart(origin int) {
	b.t.Helper()
	var err error
	if b.Pins, err = newStore(b.disk).Pins(publicKey(origin), func() { b.rang++ }); err != nil {
		b.t.Fatal(err)
	}
}

// believes reports whether a letter that a key has signed is opened.
func (b *pinbox) believes(n int) bool {
	b.t.Helper()
	message, err := wire.Sign(operatorKey(n), wire.Desired{Box: "box-1", Schema: wire.Schema, Revision: 1, Issued: pinBegin, Policy: []byte("{}")})
	if err != nil {
		b.t.Fatal(err)
	}
	err = b.Try(func(key ed25519.PublicKey) error {
		_, err := wire.Open(message, key, "box-1")
		return err
	})
	if err != nil && !errors.Is(err, wire.ErrSignature) {
		b.t.Fatal(err)
	}
	return err == nil
}

// holds checks what a Hello would say; 0 is no key.
func (b *pinbox) holds(current, next int) {
	b.t.Helper()
	key, following := b.Said()
	want := ""
	if next > 0 {
		want = wire.Fingerprint(publicKey(next))
	}
	if key != wire.Fingerprint(publicKey(current)) || following != want {
		b.t.Fatalf("says %.8s, %.8s; want those of %d, %d", key, following, current, next)
	}
}

func (b *pinbox) succeed(message []byte, want error) {
	b.t.Helper()
	if err := b.Succeed(message); !errors.Is(err, want) {
		b.t.Fatalf("a succession: %v, want %v", err, want)
	}
}

func TestBothKeysAreBelievedUntilTheNextOneHasSpoken(t *testing.T) {
	b := newPinbox(t)
	b.holds(1, 0)
	if b.believes(2) {
		t.Error("an unknown key was believed")
	}
	first := names(t, 1, 2, 0)
	b.succeed(first, nil)
	b.restart(1)
	b.holds(1, 2)
	if !b.believes(1) {
		t.Error("the old key was not believed, and the new one had not spoken")
	}
	b.holds(1, 2)
	if !b.believes(2) || b.believes(1) {
		t.Error("the new key did not take the place of the old one")
	}
	b.restart(1)
	b.holds(2, 0)
	if b.believes(1) {
		t.Error("the old key was believed again after a restart")
	}
	b.succeed(first, wire.ErrSignature) // which comes again
	b.succeed(names(t, 1, 3, time.Hour), wire.ErrSignature)
	b.holds(2, 0)
	if b.rang != 2 {
		t.Errorf("rang %d times", b.rang)
	}
}

func TestForgedSuccessionsChangeNothing(t *testing.T) {
	b := newPinbox(t)
	forged := names(t, 1, 9, 0)
	forged[70] ^= 1
	for name, message := range map[string][]byte{"by a stranger": names(t, 9, 8, 0), "torn": forged, "empty": nil} {
		if err := b.Succeed(message); !errors.Is(err, wire.ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.holds(1, 0)
	b.succeed(names(t, 1, 2, 0), nil)
	b.succeed(names(t, 3, 2, 0), wire.ErrSignature)
	b.holds(1, 2)
	// Right for somebody else's box: nothing that this box was to see.
	message, err := wire.Sign(operatorKey(2), wire.Desired{Box: "box-2", Schema: wire.Schema, Revision: 1, Issued: pinBegin, Policy: []byte("{}")})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Try(func(key ed25519.PublicKey) error {
		_, err := wire.Open(message, key, "box-1")
		return err
	}); !errors.Is(err, wire.ErrBox) {
		t.Error(err)
	}
	b.holds(1, 2)
}

func TestABoxThatSleptThroughTwoRotationsTakesBoth(t *testing.T) {
	b := newPinbox(t)
	for range 2 { // each Hello may bring them all again
		b.succeed(names(t, 1, 2, 0), nil)
		b.holds(1, 2)
	}
	b.succeed(names(t, 2, 3, -time.Hour), nil) // by a clock that was behind
	b.holds(2, 3)
	if !b.believes(3) || b.believes(2) || b.believes(1) {
		t.Error("not the newest key alone is believed")
	}
}

func TestALaterLetterTakesAnothersPlaceAndAnEarlierOneDoesNot(t *testing.T) {
	b := newPinbox(t)
	b.succeed(names(t, 1, 2, 0), nil)
	b.succeed(names(t, 1, 3, time.Hour), nil)
	b.holds(1, 3)
	b.succeed(names(t, 1, 2, 0), errSuccession)
	b.holds(1, 3)
	if b.believes(2) || !b.believes(3) {
		t.Error("the wrong key is believed")
	}
	b.succeed(names(t, 3, 1, 2*time.Hour), nil) // and back
	if !b.believes(1) || b.believes(3) {
		t.Error("there is no way back")
	}
}

func TestWhatWasAcceptedUnderAnOldKeyIsReadFromDisk(t *testing.T) {
	b := newPinbox(t)
	for n := 1; n <= 12; n++ {
		b.succeed(names(t, n, n+1, time.Duration(n)), nil)
		if !b.believes(n + 1) {
			t.Fatalf("key %d is not believed", n+1)
		}
	}
	b.restart(1)
	for n, want := range map[int]error{1: nil, 9: nil, 12: nil, 13: nil, 7: nil} { // keys repeat after 10
		message := names(t, n, n+1, 0)
		if err := b.Recall(func(key ed25519.PublicKey) error {
			_, err := wire.OpenSuccession(message, key)
			return err
		}); !errors.Is(err, want) {
			t.Errorf("key %d: %v", n, err)
		}
	}
}

func TestAnotherEnrolmentBeginsAnew(t *testing.T) {
	b := newPinbox(t)
	b.succeed(names(t, 1, 2, 0), nil)
	b.restart(5)
	b.holds(5, 0)
	if b.believes(1) || b.believes(2) {
		t.Error("the keys of the operator before are believed")
	}
}

// TestPowerCutAtEveryStepOfARotation: whatever was on disk, the box believes the cloud, which says all again.
func TestPowerCutAtEveryStepOfARotation(t *testing.T) {
	for _, kept := range []string{"synced only", "everything"} {
		for n := 0; ; n++ {
			b := newPinbox(t)
			b.disk.steps = n
			named := b.Succeed(names(t, 1, 2, 0))
			spoke := b.believes(2)
			cut := b.disk.steps == 0
			b.disk.steps = -1
			if kept == "synced only" {
				b.disk.now = maps.Clone(b.disk.durable)
			}
			b.restart(1)
			key, next := b.Said()
			switch one, two := wire.Fingerprint(publicKey(1)), wire.Fingerprint(publicKey(2)); {
			case key == one && next == "" && named != nil, key == one && next == two, key == two && next == "" && spoke:
			case kept == "everything" && named != nil && key == one && next == two: // renamed, and not synced
			default:
				t.Fatalf("%s, cut at step %d: holds %.8s, %.8s (named: %v, spoke: %v)", kept, n, key, next, named, spoke)
			}
			if key != wire.Fingerprint(publicKey(2)) {
				b.succeed(names(t, 1, 2, 0), nil)
			}
			if !b.believes(2) || b.believes(1) {
				t.Fatalf("%s, cut at step %d: the rotation did not come to its end", kept, n)
			}
			if !cut {
				break
			}
		}
	}
}

func TestADiskThatIsFullKeepsBothKeysAndSaysSo(t *testing.T) {
	b := newPinbox(t)
	b.succeed(names(t, 1, 2, 0), nil)
	b.disk.steps = 0
	if !b.believes(2) || !b.believes(1) {
		t.Error("a right letter was refused because the disk is full")
	}
	if l := b.Limitations(); len(l) != 1 || l[0].Code != "keys-not-kept" {
		t.Errorf("limitations %v", l)
	}
	b.disk.steps = -1
	if !b.believes(2) || b.believes(1) || b.Limitations() != nil {
		t.Errorf("with room again: %v", b.Limitations())
	}
}

func TestDamagedKeysFallBackToThoseBefore(t *testing.T) {
	b := newPinbox(t)
	b.succeed(names(t, 1, 2, 0), nil)
	if !b.believes(2) {
		t.Fatal("no rotation")
	}
	b.disk.now["pins.1"][60] ^= 1
	b.restart(1)
	b.holds(1, 2)
	if l := b.Limitations(); len(l) != 1 || l[0].Code != "state-fallback" {
		t.Errorf("limitations %v", l)
	}
}
