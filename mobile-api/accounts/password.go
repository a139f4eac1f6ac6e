package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost of a hash: OWASP's first choice for argon2id, some 30 ms and 19 MiB.
const (
	hashMemory  = 19 << 10 // KiB
	hashTime    = 2
	hashThreads = 1
	hashLength  = 32
	saltLength  = 16

	maxHashing = 4 // at once: what sign-ins can make this process use is bounded, 76 MiB
	// Limits for parameters read back: a hash that asks for more was not made here.
	maxMemory = 256 << 10
	maxTime   = 16
)

var errHash = errors.New("hash cannot be read")

// hasher makes and checks password hashes, a few at a time.
type hasher struct {
	slots chan struct{}
	decoy string // the hash of a password that nobody knows, for emails that nobody has
}

func newHasher() *hasher {
	return &hasher{slots: make(chan struct{}, maxHashing), decoy: makeHash(rand.Text())}
}

// hash is a PHC string (argon2's encoding, as in the reference implementation).
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	return makeHash(password), nil
}

// matches costs the same for an encoded hash of "", which no password matches.
func (h *hasher) matches(ctx context.Context, encoded, password string) (bool, error) {
	known := encoded != ""
	if !known {
		encoded = h.decoy
	}
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	same, err := compareHash(encoded, password)
	return same && known, err
}

func (h *hasher) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting to hash: %w", ctx.Err())
	}
}

func (h *hasher) leave() { <-h.slots }

func makeHash(password string) string {
	salt := make([]byte, saltLength)
	_, _ = rand.Read(salt) // never fails
	key := argon2.IDKey([]byte(normalisePassword(password)), salt, hashTime, hashMemory, hashThreads, hashLength)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashTime, hashThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

func compareHash(encoded, password string) (bool, error) {
	part := strings.Split(encoded, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" {
		return false, errHash
	}
	var version int
	var memory, time uint32
	var threads uint8
	if _, err := fmt.Sscanf(part[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, errHash
	}
	if _, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil {
		return false, errHash
	}
	if memory > maxMemory || time < 1 || time > maxTime || threads < 1 {
		return false, errHash
	}
	salt, err := base64.RawStdEncoding.Strict().DecodeString(part[4])
	if err != nil || len(salt) < 8 {
		return false, errHash
	}
	key, err := base64.RawStdEncoding.Strict().DecodeString(part[5])
	if err != nil || len(key) < 16 || len(key) > 64 {
		return false, errHash
	}
	again := argon2.IDKey([]byte(normalisePassword(password)), salt, time, memory, threads, uint32(len(key)))
	return subtle.ConstantTimeCompare(key, again) == 1, nil
}
