package firewall

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/agent/testbed"
)

const pagePort = 8089

// greet accepts connections at a port of a node, for as long as the test runs, and says who it is.
func (l *lab) greet(n *testbed.Node, port uint16, who string) {
	l.t.Helper()
	listener, err := n.Listen(func() (net.Listener, error) { return net.Listen("tcp", fmt.Sprintf(":%d", port)) })
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte(who)) // the other end is what is looked at
			c.Close()
		}
	}()
}

// meets is who answers a node at an address within a time, or why nobody does.
func (l *lab) meets(n *testbed.Node, to netip.AddrPort, within time.Duration) (who string, err error) {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), within)
	defer cancel()
	c, err := n.Dial(ctx, "tcp", to.String())
	if err != nil {
		return "", err
	}
	defer c.Close()
	// A cut may fall between the handshake and the answer, which then never comes.
	if err := c.SetReadDeadline(time.Now().Add(within)); err != nil {
		l.t.Fatal(err)
	}
	b := make([]byte, 64)
	k, err := c.Read(b)
	return string(b[:k]), err
}

func (l *lab) withPage() {
	l.t.Helper()
	l.portal = pagePort
	l.restart()
	l.greet(l.Box, pagePort, "page")
	l.greet(l.Box, 80, "box")
	l.greet(l.TV, 80, "tv")
	l.greet(l.Internet, 80, "internet")
	l.greet(l.Internet, 443, "internet")
}

// rules are the rules and chains of both families. Tables stay once they have been used, as the kernel makes them.
func (l *lab) rules() []string {
	l.t.Helper()
	var all []string
	for line := range strings.Lines(l.saved("iptables") + l.saved("ip6tables")) {
		if strings.HasPrefix(line, "-A") || strings.Contains(line, prefix) {
			all = append(all, line)
		}
	}
	slices.Sort(all) // legacy lists its tables in no order
	return all
}

func outside(port uint16) []netip.AddrPort {
	return []netip.AddrPort{netip.AddrPortFrom(testbed.InternetIPv4, port), netip.AddrPortFrom(testbed.InternetIPv6, port)}
}

// expect wants a node to meet somebody at an address, or for "" to be refused there, so that no program waits for a timeout.
func (l *lab) expect(n *testbed.Node, to netip.AddrPort, want string) {
	l.t.Helper()
	if got, err := l.meets(n, to, time.Minute); got != want || want == "" && !errors.Is(err, syscall.ECONNREFUSED) {
		l.t.Errorf("%s met %q at %s (%v), want %q", n.Name, got, to, err, want)
	}
}

// Only an offline device's plain HTTP to somewhere else is led to the page, and no longer than it is offline.
func TestPortal(t *testing.T) {
	eachBackend(t, testbed.Options{}, func(t *testing.T, l *lab) {
		l.withPage()
		before := l.rules()
		l.apply(l.wanted())
		for _, to := range outside(80) {
			l.expect(l.Phone, to, "internet")
		}
		l.cut(l.wanted(Window{}))
		for _, to := range outside(80) {
			l.expect(l.Phone, to, "page")
			l.expect(l.Laptop, to, "internet")
		}
		for _, to := range outside(443) {
			l.expect(l.Phone, to, "")
		}
		for _, to := range []netip.Addr{testbed.BoxIPv4, testbed.BoxIPv6} {
			l.expect(l.Phone, netip.AddrPortFrom(to, 80), "box")
		}
		for _, to := range []netip.Addr{l.TV.IPv4, l.TV.IPv6} {
			l.expect(l.Phone, netip.AddrPortFrom(to, 80), "tv")
		}
		l.apply(l.wanted())
		for _, to := range outside(80) {
			l.expect(l.Phone, to, "internet")
		}
		// Devices that nobody has named have a page too; those that have a name do not see it.
		w := l.wanted()
		w.Devices, w.Unknown = w.Devices[1:], []Window{{}}
		l.apply(w)
		for _, to := range outside(80) {
			l.expect(l.Phone, to, "page")
			l.expect(l.Laptop, to, "internet")
		}
		l.in(func() error { return l.f.Clear(t.Context()) })
		if diff := cmp.Diff(before, l.rules()); diff != "" {
			t.Errorf("something was left (-before +after):\n%s", diff)
		}
	})
}

// The kernel keeps a window's edges with no agent there.
func TestPortalEdges(t *testing.T) {
	eachBackend(t, testbed.Options{}, func(t *testing.T, l *lab) {
		l.withPage()
		for ahead := 2 * time.Second; !l.crosses(ahead); ahead *= 2 { // a machine that does much else may have been too late
			if ahead >= 8*time.Second {
				t.Fatal("never met the internet before the window and the page in it")
			}
		}
	})
}

// crosses has the phone visit somebody from before a window, so far ahead, until it is over. It reports whether it met the
// internet before and the page within.
func (l *lab) crosses(ahead time.Duration) bool {
	l.t.Helper()
	from := time.Now().Truncate(time.Second).Add(ahead)
	to := from.Add(3 * ahead) // a connection that the edge cuts in two may hang for a second or three
	l.apply(l.wanted(Window{From: from, To: to}))
	before, page := false, false
	await(l.t, "the internet after the window", func() bool {
		begun := time.Now()
		who, _ := l.meets(l.Phone, outside(80)[1], time.Second)
		ended := time.Now()
		if who == "page" && ended.Before(from) || who == "internet" && page && ended.Before(to) {
			l.t.Fatalf("met the %s at %s, the window is from %s to %s", who, ended, from, to)
		}
		before = before || who == "internet" && ended.Before(from)
		page = page || who == "page"
		return who == "internet" && begun.After(to)
	})
	return before && page
}

// What others flush is found and led again; a second Apply of the same runs nothing, and another agent agrees.
func TestPortalFlushed(t *testing.T) {
	eachBackend(t, testbed.Options{}, func(t *testing.T, l *lab) {
		l.withPage()
		w := l.wanted(Window{})
		l.apply(w)
		l.prove()
		alarms := l.watch(t)
		for _, damage := range [][]string{
			{"iptables-" + l.backend, "-t", "nat", "-F", "PREROUTING"},
			{"ip6tables-" + l.backend, "-t", "nat", "-F", "CAREBOX-PORTAL"},
		} {
			before := alarms.get()
			l.run(damage[0], damage[1:]...)
			await(t, "an alarm after "+strings.Join(damage, " "), func() bool { return alarms.get() > before })
			l.apply(w)
			for _, to := range outside(80) {
				l.expect(l.Phone, to, "page")
			}
		}
		before := l.rules()
		l.restart()
		l.apply(w)
		if diff := cmp.Diff(before, l.rules()); diff != "" {
			t.Errorf("another agent changed the rules (-before +after):\n%s", diff)
		}
		// Without a page nothing of it stays.
		l.portal = 0
		l.restart()
		l.apply(w)
		if rules := strings.Join(l.rules(), "\n"); strings.Contains(rules, chainPortal) {
			t.Errorf("left:\n%s", rules)
		}
	})
}
