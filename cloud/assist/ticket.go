package assist

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// ticketLife is how long a ticket waits to be used.
const ticketLife = 60 * time.Second

// End is which end of a session's socket a ticket is for.
type End string

const (
	EndScreen End = "customer" // whose screen it is
	EndLooker End = "agent"    // who looks
)

// Ticket lets one browser onto the socket of a session, once, in the sign-in that asked for it.
type Ticket struct {
	Session, Home string
	Staff         string // whose session it is
	Login         string // the sign-in's id
	End           End
	// Generation is how many times the screen has been connected, this time too: the newest alone is shown. 0 for a looker.
	Generation uint32
}

// ticketStore keeps tickets, by the database's clock.
type ticketStore interface {
	AddTicket(ctx context.Context, hash string, t Ticket, life time.Duration) error
	// TakeTicket takes one out that is neither old nor another sign-in's, and counts a screen. ErrUnknown.
	TakeTicket(ctx context.Context, hash, login string) (Ticket, error)
}

// Tickets makes and takes tickets. Its methods may be called at once from many goroutines.
type Tickets struct{ store ticketStore }

// NewTickets makes it.
func NewTickets(store ticketStore) *Tickets { return &Tickets{store} }

// Issue makes a ticket: a secret that is kept nowhere.
func (k *Tickets) Issue(ctx context.Context, t Ticket) (string, error) {
	secret := rand.Text()
	if err := k.store.AddTicket(ctx, ticketHash(secret), t, ticketLife); err != nil {
		return "", fmt.Errorf("keeping a ticket for session %q: %w", t.Session, err)
	}
	return secret, nil
}

// Redeem takes a ticket out. ErrUnknown.
func (k *Tickets) Redeem(ctx context.Context, secret, login string) (Ticket, error) {
	t, err := k.store.TakeTicket(ctx, ticketHash(secret), login)
	if err != nil {
		return Ticket{}, fmt.Errorf("taking a ticket: %w", err)
	}
	return t, nil
}

func ticketHash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
