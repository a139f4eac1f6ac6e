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

	"golang.org/x/sys/unix"
)

// Files in which the kernel tells the routes of the calling thread's namespace. Over netlink the same would make the program a
// tenth of a megabyte bigger.
const (
	routes4 = "/proc/thread-self/net/route"
	routes6 = "/proc/thread-self/net/ipv6_route"
)

// route is a way to everything that has no other.
type route struct {
	link string
	via  netip.Addr // unspecified on a link where there is only one other side; its family is the route's
}

// Gateways are the next routers on the way to the internet, of both families.
func Gateways() ([]netip.Addr, error) {
	routes, err := defaultRoutes()
	if err != nil {
		return nil, err
	}
	var all []netip.Addr
	for _, r := range routes {
		if !r.via.IsUnspecified() && !slices.Contains(all, r.via) {
			all = append(all, r.via)
		}
	}
	return all, nil
}

func defaultRoutes() ([]route, error) {
	four, err := os.ReadFile(routes4)
	if err != nil {
		return nil, fmt.Errorf("reading routes: %w", err)
	}
	six, err := os.ReadFile(routes6)
	if err != nil && !errors.Is(err, os.ErrNotExist) { // a kernel without IPv6
		return nil, fmt.Errorf("reading routes: %w", err)
	}
	return append(parseRoutes4(string(four)), parseRoutes6(string(six))...), nil
}

// parseRoutes4 reads what the kernel prints of IPv4: addresses as numbers of its own byte order.
func parseRoutes4(text string) []route {
	var all []route
	for line := range strings.Lines(text) {
		f := strings.Fields(line) // Iface Destination Gateway Flags RefCnt Use Metric Mask …
		if len(f) < 8 || f[1] != "00000000" || f[7] != "00000000" || !leads(f[3]) {
			continue
		}
		if number, err := strconv.ParseUint(f[2], 16, 32); err == nil {
			var raw [4]byte
			binary.NativeEndian.PutUint32(raw[:], uint32(number))
			all = append(all, route{link: f[0], via: netip.AddrFrom4(raw)})
		}
	}
	return all
}

// parseRoutes6 reads what it prints of IPv6: addresses as they are sent.
func parseRoutes6(text string) []route {
	var all []route
	for line := range strings.Lines(text) {
		f := strings.Fields(line) // destination length source length next-hop metric references use flags link
		if len(f) < 10 || strings.Trim(f[0]+f[1], "0") != "" || !leads(f[8]) {
			continue
		}
		if raw, err := hex.DecodeString(f[4]); err == nil && len(raw) == 16 {
			all = append(all, route{link: f[9], via: netip.AddrFrom16([16]byte(raw))})
		}
	}
	return all
}

// leads reports whether the flags of a route say that it is up and leads somewhere.
func leads(flags string) bool {
	bits, err := strconv.ParseUint(flags, 16, 32)
	return err == nil && bits&unix.RTF_UP != 0 && bits&unix.RTF_REJECT == 0
}
