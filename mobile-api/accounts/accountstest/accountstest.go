// Package accountstest keeps accounts in memory, for tests.
package accountstest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Rows as the store of the cloud has them, with other names of plain structs.
type (
	MemberRow = struct {
		ID, Email, Name, Locale string
		Password                string
		Created                 time.Time
		Staff                   string
	}
	SessionRow = struct {
		ID, Hash, Member, Kind, Client, Proof string
		Created, Used, Expires                time.Time
	}
	HomeRow       = struct{ ID, Name, Role, Person string }
	MembershipRow = struct{ Member, Home, Role, Person string }
)

// Store behaves as the store of the cloud does, and prints itself. Fail, while it is set, is what every call answers.
type Store struct {
	mu       sync.Mutex
	fail     error
	members  []MemberRow
	sessions []SessionRow
	homes    map[string]string           // name by id
	roles    map[[2]string]MembershipRow // by member and home
	attempts map[string]time.Time

	invitations []InvitationRow
	resets      []resetRow
	passkeys    []PasskeyRow
	ceremonies  []CeremonyRow
	entries     []EntryRow
	factors     []FactorRow
	subjects    []SubjectRow
}

// New makes an empty store in which these homes exist, name by id.
func New(homes map[string]string) *Store {
	return &Store{homes: homes, roles: map[[2]string]MembershipRow{}, attempts: map[string]time.Time{}}
}

// Fail makes every call fail from now on; nil ends that.
func (s *Store) Fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = err
}

// String is all that is kept, for what must not be in it.
func (s *Store) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprint(s.members, s.sessions, s.homes, s.roles, s.attempts, s.invitations, s.resets, s.passkeys, s.ceremonies, s.entries, s.factors, s.subjects)
}

// Sessions is how many sessions are kept, live or not.
func (s *Store) Sessions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sessions)
}

func (s *Store) AddMember(_ context.Context, row MemberRow) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(s.members, func(m MemberRow) bool { return m.Email == row.Email }) {
		return false, s.fail
	}
	s.members = append(s.members, row)
	return true, s.fail
}

func (s *Store) MemberByEmail(_ context.Context, email string) (MemberRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.members {
		if m.Email == email {
			return m, s.fail
		}
	}
	return MemberRow{}, s.fail
}

func (s *Store) PutMembership(_ context.Context, row MembershipRow) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roles[[2]string{row.Member, row.Home}] = row
	if row.Role == "" {
		delete(s.roles, [2]string{row.Member, row.Home})
	}
	return s.fail
}

func (s *Store) MembershipIn(_ context.Context, member, home string) (MembershipRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.roles[[2]string{member, home}], s.fail
}

func (s *Store) HomesOf(_ context.Context, member string) ([]HomeRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var rows []HomeRow
	for key, m := range s.roles {
		if key[0] == member {
			rows = append(rows, HomeRow{ID: key[1], Name: s.homes[key[1]], Role: m.Role, Person: m.Person})
		}
	}
	slices.SortFunc(rows, func(a, b HomeRow) int { return strings.Compare(a.Name, b.Name) })
	return rows, s.fail
}

func (s *Store) AddSession(_ context.Context, row SessionRow) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions = append(s.sessions, row)
	return s.fail
}

func (s *Store) SessionByHash(_ context.Context, hash string, now time.Time) (SessionRow, MemberRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.sessions {
		if x.Hash != hash || !x.Expires.After(now) {
			continue
		}
		for _, m := range s.members {
			if m.ID == x.Member {
				return x, m, s.fail
			}
		}
	}
	return SessionRow{}, MemberRow{}, s.fail
}

func (s *Store) UseSession(_ context.Context, id string, used, expires time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.sessions {
		if s.sessions[i].ID == id {
			s.sessions[i].Used, s.sessions[i].Expires = used, expires
		}
	}
	return s.fail
}

func (s *Store) SessionsOf(_ context.Context, member string, now time.Time) ([]SessionRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var rows []SessionRow
	for _, x := range s.sessions {
		if x.Member == member && x.Expires.After(now) {
			rows = append(rows, x)
		}
	}
	slices.SortFunc(rows, func(a, b SessionRow) int { return b.Used.Compare(a.Used) })
	return rows, s.fail
}

func (s *Store) EndSession(_ context.Context, member, id string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.sessions)
	s.sessions = slices.DeleteFunc(s.sessions, func(x SessionRow) bool { return x.Member == member && x.ID == id })
	return len(s.sessions) < before, s.fail
}

func (s *Store) TakeAttempt(_ context.Context, bucket string, now, most time.Time, step time.Duration) (time.Duration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	empty := s.attempts[bucket]
	if empty.After(most) {
		return empty.Sub(most), s.fail
	}
	if empty.Before(now) {
		empty = now
	}
	s.attempts[bucket] = empty.Add(step)
	return 0, s.fail
}

func (s *Store) DropAttempts(_ context.Context, buckets ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range buckets {
		delete(s.attempts, b)
	}
	return s.fail
}

func (s *Store) SweepAccounts(_ context.Context, now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions = slices.DeleteFunc(s.sessions, func(x SessionRow) bool { return !x.Expires.After(now) })
	for b, empty := range s.attempts {
		if !empty.After(now) {
			delete(s.attempts, b)
		}
	}
	return s.fail
}
