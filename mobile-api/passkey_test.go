package mobileapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/google/uuid"
)

// phone is an authenticator that belongs to somebody.
type phone struct {
	t     *testing.T
	party virtualwebauthn.RelyingParty
	self  virtualwebauthn.Authenticator
	key   virtualwebauthn.Credential
}

func newPhone(t *testing.T, member string) *phone {
	id := uuid.MustParse(member)
	return &phone{
		t: t, party: virtualwebauthn.RelyingParty{Name: "Carebox", ID: "carebox.example", Origin: "https://carebox.example"},
		self: virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: id[:]}),
		key:  newKey(),
	}
}

// newKey is one with both coordinates of 32 bytes. Of others, one in 128, the library leaves the zeros before them out, as no
// authenticator does.
func newKey() virtualwebauthn.Credential {
	const whole = 77 // as CBOR
	for {
		if key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2); len(key.Key.AttestationData()) == whole {
			return key
		}
	}
}

func (p *phone) makes(c Ceremony, name string) string {
	p.t.Helper()
	options, err := virtualwebauthn.ParseAttestationOptions(string(c.Options))
	if err != nil {
		p.t.Fatalf("%v: %s", err, c.Options)
	}
	said := virtualwebauthn.CreateAttestationResponse(p.party, p.self, p.key, *options)
	p.self.AddCredential(p.key)
	return fmt.Sprintf(`{"ceremony":%q,"name":%q,"credential":%s}`, c.Ceremony, name, said)
}

func (p *phone) answers(c Ceremony, kind string) string {
	p.t.Helper()
	options, err := virtualwebauthn.ParseAssertionOptions(string(c.Options))
	if err != nil {
		p.t.Fatalf("%v: %s", err, c.Options)
	}
	p.key.Counter++
	said := virtualwebauthn.CreateAssertionResponse(p.party, p.self, p.key, *options)
	return fmt.Sprintf(`{"ceremony":%q,"kind":%q,"credential":%s}`, c.Ceremony, kind, said)
}

func (c *client) ceremony(path, body string) Ceremony {
	c.w.t.Helper()
	var made Ceremony
	c.do("POST", path, body).is(http.StatusOK).decode(&made)
	return made
}

const withPassword = `{"password":"correct horse battery"}`

func TestPasskeySignsIn(t *testing.T) {
	w := newWorld(t)
	c, p := w.as("adult"), newPhone(t, w.member["adult"])
	c.do("POST", "/api/me/passkeys/options", `{"password":"wrong horse battery"}`).finds("password-wrong password")
	var kept Passkey
	c.do("POST", "/api/me/passkeys", p.makes(c.ceremony("/api/me/passkeys/options", withPassword), "Phone")).is(http.StatusCreated).decode(&kept)
	if kept.Name != "Phone" || kept.Used != nil {
		t.Errorf("kept %+v", kept)
	}
	body := p.answers(w.nobody().ceremony("/api/sessions/passkey/options", ""), "app")
	var in SignedIn
	w.nobody().do("POST", "/api/sessions/passkey", body).is(http.StatusCreated).decode(&in)
	if in.Member.Name != "adult" {
		t.Errorf("signed in %+v", in)
	}
	w.nobody().with("Authorization", "Bearer "+in.Token).do("GET", home(""), "").home()
	w.nobody().do("POST", "/api/sessions/passkey", body).refuses(http.StatusUnauthorized, codePasskey) // said once
	browser := w.nobody().do("POST", "/api/sessions/passkey", p.answers(w.nobody().ceremony("/api/sessions/passkey/options", ""), "browser"))
	if !strings.Contains(browser.is(http.StatusCreated).header.Get("Set-Cookie"), "carebox=") {
		t.Error("a browser got no cookie")
	}
	var list []Passkey
	c.do("GET", "/api/me/passkeys", "").decode(&list)
	if len(list) != 1 || list[0].Used == nil {
		t.Errorf("list %+v", list)
	}
	w.as("owner").do("DELETE", "/api/me/passkeys/"+kept.ID, "").refuses(http.StatusNotFound, codeNotFound)
	c.do("DELETE", "/api/me/passkeys/"+kept.ID, "").is(http.StatusNoContent)
	w.nobody().do("POST", "/api/sessions/passkey", p.answers(w.nobody().ceremony("/api/sessions/passkey/options", ""), "app")).
		refuses(http.StatusUnauthorized, codePasskey)
}

func TestPasskeyOfAnotherSiteMemberOrTimeIsNotTaken(t *testing.T) {
	w := newWorld(t)
	c, p := w.as("adult"), newPhone(t, w.member["adult"])
	offer := func() Ceremony { return c.ceremony("/api/me/passkeys/options", withPassword) }
	evil := newPhone(t, w.member["adult"])
	evil.party.Origin = "https://evil.example"
	c.do("POST", "/api/me/passkeys", evil.makes(offer(), "Evil")).refuses(http.StatusUnauthorized, codePasskey)
	w.as("owner").do("POST", "/api/me/passkeys", p.makes(offer(), "Phone")).refuses(http.StatusUnauthorized, codePasskey)
	late := p.makes(offer(), "Phone")
	w.pass(5 * time.Minute)
	c.do("POST", "/api/me/passkeys", late).refuses(http.StatusUnauthorized, codePasskey)
	c.do("POST", "/api/me/passkeys", p.makes(offer(), "")).finds("name name")
	c.do("POST", "/api/me/passkeys", p.makes(offer(), "Phone")).is(http.StatusCreated)
	c.do("POST", "/api/me/passkeys", p.makes(offer(), "Again")).refuses(http.StatusUnauthorized, codePasskey)
	challenge := func() Ceremony { return w.nobody().ceremony("/api/sessions/passkey/options", "") }
	stolen := newPhone(t, w.member["owner"]) // the key of one, the name of another
	stolen.key = p.key
	for name, body := range map[string]string{
		"another's name": stolen.answers(challenge(), "app"), "another key": evil.answers(challenge(), "app"),
		"nothing": fmt.Sprintf(`{"ceremony":%q,"kind":"app","credential":{}}`, challenge().Ceremony),
	} {
		if a := w.nobody().do("POST", "/api/sessions/passkey", body); a.status != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	offered := offer() // what was begun to make a passkey does not sign in
	body := p.answers(challenge(), "app")
	w.nobody().do("POST", "/api/sessions/passkey", strings.Replace(body, body[13:49], offered.Ceremony, 1)).
		refuses(http.StatusUnauthorized, codePasskey)
}
