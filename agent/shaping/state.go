package shaping

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/carebox-project/carebox/policies"
)

// State reads queues and rules again and says of every wanted floor, in that order, what is kept. The next Apply mends
// what it found. An error tells what could not be read; the states hold nevertheless.
func (s *Shaper) State(ctx context.Context) ([]FloorState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.wanted.Floors) == 0 && len(s.was) == 0 {
		return nil, nil
	}
	var errs []error
	rival := ""
	for _, fam := range s.families {
		errs = append(errs, fam.read(ctx))
		if rule := fam.seen.rival(); rule != "" {
			rival = fmt.Sprintf("another tool gives packets a class or a DSCP as well (%s): %s", fam, rule)
		}
	}
	s.limit(limitRival, rival)
	var seen [2]tree
	for i, d := range s.directions() {
		if s.shares[i].line == 0 {
			continue
		}
		seen[i] = s.tree(d)
		errs = append(errs, s.lost[i])
	}
	var all []FloorState
	for _, f := range s.wanted.Floors {
		all = append(all, s.judge(f, seen))
	}
	return all, errors.Join(errs...)
}

// judge is the state of one floor. The first of the reasons that holds is told.
func (s *Shaper) judge(f Floor, seen [2]tree) FloorState {
	st := FloorState{ID: f.ID}
	worst := len(reasons)
	for i, d := range s.directions() {
		asked := d.asked(f)
		kept, why, detail := s.kept(f, i, seen[i])
		if asked == 0 && why == LineUnknown {
			continue // nothing is asked there
		}
		if rank := slices.Index(reasons, why); why != "" && rank < worst {
			worst, st.Why, st.Detail = rank, why, detail
		}
		if asked > 0 && d.up {
			st.Up = kept
		} else if asked > 0 {
			st.Down = kept
		}
	}
	st.InForce = st.Why == ""
	return st
}

// reasons, the gravest first.
var reasons = []string{NoLink, NoHTB, NoRule, NoClass, LineUnknown, FloorsTooHigh}

// kept is what a floor has in one direction, in bit/s, and why that is not what was asked.
func (s *Shaper) kept(f Floor, i int, seen tree) (kept int64, why, detail string) {
	d, sh := s.directions()[i], s.shares[i]
	switch {
	case sh.line == 0:
		return 0, LineUnknown, fmt.Sprintf("the rate of the line is not known (%s)", d)
	case s.lost[i] != nil:
		return 0, NoLink, s.lost[i].Error()
	case !ours(seen, d) && s.limits[limitHTB] != "":
		return 0, NoHTB, s.limits[limitHTB]
	}
	if detail := s.ruleFault(f, d); detail != "" {
		return 0, NoRule, detail
	}
	one, want := sh.only(f.ID)
	if detail := fault(seen, one.tree(d, s.leaf)); detail != "" {
		now, _ := seen.find(key{true, d.class(want.minor)})
		class, _ := readHTB(now)
		return min(int64(float64(class.rate*8)/headers), want.floor), NoClass, detail + " of " + d.link
	}
	if sh.scaled {
		return want.floor, FloorsTooHigh, fmt.Sprintf("floors are more than %d %% of the line (%s): each is kept in part", policies.LineShare, d)
	}
	return want.floor, "", ""
}

// fault is the first node that is not as wanted, "" if all are.
func fault(seen, want tree) string {
	for _, n := range want {
		if now, there := seen.find(n.key()); !there || !same(now, n) {
			return fmt.Sprintf("%s %x:%x is not as wanted", n.Kind, n.Handle>>16, n.Handle&0xffff)
		}
	}
	return ""
}

// ruleFault is why a floor's packets are not told apart in some family, "" if they are.
func (s *Shaper) ruleFault(f Floor, d direction) string {
	switch {
	case s.limits[limitRules] != "":
		return s.limits[limitRules]
	case len(f.Marks) == 0:
		return "none of its devices can be told by a mark"
	}
	for i, fam := range s.families {
		if !fam.known {
			return fmt.Sprintf("the %s rules cannot be read", fam)
		}
		want, jumps, err := s.rules(i == 0)
		if err != nil {
			return err.Error()
		}
		if !fam.seen.anchored(jumps) {
			return fmt.Sprintf("the %s jumps are not first in %s", fam, hook)
		}
		for _, name := range []string{d.chain(), d.own(s.minors[f.ID])} {
			if !slices.Equal(fam.seen.chains[name], want[name]) {
				return fmt.Sprintf("the %s chain %s is not as wanted", fam, name)
			}
		}
	}
	return ""
}
