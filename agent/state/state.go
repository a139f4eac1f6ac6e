// Package state keeps on disk what a box must still know after a power cut: the newest accepted Desired, exactly as it was signed,
// the few notes that cannot be had again (usage, the newest instant that was known for certain), and which grants were seen.
//
// Each record has two slots. A save replaces the older one (temporary file, fsync, rename, fsync of the folder), so that at every
// moment at least one whole record is on disk and the one before it stands beside it. A slot that does not match its checksum is
// never used: the other one is, and [Store.Limitations] says so until the damaged slot has been replaced.
//
// The signature of a Desired is not this package's to judge; the caller checks it while loading.
package state

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// MaxRecord is the size of a record, in bytes, beyond which a slot is not read.
const MaxRecord = 1 << 20

// Notes is what the agent itself remembers.
type Notes struct {
	Trusted time.Time      `json:"trusted"`        // an instant that was reached on a synchronised clock
	Usage   policies.Usage `json:"usage"`          // online minutes, for today and the days before
	Cut     *wire.Cut      `json:"cut,omitempty"`  // the newest proved cut
	Asks    []wire.Ask     `json:"asks,omitempty"` // that nobody has answered yet
}

// Store is the state folder of one box. Its methods are for one goroutine, those of the grants for one of their own.
type Store struct {
	desired record
	notes   record
	grants  record
	pins    record // of Pins alone
	release func() error
}

// Open takes the state folder for this process alone, and makes it (mode 0700) where it does not exist.
func Open(dir string) (*Store, error) {
	folder, err := openFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("opening state folder %q: %w", dir, err)
	}
	s := newStore(folder)
	s.release = folder.close
	return s, nil
}

func newStore(d disk) *Store {
	return &Store{
		desired: record{disk: d, name: "desired"},
		notes:   record{disk: d, name: "notes"},
		grants:  record{disk: d, name: "grants"},
		pins:    record{disk: d, name: "pins"},
		release: func() error { return nil },
	}
}

// Close lets another process take the folder.
func (s *Store) Close() error { return s.release() }

// Load reads the newest Desired that check accepts, nil if there is none, and the notes, empty if there are none.
// It fails only where the disk cannot be read at all.
func (s *Store) Load(check func(desired []byte) error) ([]byte, Notes, error) {
	desired, err := s.desired.load(check)
	if err != nil {
		return nil, Notes{}, err
	}
	var notes Notes
	body, err := s.notes.load(func(body []byte) error { return json.Unmarshal(body, &Notes{}) })
	if err != nil {
		return nil, Notes{}, err
	}
	if body != nil {
		err = json.Unmarshal(body, &notes)
	}
	return desired, notes, err
}

// SaveDesired keeps a signed message. When it returns nil the message outlives a power cut.
func (s *Store) SaveDesired(message []byte) error { return s.desired.save(message) }

// SaveNotes keeps the notes in the same way.
func (s *Store) SaveNotes(n Notes) error {
	body, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("encoding notes: %w", err)
	}
	return s.notes.save(body)
}

// LoadGrants reads what is remembered of grants, nil if nothing is. It is not whole where the newest copy may have been lost:
// an older one forgets what was ended since.
func (s *Store) LoadGrants(check func(body []byte) error) (body []byte, whole bool, err error) {
	body, err = s.grants.load(check)
	return body, s.grants.damage == "", err
}

// SaveGrants keeps what is remembered of grants. When it returns nil it outlives a power cut.
func (s *Store) SaveGrants(body []byte) error { return s.grants.save(body) }

// Limitations says which record fell back to its older slot, or was lost.
func (s *Store) Limitations() []wire.Limitation {
	var out []wire.Limitation
	for _, r := range []*record{&s.desired, &s.notes} {
		if r.damage != "" {
			out = append(out, wire.Limitation{Code: "state-fallback", Detail: r.damage})
		}
	}
	return out
}
