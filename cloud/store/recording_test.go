package store

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/policies/wire"
)

const secret = "a2V5IG9mIHRoZSByZWNvcmRpbmcgb2YgWm/DqSBhbG9uZQ=="

func tape(id string) *assist.Tape { return &assist.Tape{ID: id, Secret: secret, Keep: time.Hour} }

// switched turns the recording of a session on or off, as somebody.
func switched(t *testing.T, s *Store, one assist.Session, who string, on bool) error {
	t.Helper()
	_, _, err := s.SwitchRecording(t.Context(), assist.Switch{
		Home: one.Home, Session: one.ID, Member: who, Name: "Zoé", On: on, Text: "t", Tape: tape("t-" + one.ID),
	})
	return err
}

// adds keeps a part of so many bytes.
func adds(t *testing.T, s *Store, session string, size int64) error {
	t.Helper()
	return s.AddRecorded(t.Context(), session, assist.Unsealed{Age: time.Second, Size: size, Seal: func(key string, p assist.Part) (string, error) {
		if key != secret {
			t.Errorf("sealed with %q", key)
		}
		return base64.StdEncoding.EncodeToString([]byte(p.Recording + p.Session)), nil
	}})
}

// parts is how many there are in the whole database, but for that of the furniture.
func parts(t *testing.T, s *Store) int {
	t.Helper()
	list, err := s.column(t.Context(), "SELECT recording FROM recording_part WHERE recording <> $1", "t0")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// said is the verbs of a home's audit about recordings, oldest first.
func said(t *testing.T, s *Store) string {
	t.Helper()
	lines, err := s.AuditOf(t.Context(), "h1", 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var verbs []string
	for _, l := range lines {
		if verb, ok := strings.CutPrefix(l.Verb, "recording-"); ok {
			verbs = append(verbs, verb)
		}
	}
	slices.Reverse(verbs)
	return strings.Join(verbs, " ")
}

func TestOnlyTheCustomerSwitchesARecording(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := lived(t, database)
		one := helped(t, s, "h1x", "r1")
		if one.Recording || time.Until(one.KeptUntil) < assist.KeptFor-time.Hour {
			t.Errorf("begins with %+v", one)
		}
		if err := adds(t, s, one.ID, 3); !errors.Is(err, assist.ErrOver) || parts(t, s) != 0 {
			t.Errorf("while it is off: %v, %d parts", err, parts(t, s))
		}
		for _, who := range []string{"m0", one.Staff, ""} {
			if err := switched(t, s, one, who, true); !errors.Is(err, assist.ErrUnknown) {
				t.Errorf("by %q: %v", who, err)
			}
		}
		other := one
		other.Home = "h2"
		if err := switched(t, s, other, "m1", true); !errors.Is(err, assist.ErrUnknown) {
			t.Errorf("in another home: %v", err)
		}
		for range 2 { // the second changes nothing
			if err := switched(t, s, one, "m1", true); err != nil {
				t.Fatal(err)
			}
		}
		if now, err := s.Support(t.Context(), one.ID); err != nil || !now.Recording || time.Until(now.KeptUntil) > time.Hour {
			t.Errorf("on: %+v, %v", now, err)
		}
		for range 2 {
			if err := adds(t, s, one.ID, 3); err != nil {
				t.Fatal(err)
			}
		}
		if err := switched(t, s, one, "m1", false); err != nil {
			t.Fatal(err)
		}
		if err := adds(t, s, one.ID, 3); !errors.Is(err, assist.ErrOver) || parts(t, s) != 2 {
			t.Errorf("off again: %v, %d parts", err, parts(t, s))
		}
		if err := switched(t, s, one, "m1", true); err != nil { // the same recording goes on
			t.Fatal(err)
		}
		if err := adds(t, s, one.ID, 3); err != nil {
			t.Fatal(err)
		}
		r, key, list, err := s.Recorded(t.Context(), "t-"+one.ID)
		if err != nil || key != secret || len(list) != 3 || r.Bytes != 9 || !r.On || r.Full || list[2].N != 3 || list[2].Session != one.ID ||
			!list[2].At.Before(r.Newest) || r.Name != "Zoé" {
			t.Errorf("%+v, %q, %+v, %v", r, key, list, err)
		}
		if _, _, err := s.CloseSupport(t.Context(), one.ID, assist.Closing{State: assist.StateEnded, By: assist.EndCustomer}); err != nil {
			t.Fatal(err)
		}
		if err := adds(t, s, one.ID, 3); !errors.Is(err, assist.ErrOver) {
			t.Errorf("after the end: %v", err)
		}
		if err := switched(t, s, one, "m1", true); !errors.Is(err, assist.ErrOver) {
			t.Errorf("on after the end: %v", err)
		}
		if got := said(t, s); got != "on off on" {
			t.Errorf("the audit says %q", got)
		}
	})
}

func TestARecordingNeedsTheScreenAndAConsentThatLives(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := lived(t, database)
		one := helped(t, s, "h1x", "r1")
		asked := question(t, s, one.Staff, "r1")
		if err := switched(t, s, asked, "m1", true); !errors.Is(err, assist.ErrUnknown) {
			t.Errorf("before a consent: %v", err)
		}
		asked.Scopes, asked.Minutes, asked.Consent, asked.Tape = []wire.Scope{wire.ScopeSee}, 10, one.Consent, tape("t1")
		begun, ended, err := s.Consent(t.Context(), asked)
		if err != nil || !begun.Recording || len(ended) != 1 || ended[0].Recording || said(t, s) != "on" {
			t.Fatalf("%+v, %+v, %v; said %q", begun, ended, err, said(t, s))
		}
		longer, ended1, err := s.ExtendSupport(t.Context(), begun.ID, assist.Session{ID: "longer", Minutes: 5, Consent: one.Consent})
		if err != nil || !longer.Recording || ended1.Recording {
			t.Errorf("extended: %+v, %v", longer, err)
		}
		if err := adds(t, s, begun.ID, 3); !errors.Is(err, assist.ErrOver) {
			t.Errorf("the one before: %v", err)
		}
		if err := adds(t, s, longer.ID, 3); err != nil {
			t.Error(err)
		}
		elsewhere := one.Consent
		elsewhere.By = "m2" // somebody else of the home gives more time: theirs is the screen then
		if other, _, err := s.ExtendSupport(t.Context(), longer.ID, assist.Session{ID: "other", Minutes: 5, Consent: elsewhere}); err != nil || other.Recording {
			t.Errorf("extended by another: %+v, %v", other, err)
		}
		blind := question(t, s, one.Staff, "r1")
		blind.Scopes, blind.Minutes, blind.Consent = []wire.Scope{wire.ScopeDiagnose}, 10, one.Consent
		begun, _, err = s.Consent(t.Context(), blind)
		if err != nil {
			t.Fatal(err)
		}
		if err := switched(t, s, begun, "m1", true); !errors.Is(err, assist.ErrScope) {
			t.Errorf("without the screen: %v", err)
		}
	})
}

func TestAFullRecordingStopsAndSaysSo(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := lived(t, database)
		one := helped(t, s, "h1x", "r1")
		if err := switched(t, s, one, "m1", true); err != nil {
			t.Fatal(err)
		}
		if err := adds(t, s, one.ID, assist.MaxRecording-1); err != nil {
			t.Fatal(err)
		}
		if err := adds(t, s, one.ID, 2); !errors.Is(err, assist.ErrRecordingFull) {
			t.Errorf("one byte too many: %v", err)
		}
		now, err := s.Support(t.Context(), one.ID)
		if err != nil || now.Recording || !now.Full || parts(t, s) != 1 {
			t.Errorf("full: %+v, %v, %d parts", now, err, parts(t, s))
		}
		if err := adds(t, s, one.ID, 1); !errors.Is(err, assist.ErrOver) {
			t.Errorf("after that: %v", err)
		}
		if err := switched(t, s, one, "m1", true); !errors.Is(err, assist.ErrRecordingFull) {
			t.Errorf("on again: %v", err)
		}
		list, err := s.RecordingsIn(t.Context(), "h1", "m1")
		if err != nil || len(list) != 1 || !list[0].Full || list[0].On {
			t.Fatalf("%+v, %v", list, err)
		}
		if _, err := s.DropRecording(t.Context(), "h1", list[0].ID, assist.Closing{Who: "m1", Name: "Zoé"}); err != nil {
			t.Fatal(err)
		}
		if err := switched(t, s, one, "m1", true); err != nil {
			t.Errorf("after it was deleted: %v", err)
		}
		if got := said(t, s); got != "on full deleted on" {
			t.Errorf("the audit says %q", got)
		}
	})
}

func TestADeletedRecordingIsGone(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := lived(t, database)
		one := helped(t, s, "h1x", "r1")
		id := "t-" + one.ID
		if err := errors.Join(switched(t, s, one, "m1", true), adds(t, s, one.ID, 3)); err != nil {
			t.Fatal(err)
		}
		for home, who := range map[string]string{"h1": "m0", "h2": "m1"} {
			if _, err := s.DropRecording(t.Context(), home, id, assist.Closing{Who: who}); !errors.Is(err, assist.ErrRecordingGone) {
				t.Errorf("by %s in %s: %v", who, home, err)
			}
		}
		if _, err := s.DropRecording(t.Context(), "h1", id, assist.Closing{Who: "m1", Name: "Zoé"}); err != nil {
			t.Fatal(err)
		}
		if _, _, _, err := s.Recorded(t.Context(), id); !errors.Is(err, assist.ErrRecordingGone) {
			t.Errorf("reading it: %v", err)
		}
		if err := adds(t, s, one.ID, 3); !errors.Is(err, assist.ErrOver) || parts(t, s) != 0 {
			t.Errorf("what comes late: %v, %d parts", err, parts(t, s))
		}
		if now, err := s.Support(t.Context(), one.ID); err != nil || now.Recording {
			t.Errorf("the session: %+v, %v", now, err)
		}
		if _, err := s.DropRecording(t.Context(), "h1", id, assist.Closing{Who: "m1"}); !errors.Is(err, assist.ErrRecordingGone) {
			t.Errorf("again: %v", err)
		}
		if !s.lite {
			return
		}
		// Its key is nowhere in the file any more.
		if _, err := s.writer.ExecContext(t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Dir(database) + "/*")
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, file := range files {
			if data, err := os.ReadFile(file); err != nil || bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s has the key, or %v", file, err)
			}
		}
	})
}

// One whose time is over before the sweep comes makes room for another, and the audit tells of it all the same.
func TestARecordingThatMakesRoomIsToldOf(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := lived(t, database)
		one := helped(t, s, "h1x", "r1")
		if err := errors.Join(switched(t, s, one, "m1", true), adds(t, s, one.ID, 3), switched(t, s, one, "m1", false)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.writer.ExecContext(t.Context(), "UPDATE recording SET until = 1 WHERE id = $1", "t-"+one.ID); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(switched(t, s, one, "m1", true), adds(t, s, one.ID, 3)); err != nil {
			t.Fatal(err)
		}
		if got := said(t, s); got != "on off expired on" || parts(t, s) != 1 {
			t.Errorf("the audit says %q, and there are %d parts", got, parts(t, s))
		}
	})
}

func TestRecordingsEndByThemselves(t *testing.T) {
	for name, c := range map[string]struct {
		change string
		reads  error
	}{
		"its time is over": {"UPDATE recording SET until = begun WHERE id <> 't0'", assist.ErrRecordingGone},
		"its member left":  {"DELETE FROM membership WHERE member = 'm1'", nil},
		"nothing happened": {"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, database string) {
				s := lived(t, database)
				one := helped(t, s, "h1x", "r1")
				if err := errors.Join(switched(t, s, one, "m1", true), adds(t, s, one.ID, 3)); err != nil {
					t.Fatal(err)
				}
				if c.change != "" {
					if _, err := s.writer.ExecContext(t.Context(), c.change); err != nil {
						t.Fatal(err)
					}
				}
				if _, _, _, err := s.Recorded(t.Context(), "t-"+one.ID); !errors.Is(err, c.reads) {
					t.Errorf("before anybody swept: %v", err)
				}
				gone, err := s.SweepRecordings(t.Context())
				ids := make([]string, len(gone))
				for i, r := range gone {
					ids[i] = r.ID
				}
				want := []string{"t-" + one.ID, "t0"} // that of the furniture is of nobody
				if c.change == "" {
					want = want[1:]
				}
				if slices.Sort(ids); err != nil || !slices.Equal(ids, want) {
					t.Errorf("swept %q, %v; want %q", ids, err, want)
				}
				if again, err := s.SweepRecordings(t.Context()); err != nil || len(again) != 0 {
					t.Errorf("again %+v, %v", again, err)
				}
				if c.change == "" {
					return
				}
				if n := parts(t, s); n != 0 {
					t.Errorf("%d parts are left", n)
				}
				if now, err := s.Support(t.Context(), one.ID); err != nil || now.Recording {
					t.Errorf("the session: %+v, %v", now, err)
				}
			})
		})
	}
}

func TestARecordingGoesWithItsHome(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := lived(t, database)
		one := helped(t, s, "h1x", "r1")
		if err := errors.Join(switched(t, s, one, "m1", true), adds(t, s, one.ID, 3), s.DropHome(t.Context(), "h1", "Europe/Paris")); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"recording", "recording_part"} {
			if left, err := s.column(t.Context(), "SELECT '"+table+"' FROM "+table+" WHERE '' = $1", ""); err != nil || len(left) != 0 {
				t.Errorf("left %q, %v", left, err)
			}
		}
		if err := adds(t, s, one.ID, 3); !errors.Is(err, assist.ErrOver) {
			t.Errorf("what comes late: %v", err)
		}
		if _, _, err := verified(t, s); err != nil {
			t.Error(err)
		}
	})
}

func TestWhoOfTheStaffSeesARecording(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := lived(t, database)
		one := helped(t, s, "h1x", "r1")
		if err := errors.Join(switched(t, s, one, "m1", true), adds(t, s, one.ID, 3)); err != nil {
			t.Fatal(err)
		}
		id := "t-" + one.ID
		if _, err := s.DropRecording(t.Context(), "h1", "t0", assist.Closing{Who: "m0", Name: "Ada"}); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			by   assist.Watcher
			kase string
			want error
		}{
			"who has the case": {assist.Watcher{ID: one.Staff}, "r1", nil},
			"another agent":    {assist.Watcher{ID: "marc"}, "r1", assist.ErrNotHeld},
			"a supervisor":     {assist.Watcher{ID: "sam", Any: true}, "r1", nil},
			"no such case":     {assist.Watcher{ID: "sam", Any: true}, "r9", assist.ErrCaseUnknown},
			"of the family":    {assist.Watcher{ID: "m1", Any: true}, "r1", assist.ErrOwn},
		} {
			list, gone, err := s.RecordingsOf(t.Context(), c.kase, c.by)
			if !errors.Is(err, c.want) || c.want == nil && (len(list) != 1 || list[0].ID != id || len(gone) != 1 || gone[0].Expired) {
				t.Errorf("%s: %+v, %+v, %v", name, list, gone, err)
			}
			if err := s.WatchRecording(t.Context(), c.kase, id, c.by); !errors.Is(err, c.want) {
				t.Errorf("%s watches: %v", name, err)
			}
		}
		if err := s.WatchRecording(t.Context(), "r1", "t0", assist.Watcher{ID: "sam", Any: true}); !errors.Is(err, assist.ErrRecordingGone) {
			t.Errorf("one that is gone: %v", err)
		}
		lines, err := s.AuditOf(t.Context(), "h1", 0, 2) // the newest two
		if err != nil || said(t, s) != "on deleted watched watched" || lines[0].Case != "r1" || lines[0].Kind != "staff" {
			t.Errorf("%+v, %v; said %q", lines, err, said(t, s))
		}
		if _, _, err := verified(t, s); err != nil {
			t.Error(err)
		}
	})
}
