package assist

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/carebox-project/carebox/policies"
)

// ProposalState is what has become of a proposal.
type ProposalState string

const (
	ProposalOpen     ProposalState = "open"
	ProposalApproved ProposalState = "approved"
	ProposalDeclined ProposalState = "declined"
	ProposalExpired  ProposalState = "expired" // nobody answered in time, or the session is over
)

const (
	proposalLife = 5 * time.Minute
	maxProposals = 10 // open ones of a session
)

// Proposal is a change that staff may not make by themselves, or would rather show first. What the member approves is the
// difference that the server found, by its hash.
type Proposal struct {
	ID, Session, Home string
	Code, Subject     string // of the change, as in a history
	Revision          int64  // that it was made from
	Differences       []Difference
	Policy            policies.Policy // what would be asked; of a change of who belongs to the home nothing: the difference says it all
	Hash              string          // hexadecimal
	State             ProposalState
	Asked             time.Time
	Left              time.Duration // until it expires
	Member            string        // who answered
}

// Difference is one part of a policy, or of who belongs to a home, that a proposal would change.
type Difference struct {
	Path   string          `json:"path"`             // devices/tv, zone, members/<id>, invitations
	Before json.RawMessage `json:"before,omitempty"` // nil: not there
	After  json.RawMessage `json:"after,omitempty"`
}

// proposalStore keeps proposals. That one is approved is kept with the revision that it becomes.
type proposalStore interface {
	// AddProposal keeps one under a session that lives and has the scope change. ErrUnknown, ErrOver, ErrScope, ErrBusy.
	AddProposal(ctx context.Context, p Proposal, staff string, life time.Duration, limit int) (Proposal, error)
	ProposalsOf(ctx context.Context, session string) ([]Proposal, error) // newest first
	// Decline answers no. ErrUnknown, ErrAnswered.
	Decline(ctx context.Context, session, id string, by Closing) error
}

// Propose shows a change to the member of a session. ErrUnknown, ErrOver, ErrScope, ErrBusy.
func (s *Sessions) Propose(ctx context.Context, p Proposal, staff string) (Proposal, error) {
	p.ID, p.State = uuid.NewString(), ProposalOpen
	var err error
	if p.Hash, err = p.sum(); err != nil {
		return Proposal{}, err
	}
	if p, err = s.Store.AddProposal(ctx, p, staff, proposalLife, maxProposals); err != nil {
		return Proposal{}, fmt.Errorf("proposing a change: %w", err)
	}
	s.look(p)
	return p, nil
}

// sum is over what the member sees and what it stands on.
func (p Proposal) sum() (string, error) {
	data, err := json.Marshal([]any{p.Home, p.Session, p.Revision, p.Differences})
	if err != nil {
		return "", fmt.Errorf("encoding a proposal: %w", err)
	}
	s := sha256.Sum256(append([]byte("carebox proposal 1\n"), data...))
	return hex.EncodeToString(s[:]), nil
}

// Proposals are those of a session, newest first.
func (s *Sessions) Proposals(ctx context.Context, session string) ([]Proposal, error) {
	list, err := s.Store.ProposalsOf(ctx, session)
	if err != nil {
		return nil, fmt.Errorf("reading proposals of session %q: %w", session, err)
	}
	return list, nil
}

// Proposal is an open one of a session of a home, which a member approves by its hash. Approving it is a change of the
// policy under its id. ErrUnknown, ErrAnswered, ErrStale for another hash.
func (s *Sessions) Proposal(ctx context.Context, home, session, id, hash string) (Session, Proposal, error) {
	one, err := s.in(ctx, home, session)
	if err != nil {
		return Session{}, Proposal{}, err
	}
	list, err := s.Proposals(ctx, session)
	if err != nil {
		return Session{}, Proposal{}, err
	}
	for _, p := range list {
		if p.ID != id {
			continue
		}
		if p.State != ProposalOpen {
			return Session{}, Proposal{}, ErrAnswered
		}
		if subtle.ConstantTimeCompare([]byte(p.Hash), []byte(hash)) != 1 {
			return Session{}, Proposal{}, ErrStale
		}
		return one, p, nil
	}
	return Session{}, Proposal{}, ErrUnknown
}

// Decline is a member's no. ErrUnknown, ErrAnswered.
func (s *Sessions) Decline(ctx context.Context, home, session, id string, by Closing) error {
	if uuid.Validate(id) != nil {
		return ErrUnknown
	}
	one, err := s.in(ctx, home, session)
	if err != nil {
		return err
	}
	if err := s.Store.Decline(ctx, session, id, by); err != nil {
		return fmt.Errorf("declining proposal %q: %w", id, err)
	}
	s.tell(one)
	return nil
}

// look lets the home and the staff look again.
func (s *Sessions) look(p Proposal) {
	for _, about := range []string{p.Home, AboutSession(p.Session)} {
		if err := s.Link.Announce(about); err != nil {
			s.Log.Warn("could not announce a proposal", "session", p.Session, "error", err)
		}
	}
}
