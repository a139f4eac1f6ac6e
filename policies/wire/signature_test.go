package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func desired() Desired {
	return Desired{
		Box: "box-1", Schema: Schema, Revision: 3, Issued: time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC),
		Policy: json.RawMessage(`{"zone":"UTC"}`),
	}
}

func signed(t *testing.T, change func(*Desired)) []byte {
	t.Helper()
	d := desired()
	change(&d)
	message, err := Sign(testKey(), d)
	if err != nil {
		t.Fatal(err)
	}
	return message
}

// by signs any bytes as the operator does.
func by(key ed25519.PrivateKey, doc string) []byte {
	return append(ed25519.Sign(key, append(bytes.Clone(context), doc...)), doc...)
}

func TestOpenRefuses(t *testing.T) {
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	whole := signed(t, func(*Desired) {})
	tests := []struct {
		name    string
		message []byte
		want    error
	}{
		{"nothing", nil, ErrSignature},
		{"less than a signature", whole[:63], ErrSignature},
		{"a signature alone", whole[:64], ErrSignature},
		{"half a document", whole[:len(whole)-10], ErrSignature},
		{"something behind it", append(slices.Clone(whole), ' '), ErrSignature},
		{"another key", by(other, string(whole[64:])), ErrSignature},
		{"a signature over the bare document", append(ed25519.Sign(testKey(), whole[64:]), whole[64:]...), ErrSignature},
		{"another box", signed(t, func(d *Desired) { d.Box = "box-2" }), ErrBox},
		{"no box", signed(t, func(d *Desired) { d.Box = "" }), ErrBox},
		{"an older schema", signed(t, func(d *Desired) { d.Schema = 0 }), ErrDocument},
		{"a newer schema", signed(t, func(d *Desired) { d.Schema = 2 }), ErrDocument},
		{"no revision", signed(t, func(d *Desired) { d.Revision = 0 }), ErrDocument},
		{"a negative revision", signed(t, func(d *Desired) { d.Revision = -1 }), ErrDocument},
		{"no time of issue", signed(t, func(d *Desired) { d.Issued = time.Time{} }), ErrDocument},
		{"broken JSON", by(testKey(), `{"box":"box-1"`), ErrDocument},
		{"two documents", by(testKey(), string(whole[64:])+"{}"), ErrDocument},
		{"null", by(testKey(), "null"), ErrDocument},
		{"10 MB", by(testKey(), `{"box":"`+strings.Repeat("x", 10<<20)+`"}`), ErrSize},
		{"10 MB of nothing", make([]byte, 10<<20), ErrSize},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := Open(tt.message, public(t, testKey()), "box-1"); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
	if _, err := Open(whole, nil, "box-1"); !errors.Is(err, ErrSignature) {
		t.Errorf("without a key: %v", err)
	}
	if _, err := Open(whole, public(t, testKey()), "box-1"); err != nil {
		t.Errorf("the whole message: %v", err)
	}
}

func TestEveryCorruptedByteIsRefused(t *testing.T) {
	message := signed(t, func(*Desired) {})
	for i := range message {
		for _, flip := range []byte{0x01, 0x80, 0xff} {
			bad := slices.Clone(message)
			bad[i] ^= flip
			if _, err := Open(bad, public(t, testKey()), "box-1"); !errors.Is(err, ErrSignature) {
				t.Fatalf("byte %d changed by %#x: %v", i, flip, err)
			}
		}
	}
}

func TestSignRefusesWhatNoBoxWouldRead(t *testing.T) {
	d := desired()
	d.Policy = json.RawMessage(`"` + strings.Repeat("x", MaxDesired) + `"`)
	if _, err := Sign(testKey(), d); !errors.Is(err, ErrSize) {
		t.Errorf("a long policy: %v", err)
	}
	d.Policy = json.RawMessage(`{`)
	if _, err := Sign(testKey(), d); err == nil {
		t.Error("a broken policy was signed")
	}
}

func FuzzOpen(f *testing.F) {
	message, err := Sign(testKey(), desired())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(message, []byte(`{}`))
	f.Add([]byte{}, message[ed25519.SignatureSize:])
	key, _ := testKey().Public().(ed25519.PublicKey)
	f.Fuzz(func(t *testing.T, message, doc []byte) {
		if d, err := Open(message, key, "box-1"); err == nil {
			again, err := Sign(testKey(), d)
			if err != nil || len(again) == 0 {
				t.Fatalf("what was opened cannot be signed: %v", err)
			}
		}
		d, err := Open(by(testKey(), string(doc)), key, "box-1")
		if err == nil && (d.Box != "box-1" || d.Revision < 1 || d.Schema != Schema) {
			t.Fatalf("a wrong document was opened: %+v", d)
		}
	})
}
