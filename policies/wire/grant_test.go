package wire

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func grant() Grant {
	return Grant{
		ID: "g1", Home: "home:h1", Actor: Actor{Sub: "staff:julie", Iss: "carebox"}, Box: "box-1", Scope: "diagnose",
		Issued: 1_800_000_000, Expires: 1_800_000_900, Revision: 1, Name: "Julie",
	}
}

// granted signs any bytes as the operator signs grants.
func granted(key ed25519.PrivateKey, doc string) []byte {
	return append(ed25519.Sign(key, append(bytes.Clone(grantContext), doc...)), doc...)
}

func TestGrantsThatNoBoxWouldTakeAreNeitherSignedNorOpened(t *testing.T) {
	for name, change := range map[string]func(*Grant){
		"no id":              func(g *Grant) { g.ID = "" },
		"an id with a slash": func(g *Grant) { g.ID = "a/b" },
		"a long id":          func(g *Grant) { g.ID = strings.Repeat("a", 65) },
		"no home":            func(g *Grant) { g.Home = "home:" },
		"another subject":    func(g *Grant) { g.Home = "member:h1" },
		"no box":             func(g *Grant) { g.Box = "" },
		"no actor":           func(g *Grant) { g.Actor.Sub = "staff:" },
		"another actor":      func(g *Grant) { g.Actor.Sub = "robot:r2" },
		"no issuer":          func(g *Grant) { g.Actor.Iss = "" },
		"no scope":           func(g *Grant) { g.Scope = "" },
		"another scope":      func(g *Grant) { g.Scope = "diagnose everything" },
		"a scope twice":      func(g *Grant) { g.Scope = "diagnose diagnose" },
		"two blanks":         func(g *Grant) { g.Scope = "see  diagnose" },
		"a blank behind":     func(g *Grant) { g.Scope = "see " },
		"no issue":           func(g *Grant) { g.Issued = 0 },
		"no life":            func(g *Grant) { g.Expires = g.Issued },
		"a life backwards":   func(g *Grant) { g.Expires = g.Issued - 1 },
		"a second too long":  func(g *Grant) { g.Expires = g.Issued + int64(MaxGrantLife/time.Second) + 1 },
		"an overflow":        func(g *Grant) { g.Issued, g.Expires = 1, -1<<63 },
		"no revision":        func(g *Grant) { g.Revision = 0 },
		"a name of lines":    func(g *Grant) { g.Name = "Julie\nRoot" },
		"a name turned over": func(g *Grant) { g.Name = "Julie\u202eteoR" },
		"a long name":        func(g *Grant) { g.Name = strings.Repeat("J", 129) },
	} {
		g := grant()
		change(&g)
		if _, err := SignGrant(testKey(), g); !errors.Is(err, ErrDocument) {
			t.Errorf("%s: signing: %v", name, err)
		}
		message, err := seal(testKey(), grantContext, g, MaxGrant)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := OpenGrant(message, public(t, testKey()), "box-1"); !errors.Is(err, ErrDocument) {
			t.Errorf("%s: opening: %v", name, err)
		}
	}
}

func TestOpenGrantRefuses(t *testing.T) {
	whole, err := SignGrant(testKey(), grant())
	if err != nil {
		t.Fatal(err)
	}
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	doc := string(whole[ed25519.SignatureSize:])
	desired, err := Sign(testKey(), desired())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name    string
		message []byte
		box     string
		want    error
	}{
		{"the whole message", whole, "box-1", nil},
		{"nothing", nil, "box-1", ErrSignature},
		{"half of it", whole[:len(whole)-10], "box-1", ErrSignature},
		{"something behind it", append(slices.Clone(whole), ' '), "box-1", ErrSignature},
		{"another key", granted(other, doc), "box-1", ErrSignature},
		{"the signature of a Desired", by(testKey(), doc), "box-1", ErrSignature},
		{"a Desired", desired, "box-1", ErrSignature},
		{"another box", whole, "box-2", ErrBox},
		{"an unknown key", granted(testKey(), strings.Replace(doc, `"jti"`, `"only":"ping","jti"`, 1)), "box-1", ErrDocument},
		{"two documents", granted(testKey(), doc+doc), "box-1", ErrDocument},
		{"a list", granted(testKey(), "["+doc+"]"), "box-1", ErrDocument},
		{"null", granted(testKey(), "null"), "box-1", ErrDocument},
		{"a fraction of a second", granted(testKey(), strings.Replace(doc, "1800000900", "1800000900.5", 1)), "box-1", ErrDocument},
		{"much", granted(testKey(), doc+strings.Repeat(" ", MaxGrant)), "box-1", ErrSize},
	} {
		if _, err := OpenGrant(tt.message, public(t, testKey()), tt.box); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
	for i := range whole {
		bad := slices.Clone(whole)
		bad[i] ^= 1
		if _, err := OpenGrant(bad, public(t, testKey()), "box-1"); !errors.Is(err, ErrSignature) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
}

func TestWhatAGrantAllows(t *testing.T) {
	g := grant()
	g.Scope = "see diagnose"
	if !g.Allows(ScopeSee) || !g.Allows(ScopeDiagnose) || g.Allows(ScopeChange) || g.Life() != 15*time.Minute {
		t.Errorf("%v %v", g.Scopes(), g.Life())
	}
	g.Ended = true
	if g.Allows(ScopeSee) {
		t.Error("a grant that was ended allows something")
	}
}

func FuzzOpenGrant(f *testing.F) {
	message, err := SignGrant(testKey(), grant())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(message, []byte(`{}`))
	f.Add([]byte{}, message[ed25519.SignatureSize:])
	key, _ := testKey().Public().(ed25519.PublicKey)
	f.Fuzz(func(t *testing.T, message, doc []byte) {
		_, _ = OpenGrant(message, key, "box-1") // it returns
		g, err := OpenGrant(granted(testKey(), string(doc)), key, "box-1")
		if err != nil {
			return
		}
		if g.Box != "box-1" || g.Revision < 1 || g.Life() <= 0 || g.Life() > MaxGrantLife {
			t.Fatalf("a wrong grant was opened: %+v", g)
		}
		again, err := SignGrant(testKey(), g)
		if err != nil {
			t.Fatalf("what was opened cannot be signed: %v", err)
		}
		if back, err := OpenGrant(again, key, "box-1"); err != nil || back != g {
			t.Fatalf("%+v became %+v, %v", g, back, err)
		}
	})
}
