package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// AddProposal keeps one under a session that lives and has the scope change.
func (s *Store) AddProposal(ctx context.Context, p assist.Proposal, staff string, life time.Duration, limit int) (assist.Proposal, error) {
	diff, err := json.Marshal(p.Differences)
	if err != nil {
		return p, fmt.Errorf("encoding differences: %w", err)
	}
	policy, err := policies.Marshal(p.Policy)
	if err != nil {
		return p, err
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		one, err := s.usable(ctx, tx, p.Session, staff, now)
		if err != nil {
			return err
		}
		var open int
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM proposal WHERE session = $1 AND state = 'open' AND expires > $2", p.Session, now).
			Scan(&open); err != nil {
			return fmt.Errorf("counting proposals: %w", err)
		}
		if open >= limit {
			return assist.ErrBusy
		}
		p.Home, p.Asked, p.Left = one.Home, instant(now), life
		columns := []string{"id", "session", "home", "code", "subject", "revision", "diff", "policy", "hash", "state", "asked", "expires", "member", "answered"}
		if _, err := tx.ExecContext(ctx, insert("proposal", columns, 1), p.ID, p.Session, p.Home, p.Code, p.Subject, p.Revision, string(diff),
			string(policy), p.Hash, string(p.State), now, now+life.Microseconds(), "", 0); err != nil {
			return fmt.Errorf("adding proposal: %w", err)
		}
		return s.witness(ctx, tx, entryOf(one, "proposal", staffActor(one), map[string]any{
			"proposal": p.ID, "code": p.Code, "subject": p.Subject, "hash": p.Hash,
		}))
	})
	return p, err
}

// usable is a session that its staff may change things under now, locked so that its end waits or is seen.
func (s *Store) usable(ctx context.Context, tx *sql.Tx, id, staff string, now int64) (assist.Session, error) {
	result, err := tx.ExecContext(ctx, `UPDATE support SET changes = changes WHERE id = $1 AND state = 'active' AND deadline > $2 AND `+employed+" AND "+seated,
		id, now)
	if err != nil {
		return assist.Session{}, fmt.Errorf("using support session: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return assist.Session{}, err
	}
	one, err := s.session(ctx, tx, id)
	switch {
	case err != nil:
	case one.Staff != staff:
		err = assist.ErrUnknown
	case n == 0:
		err = assist.ErrOver
	case !one.Has(wire.ScopeChange):
		err = assist.ErrScope
	}
	return one, err
}

// ProposalsOf are those of a session, newest first.
func (s *Store) ProposalsOf(ctx context.Context, session string) ([]assist.Proposal, error) {
	var list []assist.Proposal
	err := s.read(ctx, func(tx *sql.Tx) error {
		list = nil
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `SELECT p.id, p.session, p.home, p.code, p.subject, p.revision, p.diff, p.policy, p.hash,
			CASE WHEN p.state = 'open' AND (p.expires <= $2 OR s.state <> 'active' OR s.deadline <= $2) THEN 'expired' ELSE p.state END,
			p.asked, p.expires, p.member FROM proposal p JOIN support s ON s.id = p.session WHERE p.session = $1 ORDER BY p.asked DESC, p.id LIMIT 100`,
			session, now)
		if err != nil {
			return fmt.Errorf("asking for proposals: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			p, err := scanProposal(rows, now)
			if err != nil {
				return err
			}
			list = append(list, p)
		}
		return rows.Err()
	})
	return list, err
}

func scanProposal(rows *sql.Rows, now int64) (assist.Proposal, error) {
	var p assist.Proposal
	var diff, policy string
	var asked, expires int64
	err := rows.Scan(&p.ID, &p.Session, &p.Home, &p.Code, &p.Subject, &p.Revision, &diff, &policy, &p.Hash, &p.State, &asked, &expires, &p.Member)
	if err == nil {
		err = json.Unmarshal([]byte(diff), &p.Differences)
	}
	if err == nil {
		err = json.Unmarshal([]byte(policy), &p.Policy)
	}
	if err != nil {
		return p, fmt.Errorf("reading proposal: %w", err)
	}
	p.Asked = instant(asked)
	if p.State == assist.ProposalOpen {
		p.Left = span(expires - now)
	}
	return p, nil
}

// Decline answers no. assist.ErrUnknown, assist.ErrAnswered.
func (s *Store) Decline(ctx context.Context, session, id string, by assist.Closing) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		one, err := s.session(ctx, tx, session)
		if err != nil {
			return err
		}
		if err := settleProposal(ctx, tx, [3]string{id, session, string(assist.ProposalDeclined)}, by.Who, now); err != nil {
			return err
		}
		return s.witness(ctx, tx, entryOf(one, "proposal-declined", memberActor(by.Who, by.Name), map[string]any{"proposal": id}))
	})
}

// approve answers yes, in the transaction of the change that was proposed, and makes the line about it one of that.
func approve(ctx context.Context, tx *sql.Tx, e *audit.Entry, by approvalRow, now int64) error {
	if err := stranger(ctx, tx, e.Home, by.Staff); err != nil {
		return err
	}
	e.Via, e.Said.Approved = audit.ViaApproved, by.Member
	e.Said.Detail["proposal"] = by.Proposal
	return settleProposal(ctx, tx, [3]string{by.Proposal, by.Session, string(assist.ProposalApproved)}, by.Member, now)
}

// approved makes a change of who belongs to a home that a member approved of: while the session lives, once, with a line in
// the audit. Without an approval it is the family's own. assist.ErrOver, assist.ErrAnswered, assist.ErrOwn.
func (s *Store) approved(ctx context.Context, tx *sql.Tx, home string, by approvalRow, change func() error) error {
	if by.Proposal == "" {
		return change()
	}
	now, err := s.now(ctx, tx)
	if err != nil {
		return err
	}
	one, err := s.usable(ctx, tx, by.Session, by.Staff, now)
	if err != nil {
		return err
	}
	if one.Home != home {
		return assist.ErrUnknown
	}
	e := entryOf(one, "change", staffActor(one), map[string]any{})
	if err := approve(ctx, tx, &e, by, now); err != nil {
		return err
	}
	var code, subject string
	if err := tx.QueryRowContext(ctx, "SELECT code, subject FROM proposal WHERE id = $1", by.Proposal).Scan(&code, &subject); err != nil {
		return fmt.Errorf("reading what was approved: %w", err)
	}
	e.Said.Detail["code"], e.Said.Detail["subject"] = code, subject
	if err := change(); err != nil {
		return err
	}
	return s.witness(ctx, tx, e)
}

// settleProposal answers an open one of a session that lives: its id, its session, the answer.
func settleProposal(ctx context.Context, tx *sql.Tx, p [3]string, member string, now int64) error {
	result, err := tx.ExecContext(ctx, `UPDATE proposal SET state = $3, member = $4, answered = $5
		WHERE id = $1 AND session = $2 AND state = 'open' AND expires > $5
		AND EXISTS (SELECT 1 FROM support s WHERE s.id = $2 AND s.state = 'active' AND s.deadline > $5)`, p[0], p[1], p[2], member, now)
	if err != nil {
		return fmt.Errorf("answering proposal: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil || n > 0 {
		return err
	}
	var there int
	err = tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM proposal WHERE id = $1 AND session = $2", p[0], p[1]).Scan(&there)
	if err == nil && there == 0 {
		return assist.ErrUnknown
	}
	return errors.Join(assist.ErrAnswered, err)
}
