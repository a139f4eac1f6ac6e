package mobileapi

import (
	"net/http"
	"strings"

	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// who may do something in a home that they belong to.
type who int

const (
	anybody who = iota
	adult
	owner
	child
)

// refuses is why a role may not, "" where it may.
func (w who) refuses(role accounts.Role) code {
	switch {
	case w == adult && !role.Decides():
		return codeRole
	case w == owner && role != accounts.RoleOwner:
		return codeOwner
	case w == child && role != accounts.RoleChild:
		return codeChild
	}
	return ""
}

// rule is what a request to a home needs: a role, and the revision that it was made from.
type rule struct {
	who      who
	revision bool
}

// staffOf is the roles that may do an operation below /staff. What is not named here is for nobody.
func staffOf(route string) []accounts.StaffRole {
	const staff = root + "/staff"
	switch route {
	case "GET " + staff + "/cases", "PUT " + staff + "/desk":
		return helping()
	case "POST " + staff + "/cases/:case/sessions", "GET " + staff + "/sessions", "GET " + staff + "/sessions/:session",
		"POST " + staff + "/sessions/:session/end", "POST " + staff + "/sessions/:session/ticket", "GET " + staff + "/sessions/:session/queries",
		"POST " + staff + "/sessions/:session/queries", "GET " + staff + "/sessions/:session/queries/:query",
		"DELETE " + staff + "/sessions/:session/queries/:query", "GET " + staff + "/sessions/:session/proposals",
		"POST " + staff + "/sessions/:session/proposals":
		return helping()
	case "GET " + staff + "/boxes/:serial", "GET " + staff + "/events":
		return []accounts.StaffRole{accounts.StaffSupport, accounts.StaffTechnician, accounts.StaffSupervisor, accounts.StaffAdmin}
	case "POST " + staff + "/boxes/:serial/assign", "POST " + staff + "/boxes/:serial/swap":
		return []accounts.StaffRole{accounts.StaffTechnician, accounts.StaffSupervisor, accounts.StaffAdmin}
	case "POST " + staff + "/boxes/:serial/restock", "POST " + staff + "/boxes/:serial/retire":
		return []accounts.StaffRole{accounts.StaffSupervisor, accounts.StaffAdmin}
	case "GET " + staff + "/visits", "GET " + staff + "/visits/:visit", "POST " + staff + "/visits/:visit/scan",
		"PUT " + staff + "/visits/:visit/steps/:step", "PUT " + staff + "/visits/:visit/photos/:photo",
		"GET " + staff + "/visits/:visit/photos/:photo", "DELETE " + staff + "/visits/:visit/photos/:photo",
		"GET " + staff + "/visits/:visit/report", "GET " + staff + "/visits/:visit/report.pdf":
		return []accounts.StaffRole{accounts.StaffTechnician, accounts.StaffSupervisor, accounts.StaffAdmin}
	case "GET " + staff + "/members", "PUT " + staff + "/members":
		return []accounts.StaffRole{accounts.StaffAdmin}
	}
	if _, below, ok := strings.Cut(route, " "+staff+"/cases/:case"); ok && (below == "" || strings.HasPrefix(below, "/")) {
		return helping() // the case knows its agent
	}
	return nil
}

// helping is the roles of those who help customers.
func helping() []accounts.StaffRole {
	return []accounts.StaffRole{accounts.StaffSupport, accounts.StaffSupervisor, accounts.StaffAdmin}
}

// changesFactors reports whether an operation adds or takes away something to sign in with, beside the password.
func changesFactors(route string) bool {
	const me = root + "/me"
	switch route {
	case "POST " + me + "/totp", "PUT " + me + "/totp", "POST " + me + "/totp/deletion",
		"POST " + me + "/passkeys/options", "POST " + me + "/passkeys", "DELETE " + me + "/passkeys/:passkey":
		return true
	}
	return false
}

// ruleOf is the rule of an operation. What is not named here is looking, for everybody, or a change of the policy: by an
// adult, from a revision.
func ruleOf(method, path string) rule {
	const home = root + "/homes/:home"
	switch method + " " + path {
	case "POST " + home + "/timeline": // trying is no change
		return rule{who: anybody}
	case "GET " + home + "/history", "GET " + home + "/history/:revision": // it names everybody
		return rule{who: adult}
	case "POST " + home + "/asks":
		return rule{who: child}
	case "POST " + home + "/help-requests", "POST " + home + "/cases/:case/messages", "POST " + home + "/cases/:case/pictures",
		"POST " + home + "/cases/:case/typing",
		"PUT " + home + "/cases/:case/callback", "POST " + home + "/cases/:case/close": // the case knows its customer
		return rule{who: anybody}
	case "PUT " + home, "DELETE " + home + "/members/:member", // the handler knows whose
		"GET " + home + "/invitations", "POST " + home + "/invitations", "DELETE " + home + "/invitations/:invitation":
		return rule{who: adult}
	case "PUT " + home + "/members/:member", "GET " + home + "/export", "POST " + home + "/deletion":
		return rule{who: owner}
	case "POST " + home + "/members/:member/entry":
		return rule{who: adult}
	case "POST " + home + "/support/:session/ticket", "PUT " + home + "/support/:session/recording",
		"DELETE " + home + "/recordings/:recording": // the handler knows whose screen it is
		return rule{who: anybody}
	case "POST " + home + "/support/:session/consent", "POST " + home + "/support/:session/refuse",
		"POST " + home + "/support/:session/end", "POST " + home + "/support/:session/extend",
		"GET " + home + "/support/:session/receipt", "GET " + home + "/support/:session/proposals",
		"POST " + home + "/support/:session/proposals/:proposal/approve", "POST " + home + "/support/:session/proposals/:proposal/decline",
		"GET " + home + "/audit", "POST " + home + "/queries", "GET " + home + "/queries/:query":
		return rule{who: adult}
	case "POST " + home + "/asks/:ask/seen", "POST " + home + "/asks/:ask/answer":
		return rule{who: adult}
	}
	if method == http.MethodGet {
		return rule{who: anybody}
	}
	return rule{who: adult, revision: true}
}
