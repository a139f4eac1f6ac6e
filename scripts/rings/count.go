package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// event is a line of `go test -json` (cmd/test2json).
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
	Elapsed float64
}

// belongs is how a test says of which ring it is.
var belongs = regexp.MustCompile(`\b([a-z]+) ring: set CAREBOX_`)

// test names a test or subtest; Name is "" for what a package does outside its tests.
type test struct{ Package, Name string }

func (t test) String() string { return strings.TrimSuffix(t.Package+" "+t.Name, " ") }

// parents are the tests that this one may be a part of: a subtest's own name may hold slashes, so not all need exist.
func (t test) parents() []test {
	var all []test
	for i, r := range t.Name {
		if r == '/' {
			all = append(all, test{t.Package, t.Name[:i]})
		}
	}
	return all
}

// count follows the events of one run. Only leaves count: a test with subtests is the sum of them.
type count struct {
	out     io.Writer
	ring    string
	action  map[test]string   // last action
	output  map[test][]string // of tests that have not passed
	parents map[test]bool
}

func newCount(out io.Writer, ring string) *count {
	return &count{out: out, ring: ring, action: map[test]string{}, output: map[test][]string{}, parents: map[test]bool{}}
}

func (c *count) read(from io.Reader) error {
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				fmt.Fprintf(c.out, "%s", line) // not an event: somebody spoke to us people
			} else {
				c.see(e)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (c *count) see(e event) {
	t := test{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		fmt.Fprint(c.out, e.Output)
	case "output":
		c.output[t] = append(c.output[t], e.Output)
	case "run", "start":
		c.action[t] = "run"
		for _, parent := range t.parents() {
			c.parents[parent] = true
		}
	case "pass", "fail", "skip":
		c.action[t] = e.Action
		if e.Action == "pass" {
			delete(c.output, t)
		}
		if e.Test == "" {
			c.endPackage(t, e)
		}
	}
}

// endPackage prints a line for a package that has ended, and all that its failed tests said.
func (c *count) endPackage(p test, e event) {
	if e.Action == "skip" {
		delete(c.action, p) // no test files
		return
	}
	fmt.Fprintf(c.out, "%-4s %s %.1fs\n", e.Action, e.Package, e.Elapsed)
	if e.Action == "pass" {
		return
	}
	for _, t := range c.sorted() {
		if t.Package != e.Package {
			continue
		}
		if c.action[t] == "run" { // the package died under it
			c.action[t] = "fail"
		}
		if c.action[t] == "fail" {
			fmt.Fprint(c.out, clip(c.output[t]))
		}
	}
}

// clip keeps the beginning and the end of what a test said: a race or a panic of many goroutines would hide the rest.
func clip(lines []string) string {
	const head, tail = 60, 60
	if cut := len(lines) - head - tail; cut > 0 {
		lines = slices.Concat(lines[:head], []string{fmt.Sprintf("… %d lines left out …\n", cut)}, lines[len(lines)-tail:])
	}
	return strings.Join(lines, "")
}

func (c *count) sorted() []test {
	return slices.SortedFunc(maps.Keys(c.action), func(a, b test) int { return strings.Compare(a.String(), b.String()) })
}

// result sorts what was seen into passed, failed, skipped and left to other rings.
func (c *count) result() result {
	var r result
	blamed := map[test]bool{} // parents and packages of failed tests
	tests := c.sorted()
	slices.Reverse(tests) // children before their parents, tests before their package
	for _, t := range tests {
		action := c.action[t]
		if t.Name != "" && action != "skip" {
			r.Ran = append(r.Ran, t.String())
		}
		switch {
		case action == "fail" || action == "run":
			if !blamed[t] {
				r.Failed = append(r.Failed, t.String())
			}
			blame(t, blamed)
		case t.Name == "" || c.parents[t]:
		case action == "pass":
			r.Passed++
		case c.elsewhere(t):
			r.Elsewhere = append(r.Elsewhere, t.String())
		default:
			r.Skipped = append(r.Skipped, t.String())
		}
	}
	slices.Sort(r.Failed)
	slices.Sort(r.Skipped)
	return r
}

// forgetFailed forgets packages in which something failed, as if they had not been run, and names them.
func (c *count) forgetFailed() []string {
	var failed []string
	for _, t := range c.sorted() {
		if action := c.action[t]; t.Name == "" && (action == "fail" || action == "run") {
			failed = append(failed, t.Package)
		}
	}
	gone := func(t test) bool { return slices.Contains(failed, t.Package) }
	maps.DeleteFunc(c.action, func(t test, _ string) bool { return gone(t) })
	maps.DeleteFunc(c.output, func(t test, _ []string) bool { return gone(t) })
	maps.DeleteFunc(c.parents, func(t test, _ bool) bool { return gone(t) })
	return failed
}

// elsewhere reports whether a skipped test named another ring than this one.
func (c *count) elsewhere(t test) bool {
	named := belongs.FindStringSubmatch(strings.Join(c.output[t], ""))
	return named != nil && named[1] != c.ring
}

// blame marks all that failed only because this test did.
func blame(t test, blamed map[test]bool) {
	blamed[test{t.Package, ""}] = true
	for _, parent := range t.parents() {
		blamed[parent] = true
	}
}
