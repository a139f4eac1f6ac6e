// Package accounts knows who somebody is and which homes they belong to: members, memberships, sign-in, sessions.
//
// A password is kept as an argon2id hash, a session token as a SHA-256 of 32 random bytes: whoever reads the database
// can neither sign in nor go on with a session. Sign-in costs the same time whether the email is known or not, and is
// throttled in the store, so that many replicas count as one. Everything that a person did wrong is a
// [policies.Problems]; errors of the store pass through, [registry.ErrUnavailable] among them.
package accounts

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/carebox-project/carebox/cloud/throttle"
	"github.com/carebox-project/carebox/policies"
)

// Role is what a member may do in a home.
type Role string

const (
	RoleOwner Role = "owner" // everything
	RoleAdult Role = "adult" // decides
	RoleChild Role = "child" // looks
)

// Decides reports whether a role may change what a home has decided.
func (r Role) Decides() bool { return r == RoleOwner || r == RoleAdult }

// Check is a policies.Problems for what is no role.
func (r Role) Check() error {
	if r == RoleOwner || r == RoleAdult || r == RoleChild {
		return nil
	}
	return policies.Problems{{Code: "role", Field: "role", Detail: "A role is owner, adult or child."}}
}

// Locales that the app speaks.
const (
	LocaleFrench  = "fr"
	LocaleEnglish = "en"
)

// Member is a person with an account.
type Member struct {
	ID     string
	Email  string // normalised; "" for a child without one
	Name   string
	Locale string // LocaleFrench or LocaleEnglish
	Staff  StaffRole
}

// Has reports whether an email is the member's, however it is typed.
func (m Member) Has(email string) bool {
	email, problem := normaliseEmail(email)
	return problem == nil && email == m.Email
}

// Membership is a home that a member belongs to.
type Membership struct {
	Home string // its id
	Name string // the home's
	Role Role   // "" for none
	// Person is who a child is in the home's policy: what they see and ask for is about this person. "" for others.
	Person string
}

// Accounts answers for all members. Its methods may be called at once from many goroutines.
type Accounts struct {
	store    store
	now      func() time.Time
	hasher   *hasher
	attempts *throttle.Throttle
	sweeper  sweeper
}

// New hashes one password, so that an unknown email can cost what a known one does.
func New(store store, now func() time.Time) *Accounts {
	return &Accounts{store: store, now: now, hasher: newHasher(), attempts: throttle.New(store, now)}
}

// Create makes a member. Its error is a policies.Problems for what is wrong with the words, a taken email included.
func (a *Accounts) Create(ctx context.Context, email, name, password string) (Member, error) {
	row := memberRow{ID: uuid.NewString(), Locale: LocaleEnglish, Created: a.now()}
	var problems policies.Problems
	var problem *policies.Problem
	if row.Email, problem = normaliseEmail(email); problem != nil {
		problems = append(problems, *problem)
	}
	if row.Name, problem = checkName(name); problem != nil {
		problems = append(problems, *problem)
	}
	if problem = checkPassword(password); problem != nil {
		problems = append(problems, *problem)
	}
	if problems != nil {
		return Member{}, problems
	}
	var err error
	if row.Password, err = a.hasher.hash(ctx, password); err != nil {
		return Member{}, err
	}
	added, err := a.store.AddMember(ctx, row)
	if err != nil {
		return Member{}, fmt.Errorf("adding member %q: %w", row.ID, err)
	}
	if !added {
		return Member{}, policies.Problems{{Code: "taken", Field: "email", Detail: "This email already has an account."}}
	}
	return member(row), nil
}

// Join gives a member a place in a home, instead of the one they may have.
func (a *Accounts) Join(ctx context.Context, member string, to Membership) error {
	if err := to.Role.Check(); err != nil {
		return err
	}
	row := membershipRow{Member: member, Home: to.Home, Role: string(to.Role), Person: to.Person}
	if err := a.store.PutMembership(ctx, row); err != nil {
		return fmt.Errorf("joining member %q to home %q: %w", member, to.Home, err)
	}
	return nil
}

// Place is a member's place in a home, without a role where they have none: the same answer whether the home exists or
// not. It does not name the home.
func (a *Accounts) Place(ctx context.Context, member, home string) (Membership, error) {
	row, err := a.store.MembershipIn(ctx, member, home)
	if err != nil {
		return Membership{}, fmt.Errorf("reading role of member %q: %w", member, err)
	}
	return Membership{Home: home, Role: Role(row.Role), Person: row.Person}, nil
}

// Homes is where a member belongs, by name.
func (a *Accounts) Homes(ctx context.Context, member string) ([]Membership, error) {
	rows, err := a.store.HomesOf(ctx, member)
	if err != nil {
		return nil, fmt.Errorf("reading homes of member %q: %w", member, err)
	}
	homes := make([]Membership, len(rows))
	for i, row := range rows {
		homes[i] = Membership{Home: row.ID, Name: row.Name, Role: Role(row.Role), Person: row.Person}
	}
	return homes, nil
}

func member(row memberRow) Member {
	if strings.HasPrefix(row.Email, nameless) {
		row.Email = ""
	}
	return Member{ID: row.ID, Email: row.Email, Name: row.Name, Locale: row.Locale, Staff: StaffRole(row.Staff)}
}
