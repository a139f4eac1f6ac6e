package main

import (
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	unit := result{Passed: 3, Ran: []string{"p TestA"}, Elsewhere: []string{"p TestK"}}
	for _, c := range []struct {
		sentence string
		all      bool
		rings    map[string]result
		want     string // the closing line
		fails    bool
	}{
		{"one ring leaves a test to another", false, map[string]result{"unit": unit}, "3 passed, 0 failed, 0 skipped", false},
		{"the other ring ran it", true, map[string]result{"unit": unit, "kernel": {Passed: 1, Ran: []string{"p TestK"}}},
			"4 passed, 0 failed, 0 skipped", false},
		{"no ring ran it", true, map[string]result{"unit": unit, "kernel": {Passed: 1, Ran: []string{"p TestL"}}},
			"4 passed, 0 failed, 1 skipped", true},
		{"a ring ran nothing", false, map[string]result{"kernel": {Elsewhere: []string{"p TestK"}}},
			"0 passed, 1 failed, 0 skipped", true},
		{"a ring skipped a test", false, map[string]result{"kernel": {Passed: 1, Skipped: []string{"p TestK"}}},
			"1 passed, 0 failed, 1 skipped", true},
		{"no ring at all", true, nil, "0 passed, 0 failed, 0 skipped", true},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			dir := t.TempDir()
			for name, r := range c.rings {
				if err := r.add(dir, name); err != nil {
					t.Fatal(err)
				}
			}
			var out strings.Builder
			err := printTable(&out, dir, c.all)
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			if last := lines[len(lines)-1]; last != c.want || (err != nil) != c.fails {
				t.Errorf("want %q and failure %v, got %q and %v", c.want, c.fails, last, err)
			}
		})
	}
}

func TestRunsOfOneRingAddUp(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		if err := (result{Passed: 2, Failed: []string{"p TestA"}}).add(dir, "fuzz"); err != nil {
			t.Fatal(err)
		}
	}
	got, err := read(dir + "/fuzz.json")
	if err != nil || got.Passed != 4 || len(got.Failed) != 2 || got.Ring != "fuzz" {
		t.Errorf("want the sum of both runs, got %+v, %v", got, err)
	}
}
