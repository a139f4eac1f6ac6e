package enrolment

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"
)

// codeAlphabet has no letter that looks like a digit or another letter (Crockford's base 32).
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const codeLength = 16 // 80 bits: nobody guesses one, so a plain digest keeps it

// NewCode makes a claim code as labels show it: ABCD-EFGH-JKMN-PQRS.
func NewCode() string {
	random := make([]byte, codeLength)
	_, _ = rand.Read(random) // never fails
	var b strings.Builder
	for n, r := range random {
		if n > 0 && n%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(codeAlphabet[r%32])
	}
	return b.String()
}

// DigestCode is what the list has of a claim code. How people write one does not matter: case, spaces and dashes, O for 0, I
// and L for 1.
func DigestCode(code string) string {
	plain := strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(code))
	sum := sha256.Sum256([]byte(plain))
	return hex.EncodeToString(sum[:])
}

// rightCode compares in constant time.
func rightCode(code, digest string) bool {
	return subtle.ConstantTimeCompare([]byte(DigestCode(code)), []byte(digest)) == 1
}
