package policies

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type unreadable struct {
	name, json string
	want       []string
}

func unreadables() []unreadable {
	return []unreadable{
		{"nothing", ``, []string{"json"}},
		{"half", `{"zone":"UTC"`, []string{"json"}},
		{"more behind it", `{"zone":"UTC"} {}`, []string{"json"}},
		{"a comma too many", `{"zone":"UTC",}`, []string{"json"}},
		{"another alphabet", "{\"zone\":\"UTC\xff\"}", []string{"json"}},
		{"far too deep", strings.Repeat("[", 100_000), []string{"json"}},
		{"far too long", `{"zone":"` + strings.Repeat("x", MaxBytes) + `"}`, []string{"size"}},
		{"10 MB", strings.Repeat(" ", 10<<20), []string{"size"}},
		{"too many people", `{"zone":"UTC","people":[` + strings.Repeat(`{"id":"x","name":"x"},`, 512) + `{"id":"x","name":"x"}]}`,
			[]string{"too-many people"}},
		{"a list", `[]`, []string{"type"}},
		{"null", `null`, []string{"type"}},
		{"an empty object", `{}`, []string{"zone zone"}},
		{"keys in another case", `{"Zone":"UTC","zone":"UTC","people":[{"ID":"leo","id":"leo","name":"L"}]}`,
			[]string{"key-unknown Zone", "key-unknown people[0].ID"}},
		{"keys twice", `{"zone":"UTC","zone":"UTC","devices":[{"id":"a","name":"A","macs":["020000000001"],"name":"B"}]}`,
			[]string{"key-duplicate zone", "key-duplicate devices[0].name"}},
		{"keys twice by an escape", `{"zone":"UTC","z\u006fne":"UTC"}`, []string{"key-duplicate zone"}},
		{"an unknown key full of things", `{"zone":"UTC","x":{"a":[1,{"b":[]}],"zone":7},"people":[]}`, []string{"key-unknown x"}},
		{"keys that are no words", `{"zone":"UTC","":1,"a b\n":2,"` + strings.Repeat("k", 70) + `":3}`,
			[]string{`key-unknown ""`, `key-unknown "a b\n"`, `key-unknown "` + strings.Repeat("k", 40) + `"…`}},
		{"types", `{"zone":7,"unknown":false,"people":{},"devices":[7,{"id":"a","name":"A","macs":"020000000001","refused":"no"}],` +
			`"overrides":[null]}`,
			[]string{"type zone", "type unknown", "type people", "type devices[0]", "type devices[1].macs",
				"type devices[1].refused", "type overrides[0]"}},
		{"numbers that are not whole", `{"zone":"UTC","schedules":[` +
			`{"id":"a","for":{"home":true},"days":["Monday"],"start":"07:00","duration":7.5},` +
			`{"id":"b","for":{"home":true},"days":["Monday"],"start":"07:00","duration":1e3},` +
			`{"id":"c","for":{"home":true},"days":["Monday"],"start":"07:00","duration":"60"},` +
			`{"id":"d","for":{"home":true},"days":["Monday"],"start":"07:00","duration":3000000000}]}`,
			[]string{"type schedules[0].duration", "type schedules[1].duration", "type schedules[2].duration", "type schedules[3].duration"}},
		{"instants", `{"zone":"UTC","overrides":[{"id":"a","for":{"home":true},"mode":"pause","at":"2026-11-21 18:00","until":1}]}`,
			[]string{"type overrides[0].at", "type overrides[0].until"}},
		{"all at once", `{"zone":"UTC","colour":1,"devices":[{"id":"a","name":5,"macs":["zz"]}],"people":[{}]}`,
			[]string{"key-unknown colour", "type devices[0].name", "id-missing people[0].id", "name-missing people[0].name",
				"mac devices[0].macs[0]"}},
	}
}

func TestParseRefuses(t *testing.T) {
	for _, tt := range append(unreadables(), unreadableReservations()...) {
		t.Run(tt.name, func(t *testing.T) {
			p, err := Parse([]byte(tt.json))
			var ps Problems
			if !errors.As(err, &ps) {
				t.Fatalf("%v is no list of problems", err)
			}
			if diff := cmp.Diff(tt.want, found(ps)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if diff := cmp.Diff(Policy{}, p); diff != "" {
				t.Errorf("something was returned: %s", diff)
			}
		})
	}
}

// TestCanonicalJSON compares what is accepted in many spellings with testdata/canonical.json.
func TestCanonicalJSON(t *testing.T) {
	for _, name := range []string{"testdata/spelled.json", "testdata/canonical.json"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile("testdata/canonical.json", got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile("testdata/canonical.json")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

func TestNewPolicyIsValidAndCanonical(t *testing.T) {
	p := NewPolicy("Europe/Paris")
	if ps := Validate(p); ps != nil {
		t.Fatal(ps)
	}
	got, err := Marshal(p)
	want := `{"zone":"Europe/Paris","unknown":"allow","effect":"no-internet","people":[],"devices":[],"schedules":[],"exceptions":[],` +
		`"overrides":[],"budgets":[],"reservations":[]}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
}

func TestParseMAC(t *testing.T) {
	for _, s := range []string{"02:00:5e:10:00:aB", "02-00-5E-10-00-AB", "0200.5e10.00ab", "02005E1000AB"} {
		if m, err := ParseMAC(s); err != nil || m != "02:00:5e:10:00:ab" {
			t.Errorf("%q is %q, %v", s, m, err)
		}
	}
	for _, s := range []string{"", "02:00:5e:10:00", "02:00:5e:10:00:ab:cd", "02:00:5e:10:00-ab", "0200:5e10:00ab", "0:200:5e:10:00:ab",
		"02:00:5e:10:00:ab ", "02005e1000a", "02.00.5e.10.00.ab", "02:00:5e:10:00:aé"} {
		if m, err := ParseMAC(s); err == nil {
			t.Errorf("%q is %q", s, m)
		}
	}
}
