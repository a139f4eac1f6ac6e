package devices

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies"
)

// TestHome looks at a home with real neighbours, a real bridge and real leases, from inside its box.
func TestHome(t *testing.T) {
	if os.Getenv("CAREBOX_KERNEL") == "" {
		t.Skip("kernel ring: set CAREBOX_KERNEL=1 as root")
	}
	dir := t.TempDir()
	home, err := testbed.New(t.Context(), testbed.Options{DHCP: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := home.Close(); err != nil {
			t.Error(err)
		}
	})
	sets := watchHome(t, home, filepath.Join(dir, testbed.Leases))
	all := []policies.MAC{home.Phone.MAC, home.Laptop.MAC, home.TV.MAC}
	set := await(t, sets, func(set []Sighting) bool { return slices.Equal(macs(set, true), all) })
	for i, d := range home.Devices() {
		s := set[i]
		if !slices.Contains(s.Addrs, d.IPv4) || !slices.Contains(s.Addrs, d.IPv6) || s.Hostname == "" {
			t.Errorf("%s is seen as %+v, want %s and %s and a name", d.Name, s, d.IPv4, d.IPv6)
		}
	}

	for _, addr := range []netip.Addr{home.Phone.IPv4, home.Phone.IPv6, netip.MustParseAddr("::ffff:" + home.Phone.IPv4.String())} {
		if mac := find(t, home, addr); mac != home.Phone.MAC {
			t.Errorf("%s belongs to %q", addr, mac)
		}
	}
	if mac := find(t, home, netip.MustParseAddr("192.168.7.99")); mac != "" {
		t.Errorf("nobody's address belongs to %q", mac)
	}

	// A new address of the phone is noticed, and that it leaves.
	private := netip.MustParseAddr("192.168.7.77")
	if err := home.Phone.Run(t.Context(), "ip", "addr", "add", private.String()+"/24", "dev", "eth0"); err != nil {
		t.Fatal(err)
	}
	if err := home.Phone.Run(t.Context(), "ping", "-c1", "-W5", "-I", private.String(), testbed.BoxIPv4.String()); err != nil {
		t.Fatal(err)
	}
	await(t, sets, func(set []Sighting) bool { return slices.Contains(set[0].Addrs, private) })
	if err := home.Phone.Run(t.Context(), "ip", "link", "set", "eth0", "down"); err != nil {
		t.Fatal(err)
	}
	await(t, sets, func(set []Sighting) bool { return slices.Equal(macs(set, true), all[1:]) })
}

func find(t *testing.T, home *testbed.Home, addr netip.Addr) (mac policies.MAC) {
	t.Helper()
	err := home.Box.Do(func() (err error) {
		mac, err = Find(testbed.LAN, addr)
		return err
	})
	if err != nil && !errors.Is(err, errNobody) {
		t.Error(err)
	}
	return mac
}

func watchHome(t *testing.T, home *testbed.Home, leases string) <-chan []Sighting {
	t.Helper()
	sets := make(chan []Sighting, 64)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w := New(testbed.LAN, leases, slog.New(slog.DiscardHandler))
		if err := home.Box.Do(func() error { return w.Run(ctx, func(set []Sighting) { sets <- set }) }); err != nil {
			t.Error(err)
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return sets
}

func macs(set []Sighting, present bool) []policies.MAC {
	var out []policies.MAC
	for _, s := range set {
		if s.Present == present {
			out = append(out, s.MAC)
		}
	}
	return out
}

func await(t *testing.T, sets <-chan []Sighting, ok func([]Sighting) bool) []Sighting {
	t.Helper()
	limit := time.After(30 * time.Second)
	var last []Sighting
	for {
		select {
		case last = <-sets:
			if ok(last) {
				return last
			}
		case <-limit:
			t.Fatalf("last seen: %+v", last)
		}
	}
}
