package shaping

import (
	"slices"

	"github.com/vishvananda/netlink"
)

// build is the steps that bring what is seen to what is wanted, but for what is to go. A class is born without a limit
// and limited once its own discipline is in place: so nothing waits in the kernel's default one, which would be lost.
func build(seen, want tree) []step {
	if len(want) == 0 {
		return nil
	}
	var steps []step
	if top, ok := seen.root(); !ok || !same(top, want[0]) {
		if ok && top.key() == want[0].key() {
			steps = append(steps, step{remove, top}) // another version's: the kernel changes none in place
		}
		steps = append(steps, step{replace, want[0]})
		seen = nil
	}
	var limits []step
	for _, n := range want[1:] {
		if !n.Class {
			steps = append(steps, below(seen, n)...)
			continue
		}
		switch old, there := seen.find(n.key()); {
		case there && same(old, n):
		case there && old.Parent == n.Parent && old.Kind == n.Kind:
			steps = append(steps, step{change, n})
		case there:
			steps = append(steps, step{remove, old}, step{add, born(n)})
			limits = append(limits, step{change, n})
		default:
			steps = append(steps, step{add, born(n)})
			limits = append(limits, step{change, n})
		}
	}
	return append(steps, limits...)
}

// below is the steps for the discipline of a class.
func below(seen tree, n node) []step {
	old, there := seen.under(n.Parent)
	switch {
	case there && same(old, n):
		return nil
	case there && old.key() == n.key() && old.Kind == n.Kind:
		return []step{{change, n}}
	case there && old.key() == n.key():
		return []step{{remove, old}, {replace, n}} // the kernel turns no kind into another
	}
	return []step{{replace, n}}
}

// born is a class without a limit, otherwise as wanted.
func born(n node) node {
	h, _ := readHTB(n)
	free := newHTB(unlimited, unlimited, h.prio)
	free.quantum = h.quantum
	return free.node(n.Handle, n.Parent)
}

// retire is the classes of ours that are no longer wanted. They are to be opened, and to go when they are empty.
func retire(seen, want tree) []node {
	return slices.DeleteFunc(seen.classes(), func(n node) bool {
		_, stays := want.find(n.key())
		return stays
	})
}

// classes are those that somebody has made. The kernel lists each flow that waits in fq_codel as a class as well.
func (t tree) classes() []node {
	return slices.DeleteFunc(slices.Clone(t), func(n node) bool { return !n.Class || n.Kind != htbKind })
}

// ours says whether the top of a link is a discipline of ours.
func ours(t tree, d direction) bool {
	top, ok := t.root()
	return ok && top.Kind == htbKind && top.Handle == d.major()<<16
}

// foreign is what of a link would have to come back: nothing where the kernel's default is at the top, which comes back
// by itself. Classes that only their discipline itself can make come with it.
func foreign(t tree) tree {
	top, ok := t.root()
	if !ok || top.Handle == 0 {
		return nil
	}
	var kept tree
	for _, n := range t {
		if n.queued = 0; n.Handle != 0 && (!n.Class || made[n.Kind]) {
			kept = append(kept, n)
		}
	}
	return kept.sorted()
}

// made are the disciplines whose classes somebody makes by hand.
var made = map[string]bool{"htb": true, "hfsc": true, "drr": true, "qfq": true}

// sorted puts parents before what hangs on them, and leaves out what hangs on nothing.
func (t tree) sorted() tree {
	var all tree
	for before := -1; len(all) > before; {
		before = len(all)
		for _, n := range t {
			if _, done := all.find(n.key()); !done && t.ready(n, all) {
				all = append(all, n)
			}
		}
	}
	return all
}

// ready says whether all that a node hangs on is among those that are there.
func (t tree) ready(n node, there tree) bool {
	if n.Parent == netlink.HANDLE_ROOT && !n.Class {
		return true
	}
	parent := n.Parent
	if n.Parent == netlink.HANDLE_ROOT {
		parent = n.Handle
	}
	_, discipline := there.find(key{false, parent &^ 0xffff})
	_, known := t.find(key{true, n.Parent})
	_, class := there.find(key{true, n.Parent})
	return discipline && (class || !known)
}
