package accounts

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/carebox-project/carebox/policies"
)

// Limits of what a person types, in characters (of the email: bytes, RFC 5321 4.5.3.1).
const (
	minPassword = 10
	maxPassword = 256
	maxEmail    = 254
	maxName     = policies.MaxName
)

// normaliseEmail makes one spelling of an address: composed, lower case, no blanks around it.
func normaliseEmail(typed string) (string, *policies.Problem) {
	email := strings.ToLower(norm.NFC.String(strings.TrimSpace(typed)))
	address, err := mail.ParseAddress(email)
	if err != nil || address.Address != email || len(email) > maxEmail || !printable(email) {
		return "", &policies.Problem{Code: "email", Field: "email", Detail: "This is not an email address."}
	}
	return email, nil
}

func checkName(typed string) (string, *policies.Problem) {
	name := norm.NFC.String(strings.TrimSpace(typed))
	if name == "" || utf8.RuneCountInString(name) > maxName || !printable(name) {
		return "", &policies.Problem{Code: "name", Field: "name", Detail: "A name has 1 to 80 characters."}
	}
	return name, nil
}

func checkLocale(typed string) *policies.Problem {
	if typed != LocaleFrench && typed != LocaleEnglish {
		return &policies.Problem{Code: policies.CodeWord, Field: "locale", Detail: "A language is fr or en."}
	}
	return nil
}

func checkPassword(typed string) *policies.Problem {
	if n := utf8.RuneCountInString(normalisePassword(typed)); n < minPassword || n > maxPassword {
		return &policies.Problem{Code: "password", Field: "password", Detail: "A password has 10 to 256 characters."}
	}
	return nil
}

// normalisePassword makes é typed on a phone and é typed on a computer the same password (RFC 8265, OpaqueString).
func normalisePassword(typed string) string { return norm.NFC.String(typed) }

// printable keeps out what a database or a log would choke on.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}
