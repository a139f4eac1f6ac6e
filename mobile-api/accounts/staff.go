package accounts

import (
	"context"
	"fmt"

	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/policies"
)

// StaffRole is what a member may do for the operator, "" for nothing. It says nothing of homes: no role opens one.
type StaffRole string

const (
	StaffSupport    StaffRole = "support"    // helps families
	StaffTechnician StaffRole = "technician" // brings boxes into service
	StaffSupervisor StaffRole = "supervisor" // both, and the whole stock of boxes
	StaffAdmin      StaffRole = "admin"      // all of that, and says who is staff
)

// Valid reports whether a role is one of ours; none is.
func (r StaffRole) Valid() bool {
	return r == "" || r == StaffSupport || r == StaffTechnician || r == StaffSupervisor || r == StaffAdmin
}

// Colleague is one of the staff.
type Colleague struct {
	ID, Email, Name string
	Role            StaffRole
	Factor          bool // has a passkey, makes codes or signs in at the provider: without any the role is good for nothing
}

// Employ gives the member with an email a role, in place of the one they have, or takes it away; at once, for all their
// sessions. It gives their id. ErrNobody, policies.Problems.
func (a *Accounts) Employ(ctx context.Context, email string, role StaffRole, line audit.Entry) (string, error) {
	email, problem := normaliseEmail(email)
	if problem != nil {
		return "", policies.Problems{*problem}
	}
	if !role.Valid() {
		return "", policies.Problems{{
			Code: policies.CodeWord, Field: "role", Detail: "A role is support, technician, supervisor, admin, or nothing.",
		}}
	}
	member, err := a.store.SetStaff(ctx, email, string(role), line)
	if err != nil {
		return "", fmt.Errorf("employing a member: %w", err)
	}
	if member == "" {
		return "", ErrNobody
	}
	return member, nil
}

// Staff is everybody with a role, by email.
func (a *Accounts) Staff(ctx context.Context) ([]Colleague, error) {
	rows, err := a.store.Staff(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading staff: %w", err)
	}
	list := make([]Colleague, len(rows))
	for i, row := range rows {
		list[i] = Colleague{ID: row.ID, Email: row.Email, Name: row.Name, Role: StaffRole(row.Role), Factor: row.Factor}
	}
	return list, nil
}
