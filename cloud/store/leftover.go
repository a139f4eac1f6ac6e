package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/carebox-project/carebox/cloud/assist"
)

// endLeft ends what waits or lives in a case that its staff does not have any more. Whoever takes a case from somebody ends
// this at once; here it ends where the database, or the whole cloud, was away just then.
func (s *Store) endLeft(ctx context.Context) ([]assist.Session, error) {
	var list, ended []assist.Session
	err := s.read(ctx, func(tx *sql.Tx) (err error) {
		list, err = s.left(ctx, tx)
		return err
	})
	for _, one := range list {
		done, closed := assist.Session{}, false
		err = errors.Join(err, s.write(ctx, func(tx *sql.Tx) (err error) {
			closed = false
			_, _, why := heldCase(ctx, tx, one.Case, one.Staff) // they may have it again
			by := assist.EndHandOver
			switch {
			case why == nil:
				return nil
			case errors.Is(why, assist.ErrCaseState):
				by = assist.EndStaff
			case !errors.Is(why, assist.ErrCaseNotYours) && !errors.Is(why, assist.ErrUnknown):
				return why
			}
			done, closed, err = s.closeSupport(ctx, tx, one.ID, assist.Closing{State: assist.StateEnded, By: by}, "")
			return err
		}))
		if closed {
			ended = append(ended, done)
		}
	}
	return ended, err
}

// left are the sessions that endLeft ends. Who has a case is in its story, which every database keeps as a text.
func (s *Store) left(ctx context.Context, tx *sql.Tx) ([]assist.Session, error) {
	open, err := s.sessions(ctx, tx, "WHERE support.state IN ('asked', 'active') ORDER BY support.id")
	if err != nil || len(open) == 0 {
		return nil, err
	}
	of, err := cases(ctx, tx, "WHERE kase.id IN (SELECT case_id FROM support WHERE state IN ('asked', 'active'))")
	if err != nil {
		return nil, err
	}
	known := map[string]assist.Case{}
	for _, k := range of {
		known[k.ID] = k
	}
	var list []assist.Session
	for _, one := range open {
		if k, there := known[one.Case]; !there || k.HeldBy(one.Staff) != nil {
			list = append(list, one)
		}
	}
	return list, nil
}
