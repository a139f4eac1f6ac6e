package assist

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var filmed = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// film is frames as they were shown, half a second apart.
func film(texts ...string) []Shown {
	list := make([]Shown, len(texts))
	for i, text := range texts {
		list[i] = Shown{At: filmed.Add(time.Duration(i) * 500 * time.Millisecond), Frame: []byte(text)}
	}
	return list
}

// told reads what is handed out.
func told(t *testing.T, b []byte) (list []Shown) {
	t.Helper()
	for len(b) > 0 {
		length := binary.BigEndian.Uint32(b[8:])
		list = append(list, Shown{At: time.UnixMilli(int64(binary.BigEndian.Uint64(b))).UTC(), Frame: b[12 : 12+length]})
		b = b[12+length:]
	}
	return list
}

// taped is a recording of parts, sealed with a tape's key.
func taped(t *testing.T, tape *Tape, parts ...[]Shown) (Recording, []SealedPart) {
	t.Helper()
	r := Recording{ID: tape.ID, Parts: int64(len(parts))}
	var list []SealedPart
	for i, part := range parts {
		at := Part{Recording: r.ID, Session: "s", N: int64(i) + 1, At: part[0].At}
		plain := packed(part)
		sealed, err := seal(tape.Secret, at, plain)
		if err != nil {
			t.Fatal(err)
		}
		r.Bytes += int64(len(plain))
		list = append(list, SealedPart{at, sealed})
	}
	return r, list
}

func TestARecordingIsPlayedAsItWasShown(t *testing.T) {
	tape := newTape()
	r, parts := taped(t, tape, film("key", "delta", ""), film("again"))
	b, err := played(r, tape.Secret, parts)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(append(film("key", "delta", ""), film("again")...), told(t, b), cmp.Comparer(bytes.Equal)); diff != "" {
		t.Error(diff)
	}
	for _, p := range parts {
		data, err := base64.StdEncoding.DecodeString(p.Sealed)
		if err != nil || bytes.Contains(data, []byte("delta")) || bytes.Contains(data, []byte("again")) {
			t.Errorf("kept %q, %v", data, err)
		}
	}
	if other := newTape(); other.Secret == tape.Secret || other.ID == tape.ID {
		t.Error("two recordings with one key")
	}
}

func TestARecordingThatIsNotWhatWasKeptIsNotPlayed(t *testing.T) {
	for name, change := range map[string]func(r *Recording, secret *string, parts []SealedPart) []SealedPart{
		"another key": func(_ *Recording, secret *string, parts []SealedPart) []SealedPart {
			*secret = newTape().Secret
			return parts
		},
		"no key": func(_ *Recording, secret *string, parts []SealedPart) []SealedPart { *secret = ""; return parts },
		"half a key": func(_ *Recording, secret *string, parts []SealedPart) []SealedPart {
			*secret = (*secret)[:20]
			return parts
		},
		"one part away":       func(_ *Recording, _ *string, parts []SealedPart) []SealedPart { return parts[:1] },
		"the first part away": func(r *Recording, _ *string, parts []SealedPart) []SealedPart { r.Parts = 1; return parts[1:] },
		"parts changed places": func(_ *Recording, _ *string, parts []SealedPart) []SealedPart {
			parts[0].Sealed, parts[1].Sealed = parts[1].Sealed, parts[0].Sealed
			return parts
		},
		"at another time": func(_ *Recording, _ *string, parts []SealedPart) []SealedPart {
			parts[1].At = parts[1].At.Add(time.Microsecond)
			return parts
		},
		"of another session": func(_ *Recording, _ *string, parts []SealedPart) []SealedPart { parts[1].Session = "t"; return parts },
		"of another recording": func(_ *Recording, _ *string, parts []SealedPart) []SealedPart {
			parts[1].Recording = newTape().ID
			return parts
		},
		"one letter": func(_ *Recording, _ *string, parts []SealedPart) []SealedPart {
			parts[0].Sealed = flipped(parts[0].Sealed)
			return parts
		},
		"no letters": func(_ *Recording, _ *string, parts []SealedPart) []SealedPart { parts[0].Sealed = "#"; return parts },
		"nothing":    func(_ *Recording, _ *string, parts []SealedPart) []SealedPart { parts[0].Sealed = ""; return parts },
		"a short one": func(_ *Recording, _ *string, parts []SealedPart) []SealedPart {
			parts[0].Sealed = parts[0].Sealed[:8]
			return parts
		},
	} {
		tape := newTape()
		secret := tape.Secret
		r, parts := taped(t, tape, film("key", "delta"), film("more"))
		parts = change(&r, &secret, parts)
		if b, err := played(r, secret, parts); !errors.Is(err, ErrRecordingDamaged) || b != nil {
			t.Errorf("%s: played %q, %v", name, b, err)
		}
	}
}

func flipped(text string) string {
	other := "A"
	if strings.HasPrefix(text[20:], "A") {
		other = "B"
	}
	return text[:20] + other + text[21:]
}

func FuzzUnpacked(f *testing.F) {
	f.Add(packed(film("key", "delta", "")))
	f.Add([]byte{0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := unpacked(b, filmed)
		if err != nil {
			if !errors.Is(err, ErrRecordingDamaged) {
				t.Fatal(err)
			}
			return
		}
		if size := len(appendTold(nil, list)); size != len(b)+4*len(list) {
			t.Fatalf("%d bytes became %d", len(b), size)
		}
	})
}

func FuzzOpen(f *testing.F) {
	tape := newTape()
	part := Part{Recording: tape.ID, Session: "s", N: 1, At: filmed}
	sealed, err := seal(tape.Secret, part, []byte("key"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed, tape.Secret)
	f.Fuzz(func(t *testing.T, text, secret string) {
		plain, err := open(secret, SealedPart{part, text})
		if err == nil && (text != sealed || secret != tape.Secret) && !bytes.Equal(plain, []byte("key")) {
			t.Fatalf("opened %q", plain)
		}
		if err != nil && !errors.Is(err, ErrRecordingDamaged) {
			t.Fatal(err)
		}
	})
}
