package accounts

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/netip"
	"time"

	"github.com/carebox-project/carebox/cloud/throttle"
	"github.com/carebox-project/carebox/policies"
)

// resetLives is how long the code in a letter lets somebody choose a new password.
const resetLives = time.Hour

// Rename changes what a member is called and spoken to in.
func (a *Accounts) Rename(ctx context.Context, who Member, name, locale string) (Member, error) {
	var problems policies.Problems
	name, problem := checkName(name)
	if problem != nil {
		problems = append(problems, *problem)
	}
	if problem = checkLocale(locale); problem != nil {
		problems = append(problems, *problem)
	}
	if problems != nil {
		return Member{}, problems
	}
	if err := a.store.SetProfile(ctx, who.ID, name, locale); err != nil {
		return Member{}, fmt.Errorf("renaming member %q: %w", who.ID, err)
	}
	who.Name, who.Locale = name, locale
	return who, nil
}

// ChangePassword takes the password of a session's member, and ends their other sessions. policies.Problems where the
// current one is wrong or the new one is none; *throttle.Throttled.
func (a *Accounts) ChangePassword(ctx context.Context, s Session, current, next string, from netip.Addr) error {
	if problem := checkPassword(next); problem != nil {
		return policies.Problems{*problem}
	}
	if err := a.Confirm(ctx, s.Member, current, from); err != nil {
		return err
	}
	hash, err := a.hasher.hash(ctx, next)
	if err != nil {
		return err
	}
	if err := a.store.SetPassword(ctx, s.Member.ID, hash, s.ID); err != nil {
		return fmt.Errorf("changing password of member %q: %w", s.Member.ID, err)
	}
	return nil
}

// Confirm checks the password of a member who is signed in, before something that cannot be taken back.
// policies.Problems where it is wrong; *throttle.Throttled.
func (a *Accounts) Confirm(ctx context.Context, who Member, password string, from netip.Addr) error {
	buckets, err := a.throttle(ctx, who.Email, from)
	if err != nil {
		return err
	}
	row, err := a.store.MemberByEmail(ctx, who.Email)
	if err != nil {
		return fmt.Errorf("reading member %q: %w", who.ID, err)
	}
	if checkPassword(password) != nil {
		row.Password, password = "", ""
	}
	same, err := a.hasher.matches(ctx, row.Password, password)
	if err != nil {
		return fmt.Errorf("checking password of member %q: %w", who.ID, err)
	}
	if !same {
		return policies.Problems{{Code: "password-wrong", Field: "current", Detail: "This is not your password."}}
	}
	if err := a.attempts.Drop(ctx, buckets...); err != nil {
		return fmt.Errorf("forgetting sign-ins of member %q: %w", who.ID, err)
	}
	return nil
}

// Forgot makes a code for a new password, to be sent to the member by letter and nowhere else. For an email that nobody
// has the member has no id, which nobody is to be told. *throttle.Throttled.
func (a *Accounts) Forgot(ctx context.Context, email string, from netip.Addr) (Member, string, error) {
	if err := a.sweep(ctx); err != nil {
		return Member{}, "", err
	}
	email, problem := normaliseEmail(email)
	if problem != nil {
		return Member{}, "", policies.Problems{*problem}
	}
	for _, b := range []struct {
		limit throttle.Limit
		words []string
	}{{perLetters, []string{"letters", throttle.Network(from)}}, {perLetter, []string{"letter", email}}} {
		if err := a.count(ctx, b.limit, b.words...); err != nil {
			return Member{}, "", err
		}
	}
	code := rand.Text()
	row, err := a.store.AddReset(ctx, email, digest([]byte(code)), a.now().Add(resetLives))
	if err != nil {
		return Member{}, "", fmt.Errorf("making a code: %w", err)
	}
	return member(row), code, nil
}

// Reset gives whoever has a code a new password and ends all their sessions. ErrCode, *throttle.Throttled, policies.Problems.
func (a *Accounts) Reset(ctx context.Context, code, password string, from netip.Addr) error {
	if err := a.count(ctx, perCode, "code", throttle.Network(from)); err != nil {
		return err
	}
	if problem := checkPassword(password); problem != nil {
		return policies.Problems{*problem}
	}
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	member, err := a.store.UseReset(ctx, digest([]byte(code)), a.now(), hash)
	if err != nil {
		return fmt.Errorf("using a code: %w", err)
	}
	if member == "" {
		return ErrCode
	}
	return nil
}
