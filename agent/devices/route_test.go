package devices

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"testing"
)

// text4 is a table as the kernel prints it, with numbers of this machine's byte order.
func text4() string {
	n := func(a string) string {
		raw := netip.MustParseAddr(a).As4()
		return fmt.Sprintf("%08X", binary.NativeEndian.Uint32(raw[:]))
	}
	return "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n" +
		"wan\t00000000\t" + n("203.0.113.1") + "\t0003\t0\t0\t0\t00000000\t0\t0\t0\n" +
		"ppp0\t00000000\t00000000\t0001\t0\t0\t10\t00000000\t0\t0\t0\n" +
		"*\t00000000\t00000000\t0201\t0\t0\t99\t00000000\t0\t0\t0\n" +
		"wan\t00000000\t" + n("203.0.113.9") + "\t0003\t0\t0\t0\t" + n("128.0.0.0") + "\t0\t0\t0\n" +
		"br-lan\t" + n("192.168.7.0") + "\t00000000\t0001\t0\t0\t0\t" + n("255.255.255.0") + "\t0\t0\t0\n"
}

const text6 = "00000000000000000000000000000000 00 00000000000000000000000000000000 00 20010db8000100000000000000000001 00000400 00000001 00000000 00000003      wan\n" +
	"20010db8000700000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001   br-lan\n" +
	"00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n"

func TestRoutesToEverything(t *testing.T) {
	if got := say(parseRoutes4(text4())); got != "wan 203.0.113.1, ppp0 0.0.0.0, " {
		t.Error(got)
	}
	if got := say(parseRoutes6(text6)); got != "wan 2001:db8:1::1, " {
		t.Error(got)
	}
}

func FuzzRoutes(f *testing.F) {
	f.Add(text4())
	f.Add(text6)
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range append(parseRoutes4(text), parseRoutes6(text)...) {
			if r.link == "" || !r.via.IsValid() {
				t.Errorf("%+v", r)
			}
		}
	})
}

func say(routes []route) string {
	text := ""
	for _, r := range routes {
		text += r.link + " " + r.via.String() + ", "
	}
	return text
}
