package radio

import (
	"slices"
	"testing"
	"time"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"

	"github.com/carebox-project/carebox/policies"
)

// channelAttributes are one frequency as the kernel sends it.
func channelAttributes(mhz uint32, flags ...uint16) func(*netlink.AttributeEncoder) error {
	return func(ae *netlink.AttributeEncoder) error {
		ae.Uint32(unix.NL80211_FREQUENCY_ATTR_FREQ, mhz)
		ae.Uint32(unix.NL80211_FREQUENCY_ATTR_MAX_TX_POWER, 2300)
		for _, f := range flags {
			ae.Flag(f, true)
		}
		if slices.Contains(flags, unix.NL80211_FREQUENCY_ATTR_RADAR) {
			ae.Uint32(unix.NL80211_FREQUENCY_ATTR_DFS_STATE, dfsHit)
			ae.Uint32(unix.NL80211_FREQUENCY_ATTR_DFS_TIME, 60_000)
		}
		return nil
	}
}

// wiphy is one message of a split dump.
func wiphy(t testing.TB, index uint32, name string, channels ...func(*netlink.AttributeEncoder) error) []byte {
	t.Helper()
	ae := netlink.NewAttributeEncoder()
	ae.Uint32(unix.NL80211_ATTR_WIPHY, index)
	ae.String(unix.NL80211_ATTR_WIPHY_NAME, name)
	if len(channels) > 0 {
		ae.Nested(unix.NL80211_ATTR_WIPHY_BANDS, func(bands *netlink.AttributeEncoder) error {
			bands.Nested(1, func(band *netlink.AttributeEncoder) error {
				band.Nested(unix.NL80211_BAND_ATTR_FREQS, func(list *netlink.AttributeEncoder) error {
					for i, c := range channels {
						list.Nested(uint16(i), c)
					}
					return nil
				})
				return nil
			})
			return nil
		})
	}
	data, err := ae.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func regdom(t testing.TB, country string, index int) []byte {
	t.Helper()
	ae := netlink.NewAttributeEncoder()
	ae.String(unix.NL80211_ATTR_REG_ALPHA2, country)
	if index >= 0 {
		ae.Uint32(unix.NL80211_ATTR_WIPHY, uint32(index))
	}
	data, err := ae.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestWiphy(t *testing.T) {
	const (
		radar   = uint16(unix.NL80211_FREQUENCY_ATTR_RADAR)
		off     = uint16(unix.NL80211_FREQUENCY_ATTR_DISABLED)
		passive = uint16(unix.NL80211_FREQUENCY_ATTR_NO_IR)
		noPlus  = uint16(unix.NL80211_FREQUENCY_ATTR_NO_HT40_PLUS)
		no80    = uint16(unix.NL80211_FREQUENCY_ATTR_NO_80MHZ)
	)
	phys, err := parseWiphys([][]byte{
		wiphy(t, 3, "phy3"),
		wiphy(t, 3, "phy3", channelAttributes(5180), channelAttributes(5200), channelAttributes(5220, noPlus), channelAttributes(5240)),
		wiphy(t, 3, "phy3", channelAttributes(5260, radar), channelAttributes(5280, radar), channelAttributes(5300, no80), channelAttributes(5320, off)),
		wiphy(t, 4, "phy4", channelAttributes(2412, passive)),
	})
	if err != nil || len(phys) != 2 || phys[3].name != "phy3" || len(phys[3].channels) != 8 {
		t.Fatalf("%+v, %v", phys, err)
	}
	if err := setCountries(phys, [][]byte{regdom(t, "FR", -1), regdom(t, "US", 4)}); err != nil || phys[3].country != "FR" || phys[4].country != "US" {
		t.Errorf("%+v, %v", phys, err)
	}
	got := map[int][]int{}
	for _, c := range channels(phys[3], policies.Band5, status{n: true, ac: true, wide: true}, nil) {
		got[c.Number] = c.Widths
	}
	for number, want := range map[int][]int{36: {20, 40, 80}, 40: {20, 40, 80}, 44: {20}, 48: {20, 40, 80}, 52: {20, 40}, 60: {20}, 64: nil} {
		if !slices.Equal(got[number], want) {
			t.Errorf("channel %d may be %v wide, want %v", number, got[number], want)
		}
	}
	if got := channels(phys[4], policies.Band24, status{}, nil); len(got) != 0 {
		t.Errorf("where nobody may begin to send: %+v", got)
	}
	now := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	hits := radarOf(phys[3], policies.Band5, now)
	if len(hits) != 2 || hits[0] != (policies.Radar{Channel: 52, At: now.Add(-time.Minute), Until: now.Add(29 * time.Minute)}) {
		t.Errorf("%+v", hits)
	}
}

func TestLoadIsMeasuredBetweenLooks(t *testing.T) {
	var m memory
	look := func(active, busy, own time.Duration) load {
		m.measure(map[int]survey{5180: {active: active, busy: busy, own: own}})
		return m.load[5180]
	}
	if l := look(10*time.Second, 5*time.Second, 0); l != (load{50, 50}) {
		t.Errorf("first look: %+v", l)
	}
	if l := look(20*time.Second, 7*time.Second, time.Second); l != (load{20, 10}) {
		t.Errorf("since then: %+v", l)
	}
	if l := look(20*time.Second+time.Millisecond, 7*time.Second, time.Second); l != (load{20, 10}) {
		t.Errorf("a moment later: %+v", l)
	}
	if l := look(time.Second, time.Second/4, 0); l != (load{25, 25}) {
		t.Errorf("after a restart of the driver: %+v", l)
	}
}

func FuzzWiphy(f *testing.F) {
	f.Add(wiphy(f, 1, "phy1", channelAttributes(5180), channelAttributes(5260, unix.NL80211_FREQUENCY_ATTR_RADAR)))
	f.Add(regdom(f, "FR", 0))
	f.Fuzz(func(_ *testing.T, data []byte) {
		phys, err := parseWiphys([][]byte{data, data})
		if err != nil {
			return
		}
		_ = setCountries(phys, [][]byte{data}) // whatever it says, it must not harm
		for _, p := range phys {
			channels(p, policies.Band5, status{n: true, ac: true, wide: true}, nil)
			radarOf(p, policies.Band5, time.Time{})
		}
	})
}
