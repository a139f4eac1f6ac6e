package firewall

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// The two ways in which the kernel can hold iptables rules. They must never be mixed.
const (
	nft    = "nft"
	legacy = "legacy"
)

// tool is the programs of one backend and family.
type tool struct {
	backend                 string
	six                     bool
	iptables, restore, save string // paths
}

// findBackend finds the programs of the backend that the box uses, for each family that it has.
func (f *Firewall) findBackend(ctx context.Context) error {
	plain := f.plainBackend(ctx)
	tools := map[string][]tool{}
	for _, backend := range []string{nft, legacy} {
		for _, six := range []bool{false, true} {
			if t, ok := f.findTool(backend, six, plain == backend); ok {
				tools[backend] = append(tools[backend], t)
			}
		}
	}
	backend := f.cfg.Backend
	if backend == "" {
		backend = f.usedBackend(ctx, tools, plain)
	}
	return f.use(ctx, backend, tools)
}

// use takes a backend's families, as far as the kernel has them.
func (f *Firewall) use(ctx context.Context, backend string, tools map[string][]tool) error {
	other := map[string]string{nft: legacy, legacy: nft}[backend]
	if other == "" {
		return fmt.Errorf("backend %q is neither nft nor legacy", backend)
	}
	var errs []error
	for i, s := range f.saves(ctx, tools[backend]) {
		t := tools[backend][i]
		if s.err != nil {
			errs = append(errs, s.err)
			continue
		}
		f.families = append(f.families, &family{six: t.six, tool: t})
	}
	if len(f.families) == 0 || f.families[0].six {
		return errors.Join(append(errs, fmt.Errorf("finding iptables with backend %q: not on this box", backend))...)
	}
	if len(f.families) == 1 {
		detail := "there is no ip6tables: IPv6 is not cut"
		if err := errors.Join(errs...); err != nil {
			detail = "ip6tables does not work, IPv6 is not cut: " + err.Error()
		}
		f.limit("no-ip6tables", detail)
	}
	f.others = tools[other]
	for _, s := range f.saves(ctx, f.others) {
		for _, t := range s.save {
			for name := range t {
				f.leftover = f.leftover || ours(name)
			}
		}
	}
	if backend == legacy {
		f.entries = func() (entries, error) { return readEntries(f.cfg.Portal != 0) }
	}
	return nil
}

// usedBackend is the backend that holds rules of others. Where both or none do, it is the plain iptables's own.
func (f *Firewall) usedBackend(ctx context.Context, tools map[string][]tool, plain string) string {
	holds := func(backend string) bool {
		for _, s := range f.saves(ctx, tools[backend]) {
			if foreign(s.save) {
				return true
			}
		}
		return false
	}
	byNft, byLegacy := holds(nft), holds(legacy)
	switch {
	case byNft && !byLegacy:
		return nft
	case byLegacy && !byNft:
		return legacy
	case plain != "":
		return plain
	case len(tools[nft]) > 0:
		return nft
	}
	return legacy
}

// foreign says whether somebody else has put anything into the tables.
func foreign(s save) bool {
	for _, t := range s {
		for name, c := range t {
			if ours(name) {
				continue
			}
			if c.policy != "ACCEPT" {
				return true // a chain of somebody's own, or a policy that somebody has set
			}
			for _, r := range c.rules {
				if !leadsToUs(r.text) {
					return true
				}
			}
		}
	}
	return false
}

type saved struct {
	save save
	err  error
}

// saves reads all tables with each tool, all at once.
func (f *Firewall) saves(ctx context.Context, tools []tool) []saved {
	var cmds []command
	for _, t := range tools {
		cmds = append(cmds, command{path: t.save})
	}
	var all []saved
	for _, r := range f.shell.Run(ctx, cmds) {
		s := saved{err: r.err}
		if s.err == nil {
			s.save, s.err = parseSave(r.stdout)
		}
		all = append(all, s)
	}
	return all
}

// plainBackend is the backend of the plain iptables command, "" if there is none.
func (f *Firewall) plainBackend(ctx context.Context) string {
	path, err := f.look("iptables")
	if err != nil {
		return ""
	}
	r := f.shell.Run(ctx, []command{{path: path, args: []string{"--version"}}})[0]
	switch {
	case r.err != nil:
		return ""
	case strings.Contains(r.stdout, "nf_tables"):
		return nft
	}
	return legacy
}

// findTool finds the programs of a backend and family by name. The plain names serve where they are of this backend.
func (f *Firewall) findTool(backend string, six, plain bool) (tool, bool) {
	stem := "iptables"
	if six {
		stem = "ip6tables"
	}
	names := []string{stem + "-" + backend}
	if plain {
		names = append(names, stem)
	}
	for _, name := range names {
		t := tool{backend: backend, six: six}
		var errs [3]error
		t.iptables, errs[0] = f.look(name)
		t.restore, errs[1] = f.look(name + "-restore")
		t.save, errs[2] = f.look(name + "-save")
		if errors.Join(errs[:]...) == nil {
			return t, true
		}
	}
	return tool{}, false
}
