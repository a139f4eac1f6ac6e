package firewall

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Clear removes everything of ours from both backends and families: jumps to our chains wherever they stand, chains
// of our prefix in any table (half-built or of another version) and our field of every flow's mark. Nothing is then
// wanted until the next Apply.
func (f *Firewall) Clear(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	tools := slices.Clone(f.others)
	for _, fam := range f.families {
		tools = append(tools, fam.tool)
		fam.known = false
	}
	f.applied, f.wanted = false, Wanted{}
	errs := []error{f.remove(ctx, tools)}
	f.leftover = errs[0] != nil
	for _, fam := range f.families {
		errs = append(errs, f.unmark(fam))
	}
	f.note()
	return errors.Join(errs...)
}

// remove takes our rules out of the tables of each tool, in one transaction each.
func (f *Firewall) remove(ctx context.Context, tools []tool) error {
	var errs []error
	var cmds []command
	for i, s := range f.saves(ctx, tools) {
		if s.err != nil {
			errs = append(errs, fmt.Errorf("reading rules to clear: %w", s.err))
		}
		if text := removal(s.save); text != "" {
			cmds = append(cmds, restoring(tools[i], text))
		}
	}
	for _, r := range f.shell.Run(ctx, cmds) {
		if r.err != nil {
			errs = append(errs, fmt.Errorf("clearing rules: %w", r.err))
		}
	}
	return errors.Join(errs...)
}

// removal is the input of iptables-restore --noflush that takes all that is ours out of a save, "" if nothing is.
func removal(s save) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(s)) {
		var declared, jumps, removed strings.Builder
		for _, chain := range slices.Sorted(maps.Keys(s[name])) {
			if ours(chain) {
				fmt.Fprintf(&declared, ":%s - [0:0]\n", chain)
				fmt.Fprintf(&removed, "-X %s\n", chain)
				continue
			}
			for _, r := range s[name][chain].rules {
				if leadsToUs(r.text) {
					fmt.Fprintf(&jumps, "-D %s %s\n", chain, r.text)
				}
			}
		}
		if declared.Len() > 0 {
			text.WriteString("*" + name + "\n" + declared.String() + jumps.String() + removed.String() + "COMMIT\n")
		}
	}
	return text.String()
}

// unmark empties our field in the marks of a family's flows. Without conntrack there are none.
func (f *Firewall) unmark(fam *family) error {
	var marked []*flow
	err := f.walk(fam.six, func(one *flow) {
		if f.marks.number(one.mark) != 0 {
			marked = append(marked, one.clone())
		}
	})
	if err != nil {
		return nil
	}
	var errs []error
	for _, one := range marked {
		errs = append(errs, f.flows.Mark(one, 0, f.marks.mask))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("clearing marks of %s flows: %w", fam, err)
	}
	return nil
}
