package shaping

import (
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
)

// Handles. Majors below 0x8000 are never given by the kernel itself, and each link has its own, so that a class of one
// is nothing on a link below or beside it.
const (
	majorDown = 0xcb1 // of the discipline on the LAN's link
	majorUp   = 0xcb2 // on the WAN's

	minorLine   = 1    // all that crosses the line
	minorOthers = 2    // of that, what is no floor's
	minorFloors = 0x10 // the first floor's
	maxMinor    = 0xfff

	majorLeaf = 0x2000 // and the minor of the class above: a discipline that holds packets
)

const (
	tick      = 64 * time.Nanosecond // the kernel's unit in traffic control (PSCHED_SHIFT)
	burst     = 5 * time.Millisecond // of a rate may go at once: a timer of a busy box may be late by that much
	packet    = 1514                 // bytes on an Ethernet link
	unlimited = 4_000_000_000        // bytes/s, just what the old 32 bits hold
	r2q       = 10                   // never used since each class says its quantum; the kernel wants some
	directMax = 1000                 // packets that may wait without a class
	turn      = 2 * time.Millisecond // of its rate a class sends before another one may
	htbKind   = "htb"
	htbLink   = nl.LINKLAYER_ETHERNET // with it the kernel needs no rate tables
)

// htbRoot is the discipline at the top of a link. What no rule has classified goes to class def, or out at once where
// there is no such class.
func htbRoot(major, def uint32) node {
	init := nl.TcHtbGlob{Version: htbVersion, Rate2Quantum: r2q, Defcls: def}
	return node{Handle: major << 16, Parent: netlink.HANDLE_ROOT, Kind: htbKind,
		Options: join(nl.NewRtAttr(nl.TCA_HTB_INIT, init.Serialize()), nl.NewRtAttr(nl.TCA_HTB_DIRECT_QLEN, nl.Uint32Attr(directMax)))}
}

const htbVersion = 3 // the kernel tells more digits of it than it takes

// asInput is a node that the kernel has told of in the form that it takes.
func asInput(n node) node {
	values, err := attributes(n.Options)
	init := values[nl.TCA_HTB_INIT]
	if err != nil || n.Class || n.Kind != htbKind || len(init) < nl.SizeofTcHtbGlob {
		return n
	}
	glob := *nl.DeserializeTcHtbGlob(init)
	glob.Version, glob.DirectPkts = htbVersion, 0
	attrs := []*nl.RtAttr{nl.NewRtAttr(nl.TCA_HTB_INIT, glob.Serialize())}
	if length := values[nl.TCA_HTB_DIRECT_QLEN]; length != nil {
		attrs = append(attrs, nl.NewRtAttr(nl.TCA_HTB_DIRECT_QLEN, length))
	}
	n.Options = join(attrs...)
	return n
}

// htb is what a class of the discipline may send.
type htb struct {
	rate, ceil      uint64 // bytes/s: sure, and at most
	buffer, cbuffer uint32 // how much of it at once, in ticks
	quantum         uint32 // bytes in a turn
	prio            uint32 // 0 goes first
}

// newHTB sizes bursts and turns for a rate. Said out loud, the kernel never has to warn that it guessed them.
func newHTB(rate, ceil uint64, prio uint32) htb {
	return htb{rate: rate, ceil: ceil, buffer: atOnce(rate), cbuffer: atOnce(ceil), prio: prio,
		quantum: uint32(min(max(rate*uint64(turn)/uint64(time.Second), packet), 60_000))}
}

// atOnce is the time of a burst, at least that of two packets.
func atOnce(rate uint64) uint32 {
	two := time.Duration(2 * packet * uint64(time.Second) / rate)
	return uint32(max(burst, two) / tick)
}

func (h htb) node(class, parent uint32) node {
	spec := func(rate uint64) nl.TcRateSpec {
		return nl.TcRateSpec{Linklayer: uint8(htbLink), Rate: uint32(min(rate, 1<<32-1))}
	}
	opt := nl.TcHtbCopt{Rate: spec(h.rate), Ceil: spec(h.ceil), Buffer: h.buffer, Cbuffer: h.cbuffer, Quantum: h.quantum, Prio: h.prio}
	attrs := []*nl.RtAttr{nl.NewRtAttr(nl.TCA_HTB_PARMS, opt.Serialize())}
	if h.rate >= 1<<32 {
		attrs = append(attrs, nl.NewRtAttr(nl.TCA_HTB_RATE64, nl.Uint64Attr(h.rate)))
	}
	if h.ceil >= 1<<32 {
		attrs = append(attrs, nl.NewRtAttr(nl.TCA_HTB_CEIL64, nl.Uint64Attr(h.ceil)))
	}
	return node{Class: true, Handle: class, Parent: parent, Kind: htbKind, Options: join(attrs...)}
}

// readHTB is what a class of the kernel may send; false for anything else.
func readHTB(n node) (htb, bool) {
	values, err := attributes(n.Options)
	parms := values[nl.TCA_HTB_PARMS]
	if err != nil || !n.Class || n.Kind != htbKind || len(parms) < nl.SizeofTcHtbCopt {
		return htb{}, false
	}
	opt := nl.DeserializeTcHtbCopt(parms)
	h := htb{rate: uint64(opt.Rate.Rate), ceil: uint64(opt.Ceil.Rate), buffer: opt.Buffer, cbuffer: opt.Cbuffer,
		quantum: opt.Quantum, prio: opt.Prio}
	if b := values[nl.TCA_HTB_RATE64]; len(b) == 8 {
		h.rate = nl.NativeEndian().Uint64(b)
	}
	if b := values[nl.TCA_HTB_CEIL64]; len(b) == 8 {
		h.ceil = nl.NativeEndian().Uint64(b)
	}
	return h, true
}

// The disciplines that hold the packets of a class. The first shares the class between flows and keeps queues short by
// itself; the other is what every kernel has.
const (
	fqCodel = "fq_codel"
	fifo    = "pfifo"
)

// Attributes of fq_codel, which the library does not name.
const (
	fqCodelLimit       = 2
	fqCodelECN         = 4
	fqCodelMemoryLimit = 9
)

// leaf holds the packets of a class, at most so many.
func leaf(kind string, class uint32, packets uint32) node {
	n := node{Handle: (majorLeaf + class&0xffff) << 16, Parent: class, Kind: kind}
	if kind == fifo {
		n.Options = nl.Uint32Attr(packets)
		return n
	}
	n.Options = join(nl.NewRtAttr(fqCodelLimit, nl.Uint32Attr(1024)), nl.NewRtAttr(fqCodelECN, nl.Uint32Attr(1)),
		nl.NewRtAttr(fqCodelMemoryLimit, nl.Uint32Attr(4<<20)))
	return n
}

// same says whether the kernel's node is as wanted. What the kernel adds or rounds in a form of its own is passed over.
func same(seen, want node) bool {
	if seen.key() != want.key() || seen.Parent != want.Parent || seen.Kind != want.Kind {
		return false
	}
	switch {
	case want.Class:
		a, ok := readHTB(seen)
		b, _ := readHTB(want)
		return ok && a == b
	case want.Kind == htbKind:
		a, _ := attributes(seen.Options)
		b, _ := attributes(want.Options)
		x, y := a[nl.TCA_HTB_INIT], b[nl.TCA_HTB_INIT]
		const words = 3 * 4 // version, r2q and default; packets are counted after them
		return len(x) >= words && string(x[4:words]) == string(y[4:words])
	case want.Kind == fifo:
		return number(seen.Options) == number(want.Options)
	}
	a, _ := attributes(seen.Options)
	b, _ := attributes(want.Options)
	return number(a[fqCodelLimit]) == number(b[fqCodelLimit])
}

func join(attrs ...*nl.RtAttr) []byte {
	var all []byte
	for _, a := range attrs {
		all = append(all, a.Serialize()...)
	}
	return all
}
