package accounts

import (
	"context"
	"time"

	"github.com/carebox-project/carebox/cloud/audit"
)

// Rows as a store keeps them. They are other names of plain structs, so that a store can satisfy the interfaces below
// without knowing this package: what keeps the data never imports what decides about people.
type (
	memberRow = struct {
		ID, Email, Name, Locale string
		Password                string // PHC string
		Created                 time.Time
		Staff                   string // role, "" for none
	}
	sessionRow = struct {
		ID, Hash, Member, Kind, Client, Proof string
		Created, Used, Expires                time.Time
	}
	homeRow       = struct{ ID, Name, Role, Person string }
	membershipRow = struct{ Member, Home, Role, Person string }
	passkeyRow    = struct {
		ID, Credential, Member, Name, Data string
		Created, Used                      time.Time
	}
	ceremonyRow = struct {
		ID, Member, Data string
		Expires          time.Time
	}
	factorRow = struct {
		Member, Secret, Pending string // base32
		Step                    int64  // of the newest code that was used, 30 s each since 1970
	}
	staffRow = struct {
		ID, Email, Name, Role string
		Factor                bool
	}
	subjectRow = struct {
		Issuer, Sub, Member, Role string
		Created, Used             time.Time
	}
	entryRow = struct {
		Hash, Member, Home string
		Expires            time.Time
	}
	kinRow        = struct{ Member, Name, Email, Role, Person string }
	approvalRow   = struct{ Session, Staff, Proposal, Member, Role, Person string } // empty for none
	invitationRow = struct {
		ID, Hash, Home, HomeName, Role, Person, Inviter string
		Created, Expires                                time.Time
	}
)

type store interface {
	memberStore
	homeStore
	familyStore
	invitationStore
	secretStore
	entryStore
	passkeyStore
	factorStore
	staffStore
	subjectStore
	sessionStore
	attemptStore
}

// memberStore gives a row without an id where there is none.
type memberStore interface {
	AddMember(ctx context.Context, row memberRow) (added bool, err error) // false: the email is taken
	MemberByEmail(ctx context.Context, email string) (memberRow, error)
}

type homeStore interface {
	PutMembership(ctx context.Context, row membershipRow) error
	MembershipIn(ctx context.Context, member, home string) (membershipRow, error) // empty for none
	HomesOf(ctx context.Context, member string) ([]homeRow, error)
}

type familyStore interface {
	MembersOf(ctx context.Context, home string) ([]kinRow, error)
	// ChangeMembership changes a place, or ends it where the role is "". Orphaned: the home would be without an owner.
	ChangeMembership(ctx context.Context, row membershipRow, under approvalRow) (found, orphaned bool, err error)
}

// invitationStore gives a row without an id where there is none that lives.
type invitationStore interface {
	AddInvitation(ctx context.Context, row invitationRow, limit int, under approvalRow) (added bool, err error)
	InvitationByHash(ctx context.Context, hash string, now time.Time) (invitationRow, error)
	InvitationsOf(ctx context.Context, home string, now time.Time) ([]invitationRow, error)
	DropInvitation(ctx context.Context, home, id string) (dropped bool, err error)
	// AcceptInvitation gives "", or why nothing happened: used, already, taken. A member with a time of creation is new.
	AcceptInvitation(ctx context.Context, hash string, now time.Time, who memberRow) (membershipRow, string, error)
}

type secretStore interface {
	SetProfile(ctx context.Context, member, name, locale string) error
	SetPassword(ctx context.Context, member, password, keep string) error // keep: a session
	AddReset(ctx context.Context, email, hash string, expires time.Time) (memberRow, error)
	UseReset(ctx context.Context, hash string, now time.Time, password string) (member string, err error)
}

// entryStore knows who leaves, and who comes back without an email.
type entryStore interface {
	DropMember(ctx context.Context, member string) (orphans []homeRow, err error)
	AddEntry(ctx context.Context, row entryRow) (added bool, err error)
	UseEntry(ctx context.Context, hash string, now time.Time) (memberRow, error)
}

// passkeyStore gives a row without an id where there is none.
type passkeyStore interface {
	AddCeremony(ctx context.Context, row ceremonyRow) error
	TakeCeremony(ctx context.Context, id string, now time.Time) (ceremonyRow, error)
	AddPasskey(ctx context.Context, row passkeyRow, limit int) (added bool, err error)
	PasskeysOf(ctx context.Context, member string) ([]passkeyRow, error)
	PasskeyBy(ctx context.Context, credential string) (passkeyRow, memberRow, error)
	UsePasskey(ctx context.Context, id, data string, used time.Time) error
	DropPasskey(ctx context.Context, member, id string) (dropped bool, err error)
}

// factorStore keeps the secrets that make codes: one in force, and one that waits for its first code.
type factorStore interface {
	FactorOf(ctx context.Context, member string) (row factorRow, passkeys int, err error)
	OfferFactor(ctx context.Context, member, secret string) error
	// KeepFactor puts the secret that waits in force, makes a session strong and ends the member's others.
	KeepFactor(ctx context.Context, row factorRow, session sessionRow) (kept bool, err error)
	UseFactor(ctx context.Context, member string, step int64) (fresh bool, err error) // false: a code of this step or a later one was used
	DropFactor(ctx context.Context, member string) (dropped bool, err error)
}

type staffStore interface {
	SetStaff(ctx context.Context, email, role string, line audit.Entry) (member string, err error) // "" for nobody
	Staff(ctx context.Context) ([]staffRow, error)
}

// subjectStore knows who members are at a provider; it gives empty rows where there is nobody.
type subjectStore interface {
	SubjectBy(ctx context.Context, issuer, sub string) (subjectRow, memberRow, error)
	// KeepSubject keeps the member's role among staff too; a member with a time of creation is new. False: the email, the
	// member or the subject belongs to another.
	KeepSubject(ctx context.Context, row subjectRow, who memberRow) (kept bool, err error)
}

// sessionStore gives a row without an id where there is none, or it has expired by now.
type sessionStore interface {
	AddSession(ctx context.Context, row sessionRow) error
	SessionByHash(ctx context.Context, hash string, now time.Time) (sessionRow, memberRow, error)
	UseSession(ctx context.Context, id string, used, expires time.Time) error
	SessionsOf(ctx context.Context, member string, now time.Time) ([]sessionRow, error)
	EndSession(ctx context.Context, member, id string) (ended bool, err error)
}

// attemptStore counts sign-ins in buckets that drain with time. Full is when a bucket will be empty.
type attemptStore interface {
	// TakeAttempt moves a bucket's instant on by step, from now at the earliest, unless it is after most already. It gives
	// zero, or how long until it would.
	TakeAttempt(ctx context.Context, bucket string, now, most time.Time, step time.Duration) (time.Duration, error)
	DropAttempts(ctx context.Context, buckets ...string) error
	SweepAccounts(ctx context.Context, now time.Time) error // sessions that have ended, buckets that are empty
}
