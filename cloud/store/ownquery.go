package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/policies/wire"
)

// ownTold is how long a line of the audit about a family's own query stands for others of its kind in the home: nobody
// can fill the chain, which everybody else's lines are in, with questions to their own box.
const ownTold = time.Hour

// lockOwn lets those who ask under letters for their own home wait for each other.
func lockOwn(ctx context.Context, tx *sql.Tx, letter string) error {
	_, err := tx.ExecContext(ctx, "UPDATE home SET name = name WHERE id IN (SELECT home FROM letter WHERE id = $1 AND kind = 'self')", letter)
	if err != nil {
		return fmt.Errorf("locking home: %w", err)
	}
	return nil
}

// toldOf reports whether a line that the audit has stands for another query, too.
func toldOf(ctx context.Context, tx *sql.Tx, l assist.Letter, kind wire.QueryKind, now int64) (bool, error) {
	if l.Kind != assist.LetterSelf {
		return false, nil
	}
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM query JOIN letter ON letter.id = query.letter
		WHERE letter.home = $1 AND letter.kind = 'self' AND query.kind = $2 AND query.asked > $3`, l.Home, string(kind), now-ownTold.Microseconds()).
		Scan(&n); err != nil {
		return false, fmt.Errorf("counting a family's queries: %w", err)
	}
	return n > 0, nil
}
