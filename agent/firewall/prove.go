package firewall

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"
)

// record is what a device's cut has done so far.
type record struct {
	refusals uint64
	deleted  int // flows
	kept     int // flows under our mark, at the last look
}

// subject is a device of the wanted state, or all unknown ones under the id "".
type subject struct {
	id      string
	number  uint32
	offline bool
}

// Prove reads the rules of all families again and compares them with what is wanted. For devices that are offline at
// now it also ends the flows that are left of them, and looks again. Hosts are the devices' addresses by id, those of
// unknown devices under "". A Prove that ctx ends says nothing, and costs the next Apply nothing.
//
// Resets of refused TCP flows need about 200 ms to get out before Prove deletes their entries.
func (f *Firewall) Prove(ctx context.Context, now time.Time, hosts map[string][]netip.Addr) (Proof, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	damage := f.damage.Load()
	f.note()
	err := f.read(ctx)
	if ctx.Err() != nil {
		return Proof{}, err
	}
	if err == nil {
		f.trusted = damage
	}
	all := f.subjects(now)
	f.tally(all)

	why := map[string]string{}
	var cut []subject
	for _, s := range all {
		why[s.id] = f.fault(s)
		if s.offline && why[s.id] == "" {
			cut = append(cut, s)
		}
	}
	left, flowErr := f.endFlows(ctx, cut, hosts)
	for _, s := range cut {
		switch n := left[s.id]; {
		case flowErr != nil:
			why[s.id] = "its flows cannot be looked at"
		case n > 0:
			why[s.id] = fmt.Sprintf("%d of its flows are left", n)
		}
	}
	return f.proof(all, why), errors.Join(err, flowErr)
}

// subjects are all devices that are wanted, and the unknown ones.
func (f *Firewall) subjects(now time.Time) []subject {
	if !f.applied {
		return nil
	}
	all := []subject{{number: unknownNumber, offline: offline(f.wanted.Unknown, now)}}
	for _, d := range f.wanted.Devices {
		all = append(all, subject{id: d.ID, number: f.marks.of[d.ID], offline: offline(d.Windows, now)})
	}
	return all
}

func offline(windows []Window, now time.Time) bool {
	return slices.ContainsFunc(windows, func(w Window) bool {
		return !now.Before(w.From) && (w.To.IsZero() || now.Before(w.To))
	})
}

// tally adds what the rules have refused since the last look, and starts anew for devices that are online.
func (f *Firewall) tally(all []subject) {
	records := make(map[string]*record, len(all))
	for _, s := range all {
		r := f.records[s.id]
		if r == nil || !s.offline {
			r = &record{}
		}
		records[s.id] = r
		for _, fam := range f.families {
			if !fam.known {
				continue
			}
			for _, name := range []string{up(s.number), down(s.number)} {
				count, counted := fam.counts[name], fam.counted[name]
				if count < counted {
					counted = 0 // somebody replaced the chain
				}
				if s.offline {
					r.refusals += count - counted
				}
			}
		}
	}
	for _, fam := range f.families {
		if fam.known {
			fam.counted = fam.counts
		}
	}
	f.records = records
}

// fault is why the rules for a device are not what is wanted, "" if they are.
func (f *Firewall) fault(s subject) string {
	for _, fam := range f.families {
		switch {
		case !fam.known:
			return fmt.Sprintf("the %s rules cannot be read", fam)
		case !fam.anchored:
			return fmt.Sprintf("the %s jumps are not first in FORWARD", fam)
		}
		for _, name := range []string{chainUp, chainDown, chainCut, up(s.number), down(s.number)} {
			want, wanted := fam.want[name]
			seen, there := fam.seen[name]
			if wanted != there || !slices.Equal(want, seen) {
				return fmt.Sprintf("the %s chain %s is not as wanted", fam, name)
			}
		}
	}
	return ""
}

func (f *Firewall) proof(all []subject, why map[string]string) Proof {
	p := Proof{Devices: make(map[string]State, len(all)), Unknown: State{Why: "nothing has been applied yet"}}
	for _, s := range all {
		r := f.records[s.id]
		state := State{InForce: why[s.id] == "", Why: why[s.id], Flows: r.deleted + r.kept, Refusals: r.refusals}
		if s.id == "" {
			p.Unknown = state
			continue
		}
		p.Devices[s.id] = state
	}
	return p
}
