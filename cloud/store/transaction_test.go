package store

import (
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
)

// Whoever waits for what takes too long is told to come again, whichever statement it is that hears of it.
func TestWhatTakesTooLongIsADatabaseThatIsAway(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		s.Patience = 200 * time.Millisecond
		for name, way := range map[string]func(do func(*sql.Tx) error) error{
			"writing": func(do func(*sql.Tx) error) error { return s.write(t.Context(), do) },
			"reading": func(do func(*sql.Tx) error) error { return s.read(t.Context(), do) },
		} {
			err := way(func(tx *sql.Tx) error {
				for {
					if _, err := tx.ExecContext(t.Context(), "SELECT 1"); err != nil {
						return fmt.Errorf("working: %w", err)
					}
					time.Sleep(10 * time.Millisecond) // until its time is up
				}
			})
			if !errors.Is(err, registry.ErrUnavailable) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
