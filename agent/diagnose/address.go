package diagnose

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

const (
	maxHost        = 253 // bytes of a name in DNS
	resolveTimeout = 5 * time.Second
)

// checkHost takes a name or an address that can be looked for.
func checkHost(host string) error {
	odd := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`/\?#@"'<>[]`, r) }
	if host == "" || len(host) > maxHost || strings.ContainsFunc(host, odd) {
		return wrong("host is no name or address")
	}
	return nil
}

// resolve is one address of a host, of family 4, 6 or, for 0, of the one that the box would take.
func resolve(ctx context.Context, host string, family int) (netip.Addr, error) {
	if err := checkHost(host); err != nil {
		return netip.Addr{}, err
	}
	network, known := map[int]string{0: "ip", 4: "ip4", 6: "ip6"}[family]
	if !known {
		return netip.Addr{}, wrong("family is neither 4 nor 6")
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		ctx, cancel := context.WithTimeout(ctx, resolveTimeout)
		defer cancel()
		list, err := net.DefaultResolver.LookupNetIP(ctx, network, host)
		if err != nil {
			return netip.Addr{}, fmt.Errorf("%w: looking up %q: %w", wire.RefusedFailed, host, err)
		}
		addr = list[0]
	}
	addr = addr.Unmap()
	switch {
	case family == 4 && !addr.Is4() || family == 6 && !addr.Is6():
		return netip.Addr{}, wrong("the address is of the other family")
	case addr.IsUnspecified() || addr.IsMulticast() || addr == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return netip.Addr{}, wrong("the address is not one host's")
	}
	return addr, nil
}

// Networks that are nobody's on the internet, beside those that package netip knows.
var inner = [...]netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), // NAT64: they hold any IPv4 address
	netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/32"), // 6to4 and Teredo, too
	netip.MustParsePrefix("fec0::/10"),
}

// public reports whether an address is one on the internet.
func public(a netip.Addr) bool {
	for _, p := range inner {
		if p.Contains(a) {
			return false
		}
	}
	return a.IsGlobalUnicast() && !a.IsPrivate() && a.Zone() == ""
}
