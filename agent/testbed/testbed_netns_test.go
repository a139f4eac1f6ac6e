package testbed

import (
	"net/netip"
	"os"
	"testing"
	"time"
)

func TestHome(t *testing.T) {
	if os.Getenv("CAREBOX_KERNEL") == "" {
		t.Skip("kernel ring: set CAREBOX_KERNEL=1 as root")
	}
	for name, o := range map[string]Options{
		"nft":                {},
		"legacy":             {Backend: "legacy"},
		"leases by dnsmasq":  {DHCP: t.TempDir()},
		"no IPv6 firewalled": {OpenIPv6: true},
		"a line with a rate": {Down: 40e6, Up: 20e6},
	} {
		t.Run(name, func(t *testing.T) {
			h, err := New(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := h.Close(); err != nil {
					t.Error(err)
				}
			})
			carry(t, h)
		})
	}
}

// carry shows that every kind of flow reaches every device in both families.
func carry(t *testing.T, h *Home) {
	t.Helper()
	service, err := h.Serve(t.Context(), 200_000)
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	for _, d := range h.Devices() {
		for _, to := range []netip.Addr{InternetIPv4, InternetIPv6} {
			for _, kind := range []Kind{Download, Exchange, Push, Upload} {
				f, err := d.Start(t.Context(), kind, to)
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				for end := time.Now().Add(time.Minute); f.Bytes() < 5*datagram; time.Sleep(time.Millisecond) {
					if time.Now().After(end) {
						t.Fatalf("%s to %s from %s: %d bytes", kind, to, d.Name, f.Bytes())
					}
				}
			}
		}
	}
}
