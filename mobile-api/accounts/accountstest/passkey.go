package accountstest

import (
	"context"
	"slices"
	"time"
)

// Rows as the store of the cloud has them.
type (
	PasskeyRow = struct {
		ID, Credential, Member, Name, Data string
		Created, Used                      time.Time
	}
	CeremonyRow = struct {
		ID, Member, Data string
		Expires          time.Time
	}
)

func (s *Store) AddCeremony(_ context.Context, row CeremonyRow) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ceremonies = append(s.ceremonies, row)
	return s.fail
}

func (s *Store) TakeCeremony(_ context.Context, id string, now time.Time) (CeremonyRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, c := range s.ceremonies {
		if c.ID == id && c.Expires.After(now) {
			s.ceremonies = slices.Delete(s.ceremonies, i, i+1)
			return c, s.fail
		}
	}
	return CeremonyRow{}, s.fail
}

func (s *Store) AddPasskey(_ context.Context, row PasskeyRow, limit int) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	own := 0
	for _, p := range s.passkeys {
		if p.Credential == row.Credential {
			return false, s.fail
		}
		if p.Member == row.Member {
			own++
		}
	}
	if own >= limit {
		return false, s.fail
	}
	s.passkeys = append(s.passkeys, row)
	return true, s.fail
}

func (s *Store) PasskeysOf(_ context.Context, member string) ([]PasskeyRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var rows []PasskeyRow
	for _, p := range slices.Backward(s.passkeys) {
		if p.Member == member {
			rows = append(rows, p)
		}
	}
	return rows, s.fail
}

func (s *Store) PasskeyBy(_ context.Context, credential string) (PasskeyRow, MemberRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.passkeys {
		for _, m := range s.members {
			if p.Credential == credential && m.ID == p.Member {
				return p, m, s.fail
			}
		}
	}
	return PasskeyRow{}, MemberRow{}, s.fail
}

func (s *Store) UsePasskey(_ context.Context, id, data string, used time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.passkeys {
		if s.passkeys[i].ID == id {
			s.passkeys[i].Data, s.passkeys[i].Used = data, used
		}
	}
	return s.fail
}

func (s *Store) DropPasskey(_ context.Context, member, id string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.passkeys)
	s.passkeys = slices.DeleteFunc(s.passkeys, func(p PasskeyRow) bool { return p.Member == member && p.ID == id })
	return len(s.passkeys) < before, s.fail
}
