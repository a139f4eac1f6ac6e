package devices

import (
	"net/netip"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Written by dnsmasq 2.89 with --dhcp-range for IPv4 and IPv6; the last five lines are damage.
const literal = `1795312800 02:00:00:00:00:0a 192.168.7.10 leos-phone 01:02:00:00:00:00:0a
0 02:00:00:00:00:0C 192.168.7.12 * *
1795312900 06-02:00:00:00:00:0d 192.168.7.13 firewire *
duid 00:01:00:01:2f:5b:3c:1d:02:00:00:00:01:03
1795312800 3221225 2001:db8:7::10 leos-phone 00:01:00:01:2f:5b:3c:1d:02:00:00:00:00:0a
1795312800 T3221225 2001:db8:7::11 leos-phone 00:01:00:01:2f:5b:3c:1d:02:00:00:00:00:0a
1795312800 01:00:5e:00:00:01 192.168.7.14 multicast *
1795312800 02:00:00:00:00:0e 192.168.7.999 no-address *
1795312800 02:00:00:00:00:0f 192.168.7.15 bad` + "\x1b[31m" + `name *
1795312800 02:00:00:00:00
`

func TestLeases(t *testing.T) {
	want := []lease{
		{mac: "02:00:00:00:00:0a", addr: netip.MustParseAddr("192.168.7.10"), hostname: "leos-phone"},
		{mac: "02:00:00:00:00:0c", addr: netip.MustParseAddr("192.168.7.12")},
		{mac: "02:00:00:00:00:0f", addr: netip.MustParseAddr("192.168.7.15")},
	}
	got := parseLeases([]byte(literal))
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(lease{}), cmpopts.EquateComparable(netip.Addr{})); diff != "" {
		t.Error(diff)
	}
	if got := parseLeases([]byte(strings.Repeat("0 02:00:00:00:00:0a 192.168.7.10 a *\n", 5000))); len(got) > MaxSightings {
		t.Errorf("%d leases", len(got))
	}
}

func FuzzLeases(f *testing.F) {
	f.Add([]byte(literal))
	f.Add([]byte(strings.Repeat("x", 70_000)))
	f.Add([]byte("\x00\xff 1 2 3"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, l := range parseLeases(data) {
			if mac, ok := parseMAC(string(l.mac)); !ok || mac != l.mac || !l.addr.Is4() {
				t.Errorf("lease %+v", l)
			}
			if len(l.hostname) > maxHostname || !utf8.ValidString(l.hostname) || strings.ContainsFunc(l.hostname, unicode.IsControl) {
				t.Errorf("hostname %q", l.hostname)
			}
		}
	})
}
