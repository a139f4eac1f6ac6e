package firewall

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/carebox-project/carebox/policies"
)

// Apply makes the rules of all families those of a wanted state. It runs nothing if they were last seen so, and
// otherwise replaces each family's chains in one transaction, both families at once. An error names each family that
// failed; the others are done. Flows that run already end with the next [Firewall.Prove].
func (f *Firewall) Apply(ctx context.Context, w Wanted) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.want(w); err != nil {
		return err
	}
	err := errors.Join(f.refresh(ctx), f.replace(ctx))
	f.lead(ctx)
	f.note()
	if !f.counting {
		f.account() // the first rules load conntrack
	}
	return errors.Join(err, f.sweepOther(ctx))
}

// want takes over a wanted state, or none of it.
func (f *Firewall) want(w Wanted) error {
	seen := map[string]bool{"": true} // no device has an empty id
	for _, d := range w.Devices {
		if seen[d.ID] || len(d.ID) > policies.MaxID {
			return fmt.Errorf("wanting device %q: no id, one twice, or one that is too long", d.ID)
		}
		seen[d.ID] = true
	}
	if err := f.marks.assign(w.Devices); err != nil {
		return err
	}
	sets := make([]ruleset, len(f.families))
	for i, fam := range f.families {
		var err error
		if sets[i], err = render(w, &f.marks, fam.six); err != nil {
			return err
		}
	}
	for i, fam := range f.families {
		fam.want = sets[i]
		fam.portal.want = f.renderPortal(w, fam.six)
	}
	f.wanted, f.applied = w, true
	return nil
}

// refresh reads the rules again if what was last seen of them may no longer hold.
func (f *Firewall) refresh(ctx context.Context) error {
	damage := f.damage.Load()
	doubt := damage != f.trusted
	for _, fam := range f.families {
		doubt = doubt || !fam.known
	}
	if !doubt {
		return nil
	}
	err := f.read(ctx)
	if err == nil {
		f.trusted = damage
	}
	return err
}

// replace brings every family that is known to what is wanted.
func (f *Firewall) replace(ctx context.Context) error {
	var changing []*family
	var cmds []command
	for _, fam := range f.families {
		if !fam.known {
			continue
		}
		if text := fam.want.restore(fam.seen); text != "" {
			changing = append(changing, fam)
			cmds = append(cmds, restoring(fam.tool, text))
		}
	}
	var errs []error
	for i, r := range f.shell.Run(ctx, cmds) {
		fam := changing[i]
		if r.err != nil {
			fam.known = false
			errs = append(errs, fmt.Errorf("replacing %s rules: %w", fam, r.err))
			continue
		}
		for name := range fam.counted {
			if !slices.Equal(fam.seen[name], fam.want[name]) {
				delete(fam.counted, name) // a replaced chain counts from zero
			}
		}
		fam.seen = fam.want
	}
	for _, fam := range f.families {
		if !fam.known || fam.anchored {
			continue
		}
		if err := f.anchor(ctx, fam); err != nil {
			fam.known = false
			errs = append(errs, err)
			continue
		}
		f.log.Info("jumps put to the top of FORWARD", "family", fam.String())
		fam.anchored = true
	}
	return errors.Join(errs...)
}

// sweepOther removes what an earlier run left in the backend that is not used, once our rules are in the one that is.
func (f *Firewall) sweepOther(ctx context.Context) error {
	if !f.leftover {
		return nil
	}
	for _, fam := range f.families {
		if !fam.known || !fam.anchored {
			return nil
		}
	}
	if err := f.remove(ctx, f.others); err != nil {
		return err
	}
	f.leftover = false
	f.log.Info("left-over rules removed from the other backend")
	return nil
}
