package assist

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// readAtOnce is how many recordings a replica hands out at a time: each is in memory as a whole.
const readAtOnce = 4

// Switch is a customer who lets their screen be kept from now on, or not any more.
type Switch struct {
	Home, Session string
	Member, Name  string
	On            bool
	Text          string // the words that were shown, for On
	Tape          *Tape  // for On
}

// Watcher is somebody of the staff who would see what was kept of a case: who has it, or who may whoever has it.
type Watcher struct {
	ID, Name string
	Any      bool
}

// recordingStore keeps recordings. Whether a session is kept is answered by the database alone, each time.
type recordingStore interface {
	// SwitchRecording is for the customer of a session alone. False: it was so already. ErrUnknown, ErrOver, ErrScope,
	// ErrRecordingFull.
	SwitchRecording(ctx context.Context, by Switch) (Session, bool, error)
	// AddRecorded keeps a part whose first piece is that old, if the session lives and its customer lets it. ErrOver where
	// not; ErrRecordingFull: it does not any more.
	AddRecorded(ctx context.Context, session string, p Unsealed) error
	// RecordingsIn are those of a home, of one member only unless it is "", newest first.
	RecordingsIn(ctx context.Context, home, member string) ([]Recording, error)
	// RecordingsOf are those of a case, and those that were. ErrCaseUnknown, ErrNotHeld, ErrOwn.
	RecordingsOf(ctx context.Context, kase string, by Watcher) ([]Recording, []Gone, error)
	// WatchRecording writes into the audit who is about to see one. ErrCaseUnknown, ErrNotHeld, ErrOwn, ErrRecordingGone.
	WatchRecording(ctx context.Context, kase, id string, by Watcher) error
	// Recorded is one with its key and parts. ErrRecordingGone.
	Recorded(ctx context.Context, id string) (Recording, string, []SealedPart, error)
	// DropRecording deletes one of a member. ErrRecordingGone.
	DropRecording(ctx context.Context, home, id string, by Closing) (Recording, error)
	// SweepRecordings deletes those whose time is over or whose member is not of the home any more.
	SweepRecordings(ctx context.Context) ([]Recording, error)
}

// Unsealed is a part before it is kept. Seal is called with its place.
type Unsealed struct {
	Age  time.Duration
	Size int64
	Seal func(secret string, p Part) (string, error)
}

// Record lets the screen of a session be kept from now on, or not any more: for its customer alone, while it lives.
// policies.Problems, ErrUnknown, ErrOver, ErrScope, ErrRecordingFull.
func (s *Sessions) Record(ctx context.Context, by Switch) (Session, error) {
	if uuid.Validate(by.Session) != nil {
		return Session{}, ErrUnknown
	}
	if by.On {
		if found := (Answer{Text: by.Text}).wordProblems(); found != nil {
			return Session{}, found
		}
		sum := sha256.Sum256([]byte(by.Text))
		by.Text, by.Tape = hex.EncodeToString(sum[:]), newTape()
	}
	one, changed, err := s.Store.SwitchRecording(ctx, by)
	if err != nil {
		return Session{}, fmt.Errorf("switching the recording of session %q: %w", by.Session, err)
	}
	if changed {
		s.tell(one)
	}
	return one, nil
}

// recordProblems are those of a consent with a recording: there is nothing to keep where nothing is seen.
func (a Answer) recordProblems() policies.Problems {
	if a.Record && !slices.Contains(a.Scopes, wire.ScopeSee) {
		return policies.Problems{{Code: "needs-see", Field: "record", Detail: "Without the screen there is nothing to keep."}}
	}
	return nil
}

// Keep keeps what was shown in a session, in one part, if its customer lets it. ErrOver where not, ErrRecordingFull: it has
// stopped.
func (s *Sessions) Keep(ctx context.Context, session string, list []Shown) error {
	if len(list) == 0 {
		return nil
	}
	plain := packed(list)
	err := s.Store.AddRecorded(ctx, session, Unsealed{
		Age: max(time.Since(list[0].At), 0), Size: int64(len(plain)),
		Seal: func(secret string, p Part) (string, error) { return seal(secret, p, plain) },
	})
	if errors.Is(err, ErrRecordingFull) {
		if one, err := s.one(ctx, session); err == nil {
			s.tell(one)
		}
	}
	if err != nil {
		return fmt.Errorf("keeping a part of session %q: %w", session, err)
	}
	return nil
}

// Recordings are a member's own in a home, newest first; everybody's for "".
func (s *Sessions) Recordings(ctx context.Context, home, member string) ([]Recording, error) {
	list, err := s.Store.RecordingsIn(ctx, home, member)
	if err != nil {
		return nil, fmt.Errorf("reading recordings of home %q: %w", home, err)
	}
	return list, nil
}

// RecordingsOf are those of a case, and those that were, for staff. ErrCaseUnknown, ErrNotHeld, ErrOwn.
func (s *Sessions) RecordingsOf(ctx context.Context, kase string, by Watcher) ([]Recording, []Gone, error) {
	if uuid.Validate(kase) != nil {
		return nil, nil, ErrCaseUnknown
	}
	list, gone, err := s.Store.RecordingsOf(ctx, kase, by)
	if err != nil {
		return nil, nil, fmt.Errorf("reading recordings of case %q: %w", kase, err)
	}
	return list, gone, nil
}

// Replay is a member's own recording. ErrRecordingGone, ErrRecordingDamaged.
func (s *Sessions) Replay(ctx context.Context, home, id, member string) (*Played, error) {
	return s.play(ctx, id, func(r Recording) bool { return r.Home == home && r.Member == member })
}

// Watch is a recording for staff: whoever gets one stands in the audit before. ErrCaseUnknown, ErrNotHeld, ErrOwn,
// ErrRecordingGone, ErrRecordingDamaged.
func (s *Sessions) Watch(ctx context.Context, kase, id string, by Watcher) (*Played, error) {
	if uuid.Validate(kase) != nil {
		return nil, ErrCaseUnknown
	}
	if err := s.Store.WatchRecording(ctx, kase, id, by); err != nil {
		return nil, fmt.Errorf("watching a recording of case %q: %w", kase, err)
	}
	return s.play(ctx, id, func(r Recording) bool { return r.Case == kase })
}

// Played is a recording as it is handed out. Whoever has read it closes it.
type Played struct {
	*bytes.Reader
	free func()
}

// NewPlayed is bytes whose reader lets something go when it is done.
func NewPlayed(b []byte, free func()) *Played {
	return &Played{bytes.NewReader(b), sync.OnceFunc(free)}
}

// Close lets the next one be read.
func (p *Played) Close() error {
	p.free()
	return nil
}

func (s *Sessions) play(ctx context.Context, id string, own func(Recording) bool) (*Played, error) {
	select {
	case s.reading <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting to read a recording: %w", ctx.Err())
	}
	free := func() { <-s.reading }
	r, secret, parts, err := s.Store.Recorded(ctx, id)
	if err == nil && !own(r) {
		err = ErrRecordingGone
	}
	var b []byte
	if err == nil {
		b, err = played(r, secret, parts)
	}
	if err != nil {
		free()
		return nil, fmt.Errorf("reading recording %q: %w", id, err)
	}
	return NewPlayed(b, free), nil
}

// Forget deletes a member's own recording: its key, its parts, and what would have come. ErrRecordingGone.
func (s *Sessions) Forget(ctx context.Context, home, id string, by Closing) error {
	r, err := s.Store.DropRecording(ctx, home, id, by)
	if err != nil {
		return fmt.Errorf("deleting recording %q: %w", id, err)
	}
	s.tellRecording(ctx, r)
	return nil
}

// tellRecording lets the home, those who help, and whoever is in a session of the case look again.
func (s *Sessions) tellRecording(ctx context.Context, r Recording) {
	about := []string{r.Home, staff}
	if live, err := s.Store.LiveOfCase(ctx, r.Case); err == nil {
		for _, session := range live {
			about = append(about, AboutSession(session))
		}
	}
	for _, one := range about {
		if err := s.Link.Announce(one); err != nil {
			s.Log.Warn("could not announce a recording", "case", r.Case, "error", err)
		}
	}
}

// sweepRecordings deletes what nobody may see any more.
func (s *Sessions) sweepRecordings(ctx context.Context) error {
	gone, err := s.Store.SweepRecordings(ctx)
	for _, r := range gone {
		s.tellRecording(ctx, r)
	}
	return err
}
