package mobileapi

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies/wire"
)

// supportHeader names the support session under which somebody of the staff acts for a customer, with their own sign-in.
const supportHeader = "Support-Session"

// delegate is what staff may do in a home under a session.
type delegate struct {
	scopes    []wire.Scope // any of them; none: nobody but the family
	sensitive bool         // only what the customer approves of, as a proposal
}

// delegateOf is the rule of an operation. What is not named here is the family's alone: its invitations, its name, its export
// and end, its wishes, its cases and sessions, and all that is of a member and no home.
func delegateOf(method, path string) delegate {
	const home = root + "/homes/:home"
	part, _ := strings.CutPrefix(path, home)
	change := delegate{scopes: []wire.Scope{wire.ScopeChange}}
	switch method + " " + part {
	case "GET ", "GET /timeline", "POST /timeline", "GET /history", "GET /history/:revision", "GET /members":
		return delegate{scopes: []wire.Scope{wire.ScopeSee, wire.ScopeChange}}
	case "POST /pause", "POST /bonus", "POST /resume", "DELETE /overrides/:id", "POST /history/:revision/undo",
		"PUT /people/:id", "PUT /devices/:id", "PUT /schedules/:id", "DELETE /schedules/:id", "PUT /exceptions/:id", "DELETE /exceptions/:id",
		"PUT /budgets/:id", "DELETE /budgets/:id", "PUT /reservations/:id", "DELETE /reservations/:id":
		return change
	case "PUT /policy", "DELETE /people/:id", "DELETE /devices/:id", "PUT /members/:member", "DELETE /members/:member", "POST /invitations":
		change.sensitive = true
		return change
	}
	return delegate{}
}

// delegated lets staff into a home under a session, as the database knows it now. What is stored is checked once more, in
// the transaction that stores it.
func (s *server) delegated(c echo.Context, session string) error {
	v, ctx := visitOf(c.Request().Context()), c.Request().Context()
	who := v.session.Member
	switch {
	case !slices.Contains(helping(), who.Staff):
		return refuse(codeNotFound)
	case !v.session.Proof.Strong():
		return refuse(codeFactor)
	}
	one, err := s.Care.Own(ctx, session, who.ID)
	if err != nil {
		return err
	}
	if one.Home != c.Param("home") {
		return assist.ErrUnknown
	}
	rule := delegateOf(c.Request().Method, c.Path())
	err = refuse(codeSupportScope)
	for _, scope := range rule.scopes {
		if one, err = s.Care.Check(ctx, session, who.ID, scope); err == nil {
			break
		}
	}
	if err == nil && rule.sensitive {
		err = refuse(codeSupportApproval)
	}
	if err != nil {
		return err
	}
	v.support, v.place = &one, accounts.Membership{Home: one.Home, Role: accounts.RoleAdult}
	return nil
}

// unsupported refuses a request that names a session where nobody of the staff acts for anybody.
func (s *server) unsupported(c echo.Context) error {
	if c.Request().Header.Get(supportHeader) != "" {
		return refuse(codeSupportScope)
	}
	return nil
}
