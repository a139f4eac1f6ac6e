package shaping

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	programDeadline = 10 * time.Second
	lockSeconds     = "5" // to wait for the lock that all of iptables-legacy shares
)

// table is the mangle table of a family: rules by chain, as iptables-save prints them without "-A name ".
type table struct {
	chains map[string][]string
}

// parseTable reads what iptables-save printed of one table. What was cut short is an error: a state rests on it.
func parseTable(text string) (table, error) {
	t := table{chains: map[string][]string{}}
	if text == "" {
		return t, nil // the kernel has no such table yet
	}
	ended := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "" || line[0] == '#' || line[0] == '*':
		case line == "COMMIT":
			ended = true
		case line[0] == ':':
			name, _, _ := strings.Cut(line[1:], " ")
			t.chains[name] = nil
		default:
			rest, is := strings.CutPrefix(line, "-A ")
			name, rule, _ := strings.Cut(rest, " ")
			if _, declared := t.chains[name]; !is || !declared {
				return table{}, fmt.Errorf("parsing %q: no rule of a chain", line)
			}
			t.chains[name] = append(t.chains[name], rule)
		}
	}
	if !ended && strings.Contains(text, "*") {
		return table{}, errors.New("parsing saved rules: the table does not end")
	}
	return t, nil
}

// leadsToUs says whether a rule's target is a chain of ours.
func leadsToUs(rule string) bool {
	words := strings.Fields(rule)
	for i, w := range words[:max(len(words)-1, 0)] {
		if (w == "-j" || w == "-g") && isOurs(words[i+1]) {
			return true
		}
	}
	return false
}

// anchored says whether the jumps are the first rules of FORWARD and nothing else of the table leads to us.
func (t table) anchored(jumps []string) bool {
	for i, want := range jumps {
		if len(t.chains[hook]) <= i || t.chains[hook][i] != want {
			return false
		}
	}
	for name, rules := range t.chains {
		if name == hook {
			rules = rules[len(jumps):]
		}
		if !isOurs(name) && slices.ContainsFunc(rules, leadsToUs) {
			return false
		}
	}
	return true
}

// rival is a rule of somebody else that gives packets a class or a DSCP as well, "" if there is none.
func (t table) rival() string {
	for name, rules := range t.chains {
		for _, rule := range rules {
			if !isOurs(name) && (strings.Contains(rule, "-j CLASSIFY ") || strings.Contains(rule, "-j DSCP ")) {
				return rule
			}
		}
	}
	return ""
}

// family is one address family's rules, as last seen or believed.
type family struct {
	six           bool
	save, restore string // paths
	seen          table
	known         bool // seen holds
}

func (fam *family) String() string {
	if fam.six {
		return "IPv6"
	}
	return "IPv4"
}

// findFamily finds the programs of a backend, also by the plain name where they are of this backend.
func findFamily(ctx context.Context, backend string, six bool) (*family, error) {
	stem := "iptables"
	if six {
		stem = "ip6tables"
	}
	var errs []error
	for _, name := range []string{stem + "-" + backend, stem} {
		fam := &family{six: six}
		var missing [2]error
		fam.save, missing[0] = lookPath(name + "-save")
		fam.restore, missing[1] = lookPath(name + "-restore")
		err := errors.Join(missing[:]...)
		if err == nil && name == stem {
			err = speaks(ctx, fam.save, backend)
		}
		if err == nil {
			err = fam.read(ctx)
		}
		if err == nil {
			return fam, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

func speaks(ctx context.Context, path, backend string) error {
	said, err := run(ctx, "", path, "--version")
	if err == nil && strings.Contains(said, "nf_tables") != (backend == "nft") {
		err = fmt.Errorf("%q is not of backend %s", path, backend)
	}
	return err
}

// lookPath finds a program, also where an ordinary user's PATH does not lead.
func lookPath(program string) (string, error) {
	path, err := exec.LookPath(program)
	for _, dir := range []string{"/usr/sbin", "/sbin"} {
		if err != nil {
			path, err = exec.LookPath(filepath.Join(dir, program))
		}
	}
	return path, err
}

// read asks the kernel for the table.
func (fam *family) read(ctx context.Context) error {
	text, err := run(ctx, "", fam.save, "-t", "mangle")
	if err == nil {
		fam.seen, err = parseTable(text)
	}
	fam.known = err == nil
	if err != nil {
		return fmt.Errorf("reading %s rules: %w", fam, err)
	}
	return nil
}

// write changes the table in one transaction and leaves all else in it alone.
func (fam *family) write(ctx context.Context, text string) error {
	fam.known = false
	if _, err := run(ctx, text, fam.restore, "--noflush", "--wait", lockSeconds); err != nil {
		return fmt.Errorf("changing %s rules: %w", fam, err)
	}
	return fam.read(ctx)
}

// run runs a program to its end. Its error holds what it said.
func run(ctx context.Context, stdin, path string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, programDeadline)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	var out, said bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &said
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("running %q: %w: %.300s", filepath.Base(path), err, strings.TrimSpace(said.String()))
	}
	return out.String(), nil
}
