package shaping

import (
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies"
)

// BenchmarkShapingCost measures what a forwarded packet of a device with a floor costs, against none of our queues: metrics
// none-ns and shaped-ns per packet, and their ratio. The line is faster than the machine, so that nothing waits. Both are
// measured in turns, since the machine's speed drifts.
func BenchmarkShapingCost(b *testing.B) {
	kernelRing(b)
	for _, backend := range []string{"nft", "legacy"} {
		for family, to := range families {
			b.Run(backend+"/"+family, func(b *testing.B) {
				l := newLabOn(b, testbed.Options{Backend: backend})
				c := l.echo(b, netip.AddrPortFrom(to, testbed.PortExchange))
				w := l.tv()
				w.Line = policies.Line{Down: 1e11, Up: 1e11}
				var none, shaped []float64
				for b.Loop() {
					l.apply(Wanted{})
					none = append(none, exchange(b, c)...)
					l.apply(w)
					shaped = append(shaped, exchange(b, c)...)
				}
				slices.Sort(none)
				slices.Sort(shaped)
				without, with := none[len(none)/10], shaped[len(shaped)/10] // what it costs when nothing else wants the processor
				b.ReportMetric(without, "none-ns/packet")
				b.ReportMetric(with, "shaped-ns/packet")
				b.ReportMetric(with/without, "ratio")
			})
		}
	}
}

// echo is a flow of the TV to a service that answers each datagram.
func (l *lab) echo(b *testing.B, to netip.AddrPort) net.Conn {
	b.Helper()
	l.serve()
	c, err := l.TV.Dial(b.Context(), "udp", to.String())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	return c
}

// exchange sends packets and returns nanoseconds for each, several times. A veth hands a packet all the way to the
// receiving socket before the send returns; that it is answered as well is part of what both sides of the comparison do.
func exchange(b *testing.B, c net.Conn) []float64 {
	b.Helper()
	payload, back := make([]byte, 1200), make([]byte, 1500)
	var costs []float64
	for range 20 {
		const n = 50
		start := time.Now()
		for range n {
			if _, err := c.Write(payload); err != nil {
				b.Fatal(err)
			}
		}
		costs = append(costs, float64(time.Since(start).Nanoseconds())/n)
		if err := c.SetReadDeadline(time.Now().Add(10 * time.Millisecond)); err != nil {
			b.Fatal(err)
		}
		for range n {
			if _, err := c.Read(back); err != nil {
				break // some were lost while the queues changed
			}
		}
	}
	return costs
}
