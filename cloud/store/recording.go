package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/cloud/registry"
)

const (
	maxRecordedParts = 20_000

	selectRecording = `SELECT recording.id, recording.kase, recording.home, recording.member, COALESCE(member.name, ''), recording.begun,
	recording.until, recording.newest, recording.parts, recording.bytes, recording.filled, (SELECT COUNT(*) FROM support
	WHERE support.case_id = recording.kase AND support.customer = recording.member AND support.state = 'active' AND support.kept = 1), recording.secret
	FROM recording LEFT JOIN member ON member.id = recording.member `
)

type recordingRow struct {
	assist.Recording
	secret string
}

// recordings are those that a condition finds whose time is not over ($1 is now).
func (s *Store) recordings(ctx context.Context, tx *sql.Tx, and string, values ...any) ([]recordingRow, error) {
	now, err := s.now(ctx, tx)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, selectRecording+"WHERE recording.until > $1 AND "+and+" ORDER BY recording.begun DESC, recording.id",
		append([]any{now}, values...)...)
	if err != nil {
		return nil, fmt.Errorf("asking for recordings: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []recordingRow
	for rows.Next() {
		var r recordingRow
		var begun, until, newest, filled, on int64
		if err := rows.Scan(&r.ID, &r.Case, &r.Home, &r.Member, &r.Name, &begun, &until, &newest, &r.Parts, &r.Bytes, &filled, &on, &r.secret); err != nil {
			return nil, fmt.Errorf("reading recording: %w", err)
		}
		r.Begun, r.Until, r.Newest, r.Full, r.On = instant(begun), instant(until), instant(newest), filled == 1, on > 0
		list = append(list, r)
	}
	return list, rows.Err()
}

func (s *Store) recording(ctx context.Context, tx *sql.Tx, and string, values ...any) (recordingRow, error) {
	list, err := s.recordings(ctx, tx, and, values...)
	if err == nil && len(list) == 0 {
		err = assist.ErrRecordingGone
	}
	if err != nil {
		return recordingRow{}, err
	}
	return list[0], nil
}

func plain(rows []recordingRow) []assist.Recording {
	list := make([]assist.Recording, len(rows))
	for i, r := range rows {
		list[i] = r.Recording
	}
	return list
}

// keep lets the screen of a session be kept: in the recording that its case has of its customer, or in a new one.
func (s *Store) keep(ctx context.Context, tx *sql.Tx, one assist.Session, tape assist.Tape) error {
	now, err := s.now(ctx, tx)
	if err != nil {
		return err
	}
	over := assist.Recording{Case: one.Case, Home: one.Home, Member: one.Customer}
	err = tx.QueryRowContext(ctx, "SELECT id, bytes FROM recording WHERE kase = $1 AND member = $2 AND until <= $3", one.Case, one.Customer, now).
		Scan(&over.ID, &over.Bytes)
	if err == nil {
		err = s.erase(ctx, tx, over, audit.ViaSystem, "recording-expired", audit.Actor{Kind: audit.KindSystem})
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("deleting a recording whose time is over: %w", err)
	}
	columns := []string{"id", "kase", "home", "member", "secret", "begun", "until", "newest", "parts", "bytes", "filled"}
	var filled int64
	if err := tx.QueryRowContext(ctx, insert("recording", columns, 1)+" ON CONFLICT (kase, member) DO UPDATE SET until = excluded.until RETURNING filled",
		tape.ID, one.Case, one.Home, one.Customer, tape.Secret, now, now+tape.Keep.Microseconds(), 0, 0, 0, 0).Scan(&filled); err != nil {
		return fmt.Errorf("adding recording: %w", err)
	}
	if filled == 1 {
		return assist.ErrRecordingFull
	}
	_, err = tx.ExecContext(ctx, "UPDATE support SET kept = 1 WHERE id = $1", one.ID)
	return err
}

// SwitchRecording lets the screen of a session be kept, or not any more, by its customer alone. False: it was so already.
func (s *Store) SwitchRecording(ctx context.Context, by assist.Switch) (one assist.Session, changed bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		changed = false
		if err := lockHome(ctx, tx, by.Home); err != nil {
			return err
		}
		if one, err = s.session(ctx, tx, by.Session); err != nil {
			return err
		}
		if one.Home != by.Home || one.Customer != by.Member || one.Started.IsZero() {
			return assist.ErrUnknown
		}
		if by.On {
			err = s.begin(ctx, tx, one, by)
		} else if one.Recording {
			_, err = tx.ExecContext(ctx, "UPDATE support SET kept = 0 WHERE id = $1", one.ID)
		}
		if err != nil || one.Recording == by.On {
			return err
		}
		changed = true
		if one, err = s.session(ctx, tx, one.ID); err != nil {
			return err
		}
		if by.On {
			return s.witness(ctx, tx, recordingOn(one, by.Text))
		}
		return s.witness(ctx, tx, entryOf(one, "recording-off", memberActor(by.Member, by.Name), nil))
	})
	return one, changed, err
}

// begin keeps a session that lives, under a scope that shows anything.
func (s *Store) begin(ctx context.Context, tx *sql.Tx, one assist.Session, by assist.Switch) error {
	if err := s.alive(ctx, tx, one.ID); err != nil {
		return err
	}
	switch {
	case !one.Has("see"):
		return assist.ErrScope
	case one.Recording:
		return nil
	}
	return s.keep(ctx, tx, one, *by.Tape)
}

func recordingOn(one assist.Session, words string) audit.Entry {
	return entryOf(one, "recording-on", memberActor(one.Customer, one.CustomerName), map[string]any{"until": one.KeptUntil, "text": words})
}

// AddRecorded keeps a part of what is shown in a session, if it lives and its customer lets it.
func (s *Store) AddRecorded(ctx context.Context, session string, p assist.Unsealed) error {
	full := false
	err := s.write(ctx, func(tx *sql.Tx) error {
		full = false
		// Whoever switches it off meanwhile waits here, or is waited for: after their answer nothing is kept.
		err := one(tx.ExecContext(ctx, "UPDATE support SET kept = kept WHERE id = $1 AND kept = 1", session))
		if errors.Is(err, registry.ErrNotFound) {
			return assist.ErrOver
		}
		if err != nil {
			return err
		}
		if err := s.alive(ctx, tx, session); err != nil {
			return err
		}
		of, err := s.session(ctx, tx, session)
		if err != nil {
			return err
		}
		r, err := s.recording(ctx, tx, "recording.kase = $2 AND recording.member = $3", of.Case, of.Customer)
		if errors.Is(err, assist.ErrRecordingGone) {
			return assist.ErrOver
		}
		if err != nil {
			return err
		}
		if full = r.Bytes+p.Size > assist.MaxRecording || r.Parts >= maxRecordedParts; full {
			return s.fill(ctx, tx, of, r)
		}
		return s.addPart(ctx, tx, of, r, p)
	})
	if err == nil && full {
		err = assist.ErrRecordingFull
	}
	return err
}

// fill ends a recording that has no room for more.
func (s *Store) fill(ctx context.Context, tx *sql.Tx, of assist.Session, r recordingRow) error {
	if _, err := tx.ExecContext(ctx, "UPDATE recording SET filled = 1 WHERE id = $1", r.ID); err != nil {
		return fmt.Errorf("filling recording: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "UPDATE support SET kept = 0 WHERE id = $1", of.ID); err != nil {
		return fmt.Errorf("filling recording: %w", err)
	}
	return s.witness(ctx, tx, entryOf(of, "recording-full", audit.Actor{Kind: audit.KindSystem}, map[string]any{"bytes": r.Bytes}))
}

func (s *Store) addPart(ctx context.Context, tx *sql.Tx, of assist.Session, r recordingRow, p assist.Unsealed) error {
	now, err := s.now(ctx, tx)
	if err != nil {
		return err
	}
	part := assist.Part{Recording: r.ID, Session: of.ID, At: instant(now - p.Age.Microseconds())}
	if err := tx.QueryRowContext(ctx, `UPDATE recording SET parts = parts + 1, bytes = bytes + $2, newest = $3 WHERE id = $1 RETURNING parts`,
		r.ID, p.Size, now).Scan(&part.N); err != nil {
		return fmt.Errorf("counting parts: %w", err)
	}
	sealed, err := p.Seal(r.secret, part)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, insert("recording_part", []string{"recording", "n", "session", "at", "sealed"}, 1),
		part.Recording, part.N, part.Session, micros(part.At), sealed)
	return err
}

// RecordingsIn are those of a home, of one member only unless it is "".
func (s *Store) RecordingsIn(ctx context.Context, home, member string) ([]assist.Recording, error) {
	var list []assist.Recording
	err := s.read(ctx, func(tx *sql.Tx) error {
		rows, err := s.recordings(ctx, tx, "recording.home = $2 AND ($3 = '' OR recording.member = $3)", home, member)
		list = plain(rows)
		return err
	})
	return list, err
}

// mayWatch is the case whose recordings somebody of the staff may see: who has it, or anybody's for who may; never of their own
// home. assist.ErrCaseUnknown, assist.ErrNotHeld, assist.ErrOwn.
func mayWatch(ctx context.Context, tx *sql.Tx, kase string, by assist.Watcher) (assist.Case, error) {
	k, err := caseOf(ctx, tx, kase)
	if err != nil {
		return k, err
	}
	if !by.Any && k.HeldBy(by.ID) != nil {
		return k, assist.ErrNotHeld
	}
	return k, stranger(ctx, tx, k.Home, by.ID)
}

// RecordingsOf are those of a case, and those that were, for staff.
func (s *Store) RecordingsOf(ctx context.Context, kase string, by assist.Watcher) (list []assist.Recording, gone []assist.Gone, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		gone = nil
		k, err := mayWatch(ctx, tx, kase, by)
		if err != nil {
			return err
		}
		rows, err := s.recordings(ctx, tx, "recording.kase = $2", kase)
		if err != nil {
			return err
		}
		list = plain(rows)
		return eachLine(ctx, tx, "WHERE home = $1 AND case_id = $2 AND verb IN ('recording-deleted', 'recording-expired') ORDER BY seq DESC LIMIT 10",
			[]any{k.Home, kase}, func(l audit.Line) error {
				gone = append(gone, assist.Gone{At: l.At, Expired: l.Verb == "recording-expired"})
				return nil
			})
	})
	return list, gone, err
}

// WatchRecording writes into the audit who of the staff is about to see a recording.
func (s *Store) WatchRecording(ctx context.Context, kase, id string, by assist.Watcher) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		// Whoever takes the case from the agent meanwhile waits here, or is waited for.
		if _, err := tx.ExecContext(ctx, "UPDATE kase SET version = version WHERE id = $1", kase); err != nil {
			return fmt.Errorf("locking case: %w", err)
		}
		k, err := mayWatch(ctx, tx, kase, by)
		if err != nil {
			return err
		}
		r, err := s.recording(ctx, tx, "recording.id = $2 AND recording.kase = $3", id, kase)
		if err != nil {
			return err
		}
		return s.witness(ctx, tx, audit.Entry{
			Home: k.Home, Case: kase, Via: audit.ViaSupport, Verb: "recording-watched", Said: audit.Said{
				Actor: audit.Actor{Kind: audit.KindStaff, ID: by.ID, Name: by.Name}, Subject: r.Member, Detail: map[string]any{"recording": id},
			},
		})
	})
}

// Recorded is a recording with its key and parts, in order. assist.ErrRecordingGone.
func (s *Store) Recorded(ctx context.Context, id string) (assist.Recording, string, []assist.SealedPart, error) {
	var found recordingRow
	var parts []assist.SealedPart
	err := s.read(ctx, func(tx *sql.Tx) (err error) {
		parts = nil
		if found, err = s.recording(ctx, tx, "recording.id = $2", id); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, "SELECT n, session, at, sealed FROM recording_part WHERE recording = $1 ORDER BY n", id)
		if err != nil {
			return fmt.Errorf("asking for parts: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			p := assist.SealedPart{Part: assist.Part{Recording: id}}
			var at int64
			if err := rows.Scan(&p.N, &p.Session, &at, &p.Sealed); err != nil {
				return fmt.Errorf("reading part: %w", err)
			}
			p.At = instant(at)
			parts = append(parts, p)
		}
		return rows.Err()
	})
	return found.Recording, found.secret, parts, err
}

// DropRecording deletes a recording of a member, and lets nothing come after it.
func (s *Store) DropRecording(ctx context.Context, home, id string, by assist.Closing) (assist.Recording, error) {
	var found recordingRow
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		if err := lockHome(ctx, tx, home); err != nil {
			return err
		}
		if found, err = s.recording(ctx, tx, "recording.id = $2 AND recording.home = $3 AND recording.member = $4", id, home, by.Who); err != nil {
			return err
		}
		return s.erase(ctx, tx, found.Recording, audit.ViaSelf, "recording-deleted", memberActor(by.Who, by.Name))
	})
	return found.Recording, err
}

// erase takes a recording away with its key, and tells the audit.
func (s *Store) erase(ctx context.Context, tx *sql.Tx, r assist.Recording, via audit.Via, verb string, actor audit.Actor) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM recording WHERE id = $1", r.ID); err != nil { // its parts go with it
		return fmt.Errorf("deleting recording: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "UPDATE support SET kept = 0 WHERE case_id = $1 AND customer = $2 AND kept = 1", r.Case, r.Member); err != nil {
		return fmt.Errorf("ending recording: %w", err)
	}
	return s.witness(ctx, tx, audit.Entry{Home: r.Home, Case: r.Case, Via: via, Verb: verb, Said: audit.Said{
		Actor: actor, Subject: r.Member, Detail: map[string]any{"recording": r.ID, "bytes": r.Bytes},
	}})
}
