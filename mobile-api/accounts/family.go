package accounts

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/carebox-project/carebox/cloud/throttle"
	"github.com/carebox-project/carebox/policies"
)

const (
	invitationLives = 48 * time.Hour
	maxInvitations  = 20 // of one home at a time
	// nameless stands before what keeps the email of a child without one unique: no address has it.
	nameless = "none:"
)

// Reasons why a family does not change. Callers use errors.Is.
var (
	ErrNobody    = errors.New("no such member")
	ErrLastOwner = errors.New("a home has an owner")
	ErrCode      = errors.New("no such code, or it has been used or has ended")
	ErrAlready   = errors.New("already a member of the home")
)

// Kin is somebody who belongs to a home.
type Kin struct {
	Member Member // without a locale
	Role   Role
	Person string // of a child
}

// Invitation is a way into a home for one.
type Invitation struct {
	ID               string
	Home, HomeName   string
	Role             Role
	Person           string
	Inviter          string // their name then
	Created, Expires time.Time
}

// Family is who belongs to a home, owners first.
func (a *Accounts) Family(ctx context.Context, home string) ([]Kin, error) {
	rows, err := a.store.MembersOf(ctx, home)
	if err != nil {
		return nil, fmt.Errorf("reading members of home %q: %w", home, err)
	}
	all := make([]Kin, len(rows))
	for i, row := range rows {
		all[i] = Kin{Member: member(memberRow{ID: row.Member, Name: row.Name, Email: row.Email}), Role: Role(row.Role), Person: row.Person}
	}
	return all, nil
}

// Approval is the proposal of a support session that a member approves of by changing who belongs to their home: the change
// is stored only while the session lives, with the answer to the proposal and a line in the audit. The zero one is none.
type Approval struct {
	Session, Staff, Proposal string     // ids
	Member                   string     // who approves
	Was                      Membership // of the member to change, when it was proposed
}

func (p Approval) row() approvalRow {
	return approvalRow{Session: p.Session, Staff: p.Staff, Proposal: p.Proposal, Member: p.Member, Role: string(p.Was.Role), Person: p.Was.Person}
}

// Move changes the place of a member. ErrNobody, ErrLastOwner; under an approval also those of assist.
func (a *Accounts) Move(ctx context.Context, member string, to Membership, under Approval) error {
	if err := to.Role.Check(); err != nil {
		return err
	}
	return a.place(ctx, membershipRow{Member: member, Home: to.Home, Role: string(to.Role), Person: to.Person}, under)
}

// Leave ends the membership of a member. ErrNobody, ErrLastOwner; under an approval also those of assist.
func (a *Accounts) Leave(ctx context.Context, member, home string, under Approval) error {
	return a.place(ctx, membershipRow{Member: member, Home: home}, under)
}

func (a *Accounts) place(ctx context.Context, row membershipRow, under Approval) error {
	found, orphaned, err := a.store.ChangeMembership(ctx, row, under.row())
	switch {
	case err != nil:
		return fmt.Errorf("changing the place of member %q: %w", row.Member, err)
	case !found:
		return ErrNobody
	case orphaned:
		return ErrLastOwner
	}
	return nil
}

// Invite makes a code that lets one person into a home within 48 hours. It is shown only here.
func (a *Accounts) Invite(ctx context.Context, inviter string, to Membership, under Approval) (Invitation, string, error) {
	if err := to.Role.Check(); err != nil {
		return Invitation{}, "", err
	}
	code, now := rand.Text(), a.now()
	row := invitationRow{
		ID: uuid.NewString(), Hash: digest([]byte(code)), Home: to.Home, Role: string(to.Role), Person: to.Person, Inviter: inviter,
		Created: now, Expires: now.Add(invitationLives),
	}
	added, err := a.store.AddInvitation(ctx, row, maxInvitations, under.row())
	if err != nil {
		return Invitation{}, "", fmt.Errorf("inviting to home %q: %w", to.Home, err)
	}
	if !added {
		return Invitation{}, "", policies.Problems{{Code: "too-many", Detail: "There are 20 invitations already. Take one back first."}}
	}
	return invitation(row), code, nil
}

// Invitations is those of a home that nobody has used yet, newest first.
func (a *Accounts) Invitations(ctx context.Context, home string) ([]Invitation, error) {
	rows, err := a.store.InvitationsOf(ctx, home, a.now())
	if err != nil {
		return nil, fmt.Errorf("reading invitations of home %q: %w", home, err)
	}
	all := make([]Invitation, len(rows))
	for i, row := range rows {
		all[i] = invitation(row)
	}
	return all, nil
}

// Uninvite takes an invitation back. ErrCode.
func (a *Accounts) Uninvite(ctx context.Context, home, id string) error {
	dropped, err := a.store.DropInvitation(ctx, home, strings.ToValidUTF8(strings.ReplaceAll(id, "\x00", ""), ""))
	if err != nil {
		return fmt.Errorf("taking back invitation: %w", err)
	}
	if !dropped {
		return ErrCode
	}
	return nil
}

// Invited is what a code lets into. ErrCode, *throttle.Throttled.
func (a *Accounts) Invited(ctx context.Context, code string, from netip.Addr) (Invitation, error) {
	if err := a.count(ctx, perCode, "code", throttle.Network(from)); err != nil {
		return Invitation{}, err
	}
	row, err := a.store.InvitationByHash(ctx, digest([]byte(code)), a.now())
	if err != nil {
		return Invitation{}, fmt.Errorf("reading invitation: %w", err)
	}
	if row.ID == "" {
		return Invitation{}, ErrCode
	}
	return invitation(row), nil
}

// Newcomer is somebody who accepts an invitation with an account to be made. A child needs neither email nor password:
// then nobody but the session that this makes can sign in as them.
type Newcomer struct {
	Name, Locale string
	Credentials
}

// Accept makes an account, lets it into the home of a code and signs it in. ErrCode, *throttle.Throttled, policies.Problems.
func (a *Accounts) Accept(ctx context.Context, code string, who Newcomer) (Session, string, Membership, error) {
	invited, err := a.Invited(ctx, code, who.From)
	if err != nil {
		return Session{}, "", Membership{}, err
	}
	row, err := a.newcomer(ctx, who, invited.Role)
	if err != nil {
		return Session{}, "", Membership{}, err
	}
	place, err := a.accept(ctx, code, row)
	if err != nil {
		return Session{}, "", Membership{}, err
	}
	session, token, err := a.begin(ctx, member(row), ProofCode, who.Credentials)
	return session, token, place, err
}

func (a *Accounts) newcomer(ctx context.Context, who Newcomer, role Role) (memberRow, error) {
	row := memberRow{ID: uuid.NewString(), Locale: who.Locale, Created: a.now()}
	var problems policies.Problems
	add := func(problem *policies.Problem) {
		if problem != nil {
			problems = append(problems, *problem)
		}
	}
	var problem *policies.Problem
	row.Name, problem = checkName(who.Name)
	add(problem)
	add(checkLocale(who.Locale))
	if role == RoleChild && who.Email == "" && who.Password == "" {
		row.Email = nameless + row.ID
	} else {
		row.Email, problem = normaliseEmail(who.Email)
		add(problem)
		add(checkPassword(who.Password))
	}
	if problems != nil || strings.HasPrefix(row.Email, nameless) {
		return row, orNil(problems)
	}
	var err error
	row.Password, err = a.hasher.hash(ctx, who.Password)
	return row, err
}

// orNil keeps an empty list from being an error.
func orNil(problems policies.Problems) error {
	if problems == nil {
		return nil
	}
	return problems
}

// AcceptAs lets a member into the home of a code. ErrCode, ErrAlready, *throttle.Throttled.
func (a *Accounts) AcceptAs(ctx context.Context, code string, who Member, from netip.Addr) (Membership, error) {
	if err := a.count(ctx, perCode, "code", throttle.Network(from)); err != nil {
		return Membership{}, err
	}
	return a.accept(ctx, code, memberRow{ID: who.ID})
}

func (a *Accounts) accept(ctx context.Context, code string, row memberRow) (Membership, error) {
	place, why, err := a.store.AcceptInvitation(ctx, digest([]byte(code)), a.now(), row)
	switch {
	case err != nil:
		return Membership{}, fmt.Errorf("accepting an invitation: %w", err)
	case why == "taken":
		return Membership{}, policies.Problems{{Code: "taken", Field: "email", Detail: "This email already has an account."}}
	case why == "already":
		return Membership{}, ErrAlready
	case why != "":
		return Membership{}, ErrCode
	}
	return Membership{Home: place.Home, Role: Role(place.Role), Person: place.Person}, nil
}

func invitation(row invitationRow) Invitation {
	return Invitation{
		ID: row.ID, Home: row.Home, HomeName: row.HomeName, Role: Role(row.Role), Person: row.Person, Inviter: row.Inviter,
		Created: row.Created, Expires: row.Expires,
	}
}
