package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies/wire"
)

// askKept is how long asks stay.
const askKept = 7 * 24 * time.Hour

func askColumns() []string {
	return []string{"home", "id", "device", "person", "minutes", "why", "asked", "at",
		"state", "member", "actor", "origin", "granted", "until", "answered"}
}

// AddAsk keeps an ask that is not there yet, unless its home has as many as limit since then. Old ones go.
func (s *Store) AddAsk(ctx context.Context, ask registry.Ask, since time.Time, limit int) (bool, error) {
	var added bool
	err := s.write(ctx, func(tx *sql.Tx) error {
		added = false
		if _, err := tx.ExecContext(ctx, "DELETE FROM ask WHERE home = $1 AND at < $2", ask.Home, micros(ask.At.Add(-askKept))); err != nil {
			return fmt.Errorf("forgetting asks: %w", err)
		}
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM ask WHERE home = $1 AND at > $2", ask.Home, micros(since)).Scan(&n); err != nil {
			return fmt.Errorf("counting asks: %w", err)
		}
		if n >= limit {
			return nil
		}
		result, err := tx.ExecContext(ctx, insert("ask", askColumns(), 1)+" ON CONFLICT (home, id) DO NOTHING",
			ask.Home, ask.ID, ask.Device, ask.Person, ask.Minutes, string(ask.Why), micros(ask.Asked), micros(ask.At), string(ask.Answer.State),
			ask.Answer.By.Member, ask.Answer.By.Name, ask.Answer.By.From, ask.Answer.Minutes, micros(ask.Answer.Until), micros(ask.Answer.At))
		if err != nil {
			return fmt.Errorf("adding ask: %w", err)
		}
		rows, err := result.RowsAffected()
		added = rows > 0
		return err
	})
	return added, err
}

// Asks are those of a home since then, newest first, at most limit.
func (s *Store) Asks(ctx context.Context, home string, since time.Time, limit int) ([]registry.Ask, error) {
	query := "SELECT " + strings.Join(askColumns(), ", ") + " FROM ask WHERE home = $1 AND at > $2 ORDER BY at DESC, id LIMIT $3"
	var list []registry.Ask
	err := s.persist(ctx, func(ctx context.Context) error {
		rows, err := s.reader.QueryContext(ctx, query, home, micros(since), limit)
		if err != nil {
			return fmt.Errorf("asking for asks: %w", err)
		}
		list, err = scanAsks(rows)
		return err
	})
	return list, err
}

func scanAsks(rows *sql.Rows) ([]registry.Ask, error) {
	defer func() { _ = rows.Close() }()
	var list []registry.Ask
	for rows.Next() {
		var a registry.Ask
		var asked, at, until, answered int64
		if err := rows.Scan(&a.Home, &a.ID, &a.Device, &a.Person, &a.Minutes, &a.Why, &asked, &at, &a.Answer.State,
			&a.Answer.By.Member, &a.Answer.By.Name, &a.Answer.By.From, &a.Answer.Minutes, &until, &answered); err != nil {
			return nil, fmt.Errorf("reading ask: %w", err)
		}
		a.Asked, a.At, a.Answer.Until, a.Answer.At = instant(asked), instant(at), instant(until), instant(answered)
		list = append(list, a)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading asks: %w", err)
	}
	return list, nil
}

// AnswerAsk moves an ask on from one of the states. False: it is not there, or in another state.
func (s *Store) AnswerAsk(ctx context.Context, home, id string, answer registry.AskAnswer, from []wire.AskState) (bool, error) {
	var moved bool
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		moved, err = answerAsk(ctx, tx, [2]string{home, id}, answer, from)
		return err
	})
	return moved, err
}

func answerAsk(ctx context.Context, tx *sql.Tx, key [2]string, answer registry.AskAnswer, from []wire.AskState) (bool, error) {
	values := []any{
		key[0], key[1], string(answer.State), answer.By.Member, answer.By.Name, answer.By.From, answer.Minutes,
		micros(answer.Until), micros(answer.At),
	}
	var states []string
	for _, state := range from {
		values = append(values, string(state))
		states = append(states, fmt.Sprintf("$%d", len(values)))
	}
	result, err := tx.ExecContext(ctx, `
UPDATE ask SET state = $3, member = $4, actor = $5, origin = $6, granted = $7, until = $8, answered = $9
 WHERE home = $1 AND id = $2 AND state IN (`+strings.Join(states, ", ")+")", values...)
	if err != nil {
		return false, fmt.Errorf("answering ask: %w", err)
	}
	rows, err := result.RowsAffected()
	return rows > 0, err
}

// AppendGrant is Append and AnswerAsk from an open state in one transaction. registry.ErrMoved; registry.ErrNotFound for
// an ask that is not open any more.
func (s *Store) AppendGrant(
	ctx context.Context, doc registry.Document, base int64, id string, answer registry.AskAnswer,
) (registry.Document, error) {
	err := s.write(ctx, func(tx *sql.Tx) error {
		if err := s.appendRevision(ctx, tx, &doc, [2]int64{base, 0}); err != nil {
			return err
		}
		moved, err := answerAsk(ctx, tx, [2]string{doc.Home, id}, answer, []wire.AskState{wire.AskSent, wire.AskSeen})
		if err == nil && !moved {
			return registry.ErrNotFound
		}
		return err
	})
	return doc, err
}
