package store

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies/wire"
)

// lived is a database with something in each table that a backup holds.
func lived(t *testing.T, database string) *Store {
	t.Helper()
	s := furnished(t, database)
	ctx := t.Context()
	first, err := s.Home(ctx, "h1")
	if err != nil {
		t.Fatal(err)
	}
	_, appended := s.Append(ctx, first.Asked, 1, 0)
	_, reported := s.Report(ctx, registry.Said{Box: "box-1", Document: `{"box":"box-1","x":"\u0000é"}`, Digest: "d", At: noon})
	_, marked := s.Mark(ctx, []registry.Sign{{Box: "box-1", Seen: noon, Revision: 2}}, noon)
	err = errors.Join(appended, reported, marked, s.Greet(ctx, wire.Hello{Box: "box-1", Schema: 1}))
	for _, row := range []string{
		"INSERT INTO member (id, email, name, locale, password, created) VALUES ('m1', 'a@b.example', 'Zoé', 'fr', 'x', 5)",
		"INSERT INTO membership (member, home, role) VALUES ('m1', 'h1', 'owner')",
		"INSERT INTO passkey (id, credential, member, name, data, created, used) VALUES ('p1', 'c', 'm1', 'N', '{}', 1, 2)",
		"INSERT INTO kase (id, home, member, name, screen, text, asked_at) VALUES ('r1', 'h1', 'm1', 'Z', '/', '', 1)",
		"INSERT INTO kase_message (kase, n, at, origin, author, name, private, code, text, picture)" +
			" VALUES ('r1', 1, 2, 'customer', 'm1', 'Z', 0, '', 'slow', 'c1')",
		"INSERT INTO kase_picture (id, kase, type, data) VALUES ('c1', 'r1', 'image/png', 'AAAA')",
		"INSERT INTO contact (home, member, text, author, at) VALUES ('h1', 'm1', 'deaf', 'Julie', 3)",
		"INSERT INTO recording (id, kase, home, member, secret, begun, until, newest, parts, bytes, filled)" +
			" VALUES ('t0', 'r1', 'h1', 'm0', 'c2VjcmV0', 1, 9000000000000000, 2, 1, 3, 0)",
		"INSERT INTO recording_part (recording, n, session, at, sealed) VALUES ('t0', 1, 's0', 2, 'AAAA')",
		"INSERT INTO invitation (id, hash, home, role, person, inviter, created, expires) VALUES ('i1', 'h', 'h1', 'adult', '', 'Z', 1, 2)",
		"INSERT INTO entry (hash, member, home, expires) VALUES ('e', 'm1', 'h1', 2)",
		"INSERT INTO farewell (box, revision, zone) VALUES ('box-2', 7, 'Europe/Paris')",
		"INSERT INTO reset (hash, member, expires) VALUES ('h', 'm1', 2)",
		"INSERT INTO online (home, person, date, hour, minutes) VALUES ('h1', 'leo', '2026-11-21', 18, 40)",
		"INSERT INTO mute (member, kind) VALUES ('m1', 'ask')",
		"INSERT INTO quiet (member, active, start, finish) VALUES ('m1', 1, '22:00', '07:00')",
		"INSERT INTO claim (home, key, until) VALUES ('h1', 'gone', 0)",
		"INSERT INTO item (box, model, mac, claim, used, state, since) VALUES ('box-1', 'm', '', 'c', '', 'made', 1)",
		"INSERT INTO life (box, n, at, state, who, detail) VALUES ('box-1', 1, 2, 'made', 'w', '')",
		"INSERT INTO identity (serial, box, public, issued, until, revoked, why) VALUES ('a1', 'box-1', 'p', 1, 2, 0, '')",
		"INSERT INTO visit (id, ref, technician, home, day, begins, state, wants, serial, document, report, version)" +
			" VALUES ('v1', 'R-1', 'm1', 'h1', '2026-11-22', '09:00', 'bound', '', 'box-1', '{}', '', 3)",
		"INSERT INTO step (visit, id, n, received, who, digest, body) VALUES ('v1', 's1', 1, 5, 'Zoé', 'd', '{}')",
		"INSERT INTO photo (visit, id, data) VALUES ('v1', 'p1', '/9j/')",
		"INSERT INTO vapid (id, public, private) VALUES (1, 'p', 'q')",
		"INSERT INTO ask (home, id, device, person, minutes, why, asked, at, state, member, actor, origin, granted, until, answered)" +
			" VALUES ('h1', 'a1', 'd', '', 30, '', 1, 2, 'sent', '', '', '', 0, 0, 0)",
		"INSERT INTO session (id, hash, member, kind, client, proof, created, used, expires) VALUES ('s1', 'h', 'm1', 'app', '', 'totp', 1, 2, 3)",
		"INSERT INTO pin (box, believed, following, at) VALUES ('b1', 'k1', 'k2', 1)",
		"INSERT INTO clone (box, since, newest, takeovers, before, places) VALUES ('b1', 1, 2, 3, 4, '[]')",
		"INSERT INTO succession (old, new, message, made) VALUES ('k1', 'k2', 'bQ==', 1)",
		"INSERT INTO subject (issuer, sub, member, role, created, used) VALUES ('https://a', '7', 'm1', 'support', 1, 2)",
		"INSERT INTO totp (member, secret, pending, step) VALUES ('m1', 'JBSWY3DP', '', 7)",
		"INSERT INTO push (id, session, member, endpoint, public, auth, created) VALUES ('w1', 's1', 'm1', 'https://p.example', 'k', 'a', 1)",
	} {
		_, adding := s.writer.ExecContext(ctx, row)
		err = errors.Join(err, adding)
	}
	if err != nil {
		t.Fatal(err)
	}
	answered(t, s, helped(t, s, "h1", "r1"))
	return s
}

// rows is all that a database holds, as a backup would write it.
func rows(t *testing.T, s *Store) map[string][][]any {
	t.Helper()
	all := map[string][][]any{}
	for _, table := range tables() {
		columns := "*"
		if table == "home" {
			columns = "id, name, revision" // the floor rises
		}
		found, err := s.reader.QueryContext(t.Context(), "SELECT "+columns+" FROM "+table+" ORDER BY 1, 2")
		if err != nil {
			t.Fatal(err)
		}
		names, _ := found.Columns()
		for found.Next() {
			row, into := make([]any, len(names)), make([]any, len(names))
			for i := range row {
				into[i] = &row[i]
			}
			if err := found.Scan(into...); err != nil {
				t.Fatal(err)
			}
			all[table] = append(all[table], row)
		}
		if err := found.Err(); err != nil {
			t.Fatal(err)
		}
		if len(all[table]) == 0 {
			t.Fatalf("table %s is empty: it proves nothing", table)
		}
	}
	return all
}

func TestABackupGoesIntoEitherDatabaseAndBack(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		from := lived(t, database)
		for _, id := range alive(t, from) { // one that lives would not come back so
			if _, _, err := from.CloseSupport(t.Context(), id, assist.Closing{State: assist.StateEnded, By: assist.EndCustomer}); err != nil {
				t.Fatal(err)
			}
		}
		folder := t.TempDir()
		out, again := filepath.Join(folder, "out"), filepath.Join(folder, "again")
		if err := from.Backup(t.Context(), out); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(out); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
		}
		both(t, func(t *testing.T, other string) {
			to := open(t, other)
			if err := to.Restore(t.Context(), out); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(rows(t, from), rows(t, to)); diff != "" {
				t.Error(diff)
			}
			if err := to.Backup(t.Context(), again); err != nil {
				t.Fatal(err)
			}
			if err := to.Restore(t.Context(), out); !errors.Is(err, ErrNotEmpty) {
				t.Errorf("into a full database: %v", err)
			}
			home, err := to.Home(t.Context(), "h1")
			if err != nil {
				t.Fatal(err)
			}
			doc, err := to.Append(t.Context(), home.Asked, home.Asked.Revision, 0)
			if err != nil || doc.Revision != home.Asked.Revision+lost+1 {
				t.Errorf("the next revision is %d, %v: a box that has lost ones would refuse it", doc.Revision, err)
			}
			back := open(t, filepath.Join(t.TempDir(), "back.db"))
			if err := back.Restore(t.Context(), again); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(rows(t, from), rows(t, back)); diff != "" {
				t.Error(diff)
			}
		})
	})
}

func alive(t *testing.T, s *Store) []string {
	t.Helper()
	ids, err := s.LiveOfHome(t.Context(), "h1")
	if err != nil || len(ids) == 0 {
		t.Fatal(ids, err)
	}
	return ids
}

// What a customer has ended after the backup does not live again with it.
func TestABackupBringsNoSupportSessionBack(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		from, ctx := lived(t, database), t.Context()
		id, out := alive(t, from)[0], filepath.Join(t.TempDir(), "out")
		one, err := from.Support(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := from.LiveSupport(ctx, id, one.Staff); err != nil {
			t.Fatal(err)
		}
		if err := from.Backup(ctx, out); err != nil {
			t.Fatal(err)
		}
		both(t, func(t *testing.T, other string) {
			to := open(t, other)
			to.Seal(operator())
			if err := to.Restore(ctx, out); err != nil {
				t.Fatal(err)
			}
			if _, err := to.LiveSupport(ctx, id, one.Staff); !errors.Is(err, assist.ErrOver) {
				t.Errorf("an agent's session after a restore: %v", err)
			}
			if _, err := to.AddQuery(ctx, assist.Query{ID: "q", Letter: id, Kind: "ping", Args: []byte("{}"), Seconds: 1}, one.Staff); !errors.Is(err, assist.ErrOver) {
				t.Errorf("a question after a restore: %v", err)
			}
			ended, err := to.Overdue(ctx)
			if err != nil || len(ended) != 1 || ended[0].EndedBy != assist.EndDeadline {
				t.Errorf("%+v, %v", ended, err)
			}
		})
	})
}

func TestADamagedBackupChangesNothing(t *testing.T) {
	from := lived(t, filepath.Join(t.TempDir(), "from.db"))
	path := filepath.Join(t.TempDir(), "backup")
	if err := from.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	to := open(t, filepath.Join(t.TempDir(), "to.db"))
	try := func(name string, data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := to.Restore(t.Context(), path); err == nil {
			t.Fatalf("%s: restored", name)
		}
	}
	for cut := 0; cut < len(whole); cut += 97 {
		try("cut", whole[:cut])
	}
	for at := 10; at < len(whole); at += 97 {
		bad := bytes.Clone(whole)
		bad[at] ^= 0x40
		try("turned", bad)
	}
	try("longer", append(bytes.Clone(whole), 'x'))
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := to.Restore(t.Context(), path); err != nil {
		t.Errorf("the whole backup, after all these: %v", err)
	}
}

func TestABackupForgetsNoTable(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "all.db"))
	err := s.read(t.Context(), func(tx *sql.Tx) error {
		found, err := tx.Query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
		if err != nil {
			return err
		}
		names, err := texts(found)
		for _, name := range names {
			if !slices.Contains(append(tables(), "attempt", "ceremony", "notice", "desk", "ticket", "screen", "goose_db_version"), name) {
				t.Errorf("table %s is in no backup", name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAnOlderBackupsRequestsBecomeCases: one that was made while there were only requests for a person.
func TestAnOlderBackupsRequestsBecomeCases(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		lines := `{"backup":"carebox","version":23,"at":"2026-11-21T12:00:00Z"}
{"table":"home","columns":["id","name","revision"]}
{"row":["h1","City",1]}
{"table":"help","columns":["id","home","member","name","screen","text","at"]}
{"row":["r1","h1","m1","Zoé","/home","slow",1789000000000000]}
`
		sum := sha256.Sum256([]byte(lines))
		path := filepath.Join(t.TempDir(), "old")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		packed := gzip.NewWriter(f)
		_, err = fmt.Fprintf(packed, "%s{\"end\":\"%x\"}\n", lines, sum)
		if err := errors.Join(err, packed.Close(), f.Close()); err != nil {
			t.Fatal(err)
		}
		s := open(t, database)
		if err := s.Restore(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		k, err := s.Case(t.Context(), "r1")
		if err != nil || k.Text != "slow" || k.AskedAt.UnixMicro() != 1789000000000000 || k.State != assist.CaseWaiting || k.Language != "fr" {
			t.Errorf("%+v, %v", k, err)
		}
	})
}
