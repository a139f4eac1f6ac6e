package radio

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"

	"github.com/carebox-project/carebox/policies"
)

// frequency is one 20 MHz channel of a radio as the regulatory domain has it.
type frequency struct {
	mhz                 int
	power               int           // dBm
	off                 bool          // it must not be used, or not by who begins to send
	radar               bool          // it needs a radar check
	hit                 bool          // radar was heard in the last 30 minutes: it must not be used
	clear               bool          // its radar check was passed
	age                 time.Duration // of hit or clear
	minus, plus, eighty bool          // it may be the primary one of a wider channel
}

// States of radar: enum nl80211_dfs_state.
const (
	dfsHit   = 1
	dfsClear = 2
)

// parseWiphys puts together the messages of a split dump. Each tells a part of one radio.
func parseWiphys(messages [][]byte) (map[uint32]*phy, error) {
	out := map[uint32]*phy{}
	for _, m := range messages {
		ad, err := netlink.NewAttributeDecoder(m)
		if err != nil {
			return nil, fmt.Errorf("reading a radio: %w", err)
		}
		index, p := uint32(0), &phy{surveys: map[int]survey{}, figures: map[policies.MAC]figures{}}
		for ad.Next() {
			switch ad.Type() {
			case unix.NL80211_ATTR_WIPHY:
				index = ad.Uint32()
			case unix.NL80211_ATTR_WIPHY_NAME:
				p.name = ad.String()
			case unix.NL80211_ATTR_WIPHY_BANDS:
				ad.Nested(p.bands)
			}
		}
		if err := ad.Err(); err != nil {
			return nil, fmt.Errorf("reading a radio: %w", err)
		}
		if known := out[index]; known != nil {
			known.channels = append(known.channels, p.channels...)
			known.name = cmp.Or(known.name, p.name)
			continue
		}
		out[index] = p
	}
	return out, nil
}

// bands reads the frequencies of each band, and whether the radio can do 40 and 80 MHz there.
func (p *phy) bands(ad *netlink.AttributeDecoder) error {
	for ad.Next() {
		ad.Nested(func(band *netlink.AttributeDecoder) error {
			for band.Next() {
				if band.Type() != unix.NL80211_BAND_ATTR_FREQS {
					continue
				}
				band.Nested(func(list *netlink.AttributeDecoder) error {
					for list.Next() {
						list.Nested(p.frequency)
					}
					return nil
				})
			}
			return nil
		})
	}
	return nil
}

func (p *phy) frequency(ad *netlink.AttributeDecoder) error {
	f := frequency{minus: true, plus: true, eighty: true}
	state := uint32(0)
	for ad.Next() {
		switch ad.Type() {
		case unix.NL80211_FREQUENCY_ATTR_FREQ:
			f.mhz = int(ad.Uint32())
		case unix.NL80211_FREQUENCY_ATTR_MAX_TX_POWER:
			f.power = int(ad.Uint32()) / 100
		case unix.NL80211_FREQUENCY_ATTR_DISABLED, unix.NL80211_FREQUENCY_ATTR_NO_IR, unix.NL80211_FREQUENCY_ATTR_NO_20MHZ:
			f.off = true
		case unix.NL80211_FREQUENCY_ATTR_RADAR:
			f.radar = true
		case unix.NL80211_FREQUENCY_ATTR_DFS_STATE:
			state = ad.Uint32()
		case unix.NL80211_FREQUENCY_ATTR_DFS_TIME:
			f.age = time.Duration(ad.Uint32()) * time.Millisecond
		case unix.NL80211_FREQUENCY_ATTR_NO_HT40_MINUS:
			f.minus = false
		case unix.NL80211_FREQUENCY_ATTR_NO_HT40_PLUS:
			f.plus = false
		case unix.NL80211_FREQUENCY_ATTR_NO_80MHZ:
			f.eighty = false
		}
	}
	f.hit, f.clear = f.radar && state == dfsHit, f.radar && state == dfsClear
	p.channels = append(p.channels, f)
	return nil
}

var errCountry = errors.New("the kernel names a country that is none")

// setCountries takes the regulatory domain of each radio that has one of its own, and the common one for the others.
func setCountries(phys map[uint32]*phy, messages [][]byte) error {
	common, own := "", map[uint32]string{}
	for _, m := range messages {
		ad, err := netlink.NewAttributeDecoder(m)
		if err != nil {
			return fmt.Errorf("reading a regulatory domain: %w", err)
		}
		country, index, private := "", uint32(0), false
		for ad.Next() {
			switch ad.Type() {
			case unix.NL80211_ATTR_REG_ALPHA2:
				country = ad.String()
			case unix.NL80211_ATTR_WIPHY:
				index, private = ad.Uint32(), true
			}
		}
		if err := ad.Err(); err != nil {
			return fmt.Errorf("reading a regulatory domain: %w", err)
		}
		if len(country) != 2 {
			return errCountry
		}
		if private {
			own[index] = country
		} else {
			common = country
		}
	}
	for index, p := range phys {
		p.country = cmp.Or(own[index], common)
	}
	return nil
}

// at is the channel of a frequency.
func (p *phy) at(mhz int) (frequency, bool) {
	i := slices.IndexFunc(p.channels, func(f frequency) bool { return f.mhz == mhz })
	if i < 0 {
		return frequency{}, false
	}
	return p.channels[i], true
}
