package devices

import (
	"bufio"
	"bytes"
	"net/netip"
	"strings"
	"unicode"

	"github.com/carebox-project/carebox/policies"
)

const (
	maxLeases   = 1 << 20 // bytes of the lease file that are read
	maxHostname = 63      // RFC 1035, clause 2.3.4
)

// lease is one IPv4 address that dnsmasq gave away. Its expiry is not looked at: the box's clock may be wrong, and dnsmasq drops what
// has ended.
type lease struct {
	mac      policies.MAC
	addr     netip.Addr
	hostname string
}

// parseLeases reads dnsmasq's lease file: "expiry MAC address hostname client-id" a line, hostname "*" for none. A hardware type
// other than Ethernet's stands before the MAC ("06-…") and is passed over, like the server's "duid" line and the IPv6 leases
// after it, which carry an IAID instead of a MAC. What cannot be read is passed over: the file is no authority.
func parseLeases(data []byte) []lease {
	var out []lease
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() && len(out) < MaxSightings {
		field := strings.Fields(lines.Text())
		if len(field) < 4 || field[0] == "duid" {
			continue
		}
		mac, ok := parseMAC(strings.TrimPrefix(field[1], "01-"))
		addr, err := netip.ParseAddr(field[2])
		if !ok || err != nil || !addr.Is4() {
			continue
		}
		out = append(out, lease{mac: mac, addr: addr, hostname: cleanHostname(field[3])})
	}
	return out
}

// parseMAC accepts a unicast EUI-48 with colons, as both the kernel and dnsmasq write it.
func parseMAC(s string) (policies.MAC, bool) {
	if len(s) != 17 {
		return "", false
	}
	s = strings.ToLower(s)
	for i, c := range []byte(s) {
		if i%3 == 2 && c != ':' || i%3 != 2 && !strings.ContainsRune("0123456789abcdef", rune(c)) {
			return "", false
		}
	}
	group := strings.ContainsRune("13579bdf", rune(s[1]))
	return policies.MAC(s), !group && s != "00:00:00:00:00:00"
}

// cleanHostname keeps a name only if it can stand on a screen and in a log line as it is.
func cleanHostname(s string) string {
	if s == "*" || len(s) > maxHostname || !isPrint(s) {
		return ""
	}
	return s
}

func isPrint(s string) bool {
	for _, r := range s {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return false
		}
	}
	return true
}
