package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestOnceMore runs a stand-in for go test that tells one run first and another one the second time.
func TestOnceMore(t *testing.T) {
	const passes, fails = "run TestA\npass TestA\nrun TestB\npass TestB\npass -", "run TestA\npass TestA\nrun TestB\nfail TestB\nfail -"
	for _, c := range []struct {
		sentence, first, then string
		want                  result
	}{
		{"all passes", passes, "", result{Passed: 2}},
		{"a test fails once", fails, passes, result{Passed: 2, Shaky: []string{"p TestB"}}},
		{"a test fails twice", fails, fails, result{Passed: 1, Failed: []string{"p TestB"}}},
		{"another one fails the second time", fails, "run TestA\nfail TestA\nrun TestB\npass TestB\nfail -",
			result{Passed: 1, Failed: []string{"p TestA", "p TestB"}}},
		{"a package dies, and passes whole", "start -\nrun TestA\noutput TestA panic: no\nfail -", passes,
			result{Passed: 2, Shaky: []string{"p TestA"}}},
		{"what failed is skipped the second time", fails,
			"run TestA\npass TestA\nrun TestB\noutput TestB b_test.go:1: wifi ring: set CAREBOX_X\nskip TestB\npass -",
			result{Passed: 1, Failed: []string{"p TestB"}, Elsewhere: []string{"p TestB"}}},
		{"what failed is not there the second time", fails, "run TestA\npass TestA\npass -", result{Passed: 1, Failed: []string{"p TestB"}}},
		{"many fail: that is no chance", "run A\nfail A\nrun B\nfail B\nrun C\nfail C\nrun D\nfail D\nfail -", passes,
			result{Failed: []string{"p A", "p B", "p C", "p D"}}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			dir := t.TempDir()
			for name, run := range map[string]string{"first": c.first, "then": c.then} {
				told, err := os.Create(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				if _, err := told.ReadFrom(events(run)); err != nil {
					t.Fatal(err)
				}
				told.Close()
			}
			script := fmt.Sprintf("cd %s; cat first; ! grep -q '\"fail\"' first; status=$?; mv then first; exit $status", dir)
			if err := runRing(dir, "unit", []string{"bash", "-c", script}); err != nil {
				t.Fatal(err)
			}
			got, err := read(filepath.Join(dir, "unit.json"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got, cmpopts.IgnoreFields(result{}, "Ring", "Seconds", "Ran"), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNarrow(t *testing.T) {
	for _, c := range []struct{ command, want []string }{
		{[]string{"go", "test", "-json", "-p", "2", "./a/...", "./b"}, []string{"go", "test", "-json", "-p", "2", "m/a/x"}},
		{[]string{"npm", "test"}, []string{"npm", "test"}},
		{[]string{"./lab", "tests"}, []string{"./lab", "tests"}},
	} {
		if diff := cmp.Diff(c.want, narrow(c.command, []string{"m/a/x"})); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.command, diff)
		}
	}
}
