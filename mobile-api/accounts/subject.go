package accounts

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

const (
	maxSubject = 255  // bytes of a provider's name for somebody (OpenID Connect Core 2)
	maxValues  = 1000 // of a claim that count
)

// claims is what a provider says of somebody.
type claims map[string]any

// word is a claim that is text.
func (c claims) word(name string) string { s, _ := c[name].(string); return s }

// verified reports whether the provider has proved that the email is theirs; some write "true".
func (c claims) verified() bool { return c["email_verified"] == true || c["email_verified"] == "true" }

// at is a claim by its name, or by its path.
func (c claims) at(name string) any {
	if value, has := c[name]; has {
		return value
	}
	outer, inner, nested := strings.Cut(name, ".")
	if below, is := c[outer].(map[string]any); nested && is {
		return claims(below).at(inner)
	}
	return nil
}

// role is what the values of a claim stand for. Where they stand for several, the one that may most counts.
func (c claims) role(name string, roles map[string]StaffRole) StaffRole {
	if len(roles) == 0 {
		return ""
	}
	values, _ := c.at(name).([]any)
	if one, is := c.at(name).(string); is {
		values = []any{one}
	}
	var found []StaffRole
	for _, value := range values[:min(len(values), maxValues)] {
		if text, is := value.(string); is {
			found = append(found, roles[text])
		}
	}
	for _, role := range []StaffRole{StaffAdmin, StaffSupervisor, StaffTechnician, StaffSupport} {
		if slices.Contains(found, role) {
			return role
		}
	}
	return ""
}

// name is what to call somebody new.
func (c claims) name(email string) string {
	mailbox, _, _ := strings.Cut(email, "@")
	for _, typed := range []string{c.word("name"), c.word("given_name"), c.word("preferred_username"), mailbox} {
		if name, problem := checkName(typed); problem == nil {
			return name
		}
	}
	return "?"
}

func (c claims) locale() string {
	if strings.HasPrefix(strings.ToLower(c.word("locale")), LocaleFrench) {
		return LocaleFrench
	}
	return LocaleEnglish
}

func fitSubject(sub string) bool { return sub != "" && len(sub) <= maxSubject && printable(sub) }

// admit finds the member whom the provider means. From the first time on it is the provider's own name for somebody that
// counts: an email may be given to somebody else one day. Only staff come in: who has a role here, or gets one by a claim;
// a role that a claim gave goes with it. ErrUnverified, ErrOutsider.
func (p *Provider) admit(ctx context.Context, said claims) (Member, error) {
	row, who, err := p.accounts.store.SubjectBy(ctx, p.cfg.Issuer, said.word("sub"))
	if err != nil {
		return Member{}, fmt.Errorf("reading subject: %w", err)
	}
	role := said.role(p.cfg.Claim, p.cfg.Roles)
	if row.Member == "" {
		row = subjectRow{Issuer: p.cfg.Issuer, Sub: said.word("sub"), Created: p.accounts.now()}
		if who, err = p.meet(ctx, said, role); err != nil {
			return Member{}, err
		}
		row.Member = who.ID
	}
	switch {
	case role != "":
		who.Staff = string(role)
	case row.Role != "" && row.Role == who.Staff:
		who.Staff = ""
	}
	if who.Staff == "" && row.Role == "" {
		return Member{}, ErrOutsider // nothing of them is kept
	}
	row.Role, row.Used = string(role), p.accounts.now()
	kept, err := p.accounts.store.KeepSubject(ctx, row, who)
	if err != nil {
		return Member{}, fmt.Errorf("keeping subject of member %q: %w", who.ID, err)
	}
	if !kept || who.Staff == "" {
		return Member{}, ErrOutsider
	}
	return member(who), nil
}

// meet finds somebody who comes for the first time by the email that the provider has verified, or makes them a member.
func (p *Provider) meet(ctx context.Context, said claims, role StaffRole) (memberRow, error) {
	email, problem := normaliseEmail(said.word("email"))
	if problem != nil || !said.verified() {
		return memberRow{}, ErrUnverified
	}
	who, err := p.accounts.store.MemberByEmail(ctx, email)
	if err != nil {
		return memberRow{}, fmt.Errorf("reading member: %w", err)
	}
	if who.ID != "" {
		who.Created = time.Time{} // which is how a store knows that they are not new
		return who, nil
	}
	if role == "" {
		return memberRow{}, ErrOutsider
	}
	who = memberRow{ID: uuid.NewString(), Email: email, Name: said.name(email), Locale: said.locale(), Created: p.accounts.now()}
	who.Password, err = p.accounts.hasher.hash(ctx, rand.Text()) // nobody knows it: who wants one asks for a letter
	return who, err
}
