package accounts

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/carebox-project/carebox/cloud/throttle"
)

// entryLives is how long the code lives that lets a child without an email in again.
const entryLives = 48 * time.Hour

// Orphans refuses to take an account away: homes would be without an owner. It is ErrLastOwner.
type Orphans struct{ Homes []string } // their names

func (o *Orphans) Error() string { return ErrLastOwner.Error() + ": " + strings.Join(o.Homes, ", ") }

func (o *Orphans) Unwrap() error { return ErrLastOwner }

// Remove takes a member's account away with all that is of them, with their password if they have one. What they decided
// stays in the histories of homes, under the name they had. policies.Problems for a wrong password, *Orphans,
// *throttle.Throttled.
func (a *Accounts) Remove(ctx context.Context, who Member, password string, from netip.Addr) error {
	if who.Email != "" {
		if err := a.Confirm(ctx, who, password, from); err != nil {
			return err
		}
	}
	homes, err := a.store.DropMember(ctx, who.ID)
	if err != nil {
		return fmt.Errorf("removing member %q: %w", who.ID, err)
	}
	if len(homes) > 0 {
		orphans := &Orphans{}
		for _, h := range homes {
			orphans.Homes = append(orphans.Homes, h.Name)
		}
		return orphans
	}
	return nil
}

// Readmit makes a code that lets a child of a home who has no email sign in on one more device, within 48 hours; the
// one before is worth nothing then. It is shown only here. ErrNobody for anybody else: they have their password.
func (a *Accounts) Readmit(ctx context.Context, home, member string) (code string, expires time.Time, err error) {
	code, expires = rand.Text(), a.now().Add(entryLives)
	added, err := a.store.AddEntry(ctx, entryRow{Hash: digest([]byte(code)), Member: member, Home: home, Expires: expires})
	if err != nil {
		return "", time.Time{}, fmt.Errorf("readmitting member: %w", err)
	}
	if !added {
		return "", time.Time{}, ErrNobody
	}
	return code, expires, nil
}

// Enter signs in the child of a code. Email and password of the credentials are not looked at. ErrCode, *throttle.Throttled.
func (a *Accounts) Enter(ctx context.Context, code string, c Credentials) (Session, string, error) {
	if err := a.count(ctx, perCode, "code", throttle.Network(c.From)); err != nil {
		return Session{}, "", err
	}
	row, err := a.store.UseEntry(ctx, digest([]byte(code)), a.now())
	if err != nil {
		return Session{}, "", fmt.Errorf("using a code: %w", err)
	}
	if row.ID == "" {
		return Session{}, "", ErrCode
	}
	return a.begin(ctx, member(row), ProofCode, c)
}
