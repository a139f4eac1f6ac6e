package mobileapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// code is what an authenticator app shows.
func (w *world) code(secret string) string {
	w.t.Helper()
	code, err := totp.GenerateCode(secret, w.clock())
	if err != nil {
		w.t.Fatal(err)
	}
	return code
}

// arm makes a member need codes, in a session that is strong then.
func (c *client) arm() TOTPSecret {
	c.w.t.Helper()
	var made TOTPSecret
	c.do("POST", "/api/me/totp", withPassword).is(http.StatusOK).decode(&made)
	c.do("PUT", "/api/me/totp", fmt.Sprintf(`{"code":%q}`, c.w.code(made.Secret))).is(http.StatusNoContent)
	return made
}

func (w *world) signInWith(name, code string) *answer {
	return w.nobody().do("POST", "/api/sessions", fmt.Sprintf(`{"email":"%s@example.org","password":%q,"kind":"app","code":%q}`, name, password, code))
}

func TestCodesAreNeededFromTheFirstOneOn(t *testing.T) {
	w := newWorld(t)
	here, there := w.as("adult"), w.as("adult")
	here.do("POST", "/api/me/totp", `{"password":"wrong horse battery"}`).finds("password-wrong password")
	var made TOTPSecret
	here.do("POST", "/api/me/totp", withPassword).is(http.StatusOK).decode(&made)
	if !strings.HasPrefix(made.URI, "otpauth://totp/Carebox:adult@example.org?") || !strings.Contains(made.URI, made.Secret) {
		t.Errorf("made %+v", made)
	}
	w.signInWith("adult", "").is(http.StatusCreated) // nothing has changed yet
	here.do("PUT", "/api/me/totp", `{"code":"12345"}`).finds("code-wrong code")
	here.do("PUT", "/api/me/totp", fmt.Sprintf(`{"code":%q}`, w.code(made.Secret))).is(http.StatusNoContent)
	here.do("PUT", "/api/me/totp", fmt.Sprintf(`{"code":%q}`, w.code(made.Secret))).finds("code-wrong code") // none waits
	there.do("GET", "/api/me", "").refuses(http.StatusUnauthorized, codeSignedOut)
	var sessions []Session
	here.do("GET", "/api/sessions", "").is(http.StatusOK).decode(&sessions)
	if len(sessions) != 1 || sessions[0].Proof != accounts.ProofTOTP {
		t.Errorf("sessions %+v", sessions)
	}
	var is TOTP
	if here.do("GET", "/api/me/totp", "").decode(&is); !is.Active {
		t.Error("not in force")
	}
	w.signInWith("adult", "").refuses(http.StatusUnauthorized, codeFactor)
	w.signInWith("adult", "000000").refuses(http.StatusUnauthorized, codeFactorWrong)
	w.nobody().do("POST", "/api/sessions", signIn("adult", "wrong horse battery", "app")).refuses(http.StatusUnauthorized, codeCredentials)
	w.signInWith("neighbour", "").is(http.StatusCreated)
	if strings.Contains(w.log.String(), made.Secret) {
		t.Error("the secret is in the log")
	}
}

func TestACodeIsGoodOnce(t *testing.T) {
	w := newWorld(t)
	made := w.as("adult").arm()
	used := w.code(made.Secret)
	w.signInWith("adult", used).refuses(http.StatusUnauthorized, codeFactorWrong) // it armed
	w.pass(30 * time.Second)
	next := w.code(made.Secret)
	w.signInWith("adult", next[:3]+" "+next[3:]).is(http.StatusCreated)
	w.signInWith("adult", next).refuses(http.StatusUnauthorized, codeFactorWrong)
	w.signInWith("adult", used).refuses(http.StatusUnauthorized, codeFactorWrong) // within the window, but before the newest
	for _, late := range []struct {
		by   time.Duration
		want int
	}{{30 * time.Second, http.StatusCreated}, {60 * time.Second, http.StatusUnauthorized}} {
		w.pass(5 * time.Minute)
		code := w.code(made.Secret)
		w.pass(late.by)
		w.signInWith("adult", code).is(late.want)
	}
}

func TestGuessingCodesIsThrottledForTheOneWhoHasThePassword(t *testing.T) {
	w := newWorld(t)
	made := w.as("adult").arm()
	w.pass(time.Minute)
	wrong := "000000"
	if w.code(made.Secret) == wrong {
		wrong = "111111"
	}
	refused := 0
	for i := range 15 {
		c := w.nobody().from(fmt.Sprintf("198.51.100.%d:1", i+1))
		a := c.do("POST", "/api/sessions", fmt.Sprintf(`{"email":"adult@example.org","password":%q,"kind":"app","code":%q}`, password, wrong))
		if a.status == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused != 5 {
		t.Errorf("%d refused", refused)
	}
	w.signInWith("adult", w.code(made.Secret)).refuses(http.StatusTooManyRequests, codeThrottled)
	w.pass(5 * time.Minute)
	w.signInWith("adult", w.code(made.Secret)).is(http.StatusCreated)
}

func TestCodesAreTakenAwayByWhoShowedOne(t *testing.T) {
	w := newWorld(t)
	strong := w.as("adult")
	strong.arm()
	weak := w.as("adult")
	weak.do("POST", "/api/me/totp/deletion", withPassword).refuses(http.StatusForbidden, codeFactor)
	strong.do("POST", "/api/me/totp/deletion", `{"password":"wrong horse battery"}`).finds("password-wrong password")
	strong.do("POST", "/api/me/totp/deletion", withPassword).is(http.StatusNoContent)
	strong.do("POST", "/api/me/totp/deletion", withPassword).refuses(http.StatusNotFound, codeNotFound)
	w.signInWith("adult", "").is(http.StatusCreated)
}

// Who has learnt the password of somebody with a second factor does not make a second factor of their own with it.
func TestThePasswordAloneChangesNoSecondFactor(t *testing.T) {
	w := staffed(t)
	routes := [][3]string{
		{"POST", "/me/totp", withPassword}, {"PUT", "/me/totp", `{"code":"000000"}`}, {"POST", "/me/totp/deletion", withPassword},
		{"POST", "/me/passkeys/options", withPassword}, {"POST", "/me/passkeys", `{"ceremony":"x","name":"Phone","credential":{}}`},
		{"DELETE", "/me/passkeys/{passkey}", ""},
	}
	refused := func(name string) (n int) {
		w.pass(time.Minute)
		for _, r := range routes {
			a := w.as(name).do(r[0], concrete(r[1]), r[2])
			if a.status == http.StatusForbidden {
				a.refuses(http.StatusForbidden, codeFactor)
				n++
			}
		}
		return n
	}
	w.as("support").arm()
	for _, name := range []string{"technician", "adult"} {
		made, c := newPhone(t, w.member[name]), w.as(name)
		c.do("POST", "/api/me/passkeys", made.makes(c.ceremony("/api/me/passkeys/options", withPassword), "Phone")).is(http.StatusCreated)
	}
	for name, want := range map[string]int{"support": len(routes), "technician": len(routes), "admin": 0, "adult": 0} {
		if n := refused(name); n != want {
			t.Errorf("%s: %d refused, want %d", name, n, want)
		}
	}
}

func TestALostPhoneSignsInNoMore(t *testing.T) {
	w := newWorld(t)
	c := w.as("adult")
	made := c.arm()
	key := newPhone(t, w.member["adult"])
	c.do("POST", "/api/me/passkeys", key.makes(c.ceremony("/api/me/passkeys/options", withPassword), "Phone")).is(http.StatusCreated)
	if err := w.accounts.Lost(t.Context(), "Adult@example.org"); err != nil {
		t.Fatal(err)
	}
	c.do("GET", "/api/me", "").refuses(http.StatusUnauthorized, codeSignedOut)
	asked := w.nobody().ceremony("/api/sessions/passkey/options", "")
	w.nobody().do("POST", "/api/sessions/passkey", key.answers(asked, "app")).refuses(http.StatusUnauthorized, codePasskey)
	if strings.Contains(w.store.String(), made.Secret) {
		t.Error("the secret is still kept")
	}
	w.signInWith("adult", "").is(http.StatusCreated)
	if err := w.accounts.Lost(t.Context(), "nobody@example.org"); err != accounts.ErrNobody {
		t.Error(err)
	}
}
