package shaping

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/carebox-project/carebox/agent/testbed"
)

var families = map[string]netip.Addr{"IPv4": testbed.InternetIPv4, "IPv6": testbed.InternetIPv6}

// TestFloor: a TV that began long ago has lost its place to a phone with eight flows, gets its floor as soon as it is
// reserved, and keeps it.
func TestFloor(t *testing.T) {
	eachBackend(t, func(t *testing.T, l *lab) {
		l.serve()
		for family, to := range families {
			for kind, floor := range map[testbed.Kind]float64{testbed.Download: floorDown, testbed.Upload: floorUp} {
				t.Run(fmt.Sprintf("%s %s", family, kind), func(t *testing.T) {
					l.apply(Wanted{})
					tv, phone := l.load(l.TV, kind, to, 1), l.load(l.Phone, kind, to, 8)
					defer phone.close()
					defer tv.close()
					eventually(t, func() (string, bool) {
						got := rate(tv)
						return fmt.Sprintf("without a floor the TV gets %.1f Mbit/s", got/1e6), got < 0.7*floor
					})
					l.apply(l.tv())
					l.holds()
					eventually(t, func() (string, bool) {
						got, others := rate(tv), rate(phone)
						return fmt.Sprintf("of a floor of %.0f Mbit/s the TV gets %.1f, the phone %.1f", floor/1e6, got/1e6, others/1e6), got >= 0.9*floor
					})
				})
			}
		}
	})
}
