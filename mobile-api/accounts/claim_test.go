package accounts

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

// FuzzClaims: whatever a provider says of somebody, they get a role of ours or none, and a name that can be shown.
func FuzzClaims(f *testing.F) {
	for _, said := range []string{
		`{}`, `{"groups":["a","b"],"name":"Ada","locale":"fr-FR"}`, `{"groups":"a"}`, `{"groups":[[["a"]],7,null,{"a":"a"}]}`,
		`{"realm":{"groups":["a"]},"realm.groups":7}`, `{"realm":{"groups":{"groups":"a"}},"name":"\u0000"}`, `{"email_verified":"TRUE","locale":7}`,
	} {
		f.Add([]byte(said), "realm.groups")
		f.Add([]byte(said), "groups")
	}
	roles := map[string]StaffRole{"a": StaffAdmin, "b": StaffSupport}
	f.Fuzz(func(t *testing.T, data []byte, claim string) {
		said := claims{}
		if json.Unmarshal(data, &said) != nil {
			return
		}
		if role := said.role(claim, roles); role != "" && role != StaffAdmin && role != StaffSupport {
			t.Errorf("role %q", role)
		}
		if name := said.name("ada@example.org"); name == "" || !utf8.ValidString(name) || utf8.RuneCountInString(name) > maxName {
			t.Errorf("name %q", name)
		}
		if locale := said.locale(); locale != LocaleFrench && locale != LocaleEnglish {
			t.Errorf("locale %q", locale)
		}
		if sub := said.word("sub"); fitSubject(sub) && (sub == "" || len(sub) > maxSubject) {
			t.Errorf("subject %q", sub)
		}
	})
}
