package reconcile

import (
	"crypto/ed25519"
	"strings"
	"testing"

	"github.com/carebox-project/carebox/policies"
)

// FuzzOpen signs whatever it is given: a document that the operator's own key vouches for is read without harm, and what is
// accepted is a valid policy.
func FuzzOpen(f *testing.F) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	policy, err := policies.Marshal(family(nights("21:30", 3600e9)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"box":"box-1","schema":1,"revision":1,"issued":"2026-11-21T18:00:00Z","policy":` + string(policy) + `}`))
	f.Add([]byte(`{"box":"box-1","schema":1,"revision":1,"issued":"2026-11-21T18:00:00Z","policy":null}`))
	f.Add([]byte(`{"box":"box-1","schema":9,"revision":-1}`))
	f.Add([]byte(strings.Repeat("[", 10_000)))
	f.Fuzz(func(t *testing.T, data []byte) {
		message := append(ed25519.Sign(key, append([]byte("carebox desired 1\n"), data...)), data...)
		doc, err := open(message, key.Public().(ed25519.PublicKey), box)
		if err != nil {
			if r := refusal(doc, err, start); r.Code == "" || r.Code == "signature" {
				t.Errorf("refused as %+v", r)
			}
			return
		}
		if problems := policies.Validate(doc.policy); problems != nil || doc.revision < 1 || doc.issued.IsZero() {
			t.Errorf("accepted %+v with %v", doc, problems)
		}
		if _, err := Decide(doc.policy, nil, Moment{Instant: start, Synchronised: true, Passed: start}); err != nil {
			t.Errorf("accepted what cannot be planned: %v", err)
		}
	})
}
