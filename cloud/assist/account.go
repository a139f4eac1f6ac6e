package assist

import (
	"context"
	"fmt"
	"math"

	"github.com/carebox-project/carebox/cloud/audit"
)

// Audit is the lines about a home below before (0: from the newest), newest first, at most limit (1 to 100).
func (s *Sessions) Audit(ctx context.Context, home string, before int64, limit int) ([]audit.Line, error) {
	lines, err := s.Store.AuditOf(ctx, home, before, min(max(limit, 1), 100))
	if err != nil {
		return nil, fmt.Errorf("reading the audit of home %q: %w", home, err)
	}
	return lines, nil
}

// All is every session that a home ever had, newest first.
func (s *Sessions) All(ctx context.Context, home string) ([]Session, error) {
	list, err := s.Store.SupportOf(ctx, home, math.MaxInt32)
	if err != nil {
		return nil, fmt.Errorf("reading sessions of home %q: %w", home, err)
	}
	return list, nil
}

// Session is a session of a home with all that was done in it, in order. ErrUnknown.
func (s *Sessions) Session(ctx context.Context, home, id string) (Session, []audit.Line, error) {
	one, err := s.in(ctx, home, id)
	if err != nil {
		return Session{}, nil, err
	}
	lines, err := s.Store.AuditBy(ctx, id)
	if err != nil {
		return Session{}, nil, fmt.Errorf("reading the audit of session %q: %w", id, err)
	}
	return one, lines, nil
}

// Witness writes a line about what was done elsewhere.
func (s *Sessions) Witness(ctx context.Context, e audit.Entry) error {
	if err := s.Store.AddAudit(ctx, e); err != nil {
		return fmt.Errorf("writing %q to the audit: %w", e.Verb, err)
	}
	return nil
}
