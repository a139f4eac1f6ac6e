package accounts_test

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/cloud/throttle"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// door is a desk with a provider.
type door struct {
	*desk
	*accounts.Provider
	idp *idp
}

func newDoor(t *testing.T) *door {
	t.Helper()
	d := newDesk(t)
	p := newIdp(t, d)
	return &door{desk: d, idp: p, Provider: accounts.NewProvider(d.Accounts, p.config())}
}

func (d *door) leave() accounts.Departure {
	d.t.Helper()
	to, err := d.Begin(d.t.Context(), here)
	if err != nil {
		d.t.Fatal(err)
	}
	return to
}

func (d *door) back(r accounts.Return) (accounts.Session, error) {
	s, _, err := d.Finish(d.t.Context(), r, accounts.Credentials{Kind: accounts.KindBrowser, From: here})
	return s, err
}

// enter is a whole sign-in with such claims.
func (d *door) enter(bend func(said map[string]any)) (accounts.Session, error) {
	d.t.Helper()
	d.idp.set(func() { d.idp.bend = bend })
	return d.back(d.idp.visit(d.t, d.leave()))
}

func (d *door) employ(email string, role accounts.StaffRole) accounts.Member {
	d.t.Helper()
	m := d.create(email)
	if _, err := d.Employ(d.t.Context(), email, role, audit.Entry{}); err != nil {
		d.t.Fatal(err)
	}
	return m
}

func as(map[string]any) {}

func in(groups ...any) func(map[string]any) {
	return func(said map[string]any) { said["realm"] = map[string]any{"groups": groups} }
}

func TestStaffSignInAtTheProviderForADay(t *testing.T) {
	d := newDoor(t)
	m := d.employ("ada@example.org", accounts.StaffTechnician)
	s, err := d.enter(as)
	if err != nil || s.Member.ID != m.ID || s.Member.Staff != accounts.StaffTechnician || s.Proof != accounts.ProofOIDC || !s.Proof.Strong() {
		t.Fatalf("%+v, %v", s, err)
	}
	if staff, err := d.Staff(t.Context()); err != nil || len(staff) != 1 || !staff[0].Factor {
		t.Errorf("staff %v, %v", staff, err)
	}
	if life := s.Expires.Sub(s.Created); life != 12*time.Hour {
		t.Errorf("the session lives for %v", life)
	}
	_, token, err := d.Finish(t.Context(), d.idp.visit(t, d.leave()), accounts.Credentials{Kind: accounts.KindBrowser})
	if err != nil {
		t.Fatal(err)
	}
	d.pass(11 * time.Hour) // in use all the time
	if _, err := d.Session(t.Context(), token); err != nil {
		t.Error(err)
	}
	d.pass(61 * time.Minute)
	if _, err := d.Session(t.Context(), token); !errors.Is(err, accounts.ErrSignedOut) {
		t.Errorf("after a day: %v", err)
	}
}

func TestATokenThatIsNotForUsNowLetsNobodyIn(t *testing.T) {
	d := newDoor(t)
	d.employ("ada@example.org", accounts.StaffSupport)
	set := func(name string, value any) func(map[string]any) {
		return func(said map[string]any) { said[name] = value }
	}
	for name, c := range map[string]struct {
		bend func(map[string]any)
		want error
	}{
		"as it is":                  {as, nil},
		"another nonce":             {set("nonce", "x"), accounts.ErrToken},
		"no nonce":                  {set("nonce", ""), accounts.ErrToken},
		"another audience":          {set("aud", "somebody"), accounts.ErrToken},
		"several audiences":         {set("aud", []string{client, "somebody"}), accounts.ErrToken},
		"several, and for us":       {func(said map[string]any) { said["aud"], said["azp"] = []string{client, "x"}, client }, nil},
		"another authorized party":  {set("azp", "somebody"), accounts.ErrToken},
		"another issuer":            {set("iss", "https://evil.example"), accounts.ErrToken},
		"no subject":                {set("sub", ""), accounts.ErrToken},
		"a long subject":            {set("sub", strings.Repeat("7", 256)), accounts.ErrToken},
		"expired":                   {set("exp", begin.Add(-3*time.Minute).Unix()), accounts.ErrToken},
		"expired by its own clock":  {set("exp", begin.Add(-time.Minute).Unix()), nil},
		"made by a clock ahead":     {set("iat", begin.Add(time.Minute).Unix()), nil},
		"made in the future":        {set("iat", begin.Add(time.Hour).Unix()), accounts.ErrToken},
		"not yet good":              {set("nbf", begin.Add(time.Hour).Unix()), accounts.ErrToken},
		"an email that is none":     {func(said map[string]any) { said["sub"], said["email"] = "8", "x" }, accounts.ErrUnverified},
		"an unverified email":       {func(said map[string]any) { said["sub"], said["email_verified"] = "8", false }, accounts.ErrUnverified},
		"nothing said of the email": {func(said map[string]any) { said["sub"] = "8"; delete(said, "email_verified") }, accounts.ErrUnverified},
	} {
		s, err := d.enter(c.bend)
		if !errors.Is(err, c.want) || (err == nil) != (s.ID != "") {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
	forger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	d.idp.set(func() { d.idp.forge = forger })
	if _, err := d.enter(as); !errors.Is(err, accounts.ErrToken) {
		t.Errorf("a forged signature: %v", err)
	}
	if kept := d.store.String(); strings.Contains(kept, "access token") || strings.Contains(kept, "eyJ") {
		t.Error("a token is kept")
	}
}

func TestADepartureIsGoodOnceInItsBrowserForAWhile(t *testing.T) {
	d := newDoor(t)
	d.employ("ada@example.org", accounts.StaffSupport)
	other := d.leave()
	for name, bend := range map[string]func(*accounts.Return){
		"another browser":   func(r *accounts.Return) { r.Browser = other.Browser },
		"no browser":        func(r *accounts.Return) { r.Browser = "" },
		"no state":          func(r *accounts.Return) { r.State = "" },
		"another state":     func(r *accounts.Return) { r.State = "11111111-1111-4111-8111-111111111111" },
		"no state of ours":  func(r *accounts.Return) { r.State = "' OR 1=1" },
		"eleven minutes on": func(*accounts.Return) { d.pass(11 * time.Minute) },
	} {
		r := d.idp.visit(t, d.leave())
		bend(&r)
		if _, err := d.back(r); !errors.Is(err, accounts.ErrDeparture) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := d.idp.visit(t, d.leave())
	if _, err := d.back(r); err != nil {
		t.Fatal(err)
	}
	if _, err := d.back(r); !errors.Is(err, accounts.ErrDeparture) {
		t.Errorf("the same address again: %v", err)
	}
	// A code that was used, or stolen from another browser's sign-in, in a departure of one's own.
	replay := d.idp.visit(t, d.leave())
	replay.Code = r.Code
	if _, err := d.back(replay); !errors.Is(err, accounts.ErrToken) {
		t.Errorf("a used code: %v", err)
	}
	victim, thief := d.idp.visit(t, d.leave()), d.idp.visit(t, d.leave())
	thief.Code = victim.Code
	if _, err := d.back(thief); !errors.Is(err, accounts.ErrToken) {
		t.Errorf("another one's code: %v", err)
	}
	mixed := d.idp.visit(t, d.leave())
	mixed.Issuer = "https://evil.example"
	if _, err := d.back(mixed); !errors.Is(err, accounts.ErrToken) {
		t.Errorf("another issuer's answer: %v", err)
	}
}

func TestAPasskeyCeremonyIsNoDeparture(t *testing.T) {
	d := newDoor(t)
	keys, err := accounts.NewPasskeys(d.Accounts, "https://carebox.example")
	if err != nil {
		t.Fatal(err)
	}
	begun, err := keys.Challenge(t.Context(), here)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.back(accounts.Return{State: begun.ID, Code: "x"}); !errors.Is(err, accounts.ErrDeparture) {
		t.Errorf("a passkey's: %v", err)
	}
	r := d.idp.visit(t, d.leave())
	if _, _, err := keys.SignIn(t.Context(), r.State, []byte(`{}`), accounts.Credentials{}); !errors.Is(err, accounts.ErrPasskey) {
		t.Errorf("a departure: %v", err)
	}
}

func TestAProviderThatIsAwayKeepsNothingElseFromWorking(t *testing.T) {
	d := newDoor(t)
	m := d.employ("ada@example.org", accounts.StaffSupport)
	d.idp.set(func() { d.idp.away = true })
	if _, err := d.Begin(t.Context(), here); !errors.Is(err, accounts.ErrProviderAway) {
		t.Errorf("while it is away: %v", err)
	}
	if _, err := d.signIn(m.Email, password, here); err != nil {
		t.Errorf("with a password: %v", err)
	}
	d.idp.set(func() { d.idp.away = false })
	d.pass(3 * time.Second)
	r := d.idp.visit(t, d.leave())
	d.idp.set(func() { d.idp.away = true })
	if _, err := d.back(r); !errors.Is(err, accounts.ErrProviderAway) {
		t.Errorf("gone meanwhile: %v", err)
	}
	d.pass(2 * time.Hour)
	r = d.idp.visit(t, d.leave()) // what it said before still counts
	d.idp.set(func() { d.idp.away = false })
	if _, err := d.back(r); err != nil {
		t.Error(err)
	}
	if d.idp.asked > 4 {
		t.Errorf("asked %d times", d.idp.asked)
	}
	for word, want := range map[string]error{
		"access_denied": accounts.ErrDenied, "temporarily_unavailable": accounts.ErrProviderAway, "<script>": accounts.ErrDenied,
	} {
		r := d.idp.visit(t, d.leave())
		r.Code, r.Error = "", word
		if _, err := d.back(r); !errors.Is(err, want) {
			t.Errorf("%s: %v", word, err)
		}
	}
}

func TestDeparturesAreCounted(t *testing.T) {
	d := newDoor(t)
	for range 200 {
		d.leave()
	}
	var throttled *throttle.Throttled
	if _, err := d.Begin(t.Context(), here); !errors.As(err, &throttled) {
		t.Errorf("the 201st: %v", err)
	}
}

func TestASignInIsAsStrongAsTheOperatorDemands(t *testing.T) {
	const silver, gold = "urn:acme:silver", "urn:acme:gold"
	acr := func(value any) func(map[string]any) { return func(said map[string]any) { said["acr"] = value } }
	amr := func(values ...any) func(map[string]any) { return func(said map[string]any) { said["amr"] = values } }
	both := func(said map[string]any) { acr(gold)(said); amr("otp")(said) }
	classes, methods := []string{silver, gold}, []string{"mfa", "otp"}
	for name, c := range map[string]struct {
		acr, amr []string
		bend     func(map[string]any)
		want     error
	}{
		"nothing demanded, nothing said": {nil, nil, as, nil},
		"nothing demanded, little said":  {nil, nil, amr("pwd"), nil},
		"one of the classes":             {classes, nil, acr(gold), nil},
		"another class":                  {classes, nil, acr("0"), accounts.ErrWeak},
		"no class":                       {classes, nil, as, accounts.ErrWeak},
		"a class that is a number":       {classes, nil, acr(7), accounts.ErrWeak},
		"classes in a list":              {classes, nil, acr([]string{gold}), accounts.ErrWeak},
		"a class in other letters":       {classes, nil, acr("URN:ACME:GOLD"), accounts.ErrWeak},
		"methods do not make a class":    {classes, nil, amr("mfa"), accounts.ErrWeak},
		"one of the methods":             {nil, methods, amr("pwd", "otp"), nil},
		"the password alone":             {nil, methods, amr("pwd"), accounts.ErrWeak},
		"no methods":                     {nil, methods, amr(), accounts.ErrWeak},
		"nothing said of methods":        {nil, methods, as, accounts.ErrWeak},
		"methods that are one text":      {nil, methods, func(said map[string]any) { said["amr"] = "mfa" }, accounts.ErrWeak},
		"methods that are no texts":      {nil, methods, amr(7, nil, map[string]any{"mfa": true}), accounts.ErrWeak},
		"both":                           {classes, methods, both, nil},
		"both, and a class alone":        {classes, methods, acr(gold), accounts.ErrWeak},
		"both, and methods alone":        {classes, methods, amr("mfa"), accounts.ErrWeak},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDoor(t)
			d.employ("ada@example.org", accounts.StaffSupport)
			config := d.idp.config()
			config.ACR, config.AMR = c.acr, c.amr
			d.Provider = accounts.NewProvider(d.Accounts, config)
			d.idp.set(func() { d.idp.more = map[string]any{"acr": gold, "amr": []string{"mfa"}} }) // who it is: not of this sign-in
			to := d.leave()
			at, err := url.Parse(to.Address)
			if err != nil || at.Query().Get("acr_values") != strings.Join(c.acr, " ") {
				t.Errorf("it is asked for %q, %v", at.Query().Get("acr_values"), err)
			}
			s, err := d.enter(c.bend)
			if !errors.Is(err, c.want) || (err == nil) != (s.ID != "") {
				t.Errorf("%+v, %v", s, err)
			}
		})
	}
}
