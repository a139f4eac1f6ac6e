package devices

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/carebox-project/carebox/policies/wire"
)

// Neighbours are the kernel's tables of both families and all links as they stand, for people who help: failed ones too.
func Neighbours() ([]wire.Neighbour, error) {
	links, err := netlink.LinkList()
	if err != nil {
		return nil, fmt.Errorf("listing links: %w", err)
	}
	names := map[int]string{}
	for _, l := range links {
		names[l.Attrs().Index] = l.Attrs().Name
	}
	var all []wire.Neighbour
	for _, family := range []int{unix.AF_INET, unix.AF_INET6} {
		list, err := netlink.NeighList(0, family)
		if err != nil {
			return nil, fmt.Errorf("listing neighbours: %w", err)
		}
		for _, n := range list {
			addr, ok := netip.AddrFromSlice(n.IP)
			if !ok || n.State&unix.NUD_NOARP != 0 {
				continue
			}
			all = append(all, wire.Neighbour{
				Address: addr.Unmap().String(), MAC: strings.ToLower(n.HardwareAddr.String()), State: stateOf(n.State), Link: names[n.LinkIndex],
			})
		}
	}
	return all, nil
}

// stateOf is a neighbour's state in the words of ip-neighbour(8).
func stateOf(state int) string {
	for _, s := range [...]struct {
		bit  int
		word string
	}{
		{unix.NUD_PERMANENT, "permanent"}, {unix.NUD_REACHABLE, "reachable"}, {unix.NUD_STALE, "stale"}, {unix.NUD_DELAY, "delay"},
		{unix.NUD_PROBE, "probe"}, {unix.NUD_INCOMPLETE, "incomplete"}, {unix.NUD_FAILED, "failed"},
	} {
		if state&s.bit != 0 {
			return s.word
		}
	}
	return "none"
}

// Files in which the kernel tells its routes. Over netlink the same takes a tenth of a megabyte of program.
const (
	routes4 = "/proc/net/route"
	routes6 = "/proc/net/ipv6_route"
)

// Gateways are the next routers on the way to the internet, of both families.
func Gateways() ([]netip.Addr, error) {
	four, err := os.ReadFile(routes4)
	if err != nil {
		return nil, fmt.Errorf("reading routes: %w", err)
	}
	six, err := os.ReadFile(routes6)
	if err != nil && !errors.Is(err, os.ErrNotExist) { // a kernel without IPv6
		return nil, fmt.Errorf("reading routes: %w", err)
	}
	return parseGateways(string(four), string(six)), nil
}

// parseGateways reads what the kernel prints: IPv4 as numbers of its own byte order, IPv6 as they are sent.
func parseGateways(four, six string) []netip.Addr {
	var all []netip.Addr
	add := func(a netip.Addr) {
		if !a.IsUnspecified() && !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	for line := range strings.Lines(four) {
		f := strings.Fields(line) // Iface Destination Gateway Flags RefCnt Use Metric Mask …
		if len(f) < 8 || f[1] != "00000000" || f[7] != "00000000" {
			continue
		}
		if number, err := strconv.ParseUint(f[2], 16, 32); err == nil {
			var raw [4]byte
			binary.NativeEndian.PutUint32(raw[:], uint32(number))
			add(netip.AddrFrom4(raw))
		}
	}
	for line := range strings.Lines(six) {
		f := strings.Fields(line) // destination length source length next hop …
		if len(f) < 5 || f[0] != strings.Repeat("0", 32) || f[1] != "00" {
			continue
		}
		if raw, err := hex.DecodeString(f[4]); err == nil && len(raw) == 16 {
			add(netip.AddrFrom16([16]byte(raw)))
		}
	}
	return all
}
