package shaping

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// node is a queueing discipline of a link, or a class of one.
type node struct {
	Class   bool   `json:"class,omitempty"`
	Handle  uint32 `json:"handle"` // 0 of what the kernel has put there by itself
	Parent  uint32 `json:"parent"` // netlink.HANDLE_ROOT at the top
	Kind    string `json:"kind"`
	Options []byte `json:"options,omitempty"` // attributes in the kernel's own form
	queued  uint32 // packets that wait
}

// key tells the nodes of a link apart: a class and a discipline may share a handle.
type key struct {
	class  bool
	handle uint32
}

func (n node) key() key { return key{n.Class, n.Handle} }

// tree is all that queues the packets that a link sends.
type tree []node

// root is what stands at the top; false where the link has nothing at all.
func (t tree) root() (node, bool) {
	for _, n := range t {
		if !n.Class && n.Parent == netlink.HANDLE_ROOT {
			return n, true
		}
	}
	return node{}, false
}

func (t tree) find(k key) (node, bool) {
	for _, n := range t {
		if n.key() == k {
			return n, true
		}
	}
	return node{}, false
}

// under is the discipline that a class hands its packets to, if it is not the kernel's default.
func (t tree) under(class uint32) (node, bool) {
	for _, n := range t {
		if !n.Class && n.Parent == class {
			return n, true
		}
	}
	return node{}, false
}

// verb is what to do with a node.
type verb int

const (
	add     verb = iota // it must not be there
	replace             // it may be, of another kind
	change              // it is there and stays
	remove
)

func (v verb) String() string {
	return [...]string{"adding", "replacing", "changing", "removing"}[v]
}

// step is one change of a link's tree.
type step struct {
	verb verb
	node node
}

func (s step) String() string {
	what := "discipline"
	if s.node.Class {
		what = "class"
	}
	return fmt.Sprintf("%s %s %s %x:%x", s.verb, s.node.Kind, what, s.node.Handle>>16, s.node.Handle&0xffff)
}

// control is the kernel's traffic control.
type control interface {
	Tree(link string) (tree, error) // unix.ENODEV for a link that is not there
	Do(link string, s step) error   // unix.ENOENT for a kind that the kernel lacks
}

type kernel struct{}

func (kernel) Tree(link string) (tree, error) {
	index, err := indexOf(link)
	if err != nil {
		return nil, err
	}
	var t tree
	for _, class := range []bool{false, true} {
		kind := unix.RTM_GETQDISC
		if class {
			kind = unix.RTM_GETTCLASS
		}
		req := nl.NewNetlinkRequest(kind, unix.NLM_F_DUMP)
		req.AddData(&nl.TcMsg{Family: nl.FAMILY_ALL, Ifindex: index})
		msgs, err := req.Execute(unix.NETLINK_ROUTE, 0)
		if err != nil {
			return nil, fmt.Errorf("reading the queues of %q: %w", link, err)
		}
		for _, m := range msgs {
			n, of, err := parseNode(m)
			if err != nil {
				return nil, fmt.Errorf("reading the queues of %q: %w", link, err)
			}
			if n.Class = class; of == index && n.Parent != netlink.HANDLE_INGRESS {
				t = append(t, n)
			}
		}
	}
	return t, nil
}

func (kernel) Do(link string, s step) error {
	index, err := indexOf(link)
	if err != nil {
		return err
	}
	kind, flags := unix.RTM_NEWQDISC, 0
	if s.node.Class {
		kind = unix.RTM_NEWTCLASS
	}
	switch s.verb {
	case add:
		flags = unix.NLM_F_CREATE | unix.NLM_F_EXCL
	case replace:
		flags = unix.NLM_F_CREATE | unix.NLM_F_REPLACE
	case remove:
		kind++ // each RTM_DEL follows its RTM_NEW
	}
	req := nl.NewNetlinkRequest(kind, flags|unix.NLM_F_ACK)
	req.AddData(&nl.TcMsg{Family: nl.FAMILY_ALL, Ifindex: index, Handle: s.node.Handle, Parent: s.node.Parent})
	if s.verb != remove {
		req.AddData(nl.NewRtAttr(nl.TCA_KIND, nl.ZeroTerminated(s.node.Kind)))
		if len(s.node.Options) > 0 {
			req.AddData(nl.NewRtAttr(nl.TCA_OPTIONS, s.node.Options))
		}
	}
	if _, err := req.Execute(unix.NETLINK_ROUTE, 0); err != nil {
		return fmt.Errorf("%s of %q: %w", s, link, err)
	}
	return nil
}

func indexOf(link string) (int32, error) {
	l, err := netlink.LinkByName(link)
	if missing := (netlink.LinkNotFoundError{}); errors.As(err, &missing) {
		err = unix.ENODEV
	}
	if err != nil {
		return 0, fmt.Errorf("finding link %q: %w", link, err)
	}
	return int32(l.Attrs().Index), nil
}

var errShort = errors.New("a message is cut short")

// parseNode reads a message of a dump, with the index of the link that it is about.
func parseNode(msg []byte) (node, int32, error) {
	if len(msg) < nl.SizeofTcMsg {
		return node{}, 0, errShort
	}
	head := nl.DeserializeTcMsg(msg)
	n := node{Handle: head.Handle, Parent: head.Parent}
	values, err := attributes(msg[nl.SizeofTcMsg:])
	if err != nil {
		return node{}, 0, err
	}
	n.Kind = string(values[nl.TCA_KIND])
	if end := len(n.Kind) - 1; end >= 0 && n.Kind[end] == 0 {
		n.Kind = n.Kind[:end]
	}
	n.Options = values[nl.TCA_OPTIONS]
	stats, err := attributes(values[nl.TCA_STATS2])
	if err != nil {
		return node{}, 0, err
	}
	n.queued = number(stats[nl.TCA_STATS_QUEUE]) // its length comes first
	return n, head.Ifindex, nil
}

// attributes are the values by type.
func attributes(b []byte) (map[int][]byte, error) {
	all, err := nl.ParseRouteAttr(b)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errShort, err)
	}
	values := make(map[int][]byte, len(all))
	for _, a := range all {
		values[int(a.Attr.Type&^(syscall.NLA_F_NESTED|syscall.NLA_F_NET_BYTEORDER))] = a.Value
	}
	return values, nil
}

// number is a value's first 32 bits, 0 where it has fewer.
func number(b []byte) uint32 {
	if len(b) < 4 {
		return 0
	}
	return nl.NativeEndian().Uint32(b)
}
