package firewall

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/agent/testbed"
)

// A thousand replacements under flood let no packet of a paused device through.
func TestSwaps(t *testing.T) {
	eachBackend(t, testbed.Options{}, func(t *testing.T, l *lab) {
		l.serve()
		l.apply(l.wanted())
		pushed := l.start(l.Phone, testbed.Push)
		l.apply(l.wanted(Window{}))
		leaked := l.floodFromPhone(t)
		before := bytesOf(pushed)
		for i := range 1000 {
			w := l.wanted(Window{To: time.Now().Add(time.Hour + time.Duration(i)*time.Second)})
			w.Devices[1].Windows = []Window{{From: time.Now().Add(time.Hour + time.Duration(i)*time.Second)}}
			l.apply(w)
		}
		sent, arrived := leaked()
		if diff := cmp.Diff(before, bytesOf(pushed)); diff != "" {
			t.Errorf("pushed bytes leaked (-before +after):\n%s", diff)
		}
		if arrived != 0 || sent < 10_000 {
			t.Errorf("%d of %d packets leaked", arrived, sent)
		}
		t.Logf("no packet of %d leaked", sent)
		l.prove()
	})
}

// floodFromPhone sends datagrams to a port of the internet in both families until the result is asked for.
func (l *lab) floodFromPhone(t *testing.T) func() (sent, arrived int) {
	t.Helper()
	var to net.PacketConn
	err := l.Internet.Do(func() (err error) {
		to, err = net.ListenPacket("udp", ":7778")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	count := newCounter(to)
	ctx, stop := context.WithCancel(context.Background())
	total := make(chan int, 2)
	for _, addr := range []netip.Addr{testbed.InternetIPv4, testbed.InternetIPv6} {
		c, err := l.Phone.Dial(t.Context(), "udp", netip.AddrPortFrom(addr, 7778).String())
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			defer c.Close()
			total <- flood(ctx, c, 10)
		}()
	}
	return func() (int, int) {
		stop()
		sent := <-total + <-total
		to.Close()
		count.wait()
		return sent, count.get()
	}
}

// What others flush is back, and our own changes wake nobody.
func TestForeignFlush(t *testing.T) {
	eachBackend(t, testbed.Options{}, func(t *testing.T, l *lab) {
		w := l.wanted(Window{})
		l.apply(w)
		l.prove()
		alarms := l.watch(t)
		four, six := "iptables-"+l.backend, "ip6tables-"+l.backend
		for _, damage := range [][]string{
			{four, "-F", "CAREBOX-UP-2"},
			{six, "-D", "FORWARD", "1"},
			{four, "-F"},
			{six, "-I", "FORWARD", "-j", "ACCEPT"},
		} {
			before := alarms.get()
			start := time.Now()
			l.run(damage[0], damage[1:]...)
			await(t, "an alarm after "+strings.Join(damage, " "), func() bool { return alarms.get() > before })
			l.apply(w)
			p := l.prove()
			t.Logf("%v was repaired after %s", damage, time.Since(start))
			if !p.Devices["phone"].InForce {
				t.Errorf("%v was not repaired", damage)
			}
		}
		// Only others' changes wake: here ours is in between.
		before := alarms.get()
		l.apply(l.wanted())
		l.run(four, "-A", "FORWARD", "-i", "guest", "-j", "DROP")
		await(t, "the last alarm", func() bool { return alarms.get() > before })
		l.prove()
		if got := alarms.get(); l.backend == nft && got != before+1 {
			t.Errorf("%d alarms for one change of another", got-before)
		}
	})
}

// The kernel keeps a window's edges to the second with no agent there.
func TestEdges(t *testing.T) {
	kernelRing(t)
	for _, backend := range backends {
		t.Run(backend, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, testbed.Options{Backend: backend})
			l.serve()
			l.apply(l.wanted())
			flows := l.start(l.Phone, testbed.Exchange, testbed.Push)
			ahead := 2 * time.Second
			wrong := l.edges(flows, ahead)
			for ; len(wrong) > 0 && ahead < 16*time.Second; ahead *= 2 { // a machine that does much else may be late for them
				t.Log(wrong)
				wrong = l.edges(flows, 2*ahead)
			}
			if len(wrong) > 0 {
				t.Error(wrong)
			}
		})
	}
}

// edges watches flows of the phone through a window, so far ahead, and says what is wrong with its edges.
func (l *lab) edges(flows []*testbed.Flow, ahead time.Duration) (wrong []string) {
	l.t.Helper()
	from := time.Now().Truncate(time.Second).Add(ahead)
	to := from.Add(2 * time.Second)
	l.apply(l.wanted(Window{From: from, To: to}, Window{From: to.Add(time.Hour), To: to.Add(2 * time.Hour)}))
	arrivals := make([][]time.Time, len(flows))
	for time.Since(to) < time.Second {
		for i, f := range flows {
			if last := f.Last(); len(arrivals[i]) == 0 || !last.Equal(arrivals[i][len(arrivals[i])-1]) {
				arrivals[i] = append(arrivals[i], last)
			}
		}
		time.Sleep(time.Millisecond)
	}
	for i, f := range flows {
		if what := edgesOf(arrivals[i], from, to); what != "" {
			wrong = append(wrong, fmt.Sprintf("%s to %s: %s", f.Kind, f.To, what))
		}
	}
	return wrong
}

// edgesOf is what is wrong with what arrived around a window. The kernel judges by whole seconds: one that is wrong is so
// by a second.
func edgesOf(arrivals []time.Time, from, to time.Time) string {
	var last, first time.Time
	const slack = 900 * time.Millisecond
	for _, a := range arrivals {
		switch {
		case a.Before(from.Add(slack)):
			last = a
		case a.Before(to):
			return fmt.Sprintf("arrived %s into the window", a.Sub(from))
		case first.IsZero():
			first = a
		}
	}
	if from.Sub(last) > slack || first.IsZero() || first.Sub(to) > slack {
		return fmt.Sprintf("last %s before the window, first %s after it", from.Sub(last), first.Sub(to))
	}
	return ""
}
