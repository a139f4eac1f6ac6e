package firewall

import (
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies"
)

// BenchmarkPacketCost measures what a forwarded packet of an established flow costs with our rules for 30 devices of 7
// windows each (ours is the last) and a page, against none of ours: metrics none-ns and rules-ns per packet, and their
// ratio. Both are measured in turns, since the machine's speed drifts.
func BenchmarkPacketCost(b *testing.B) {
	kernelRing(b)
	for _, backend := range backends {
		for _, six := range []bool{false, true} {
			b.Run(backend+map[bool]string{false: "/IPv4", true: "/IPv6"}[six], func(b *testing.B) {
				l := newLab(b, testbed.Options{Backend: backend})
				l.portal = 8089
				l.restart()
				p := l.pair(b, six)
				w := many(29, 7, time.Now())
				phone := many(1, 7, time.Now()).Devices[0]
				phone.ID, phone.MACs = "phone", []policies.MAC{l.Phone.MAC}
				w.Devices = append(w.Devices, phone)
				var none, rules []float64
				for b.Loop() {
					l.in(func() error { return l.f.Clear(b.Context()) })
					none = append(none, p.send(b)...)
					l.apply(w)
					rules = append(rules, p.send(b)...)
				}
				without, with := best(none), best(rules)
				b.ReportMetric(without, "none-ns/packet")
				b.ReportMetric(with, "rules-ns/packet")
				b.ReportMetric(with/without, "ratio")
			})
		}
	}
}

// best is the tenth percentile: what a packet costs when nothing else wants the processor.
func best(costs []float64) float64 {
	slices.Sort(costs)
	return costs[len(costs)/10]
}

// pair is a flow between the phone and the internet with an end at each.
type pair struct{ phone, internet net.Conn }

func (l *lab) pair(b *testing.B, six bool) pair {
	b.Helper()
	to, from := testbed.InternetIPv4, "203.0.113.2" // the box's address outside
	if six {
		to, from = testbed.InternetIPv6, l.Phone.IPv6.String()
	}
	var server *net.UDPConn
	err := l.Internet.Do(func() (err error) {
		server, err = net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(to, 7779)))
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	phone, err := l.Phone.Dial(b.Context(), "udp", netip.AddrPortFrom(to, 7779).String())
	if err != nil {
		b.Fatal(err)
	}
	if _, err := phone.Write([]byte("hello")); err != nil {
		b.Fatal(err)
	}
	_, back, err := server.ReadFromUDPAddrPort(make([]byte, 64))
	if err != nil || back.Addr().Unmap().String() != from {
		b.Fatalf("hello from %s: %v", back, err)
	}
	b.Cleanup(func() { phone.Close(); server.Close() })
	return pair{phone: phone, internet: replying{server, back}}
}

type replying struct {
	*net.UDPConn
	to netip.AddrPort
}

func (r replying) Write(p []byte) (int, error) { return r.WriteToUDPAddrPort(p, r.to) }

// send sends packets both ways and returns nanoseconds for each, several times. A veth hands a packet all the way to
// the receiving socket before the send returns, so that sending is the whole cost.
func (p pair) send(b *testing.B) []float64 {
	b.Helper()
	payload := make([]byte, 1200)
	var costs []float64
	for range 20 {
		const n = 100
		start := time.Now()
		for range n {
			for _, c := range []net.Conn{p.phone, p.internet} {
				if _, err := c.Write(payload); err != nil {
					b.Fatal(err)
				}
			}
		}
		costs = append(costs, float64(time.Since(start).Nanoseconds())/(2*n))
	}
	return costs
}
