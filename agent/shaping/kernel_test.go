package shaping

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// memoryKernel is the traffic control of a link in memory. It refuses what the kernel refuses, and step number failAt.
type memoryKernel struct {
	tree          tree
	lacks         string // a kind of discipline
	steps, failAt int
	log           []string
}

func (k *memoryKernel) String() string {
	var b bytes.Buffer
	for _, n := range k.tree {
		h, _ := readHTB(n)
		fmt.Fprintf(&b, "%v %x<%x %s %v\n", n.Class, n.Handle, n.Parent, n.Kind, h)
	}
	return b.String()
}

// Tree lists flows of fq_codel as classes, as the kernel does.
func (k *memoryKernel) Tree(string) (tree, error) {
	t := slices.Clone(k.tree)
	for _, n := range k.tree {
		if n.Kind == fqCodel {
			t = append(t, node{Class: true, Handle: n.Handle | 0x1ac, Parent: n.Handle, Kind: fqCodel})
		}
	}
	return t, nil
}

func (k *memoryKernel) Do(_ string, s step) error {
	k.steps++
	if k.steps == k.failAt {
		return unix.EBUSY
	}
	k.log = append(k.log, s.String())
	n := s.node
	at := slices.IndexFunc(k.tree, func(one node) bool { return one.key() == n.key() })
	switch {
	case s.verb == remove && at < 0:
		return unix.ENOENT
	case s.verb == remove:
		k.cut(k.tree[at])
		return nil
	case n.Kind == k.lacks:
		return unix.ENOENT
	case n.Parent != netlink.HANDLE_ROOT && !slices.ContainsFunc(k.tree, func(one node) bool { return one.Handle == n.Parent }):
		return unix.EINVAL
	case s.verb == add && at >= 0:
		return unix.EEXIST
	case s.verb == change && at < 0:
		return unix.ENOENT
	case at >= 0 && (k.tree[at].Kind != n.Kind || !n.Class && n.Kind == htbKind):
		return unix.EINVAL // no kind becomes another, and HTB itself does not change
	}
	if at >= 0 {
		k.tree[at] = n
		return nil
	}
	if old, ok := k.tree.root(); ok && !n.Class && n.Parent == netlink.HANDLE_ROOT {
		k.cut(old)
	} else if old, ok := k.tree.under(n.Parent); ok && !n.Class {
		k.cut(old)
	}
	k.tree = append(k.tree, n)
	return nil
}

// cut takes a node away with all that hangs on it.
func (k *memoryKernel) cut(n node) {
	k.tree = slices.DeleteFunc(k.tree, func(one node) bool { return one.key() == n.key() })
	for _, one := range slices.Clone(k.tree) {
		if one.Parent == n.Handle || !n.Class && n.Parent == netlink.HANDLE_ROOT && one.Class {
			k.cut(one)
		}
	}
}
