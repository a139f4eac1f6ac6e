package accounts

import (
	"context"
	"strings"
	"testing"
)

func TestHashThatWasNotMadeHereIsAnError(t *testing.T) {
	good := makeHash("correct horse battery")
	if !strings.HasPrefix(good, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatal(good)
	}
	if same, err := compareHash(good, "correct horse battery"); err != nil || !same {
		t.Fatal(same, err)
	}
	for _, bad := range []string{
		"", "plain", "$2a$10$abc", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=19456", "m=4294967295", 1), strings.Replace(good, "t=2", "t=0", 1), strings.Replace(good, "p=1", "p=0", 1),
		good[:len(good)-30], good + "!", strings.Replace(good, "m=19456", "m=-1", 1),
	} {
		if same, err := compareHash(bad, "correct horse battery"); err == nil || same {
			t.Errorf("%q: %v, %v", bad, same, err)
		}
	}
}

func TestSlotsAreWaitedForNoLongerThanTheRequest(t *testing.T) {
	h := newHasher()
	for range maxHashing {
		h.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.hash(ctx, "x"); err == nil {
		t.Error("hashed without a slot")
	}
	if _, err := h.matches(ctx, h.decoy, "x"); err == nil {
		t.Error("compared without a slot")
	}
}
