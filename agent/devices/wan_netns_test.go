package devices

import (
	"net"
	"os"
	"testing"

	"github.com/vishvananda/netlink"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies/wire"
)

func TestTheWayOutIsLinkAddressAndRoute(t *testing.T) {
	if os.Getenv("CAREBOX_KERNEL") == "" {
		t.Skip("kernel ring: set CAREBOX_KERNEL=1 as root")
	}
	h, err := testbed.New(t.Context(), testbed.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	is := func(what string, want wire.WAN) {
		t.Helper()
		var got wire.WAN
		if err := h.Box.Do(func() (err error) { got, err = WayOut(testbed.WAN, testbed.LAN); return err }); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", what, got, err, want)
		}
	}
	change := func(do func() error) {
		t.Helper()
		if err := h.Box.Do(do); err != nil {
			t.Fatal(err)
		}
	}
	toAll := func(via net.IP) error {
		return netlink.RouteReplace(&netlink.Route{Gw: via, Dst: &net.IPNet{IP: via.Mask(net.CIDRMask(0, 8*len(via))), Mask: net.CIDRMask(0, 8*len(via))}})
	}
	if err := h.Box.Do(func() error {
		if got := Own(testbed.LAN); got != testbed.BoxIPv4 || Own("none0").IsValid() {
			t.Errorf("the box is at %v, and %v on no link", got, Own("none0"))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	is("without routes", wire.WAN{Link: true})
	change(func() error { return toAll(testbed.InternetIPv4.AsSlice()) })
	is("with IPv4", wire.WAN{Link: true, IPv4: true})
	change(func() error { return toAll(testbed.InternetIPv6.AsSlice()) })
	is("with both", wire.WAN{Link: true, IPv4: true, IPv6: true})
	change(func() error {
		wan, err := netlink.LinkByName(testbed.WAN)
		if err != nil {
			return err
		}
		return netlink.LinkSetDown(wan)
	})
	is("unplugged", wire.WAN{})
	if err := h.Box.Do(func() error { _, err := WayOut("none0", testbed.LAN); return err }); err == nil {
		t.Error("found a link that is not there")
	}
}
