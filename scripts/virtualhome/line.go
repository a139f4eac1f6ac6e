package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"strings"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
)

const (
	settling = 3 * time.Second // until flows share the line as they will
	watching = 5 * time.Second // of a rate
	tries    = 12              // a busy machine may spoil some of them
)

// measured is how TV and phone fare, in bit/s to them.
type measured struct {
	tv, phone float64
	ping      time.Duration // of the TV, to the internet and back
}

func (m measured) figures() figures {
	return figures{"tvMbit": megabits(m.tv), "phoneMbit": megabits(m.phone), "pingMs": milliseconds(m.ping)}
}

func megabits(rate float64) float64 { return math.Round(rate/1e4) / 100 }

// measure looks at the TV and the phone until they fare as expected.
func (t *telling) measure(ctx context.Context, expected func(measured) error) (m measured, err error) {
	for range tries {
		if m, err = t.measureOnce(ctx); err != nil {
			return m, err
		}
		if err = expected(m); err == nil {
			return m, nil
		}
	}
	return m, fmt.Errorf("%w: %v", err, m.figures())
}

// measureOnce lets the TV play a film that takes all it can get, then nothing while it is asked how long an answer takes.
func (t *telling) measureOnce(ctx context.Context) (m measured, err error) {
	film, err := t.TV.Start(ctx, testbed.Download, testbed.InternetIPv6)
	if err != nil {
		return m, err
	}
	defer film.Close()
	if err := rest(ctx, settling); err != nil {
		return m, err
	}
	at, tv, phone := time.Now(), film.Bytes(), brought(t.flows)
	if err := rest(ctx, watching); err != nil {
		return m, err
	}
	passed := time.Since(at).Seconds()
	m.tv, m.phone = float64(film.Bytes()-tv)*8/passed, float64(brought(t.flows)-phone)*8/passed
	film.Close()
	m.ping, err = latency(ctx, t.TV)
	return m, err
}

// measurePhone looks at what the phone does while the TV is off.
func (t *telling) measurePhone(ctx context.Context) (float64, error) {
	if err := rest(ctx, settling); err != nil {
		return 0, err
	}
	at, before := time.Now(), brought(t.flows)
	err := rest(ctx, watching)
	return float64(brought(t.flows)-before) * 8 / time.Since(at).Seconds(), err
}

func brought(flows map[string]*testbed.Flow) (total uint64) {
	for _, f := range flows {
		total += f.Bytes()
	}
	return total
}

// latency is how long an answer from the internet takes, the median of both families.
func latency(ctx context.Context, n *testbed.Node) (time.Duration, error) {
	var all []time.Duration
	for _, to := range families() {
		c, err := n.Dial(ctx, "udp", netip.AddrPortFrom(to, testbed.PortExchange).String())
		if err != nil {
			return 0, err
		}
		defer c.Close()
		buf := make([]byte, 16)
		for i := range 50 {
			at := time.Now()
			if err := c.SetDeadline(at.Add(2 * time.Second)); err != nil {
				return 0, err
			}
			if _, err := fmt.Fprintf(c, "%d", i); err != nil {
				return 0, err
			}
			for got := 0; string(buf[:got]) != fmt.Sprint(i); { // an answer to an earlier one may come late
				if got, err = c.Read(buf); err != nil {
					break // lost: it counts as long as we waited
				}
			}
			all = append(all, time.Since(at))
			if err := rest(ctx, 20*time.Millisecond); err != nil {
				return 0, err
			}
		}
	}
	return percentile(all, 50), nil
}

var counts = regexp.MustCompile(`\[\d+:\d+\]|refcnt \d+ |direct_packets_stat \d+`)

// traffic is what shaping may change in the box: the queues of both links, and the mangle tables.
func (h *House) traffic(ctx context.Context) (string, error) {
	var out strings.Builder
	backend := cmp.Or(h.options.Home.Backend, "nft")
	for _, command := range [][]string{
		{"tc", "qdisc", "show", "dev", testbed.LAN}, {"tc", "class", "show", "dev", testbed.LAN},
		{"tc", "qdisc", "show", "dev", testbed.WAN}, {"tc", "class", "show", "dev", testbed.WAN},
		{"iptables-" + backend + "-save", "-t", "mangle"}, {"ip6tables-" + backend + "-save", "-t", "mangle"},
	} {
		said, err := h.Box.Command(ctx, command[0], command[1:]...).Output()
		if err != nil {
			return "", fmt.Errorf("running %q: %w", command, withOutput(err))
		}
		for line := range strings.Lines(string(said)) {
			if command[0] == "tc" || strings.HasPrefix(line, "-A") || strings.HasPrefix(line, ":CAREBOX") {
				out.WriteString(counts.ReplaceAllString(line, ""))
			}
		}
	}
	return out.String(), nil
}
