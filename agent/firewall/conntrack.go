package firewall

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// Attributes of linux/netfilter/nfnetlink_conntrack.h that the library does not name, and bits of CTA_STATUS.
const (
	ctaZone          = 18
	ctaMarkMask      = 21
	ctaCountersReply = 10
	ctaID            = 12
	countersBytes    = 2

	statusOffload   = 1<<14 | 1<<15 // software, hardware
	nestedAttribute = unix.NLA_F_NESTED
)

// netlinkConntrack is the kernel's table over netlink. The library's own calls drop what we need (status, id, ICMP's
// ports) and hold a whole dump in memory.
type netlinkConntrack struct{}

func (netlinkConntrack) Walk(six bool, visit func(*flow)) error {
	req := conntrackRequest(nl.IPCTNL_MSG_CT_GET, unix.NLM_F_DUMP, six)
	err := req.ExecuteIter(unix.NETLINK_NETFILTER, 0, func(msg []byte) bool {
		if f, ok := parseFlow(msg); ok && f.six == six {
			visit(&f)
		}
		return true
	})
	// A table that changes size meanwhile makes a dump incomplete: whoever must be sure looks again.
	if err != nil && !errors.Is(err, nl.ErrDumpInterrupted) {
		return fmt.Errorf("dumping conntrack: %w", err)
	}
	return nil
}

func (netlinkConntrack) Delete(f *flow) error {
	req := conntrackRequest(nl.IPCTNL_MSG_CT_DELETE, unix.NLM_F_ACK, f.six)
	req.AddData(nl.NewRtAttr(nl.CTA_TUPLE_ORIG|nestedAttribute, f.tuple))
	req.AddData(nl.NewRtAttr(ctaID, nl.BEUint32Attr(f.id))) // not another flow that has come in its place
	return f.execute(req, "deleting")
}

func (netlinkConntrack) Mark(f *flow, value, mask uint32) error {
	req := conntrackRequest(nl.IPCTNL_MSG_CT_NEW, unix.NLM_F_ACK, f.six)
	req.AddData(nl.NewRtAttr(nl.CTA_TUPLE_ORIG|nestedAttribute, f.tuple))
	req.AddData(nl.NewRtAttr(nl.CTA_MARK, nl.BEUint32Attr(value)))
	req.AddData(nl.NewRtAttr(ctaMarkMask, nl.BEUint32Attr(mask)))
	return f.execute(req, "marking")
}

func (f *flow) execute(req *nl.NetlinkRequest, doing string) error {
	if f.zone != nil {
		req.AddData(nl.NewRtAttr(ctaZone, f.zone))
	}
	if _, err := req.Execute(unix.NETLINK_NETFILTER, 0); err != nil && !errors.Is(err, unix.ENOENT) {
		return fmt.Errorf("%s a flow: %w", doing, err)
	}
	return nil
}

func conntrackRequest(operation, flags int, six bool) *nl.NetlinkRequest {
	req := nl.NewNetlinkRequest(unix.NFNL_SUBSYS_CTNETLINK<<8|operation, flags)
	req.AddData(&nl.Nfgenmsg{NfgenFamily: familyByte(six), Version: nl.NFNETLINK_V0})
	return req
}

func familyByte(six bool) uint8 {
	if six {
		return unix.AF_INET6
	}
	return unix.AF_INET
}

// parseFlow reads one entry of a dump. Its slices are those of the message.
func parseFlow(msg []byte) (f flow, ok bool) {
	if len(msg) < nl.SizeofNfgenmsg {
		return f, false
	}
	f.six = msg[0] == unix.AF_INET6
	for kind, value := range attributes(msg[nl.SizeofNfgenmsg:]) {
		switch kind {
		case nl.CTA_TUPLE_ORIG:
			f.tuple, f.orig = value, parseEnds(value)
		case nl.CTA_TUPLE_REPLY:
			f.reply = parseEnds(value)
		case nl.CTA_STATUS:
			f.offloaded = number32(value)&statusOffload != 0
		case nl.CTA_MARK:
			f.mark = number32(value)
		case nl.CTA_COUNTERS_ORIG, ctaCountersReply:
			for kind, n := range attributes(value) {
				if kind == countersBytes && len(n) == 8 {
					f.bytes += binary.BigEndian.Uint64(n)
				}
			}
		case ctaID:
			f.id = number32(value)
		case ctaZone:
			f.zone = value
		}
	}
	return f, f.orig.src.IsValid() && f.orig.dst.IsValid() && f.reply.src.IsValid() && f.reply.dst.IsValid()
}

func parseEnds(tuple []byte) (e ends) {
	for kind, value := range attributes(tuple) {
		if kind != nl.CTA_TUPLE_IP {
			continue
		}
		for kind, addr := range attributes(value) {
			a, ok := netip.AddrFromSlice(addr)
			switch {
			case !ok:
			case kind == nl.CTA_IP_V4_SRC || kind == nl.CTA_IP_V6_SRC:
				e.src = a
			case kind == nl.CTA_IP_V4_DST || kind == nl.CTA_IP_V6_DST:
				e.dst = a
			}
		}
	}
	return e
}

func number32(b []byte) uint32 {
	if len(b) != 4 {
		return 0
	}
	return binary.BigEndian.Uint32(b)
}

// attributes are the netlink attributes in b by kind, without flags; it stops at the first that is no attribute.
func attributes(b []byte) func(yield func(kind uint16, value []byte) bool) {
	return func(yield func(uint16, []byte) bool) {
		for len(b) >= unix.NLA_HDRLEN {
			n := int(binary.NativeEndian.Uint16(b))
			kind := binary.NativeEndian.Uint16(b[2:]) & nl.NLA_TYPE_MASK
			if n < unix.NLA_HDRLEN || n > len(b) || !yield(kind, b[unix.NLA_HDRLEN:n]) {
				return
			}
			b = b[min(len(b), (n+unix.NLA_ALIGNTO-1)&^(unix.NLA_ALIGNTO-1)):]
		}
	}
}
