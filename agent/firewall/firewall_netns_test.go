package firewall

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies"
)

var kinds = []testbed.Kind{testbed.Download, testbed.Exchange, testbed.Push}

// What both backends print for the sample are the goldens of the unit tests.
func TestKernelSave(t *testing.T) {
	eachBackend(t, testbed.Options{}, func(t *testing.T, l *lab) {
		l.apply(sample())
		p := l.look()
		if s := p.Devices["leo-phone"]; !s.InForce {
			t.Error(s.Why)
		}
		golden(t, "save-"+l.backend+"-ipv4.txt", l.saved("iptables"))
		golden(t, "save-"+l.backend+"-ipv6.txt", l.saved("ip6tables"))
		if got := l.f.families[0].tool.backend; got != l.backend {
			t.Errorf("found backend %s in a %s home", got, l.backend)
		}
	})
}

// A pause stops every kind of flow in both families; others notice nothing.
func TestPause(t *testing.T) {
	eachBackend(t, testbed.Options{}, func(t *testing.T, l *lab) {
		l.serve()
		l.apply(l.wanted())
		phone, laptop := l.start(l.Phone, kinds...), l.start(l.Laptop, kinds...)

		uploads := l.uploads(t)

		l.apply(l.wanted(Window{}))
		for to, c := range uploads {
			await(t, "a reset of the phone's upload to "+to.String(), func() bool { return write(c) != nil })
		}
		p := l.cut(l.wanted(Window{}))
		stopped := bytesOf(phone)
		l.goOn(laptop)
		if diff := cmp.Diff(stopped, bytesOf(phone)); diff != "" {
			t.Errorf("the phone went on (-when proved +later):\n%s", diff)
		}
		if s := p.Devices["phone"]; s.Flows < 6 || s.Refusals == 0 {
			t.Errorf("proof of a phone with six flows: %+v", s)
		}
		for to, c := range uploads {
			if err := write(c); !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, syscall.EPIPE) {
				t.Errorf("the phone's upload to %s was not reset: %v", to, err)
			}
		}
		for _, f := range laptop {
			if f.Err() != nil {
				t.Errorf("the laptop's %s to %s: %v", f.Kind, f.To, f.Err())
			}
		}
		l.refusedAtOnce(t)
		l.withinLAN(t)

		l.apply(l.wanted())
		l.prove()
		l.start(l.Phone, kinds...)
	})
}

// uploads are connections on which the phone writes and never reads.
func (l *lab) uploads(t *testing.T) map[netip.Addr]net.Conn {
	t.Helper()
	all := map[netip.Addr]net.Conn{}
	for _, to := range []netip.Addr{testbed.InternetIPv4, testbed.InternetIPv6} {
		c, err := l.Phone.Dial(t.Context(), "tcp", netip.AddrPortFrom(to, testbed.PortDownload).String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		all[to] = c
	}
	return all
}

func write(c net.Conn) error {
	if err := c.SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
		return err
	}
	_, err := c.Write([]byte("x"))
	return err
}

// refusedAtOnce dials from the phone: no program has to wait for a timeout.
func (l *lab) refusedAtOnce(t *testing.T) {
	t.Helper()
	for _, to := range []netip.Addr{testbed.InternetIPv4, testbed.InternetIPv6} {
		c, err := l.Phone.Dial(t.Context(), "tcp", netip.AddrPortFrom(to, testbed.PortDownload).String())
		if err == nil {
			c.Close()
			t.Errorf("the phone connected to %s", to)
		} else if !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("the phone's connect to %s was not refused: %v", to, err)
		}
	}
}

// withinLAN shows that a paused phone still reaches the laptop and the box.
func (l *lab) withinLAN(t *testing.T) {
	t.Helper()
	for name, n := range map[string]*testbed.Node{"laptop": l.Laptop, "box": l.Box} {
		ln, err := n.Listen(func() (net.Listener, error) { return net.Listen("tcp", ":9000") })
		if err != nil {
			t.Fatal(err)
		}
		to := n.IPv6
		if name == "box" {
			to = testbed.BoxIPv6
		}
		c, err := l.Phone.Dial(t.Context(), "tcp", netip.AddrPortFrom(to, 9000).String())
		if err != nil {
			t.Errorf("the paused phone does not reach the %s: %v", name, err)
		} else {
			c.Close()
		}
		ln.Close()
	}
}

// Without a stateful IPv6 firewall a one-way push stays stopped, also one that no rule has ever seen an answer to.
func TestOpenIPv6(t *testing.T) {
	eachBackend(t, testbed.Options{OpenIPv6: true}, func(t *testing.T, l *lab) {
		l.serve()
		stem := "ip6tables-" + l.backend
		l.run(stem, "-t", "mangle", "-A", "PREROUTING", "-j", "CONNMARK", "--set-xmark", "0x5/0xff")
		l.apply(l.wanted())
		phone, laptop := l.start(l.Phone, testbed.Push), l.start(l.Laptop, testbed.Push)
		silent := l.pushUnasked(t)
		l.cut(l.wanted(Window{}))
		if !strings.Contains(fmt.Sprint(l.f.Limitations()), "wan-open") {
			t.Errorf("limitations are %v", l.f.Limitations())
		}
		stopped, heard := bytesOf(phone), silent()
		l.goOn(laptop)
		if diff := cmp.Diff(stopped, bytesOf(phone)); diff != "" {
			t.Errorf("the phone went on (-when proved +later):\n%s", diff)
		}
		if now := silent(); now != heard {
			t.Errorf("an unasked push went on: %d, then %d datagrams", heard, now)
		}
		l.in(func() error {
			return l.f.flows.Walk(true, func(one *flow) {
				if one.mark&0xff != 5 && one.orig.src != testbed.InternetIPv6 {
					t.Errorf("another tool's bits of a mark were changed to %#x", one.mark)
				}
			})
		})
	})
}

// pushUnasked sends datagrams from the internet to a port of the phone that never answers; the result counts arrivals.
func (l *lab) pushUnasked(t *testing.T) func() int {
	t.Helper()
	var to net.PacketConn
	err := l.Phone.Do(func() (err error) {
		to, err = net.ListenPacket("udp", netip.AddrPortFrom(l.Phone.IPv6, 7777).String())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	from, err := l.Internet.Dial(t.Context(), "udp", netip.AddrPortFrom(l.Phone.IPv6, 7777).String())
	if err != nil {
		t.Fatal(err)
	}
	count := newCounter(to)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		flood(ctx, from, 1)
	}()
	t.Cleanup(func() { stop(); <-done; from.Close(); to.Close(); count.wait() })
	await(t, "the unasked push arrives", func() bool { return count.get() > 10 })
	return count.get
}

// Marks live through a restart, equal states change nothing, and clear leaves the box as it was.
func TestLife(t *testing.T) {
	eachBackend(t, testbed.Options{}, func(t *testing.T, l *lab) {
		four, six := l.saved("iptables"), l.saved("ip6tables")
		w := l.wanted(Window{To: time.Now().Add(time.Hour)})
		l.apply(w)
		p := l.prove()
		if s := p.Devices["phone"]; !s.InForce || s.Refusals != 0 {
			t.Errorf("the pause of an idle phone: %+v", s)
		}
		marks := l.f.marks.of
		text := l.saved("iptables")
		if diff := cmp.Diff(four, withoutOurs(text)); diff != "" {
			t.Errorf("strangers' rules (-before +after):\n%s", diff)
		}
		l.restart()
		w.Devices = append([]Device{{ID: "new", MACs: []policies.MAC{"02:00:00:00:00:0f"}}}, w.Devices...)
		l.apply(w)
		delete(l.f.marks.of, "new")
		if diff := cmp.Diff(marks, l.f.marks.of); diff != "" {
			t.Errorf("numbers after a restart (-before +after):\n%s", diff)
		}
		l.f.shell = refusing{t}
		l.f.marks.of["new"] = 5
		l.apply(w)
		l.restart()
		l.in(func() error { return l.f.Clear(t.Context()) })
		if diff := cmp.Diff(four+six, l.saved("iptables")+l.saved("ip6tables")); diff != "" {
			t.Errorf("after clear (-before +after):\n%s", diff)
		}
	})
}

// refusing is a shell for a time in which nothing has to run.
type refusing struct{ t *testing.T }

func (r refusing) Run(_ context.Context, cmds []command) []result {
	for _, c := range cmds {
		r.t.Errorf("%s ran for an equal state", c.path)
	}
	return make([]result, len(cmds))
}

// Unknown devices are cut together, and a device is none of them once it has a name.
func TestUnknown(t *testing.T) {
	eachBackend(t, testbed.Options{}, func(t *testing.T, l *lab) {
		l.serve()
		l.apply(Wanted{})
		phone, tv := l.start(l.Phone, kinds...), l.start(l.TV, kinds...)
		w := l.wanted()
		w.Devices = w.Devices[1:]
		w.Unknown = []Window{{}}
		l.cut(w)
		stopped := bytesOf(phone)
		l.goOn(tv)
		if diff := cmp.Diff(stopped, bytesOf(phone)); diff != "" {
			t.Errorf("the unknown phone went on (-when proved +later):\n%s", diff)
		}
	})
}

// Bytes are counted per device, those of ended flows included.
func TestTraffic(t *testing.T) {
	eachBackend(t, testbed.Options{}, func(t *testing.T, l *lab) {
		l.serve()
		l.apply(l.wanted())
		flows := l.start(l.Phone, testbed.Download)
		l.goOn(flows)
		count := func() (got map[string]uint64) {
			l.in(func() (err error) {
				got, err = l.f.Traffic(t.Context())
				return err
			})
			return got
		}
		arrived := flows[0].Bytes() + flows[1].Bytes()
		first := count()
		if first["phone"] < arrived || first["tv"] != 0 {
			t.Errorf("counted %v of %d", first, arrived)
		}
		l.goOn(flows)
		arrived = flows[0].Bytes() + flows[1].Bytes()
		l.cut(l.wanted(Window{}))
		all := flows[0].Bytes() + flows[1].Bytes()
		if now := count(); now["phone"] < arrived || now["phone"] > 3*all {
			t.Errorf("counted %v of %d to %d", now, arrived, all)
		}
	})
}
