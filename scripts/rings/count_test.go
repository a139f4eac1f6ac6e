package main

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// events is a run in short: "action test" a line, output after the test's name.
func events(run string) io.Reader {
	var out strings.Builder
	for line := range strings.Lines(run) {
		fields := strings.Fields(line)
		action, name := fields[0], strings.TrimPrefix(fields[1], "-")
		fmt.Fprintf(&out, `{"Action":%q,"Package":"p","Test":%q,"Output":%q}`+"\n", action, name, strings.Join(fields[2:], " "))
	}
	return strings.NewReader(out.String())
}

func TestCount(t *testing.T) {
	for _, c := range []struct {
		sentence, run string
		want          result
	}{
		{"tests pass", "start -\nrun TestA\npass TestA\nrun TestB\npass TestB\npass -",
			result{Passed: 2, Ran: []string{"p TestB", "p TestA"}}},
		{"a parent is the sum of its children", "run TestA\nrun TestA/x\npass TestA/x\nrun TestA/y\nfail TestA/y\nfail TestA\nfail -",
			result{Passed: 1, Failed: []string{"p TestA/y"}, Ran: []string{"p TestA/y", "p TestA/x", "p TestA"}}},
		{"a subtest has a slash in its name", "run TestA\nrun TestA/x/y\nfail TestA/x/y\nfail TestA\nfail -",
			result{Failed: []string{"p TestA/x/y"}, Ran: []string{"p TestA/x/y", "p TestA"}}},
		{"a parent fails by itself", "run TestA\nrun TestA/x\npass TestA/x\nfail TestA\nfail -",
			result{Passed: 1, Failed: []string{"p TestA"}, Ran: []string{"p TestA/x", "p TestA"}}},
		{"a package dies under a test", "start -\nrun TestA\noutput TestA panic: no\nfail -",
			result{Failed: []string{"p TestA"}, Ran: []string{"p TestA"}}},
		{"a package does not build", "start -\nfail -",
			result{Failed: []string{"p"}}},
		{"a package fails after its tests passed", "start -\nrun TestA\npass TestA\nfail -",
			result{Passed: 1, Failed: []string{"p"}, Ran: []string{"p TestA"}}},
		{"a package has no tests", "start -\noutput - ? p [no test files]\nskip -",
			result{}},
		{"a test is skipped", "run TestA\noutput TestA a_test.go:1: too slow\nskip TestA\npass -",
			result{Skipped: []string{"p TestA"}}},
		{"a test belongs to another ring", "run TestA\noutput TestA a_test.go:1: kernel ring: set CAREBOX_KERNEL=1 as root\nskip TestA\npass -",
			result{Elsewhere: []string{"p TestA"}}},
		{"a test of this ring did not get what it asks for", "run TestA\noutput TestA a_test.go:1: unit ring: set CAREBOX_X\nskip TestA\npass -",
			result{Skipped: []string{"p TestA"}}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			count := newCount(io.Discard, "unit")
			if err := count.read(events(c.run)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, count.result()); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFailuresAreShown(t *testing.T) {
	var out strings.Builder
	count := newCount(&out, "unit")
	run := "run TestA\noutput TestA quiet\npass TestA\nrun TestB\noutput TestB loud\nfail TestB\nfail -"
	if err := count.read(events(run)); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, "loud") || strings.Contains(got, "quiet") {
		t.Errorf("want what the failed test said and nothing else, got %q", got)
	}
}

func TestClip(t *testing.T) {
	lines := make([]string, 1000)
	for i := range lines {
		lines[i] = fmt.Sprintf("line %d\n", i)
	}
	got := clip(lines)
	for _, want := range []string{"line 0\n", "line 59\n… 880 lines left out …\nline 940\n", "line 999\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in the clipped output", want)
		}
	}
	if all := clip(lines[:120]); strings.Count(all, "\n") != 120 {
		t.Errorf("want 120 lines whole, got %d", strings.Count(all, "\n"))
	}
}
