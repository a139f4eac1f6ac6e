package main

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/carebox-project/carebox/mobile-api/accounts"
)

const maxDoor = 60 // characters of a button, and of the operator's name

// oidcFile is the operator's OpenID provider, where staff sign in.
type oidcFile struct {
	Issuer string            `json:"issuer"`
	Client string            `json:"client"`
	Secret string            `json:"secret"`           // a file that holds it
	Scopes []string          `json:"scopes,omitempty"` // beside openid; profile and email if absent
	Claim  string            `json:"claim,omitempty"`  // whose values roles are given by
	Roles  map[string]string `json:"roles,omitempty"`  // value of the claim: role
	Name   string            `json:"name"`             // of the button
	ACR    []string          `json:"acr,omitempty"`    // one of which the provider must say of a sign-in
	AMR    []string          `json:"amr,omitempty"`    // one of which as well
}

func (f oidcFile) read(beside func(string) string, app string) (*accounts.ProviderConfig, string, error) {
	var wrong []error
	no := func(format string, v ...any) { wrong = append(wrong, fmt.Errorf(format, v...)) }
	if !isIssuer(f.Issuer) {
		no("issuer %q is no https:// address", f.Issuer)
	}
	if f.Client == "" {
		no("client is missing")
	}
	secret, err := os.ReadFile(beside(f.Secret))
	if err != nil {
		no("secret: %w", err)
	}
	if err == nil && strings.TrimSpace(string(secret)) == "" {
		no("secret: %q is empty", f.Secret)
	}
	name := strings.TrimSpace(f.Name)
	if !isName(name) {
		no("name, which the button shows, is not 1 to %d characters", maxDoor)
	}
	if (f.Claim == "") != (len(f.Roles) == 0) {
		no("claim and roles need each other")
	}
	roles := make(map[string]accounts.StaffRole, len(f.Roles))
	for value, role := range f.Roles {
		roles[value] = accounts.StaffRole(role)
		if role == "" || !roles[value].Valid() {
			no("roles: %q is none of support, technician, supervisor, admin", role)
		}
	}
	for key, list := range map[string][]string{"acr": f.ACR, "amr": f.AMR} {
		if slices.ContainsFunc(list, func(word string) bool { return word == "" || strings.ContainsFunc(word, unicode.IsSpace) }) {
			no("%s: each is a word without blanks", key)
		}
	}
	scopes := f.Scopes
	if scopes == nil {
		scopes = []string{"profile", "email"}
	}
	if !slices.Contains(scopes, "openid") {
		scopes = append([]string{"openid"}, scopes...)
	}
	return &accounts.ProviderConfig{
		Issuer: f.Issuer, Client: f.Client, Secret: strings.TrimSpace(string(secret)), Scopes: scopes,
		Claim: f.Claim, Roles: roles, ACR: f.ACR, AMR: f.AMR, Return: app + "/api/sessions/oidc/callback",
	}, name, errors.Join(wrong...)
}

// isName reports whether a page can show a text as a name.
func isName(text string) bool {
	return strings.TrimSpace(text) == text && text != "" && len([]rune(text)) <= maxDoor && !strings.ContainsFunc(text, unicode.IsControl)
}

// isIssuer wants TLS, but for a provider on the same machine.
func isIssuer(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	own := u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && own
}
