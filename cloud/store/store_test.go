package store

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// both runs a test on SQLite and, where CAREBOX_POSTGRES names a server, on a PostgreSQL schema of its own.
func both(t *testing.T, test func(t *testing.T, database string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "with space?&#%.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, postgres(t)) })
}

func postgres(t *testing.T) string {
	t.Helper()
	server := os.Getenv("CAREBOX_POSTGRES")
	if server == "" {
		t.Skip("database ring: set CAREBOX_POSTGRES to a URL")
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("carebox_test_%016x", rand.Uint64())
	if _, err := db.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec("DROP SCHEMA " + name + " CASCADE"); err != nil {
			t.Error(err)
		}
		_ = db.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func open(t *testing.T, database string) *Store {
	t.Helper()
	s, err := Open(context.Background(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	s.Patience = time.Minute // nobody waits, and the machine may do much else
	return s
}

func TestReplicasThatStartAtOnceMigrateOnce(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		n := 4
		if !IsPostgres(database) {
			n = 1 // one process owns an SQLite file
		}
		var all sync.WaitGroup
		for range n {
			all.Go(func() {
				s, err := Open(t.Context(), database)
				if err != nil {
					t.Error(err)
					return
				}
				if err := s.Ready(t.Context()); err != nil {
					t.Error(err)
				}
				_ = s.Close()
			})
		}
		all.Wait()
		open(t, database) // and a later start finds nothing to do
		if IsPostgres(database) {
			return
		}
		info, err := os.Stat(database)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, error %v; want 0600", info.Mode(), err)
		}
	})
}
