package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"
)

// nextKey follows testKey. It signs nothing real either.
func nextKey() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte("carebox next key, signs nothing!"))
}

// succeeded signs any bytes as the operator signs successions.
func succeeded(key ed25519.PrivateKey, doc string) []byte {
	return append(ed25519.Sign(key, append(bytes.Clone(successionContext), doc...)), doc...)
}

func TestSuccessionsThatNobodySignedOrThatNameNoKeyAreRefused(t *testing.T) {
	at := time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC)
	old, next := public(t, testKey()), public(t, nextKey())
	whole, err := SignSuccession(testKey(), next, at)
	if err != nil {
		t.Fatal(err)
	}
	doc := string(whole[ed25519.SignatureSize:])
	in := func(from, to string) []byte { return succeeded(testKey(), strings.Replace(doc, from, to, 1)) }
	base := base64.StdEncoding.EncodeToString(next)
	for name, c := range map[string]struct {
		message []byte
		want    error
	}{
		"as it is":            {whole, nil},
		"nothing":             {nil, ErrSignature},
		"half":                {whole[:len(whole)-9], ErrSignature},
		"the next key's own":  {succeeded(nextKey(), doc), ErrSignature},
		"a grant's context":   {append(ed25519.Sign(testKey(), append(bytes.Clone(grantContext), doc...)), doc...), ErrSignature},
		"a Desired's context": {by(testKey(), doc), ErrSignature},
		"null":                {succeeded(testKey(), "null"), ErrDocument},
		"no key":              {in(base, ""), ErrDocument},
		"a short key":         {in(base, "AAAA"), ErrDocument},
		"a key of zeroes":     {in(base, base64.StdEncoding.EncodeToString(make([]byte, 32))), ErrDocument},
		"the same key":        {in(base, base64.StdEncoding.EncodeToString(old)), ErrDocument},
		"no time":             {in(`2026-11-21T18:00:00Z`, `0001-01-01T00:00:00Z`), ErrDocument},
		"another one's":       {in(Fingerprint(old), Fingerprint(next)), ErrDocument},
		"2 KB":                {succeeded(testKey(), doc+strings.Repeat(" ", 2<<10)), ErrSize},
	} {
		got, err := OpenSuccession(c.message, old)
		if !errors.Is(err, c.want) || (err == nil) != bytes.Equal(got.New, next) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for name, key := range map[string]ed25519.PublicKey{"none": nil, "itself": old} {
		if _, err := SignSuccession(testKey(), key, at); !errors.Is(err, ErrDocument) {
			t.Errorf("signed %s: %v", name, err)
		}
	}
	for _, key := range []string{`"key":"x"`, `"next":"x"`, `"key":"` + strings.Repeat("G", 64) + `"`} {
		if _, err := DecodeHello([]byte(`{"box":"box-1","schema":1,` + key + `}`)); !errors.Is(err, ErrDocument) {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func FuzzSuccession(f *testing.F) {
	whole, err := SignSuccession(testKey(), nextKey().Public().(ed25519.PublicKey), time.Unix(1_800_000_000, 0))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole[ed25519.SignatureSize:])
	f.Fuzz(func(t *testing.T, doc []byte) {
		s, err := OpenSuccession(succeeded(testKey(), string(doc)), public(t, testKey()))
		if err != nil {
			return
		}
		if _, err := SignSuccession(testKey(), s.New, s.Issued); err != nil {
			t.Fatalf("opened %+v, which cannot be signed: %v", s, err)
		}
	})
}
