package assist

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// VerbSeen is the line that a session ends with whose agent saw screens: how many ("screens"), and their digest ("sum").
const VerbSeen = "support-seen"

// Glimpse is a screen that an agent saw: how long ago first, and how long ago last.
type Glimpse struct {
	Screen      string
	First, Last time.Duration
}

// Seen is a screen that the agent of a session saw, by its name: it never says of whom it was.
type Seen struct {
	Session     string
	Screen      string
	First, Last time.Time // microseconds, by the database's clock
}

// seenStore keeps which screens were seen.
type seenStore interface {
	// AddSeen keeps what was seen in a session that is not over. ErrOver.
	AddSeen(ctx context.Context, session string, list []Glimpse) error
	// SeenIn is what was seen in a home, in one session or in all ("").
	SeenIn(ctx context.Context, home, session string) ([]Seen, error)
}

// Look keeps which screens the agent of a session saw, so that the customer can read it. ErrOver.
func (s *Sessions) Look(ctx context.Context, session string, list []Glimpse) error {
	if err := s.Store.AddSeen(ctx, session, list); err != nil {
		return fmt.Errorf("keeping what is seen in session %q: %w", session, err)
	}
	return nil
}

// Seen is what was seen in a home, in one session or in all (""), each session's in the order of [SeenSum].
func (s *Sessions) Seen(ctx context.Context, home, session string) ([]Seen, error) {
	list, err := s.Store.SeenIn(ctx, home, session)
	if err != nil {
		return nil, fmt.Errorf("reading what was seen in home %q: %w", home, err)
	}
	return list, nil
}

// SeenSum is the SHA-256, hexadecimal, of what was seen in a session: of the compact JSON array of [screen, first, last], the
// times in microseconds since 1970, in the order of first, then screen. The session's line in the audit has it.
func SeenSum(list []Seen) string {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Seen) int { return cmp.Or(a.First.Compare(b.First), cmp.Compare(a.Screen, b.Screen)) })
	rows := make([][]any, len(list))
	for i, one := range list {
		rows[i] = []any{one.Screen, one.First.UnixMicro(), one.Last.UnixMicro()}
	}
	text, _ := json.Marshal(rows) // texts and numbers can always be encoded
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
