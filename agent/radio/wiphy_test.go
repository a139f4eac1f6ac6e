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

func TestLoadIsMeasuredOverMinutes(t *testing.T) {
	var m memory
	now := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	active, busy, own := time.Duration(0), time.Duration(0), time.Duration(0)
	look := func(after, used, ours time.Duration) load {
		now = now.Add(after)
		active, busy, own = active+after, busy+used, own+ours
		m.measure(map[int]survey{5180: {active: active, busy: busy, own: own}}, now)
		return m.load[5180]
	}
	if l := look(10*time.Second, 5*time.Second, 0); l != (load{50, 50}) {
		t.Errorf("first look: %+v", l)
	}
	if l := look(time.Second, time.Second, 0); l.all < 50 || l.all > 51 {
		t.Errorf("one busy second: %+v", l)
	}
	look(time.Millisecond, time.Millisecond, 0)
	if l := look(time.Hour, 36*time.Minute, 18*time.Minute); l.all < 59 || l.all > 61 || l.others < 29 || l.others > 31 {
		t.Errorf("an hour later: %+v", l)
	}
	active, busy, own = 0, 0, 0
	if l := look(time.Hour, 0, 0); l.all > 1 {
		t.Errorf("after a restart of the driver: %+v", l)
	}
}

func TestSelection(t *testing.T) {
	var m memory
	start := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	at := func(minute int, p place, why policies.Selection, since int) {
		t.Helper()
		closed := func(p place) bool { return p.channel == 52 }
		m.notice(p, closed, false, start.Add(time.Duration(minute)*time.Minute))
		if m.chosen.why != why || !m.chosen.since.Equal(start.Add(time.Duration(since)*time.Minute)) {
			t.Errorf("at %d: %s since %s", minute, m.chosen.why, m.chosen.since)
		}
	}
	at(0, place{36, 80}, policies.SelectManual, 0)
	m.trial = &trial{from: place{36, 80}, to: place{52, 80}, why: policies.SelectReservation}
	at(10, place{52, 80}, policies.SelectReservation, 10)
	at(11, place{}, policies.SelectReservation, 10)
	m.trial = nil
	at(12, place{40, 20}, policies.SelectDFS, 12)
	at(30, place{40, 80}, policies.SelectManual, 12)
	at(40, place{36, 80}, policies.SelectManual, 40) // hostapd began anew
	m.trial = &trial{from: place{36, 80}, to: place{40, 80}, why: policies.SelectReservation}
	at(41, place{40, 80}, policies.SelectReservation, 12)
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
