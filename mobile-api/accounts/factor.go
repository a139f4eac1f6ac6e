package accounts

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"github.com/carebox-project/carebox/cloud/throttle"
	"github.com/carebox-project/carebox/policies"
)

// Reasons why a right password is not enough.
var (
	ErrFactor      = errors.New("a second factor is needed")
	ErrFactorWrong = errors.New("code is wrong, or has been used")
)

// perFactor counts codes of one member, from wherever: only who has the password gets here, so nobody else is kept
// waiting. Three codes of a million are good at a time; 288 guesses a day find one in some three years.
var perFactor = throttle.Limit{Burst: 10, Step: 5 * time.Minute}

const codePeriod = 30 // seconds, as every authenticator app has it

// Factor is what an authenticator app needs to make codes: shown once.
type Factor struct {
	Secret string // base32, to type
	URI    string // otpauth://, to scan
}

// Factored reports whether a member makes codes.
func (a *Accounts) Factored(ctx context.Context, who Member) (bool, error) {
	row, _, err := a.store.FactorOf(ctx, who.ID)
	if err != nil {
		return false, fmt.Errorf("reading factor of member %q: %w", who.ID, err)
	}
	return row.Secret != "", nil
}

// MayChangeFactors reports whether a session may add and take away second factors. Whoever makes codes, and staff with a
// passkey, change them only where two factors were shown: else the password alone would be a way to become strong.
func (a *Accounts) MayChangeFactors(ctx context.Context, s Session) (bool, error) {
	if s.Proof.Strong() {
		return true, nil
	}
	row, passkeys, err := a.store.FactorOf(ctx, s.Member.ID)
	if err != nil {
		return false, fmt.Errorf("reading factor of member %q: %w", s.Member.ID, err)
	}
	return row.Secret == "" && (s.Member.Staff == "" || passkeys == 0), nil
}

// OfferFactor makes a secret for an authenticator app (TOTP, RFC 6238: six digits, 30 s, SHA-1, which is what all of them
// know), with the member's password. The one in force stays until KeepFactor. policies.Problems, *throttle.Throttled.
func (a *Accounts) OfferFactor(ctx context.Context, who Member, password string, from netip.Addr) (Factor, error) {
	if err := a.Confirm(ctx, who, password, from); err != nil {
		return Factor{}, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Carebox", AccountName: who.Email, Period: codePeriod})
	if err != nil {
		return Factor{}, fmt.Errorf("making a secret: %w", err)
	}
	if err := a.store.OfferFactor(ctx, who.ID, key.Secret()); err != nil {
		return Factor{}, fmt.Errorf("keeping secret of member %q: %w", who.ID, err)
	}
	return Factor{Secret: key.Secret(), URI: key.URL()}, nil
}

// KeepFactor puts the secret that was offered in force, with its first code. The session is strong from then on, the
// member's others end. policies.Problems for a wrong code, *throttle.Throttled.
func (a *Accounts) KeepFactor(ctx context.Context, s Session, code string) error {
	if err := a.count(ctx, perFactor, "factor", s.Member.ID); err != nil {
		return err
	}
	row, _, err := a.store.FactorOf(ctx, s.Member.ID)
	if err != nil {
		return fmt.Errorf("reading factor of member %q: %w", s.Member.ID, err)
	}
	step, right := stepOf(code, row.Pending, a.now())
	if right {
		row.Step, row.Secret = step, row.Pending
		if right, err = a.store.KeepFactor(ctx, row, sessionRow{ID: s.ID, Proof: string(ProofTOTP)}); err != nil {
			return fmt.Errorf("keeping factor of member %q: %w", s.Member.ID, err)
		}
	}
	if !right {
		return policies.Problems{{Code: "code-wrong", Field: "code", Detail: "This is not the code of the moment."}}
	}
	return a.attempts.Drop(ctx, throttle.Bucket("factor", s.Member.ID))
}

// DropFactor takes the codes away, with the member's password. ErrNobody where there are none, policies.Problems,
// *throttle.Throttled.
func (a *Accounts) DropFactor(ctx context.Context, who Member, password string, from netip.Addr) error {
	if err := a.Confirm(ctx, who, password, from); err != nil {
		return err
	}
	dropped, err := a.store.DropFactor(ctx, who.ID)
	if err != nil {
		return fmt.Errorf("taking away factor of member %q: %w", who.ID, err)
	}
	if !dropped {
		return ErrNobody
	}
	return nil
}

// Lost takes away whatever the lost phone of a member can sign in with: codes, passkeys, sessions. ErrNobody.
func (a *Accounts) Lost(ctx context.Context, email string) error {
	email, problem := normaliseEmail(email)
	if problem != nil {
		return policies.Problems{*problem}
	}
	row, err := a.store.MemberByEmail(ctx, email)
	if err != nil {
		return fmt.Errorf("reading member: %w", err)
	}
	if row.ID == "" {
		return ErrNobody
	}
	_, failed := a.store.DropFactor(ctx, row.ID)
	keys, err := a.store.PasskeysOf(ctx, row.ID)
	failed = errors.Join(failed, err)
	for _, key := range keys {
		_, err := a.store.DropPasskey(ctx, row.ID, key.ID)
		failed = errors.Join(failed, err)
	}
	// With the password as it is, all sessions end but the one that is kept: none.
	if failed = errors.Join(failed, a.store.SetPassword(ctx, row.ID, row.Password, "")); failed != nil {
		return fmt.Errorf("taking away what member %q signs in with: %w", row.ID, failed)
	}
	return nil
}

// second asks for a code from whoever has shown the right password and makes codes. A code is good once: nobody who looks
// over a shoulder can use it again. ErrFactor, ErrFactorWrong, *throttle.Throttled.
func (a *Accounts) second(ctx context.Context, member, code string) (Proof, error) {
	row, _, err := a.store.FactorOf(ctx, member)
	if err != nil {
		return "", fmt.Errorf("reading factor of member %q: %w", member, err)
	}
	if row.Secret == "" {
		return ProofPassword, nil
	}
	if code == "" {
		return "", ErrFactor
	}
	if err := a.count(ctx, perFactor, "factor", member); err != nil {
		return "", err
	}
	step, right := stepOf(code, row.Secret, a.now())
	if right {
		if right, err = a.store.UseFactor(ctx, member, step); err != nil {
			return "", fmt.Errorf("using a code of member %q: %w", member, err)
		}
	}
	if !right {
		return "", ErrFactorWrong
	}
	return ProofTOTP, a.attempts.Drop(ctx, throttle.Bucket("factor", member))
}

// stepOf finds the step whose code it is: this one, or one on either side, for clocks that differ.
func stepOf(code, secret string, now time.Time) (int64, bool) {
	code = strings.ReplaceAll(code, " ", "")
	present, found := now.Unix()/codePeriod, int64(0)
	for step := present - 1; secret != "" && step <= present+1; step++ {
		right, err := hotp.ValidateCustom(code, uint64(step), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && right {
			found = step
		}
	}
	return found, found > 0
}
