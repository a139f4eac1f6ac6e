package shaping

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// Apply brings the kernel to a wanted state. Queues are compared with the kernel's each time, rules with what was last
// seen of them: [Shaper.State] looks again. Without a floor everything of ours goes and what was there comes back. An
// error names each step that failed; the others are done.
func (s *Shaper) Apply(ctx context.Context, w Wanted) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	minors, err := renumber(s.minors, w.Floors)
	if err != nil {
		return err
	}
	w.Floors = slices.Clone(w.Floors)
	for i, f := range w.Floors {
		w.Floors[i].Marks = slices.DeleteFunc(slices.Clone(f.Marks), func(m uint32) bool { return m&s.cfg.Mark == 0 }) // nobody's
	}
	s.minors, s.wanted = minors, w
	for i, d := range s.directions() {
		s.shares[i] = divide(w, d, minors)
	}
	return s.bring(ctx)
}

// Clear takes away everything of ours, an earlier process's included, and puts back what was there. Nothing is then
// wanted until the next Apply.
func (s *Shaper) Clear(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wanted, s.shares, s.minors = Wanted{}, [2]share{}, nil
	for _, fam := range s.families {
		fam.known = false
	}
	return s.bring(ctx)
}

// bring makes the kernel what the shares say: queues first, then the rules that fill them, then away with what is
// empty. Where a link is not ours yet the rules come first, with a note of what is there: they do nothing before there
// are queues, and where they fail nothing is touched.
func (s *Shaper) bring(ctx context.Context) error {
	if len(s.families) == 0 {
		return nil // a limitation says so
	}
	errs := []error{s.refresh(ctx)}
	taken := false
	var seen [2]tree
	for i, d := range s.directions() {
		if s.shares[i].line == 0 {
			continue
		}
		seen[i] = s.tree(d)
		if s.lost[i] != nil {
			errs = append(errs, s.lost[i])
			continue
		}
		if _, noted := s.was[d.link]; !noted || !ours(seen[i], d) {
			s.was[d.link] = foreign(seen[i])
			taken = true
		}
	}
	if taken {
		if err := s.settle(ctx); err != nil {
			return errors.Join(append(errs, err)...)
		}
	}
	for i, d := range s.directions() {
		if s.shares[i].line != 0 && s.lost[i] == nil {
			errs = append(errs, s.build(d, s.shares[i], seen[i]))
		}
	}
	errs = append(errs, s.settle(ctx))
	for i, d := range s.directions() {
		if s.shares[i].line != 0 && s.lost[i] == nil {
			errs = append(errs, s.retire(ctx, d, s.shares[i]))
		}
	}
	return errors.Join(append(errs, s.giveBack(ctx))...)
}

// refresh reads the rules that are not known.
func (s *Shaper) refresh(ctx context.Context) error {
	var errs []error
	for _, fam := range s.families {
		if !fam.known {
			errs = append(errs, fam.read(ctx))
		}
	}
	return errors.Join(errs...)
}

// settle brings the rules of every family to what is wanted. That IPv6 takes none is a limitation: IPv4 goes on.
func (s *Shaper) settle(ctx context.Context) error {
	for i, fam := range s.families {
		if !fam.known && fam.read(ctx) != nil {
			continue // refresh has told why
		}
		err := s.write(ctx, i)
		if err != nil && s.marking && ctx.Err() == nil {
			err = s.writeUnmarked(ctx, i, err)
		}
		if ctx.Err() != nil {
			return err // that there was no time says nothing of the kernel
		}
		detail := ""
		if err != nil {
			detail = "the kernel does not take the rules: " + err.Error()
		}
		if i > 0 {
			s.limit(limitFour, detail)
			continue
		}
		s.limit(limitRules, detail)
		if err != nil {
			return err
		}
	}
	return nil
}

// writeUnmarked tries once more without a DSCP, which a small kernel may lack.
func (s *Shaper) writeUnmarked(ctx context.Context, i int, first error) error {
	s.marking = false
	if err := s.write(ctx, i); err != nil {
		s.marking = true
		return first
	}
	s.limit(limitMarking, "the kernel sets no DSCP, so Wi-Fi does not put video first: "+first.Error())
	return nil
}

func (s *Shaper) write(ctx context.Context, i int) error {
	rs, jumps, err := s.rules(i == 0)
	if err != nil {
		return err
	}
	fam := s.families[i]
	if !fam.known {
		if err := fam.read(ctx); err != nil {
			return err
		}
	}
	text := restore(fam.seen, rs, jumps)
	if text == "" {
		return nil
	}
	return fam.write(ctx, text)
}

// build makes and changes the queues of a link, and looks whether they came to be.
func (s *Shaper) build(d direction, sh share, seen tree) error {
	for range 2 {
		steps := build(seen, sh.tree(d, s.leaf))
		if len(steps) == 0 {
			return nil
		}
		again, err := s.run(d, steps)
		if err != nil {
			return err
		}
		if seen = s.tree(d); !again {
			s.log.Info("queues changed", "link", d.link, "way", d.String(), "line", sh.line*8, "floors", len(sh.floors))
			break
		}
	}
	if left := build(seen, sh.tree(d, s.leaf)); len(left) > 0 {
		return fmt.Errorf("shaping %q: after all changes %s is left", d.link, left[0])
	}
	return nil
}

// run takes steps one after the other. It ends early with again where the kernel lacks the better discipline.
func (s *Shaper) run(d direction, steps []step) (again bool, err error) {
	for _, one := range steps {
		err := s.control.Do(d.link, one)
		unknown := errors.Is(err, unix.ENOENT) && !one.node.Class && one.verb != remove
		switch {
		case err == nil && one.node.Kind == fqCodel:
			s.limit(limitQueue, "")
		case err == nil && one.node.Parent == netlink.HANDLE_ROOT:
			s.limit(limitHTB, "")
		case err == nil:
		case unknown && one.node.Kind == fqCodel:
			s.simplify()
			return true, nil
		case unknown && one.node.Kind == htbKind:
			s.limit(limitHTB, "the kernel has no HTB: no floor can be kept")
			return false, err
		default:
			return false, err
		}
	}
	return false, nil
}

// retire opens the classes that are no longer wanted, lets their packets out and takes them away.
func (s *Shaper) retire(ctx context.Context, d direction, sh share) error {
	seen := s.tree(d)
	if !ours(seen, d) {
		return s.lost[d.index()]
	}
	gone := retire(seen, sh.tree(d, s.leaf))
	errs := []error{s.drain(ctx, d, gone)}
	if ctx.Err() != nil {
		return errors.Join(append(errs, ctx.Err())...) // they are open, and go the next time
	}
	for _, n := range slices.Backward(gone) {
		errs = append(errs, s.control.Do(d.link, step{remove, n}))
	}
	return errors.Join(errs...)
}

// drainTime is how long packets that wait are let out at most.
const drainTime = 300 * time.Millisecond

// drain opens classes and waits until nothing is in them.
func (s *Shaper) drain(ctx context.Context, d direction, classes []node) error {
	var errs []error
	for _, n := range classes {
		errs = append(errs, s.control.Do(d.link, step{change, born(n)}))
	}
	ctx, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	for waiting := len(classes) > 0; waiting; {
		seen := s.tree(d)
		waiting = slices.ContainsFunc(classes, func(n node) bool {
			now, there := seen.find(n.key())
			return there && now.queued > 0
		})
		select {
		case <-ctx.Done():
			return errors.Join(errs...)
		case <-time.After(2 * time.Millisecond):
		}
	}
	return errors.Join(errs...)
}

// giveBack puts back what was on the links that are no longer shared, and forgets it.
func (s *Shaper) giveBack(ctx context.Context) error {
	var errs []error
	before, fault := len(s.was), ""
	for link, was := range s.was {
		d, kept := s.holder(link)
		if kept {
			continue
		}
		detail, err := s.release(ctx, d, was)
		if err != nil && !errors.Is(err, unix.ENODEV) {
			errs = append(errs, err)
			continue
		}
		if detail != "" {
			fault = detail
		}
		delete(s.was, link)
	}
	if len(s.was) != before {
		s.limit(limitReturn, fault)
		errs = append(errs, s.settle(ctx))
	}
	return errors.Join(errs...)
}

// holder is the direction that a link was taken for, and whether it is wanted now. A link that the configuration no
// longer names may have been taken for either.
func (s *Shaper) holder(link string) (direction, bool) {
	for i, d := range s.directions() {
		if d.link == link {
			return d, s.shares[i].line != 0
		}
	}
	d := direction{link: link}
	if t, err := s.control.Tree(link); err == nil {
		d.up = ours(t, direction{up: true, link: link})
	}
	return d, false
}

// release puts back what was on a link, and tells what of it could not be. Where somebody else has taken the link
// meanwhile, it stays theirs.
func (s *Shaper) release(ctx context.Context, d direction, was tree) (fault string, err error) {
	seen, err := s.control.Tree(d.link)
	if err != nil || !ours(seen, d) {
		return "", err
	}
	if err := s.drain(ctx, d, seen.classes()); err != nil {
		s.log.Warn("queues did not open before they went", "link", d.link, "reason", err)
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	top, _ := seen.root()
	for i, n := range was {
		verb := add
		if i == 0 {
			verb = replace
		}
		if err := s.control.Do(d.link, step{verb, asInput(n)}); err != nil {
			fault = fmt.Sprintf("what queued on %s before could not be put back as it was: %v", d.link, err)
		}
		if fault != "" && i == 0 {
			was = nil
			break
		}
	}
	if len(was) == 0 {
		if err := s.control.Do(d.link, step{remove, top}); err != nil {
			return fault, err
		}
	}
	s.log.Info("queues given back", "link", d.link)
	return fault, nil
}
