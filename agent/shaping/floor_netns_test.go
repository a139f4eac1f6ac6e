package shaping

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/carebox-project/carebox/agent/testbed"
)

var families = map[string]netip.Addr{"IPv4": testbed.InternetIPv4, "IPv6": testbed.InternetIPv6}

// TestFloor: a TV that began long ago has lost its place to a phone with eight flows, gets its floor when it is
// reserved, and keeps it.
func TestFloor(t *testing.T) {
	eachBackend(t, func(t *testing.T, l *lab) {
		l.serve()
		for family, to := range families {
			for kind, floor := range map[testbed.Kind]float64{testbed.Download: floorDown, testbed.Upload: floorUp} {
				t.Run(family+" "+string(kind), func(t *testing.T) {
					l.apply(Wanted{})
					tv, phone := l.load(l.TV, kind, to, 1), l.load(l.Phone, kind, to, 8)
					defer phone.close()
					defer tv.close()
					eventually(t, func() (string, bool) {
						got := rates(5, tv)[0]
						return fmt.Sprintf("without a floor the TV gets %.1f Mbit/s", got/1e6), got < 0.7*floor
					})
					l.apply(l.tv())
					l.holds()
					eventually(t, func() (string, bool) {
						got := rates(11, tv, phone)
						return fmt.Sprintf("with one of %.0f it gets %.1f, the phone %.1f", floor/1e6, got[0]/1e6, got[1]/1e6), got[0] >= 0.9*floor
					})
				})
			}
		}
	})
}

// TestPing: while a phone fills the line both ways, the TV's pings take as long as in an idle home, which they do not
// without a floor.
func TestPing(t *testing.T) {
	kernelRing(t)
	l := newLab(t, "nft")
	l.serve()
	for family, to := range families {
		t.Run(family, func(t *testing.T) {
			l.apply(Wanted{})
			var idle float64
			eventually(t, func() (string, bool) {
				idle = median(l.ping(l.TV, to))
				return fmt.Sprintf("idle: %.2f ms", idle), idle < 5
			})
			phone := append(l.load(l.Phone, testbed.Download, to, 8), l.load(l.Phone, testbed.Upload, to, 8)...)
			defer phone.close()
			eventually(t, func() (string, bool) {
				got := median(l.ping(l.TV, to))
				return fmt.Sprintf("without a floor: %.2f ms", got), got > idle+20
			})
			l.apply(l.tv())
			l.holds()
			eventually(t, func() (string, bool) {
				got := median(l.ping(l.TV, to))
				return fmt.Sprintf("with a floor: %.2f ms", got), got <= idle+10
			})
		})
	}
}

var took = regexp.MustCompile(`time=([0-9.]+) ms`)

// ping is how long pings take, in milliseconds.
func (l *lab) ping(n *testbed.Node, to netip.Addr) []float64 {
	l.t.Helper()
	out, err := n.Command(l.t.Context(), "ping", "-i", "0.02", "-c", "60", "-W", "2", to.String()).CombinedOutput()
	var all []float64
	for _, m := range took.FindAllSubmatch(out, -1) {
		ms, err := strconv.ParseFloat(string(m[1]), 64)
		if err != nil {
			l.t.Fatal(err)
		}
		all = append(all, ms)
	}
	if len(all) < 20 {
		l.t.Fatalf("ping: %v: %s", err, out)
	}
	return all
}

func median(all []float64) float64 {
	all = slices.Sorted(slices.Values(all))
	return all[len(all)/2]
}

// TestBorrow: what the TV leaves others have, and the other way round.
func TestBorrow(t *testing.T) {
	kernelRing(t)
	l := newLab(t, "nft")
	l.serve()
	l.apply(l.tv())
	for _, n := range []*testbed.Node{l.Phone, l.TV} {
		for kind, line := range map[testbed.Kind]float64{testbed.Download: lineDown, testbed.Upload: lineUp} {
			flows := l.load(n, kind, testbed.InternetIPv4, 4)
			eventually(t, func() (string, bool) {
				got := rates(5, flows)[0]
				return fmt.Sprintf("%s alone: %s of %.1f", n.Name, kind, got/1e6), got > 0.75*line
			})
			flows.close()
		}
	}
}
