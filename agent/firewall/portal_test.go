package firewall

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// withPage is a firewall upon a kernel, that leads to a page.
func withPage(t *testing.T, k *kernel, page uint16) *Firewall {
	t.Helper()
	f, err := k.start()
	if err != nil {
		t.Fatal(err)
	}
	f.cfg.Portal = page
	return f
}

func natOf(k *kernel, stem string) string { return save{"nat": k.tables[stem]["nat"]}.String() }

func threesome() Wanted {
	return Wanted{Devices: []Device{
		{ID: "paused", MACs: []policies.MAC{"02:00:00:00:00:0a", "02:00:00:00:00:1a"}, Windows: []Window{{}}},
		{ID: "evening", MACs: []policies.MAC{"02:00:00:00:00:0b"}, Windows: []Window{
			{From: at(21, 20, 30), To: at(22, 6, 0)}, {From: at(22, 20, 30), To: at(23, 6, 0)},
		}},
		{ID: "tv", MACs: []policies.MAC{"02:00:00:00:00:0c"}},
	}}
}

// What the rules look like, in both families; also where unknown devices are offline.
func TestPortalRules(t *testing.T) {
	k := newKernel(t)
	f := withPage(t, k, 8089)
	mustApply(t, f, threesome())
	golden(t, "portal-ipv4.txt", natOf(k, "iptables-nft"))
	golden(t, "portal-ipv6.txt", natOf(k, "ip6tables-nft"))
	w := threesome()
	w.Unknown = []Window{{To: at(22, 6, 0)}}
	mustApply(t, f, w)
	golden(t, "portal-unknown.txt", natOf(k, "iptables-nft"))
}

// The same again runs nothing; another agent finds nothing to do; without a page nothing stays, nor after Clear.
func TestPortalComesAndGoes(t *testing.T) {
	k := newKernel(t)
	f := withPage(t, k, 8089)
	mustApply(t, f, threesome())
	mustProve(t, f, time.Time{}, nil)
	n := len(k.log)
	mustApply(t, f, threesome())
	mustApply(t, withPage(t, k, 8089), threesome())
	if len(k.log) != n {
		t.Errorf("the same again ran %v", k.log[n:])
	}
	before := k.String()
	// What stands before our jump is another's matter; what is gone or twice is not.
	for _, change := range []string{"-I PREROUTING 1 -p udp -j ACCEPT\n", "-D PREROUTING " + jumpPortal("br-lan") + "\n",
		"-A PREROUTING " + jumpPortal("br-lan") + "\n", ":CAREBOX-PORTAL - [0:0]\n"} {
		if err := k.tables["iptables-nft"].change("*nat\n" + change + "COMMIT\n"); err != nil {
			t.Fatal(err)
		}
		mustProve(t, f, time.Time{}, nil)
		mustApply(t, f, threesome())
		if got := strings.Replace(k.String(), "[0:0] -A PREROUTING -p udp -j ACCEPT\n", "", 1); got != before {
			t.Errorf("after %q:\n%s\nwant\n%s", change, got, before)
		}
	}
	mustApply(t, withPage(t, k, 0), threesome())
	if text := k.String(); strings.Contains(text, chainPortal) {
		t.Errorf("left without a page:\n%s", text)
	}
	f = withPage(t, k, 8089)
	mustApply(t, f, threesome())
	if err := f.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	if text := k.String(); strings.Contains(text, prefix) {
		t.Errorf("left after Clear:\n%s", text)
	}
}

// Where the LAN's networks are not known nobody is led astray.
func TestPortalWithoutNetworks(t *testing.T) {
	k := newKernel(t)
	f := withPage(t, k, 8089)
	f.networks = nil
	mustApply(t, f, threesome())
	if text := natOf(k, "iptables-nft"); strings.Contains(text, "REDIRECT") {
		t.Error(text)
	}
}

// A kernel without nat cuts all the same: it is a limitation, tried again with each proof and not before.
func TestPortalFails(t *testing.T) {
	k := newKernel(t)
	f := withPage(t, k, 8089)
	broken := &noNat{kernel: k, broken: true}
	f.shell = broken
	mustApply(t, f, threesome())
	mustProve(t, f, at(21, 12, 0), nil)
	if codes := f.Limitations(); len(codes) == 0 || codes[0].Code != "no-portal" && codes[len(codes)-1].Code != "no-portal" {
		t.Errorf("limitations %v", codes)
	}
	mustApply(t, f, threesome())
	tried := broken.tried
	mustApply(t, f, threesome())
	if broken.tried != tried {
		t.Errorf("tried %d times more", broken.tried-tried)
	}
	broken.broken = false
	mustProve(t, f, at(21, 12, 0), nil)
	mustApply(t, f, threesome())
	if !strings.Contains(natOf(k, "iptables-nft"), "REDIRECT") || !strings.Contains(natOf(k, "ip6tables-nft"), "REDIRECT") {
		t.Error(k)
	}
	for _, l := range f.Limitations() {
		if l.Code == "no-portal" {
			t.Error("still a limitation")
		}
	}
}

// noNat is a kernel whose nat tables cannot be changed while it is broken.
type noNat struct {
	*kernel
	broken bool
	tried  int
}

func (n *noNat) Run(ctx context.Context, cmds []command) []result {
	var all []result
	for _, c := range cmds {
		if strings.HasPrefix(c.stdin, "*nat\n") {
			n.tried++
			if n.broken {
				all = append(all, result{err: errNoNat})
				continue
			}
		}
		all = append(all, n.kernel.Run(ctx, []command{c})...)
	}
	return all
}

var errNoNat = errors.New("can't initialize iptables table `nat'")
