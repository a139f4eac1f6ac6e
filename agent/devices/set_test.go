package devices

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/carebox-project/carebox/policies"
)

const (
	phone  = policies.MAC("02:00:00:00:00:0a")
	laptop = policies.MAC("02:00:00:00:00:0b")
	bridge = policies.MAC("02:00:00:00:01:03")
)

func addrs(list ...string) []netip.Addr {
	var out []netip.Addr
	for _, s := range list {
		out = append(out, netip.MustParseAddr(s))
	}
	return out
}

func TestCollect(t *testing.T) {
	neighbours := []neighbour{
		{mac: phone, addr: netip.MustParseAddr("2001:db8:7::a"), alive: true},
		{mac: phone, addr: netip.MustParseAddr("192.168.7.10")},
		{mac: laptop, addr: netip.MustParseAddr("192.168.7.11"), alive: true},
		{mac: bridge, addr: netip.MustParseAddr("192.168.7.1"), alive: true},
	}
	leases := []lease{
		{mac: phone, addr: netip.MustParseAddr("192.168.7.10"), hostname: "phone"},
		{mac: phone, addr: netip.MustParseAddr("192.168.7.99")},
	}
	both := addrs("192.168.7.10", "192.168.7.99", "2001:db8:7::a")
	for name, test := range map[string]struct {
		bridged map[policies.MAC]bool
		want    []Sighting
	}{
		"bridge": {map[policies.MAC]bool{phone: true, bridge: true}, []Sighting{
			{MAC: phone, Addrs: both, Hostname: "phone", Present: true}, {MAC: laptop, Addrs: addrs("192.168.7.11")},
		}},
		"nobody on the bridge": {map[policies.MAC]bool{}, []Sighting{
			{MAC: phone, Addrs: both, Hostname: "phone"}, {MAC: laptop, Addrs: addrs("192.168.7.11")},
		}},
		"no bridge": {nil, []Sighting{
			{MAC: phone, Addrs: both, Hostname: "phone", Present: true}, {MAC: laptop, Addrs: addrs("192.168.7.11"), Present: true},
		}},
	} {
		got := collect(view{neighbours: neighbours, bridged: test.bridged, own: map[policies.MAC]bool{bridge: true}, leases: leases}, nil)
		if diff := cmp.Diff(test.want, got, cmpopts.EquateComparable(netip.Addr{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestFloodDoesNotPushOutWhoWasThere(t *testing.T) {
	v := view{bridged: map[policies.MAC]bool{}, leases: []lease{{mac: "02:ff:ff:ff:ff:ff", addr: netip.MustParseAddr("192.168.7.10")}}}
	for i := range 3 * MaxSightings {
		v.bridged[policies.MAC(fmt.Sprintf("02:00:00:00:%02x:%02x", i>>8, i&0xff))] = true
	}
	got := collect(v, map[policies.MAC]bool{"02:ff:ff:ff:ff:ff": true})
	if len(got) != MaxSightings || got[len(got)-1].MAC != "02:ff:ff:ff:ff:ff" {
		t.Errorf("%d sightings, the last %v", len(got), got[len(got)-1])
	}
	if !slices.IsSortedFunc(got, func(a, b Sighting) int { return cmpStrings(a.MAC, b.MAC) }) {
		t.Error("not sorted")
	}
}

func cmpStrings(a, b policies.MAC) int {
	if a < b {
		return -1
	}
	return 1
}

func TestAddressesOfOneDeviceAreLimited(t *testing.T) {
	var v view
	for i := range 3 * MaxAddrs {
		v.neighbours = append(v.neighbours, neighbour{mac: phone, addr: netip.AddrFrom4([4]byte{10, 0, 0, byte(i)})})
	}
	if got := collect(v, nil); len(got) != 1 || len(got[0].Addrs) != MaxAddrs {
		t.Errorf("%v", got)
	}
}
