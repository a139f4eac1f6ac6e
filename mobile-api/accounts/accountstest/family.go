package accountstest

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Rows as the store of the cloud has them.
type (
	KinRow        = struct{ Member, Name, Email, Role, Person string }
	InvitationRow = struct {
		ID, Hash, Home, HomeName, Role, Person, Inviter string
		Created, Expires                                time.Time
	}
	ApprovalRow = struct{ Session, Staff, Proposal, Member, Role, Person string }
	resetRow    struct {
		hash, member string
		expires      time.Time
	}
)

func (s *Store) MembersOf(_ context.Context, home string) ([]KinRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var rows []KinRow
	for _, m := range s.members {
		if place, ok := s.roles[[2]string{m.ID, home}]; ok {
			rows = append(rows, KinRow{Member: m.ID, Name: m.Name, Email: m.Email, Role: place.Role, Person: place.Person})
		}
	}
	slices.SortFunc(rows, func(a, b KinRow) int { return strings.Compare(b.Role+a.Name, a.Role+b.Name) })
	return rows, s.fail
}

func (s *Store) ChangeMembership(_ context.Context, row MembershipRow, _ ApprovalRow) (found, orphaned bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := [2]string{row.Member, row.Home}
	was, found := s.roles[key]
	if !found {
		return false, false, s.fail
	}
	others := 0
	for other, place := range s.roles {
		if other[1] == row.Home && other != key && place.Role == "owner" {
			others++
		}
	}
	if was.Role == "owner" && row.Role != "owner" && others == 0 {
		return true, true, s.fail
	}
	s.roles[key] = row
	if row.Role == "" {
		delete(s.roles, key)
	}
	return true, false, s.fail
}

func (s *Store) AddInvitation(_ context.Context, row InvitationRow, limit int, _ ApprovalRow) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, i := range s.invitations {
		if i.Home == row.Home && i.Expires.After(row.Created) {
			n++
		}
	}
	if n >= limit {
		return false, s.fail
	}
	row.HomeName = s.homes[row.Home]
	s.invitations = append(s.invitations, row)
	return true, s.fail
}

func (s *Store) InvitationByHash(_ context.Context, hash string, now time.Time) (InvitationRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.invitations {
		if i.Hash == hash && i.Expires.After(now) {
			return i, s.fail
		}
	}
	return InvitationRow{}, s.fail
}

func (s *Store) InvitationsOf(_ context.Context, home string, now time.Time) ([]InvitationRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var rows []InvitationRow
	for _, i := range slices.Backward(s.invitations) {
		if i.Home == home && i.Expires.After(now) {
			rows = append(rows, i)
		}
	}
	return rows, s.fail
}

func (s *Store) DropInvitation(_ context.Context, home, id string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.invitations)
	s.invitations = slices.DeleteFunc(s.invitations, func(i InvitationRow) bool { return i.Home == home && i.ID == id })
	return len(s.invitations) < before, s.fail
}

func (s *Store) AcceptInvitation(_ context.Context, hash string, now time.Time, who MemberRow) (MembershipRow, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := slices.IndexFunc(s.invitations, func(i InvitationRow) bool { return i.Hash == hash && i.Expires.After(now) })
	if at < 0 {
		return MembershipRow{}, "used", s.fail
	}
	i := s.invitations[at]
	place := MembershipRow{Member: who.ID, Home: i.Home, Role: i.Role, Person: i.Person}
	if _, already := s.roles[[2]string{who.ID, i.Home}]; already {
		return place, "already", s.fail
	}
	if !who.Created.IsZero() {
		if slices.ContainsFunc(s.members, func(m MemberRow) bool { return m.Email == who.Email }) {
			return place, "taken", s.fail
		}
		s.members = append(s.members, who)
	}
	s.roles[[2]string{who.ID, i.Home}] = place
	s.invitations = slices.Delete(s.invitations, at, at+1)
	return place, "", s.fail
}

func (s *Store) SetProfile(_ context.Context, member, name, locale string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.members {
		if s.members[i].ID == member {
			s.members[i].Name, s.members[i].Locale = name, locale
		}
	}
	return s.fail
}

func (s *Store) SetPassword(_ context.Context, member, password, keep string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setPassword(member, password, keep)
	return s.fail
}

func (s *Store) setPassword(member, password, keep string) {
	for i := range s.members {
		if s.members[i].ID == member {
			s.members[i].Password = password
		}
	}
	s.sessions = slices.DeleteFunc(s.sessions, func(x SessionRow) bool { return x.Member == member && x.ID != keep })
}

func (s *Store) AddReset(_ context.Context, email, hash string, expires time.Time) (MemberRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.members {
		if m.Email == email {
			s.resets = slices.DeleteFunc(s.resets, func(r resetRow) bool { return r.member == m.ID })
			s.resets = append(s.resets, resetRow{hash, m.ID, expires})
			return m, s.fail
		}
	}
	return MemberRow{}, s.fail
}

func (s *Store) UseReset(_ context.Context, hash string, now time.Time, password string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, r := range s.resets {
		if r.hash == hash && r.expires.After(now) {
			s.resets = slices.Delete(s.resets, i, i+1)
			s.setPassword(r.member, password, "")
			return r.member, s.fail
		}
	}
	return "", s.fail
}
