package radio

import (
	"fmt"
	"strings"

	"github.com/carebox-project/carebox/policies"
)

// channelOf is the band and number of a 20 MHz channel (IEEE 802.11, annex E); "" for a band that no reservation knows.
func channelOf(mhz int) (policies.Band, int) {
	switch {
	case mhz == 2484:
		return policies.Band24, 14
	case mhz >= 2412 && mhz <= 2472:
		return policies.Band24, (mhz - 2407) / 5
	case mhz >= 5160 && mhz <= 5895 && mhz%5 == 0:
		return policies.Band5, (mhz - 5000) / 5
	}
	return "", 0
}

func frequencyOf(band policies.Band, channel int) int {
	switch {
	case band == policies.Band5:
		return 5000 + 5*channel
	case channel == 14:
		return 2484
	}
	return 2407 + 5*channel
}

// spread is how a channel of a width lies on the air.
type spread struct {
	band           policies.Band
	channel, width int
	second         int // of 40 and 80 MHz: +1 where the neighbour of the primary channel lies above, -1 below, else 0
}

// spreadOf places a channel of a width. At 2.4 GHz a 40 MHz channel lies above its primary one where above is right.
func spreadOf(band policies.Band, channel, width int, above bool) spread {
	s := spread{band: band, channel: channel, width: width}
	switch {
	case width <= 20:
	case band == policies.Band5:
		pair := policies.Block(band, channel, 40)
		s.second = 1
		if pair[0] != channel {
			s.second = -1
		}
	case above:
		s.second = 1
	default:
		s.second = -1
	}
	return s
}

// center is the middle of the channel in MHz.
func (s spread) center() int {
	mhz := frequencyOf(s.band, s.channel)
	if s.band == policies.Band24 {
		return mhz + 10*s.second
	}
	block := policies.Block(s.band, s.channel, s.width)
	return (frequencyOf(s.band, block[0]) + frequencyOf(s.band, block[len(block)-1])) / 2
}

// beacons is after how many beacons a switch takes place: stations have half a second to hear of it.
const beacons = 5

// announce is hostapd's command for a switch that stations follow. hostapd fails without the center and the width.
func (s spread) announce(is status) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CHAN_SWITCH %d %d sec_channel_offset=%d center_freq1=%d bandwidth=%d",
		beacons, frequencyOf(s.band, s.channel), s.second, s.center(), s.width)
	if is.n {
		b.WriteString(" ht")
	}
	if is.ac && s.band == policies.Band5 {
		b.WriteString(" vht")
	}
	if is.ax {
		b.WriteString(" he")
	}
	return b.String()
}

// restart is how a silent radio comes up on another channel: while it checks for radar it takes no announcement, and nobody is joined
// who could hear one. hostapd refuses to start if the parts do not fit each other, so each is set.
func (s spread) restart(is status) []string {
	second := map[int]string{-1: "[HT40-]", 1: "[HT40+]"}[s.second]
	out := []string{"DISABLE", fmt.Sprintf("SET channel %d", s.channel), "SET ht_capab " + second}
	if is.ac {
		wide, segment := 0, 0
		if s.width == 80 {
			wide, segment = 1, (s.center()-5000)/5
		}
		out = append(out, fmt.Sprintf("SET vht_oper_chwidth %d", wide), fmt.Sprintf("SET vht_oper_centr_freq_seg0_idx %d", segment))
	}
	return append(out, "ENABLE")
}

// class is the operating class of a 20 MHz channel (IEEE 802.11, table E-4).
func class(band policies.Band, channel int) int {
	switch {
	case band == policies.Band24 && channel == 14:
		return 82
	case band == policies.Band24:
		return 81
	case channel <= 48:
		return 115
	case channel <= 64:
		return 118
	case channel <= 144:
		return 121
	}
	return 125
}
