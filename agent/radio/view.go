package radio

import (
	"maps"
	"slices"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// view is one radio at one moment.
type view struct {
	radio    policies.Radio
	status   status
	doors    map[string]door // of each BSS that could be asked, by interface
	stations []station       // that are really in
	phy      *phy            // nil where the kernel says nothing
}

func (v view) place() place { return place{v.radio.Channel, v.radio.Width} }

func (v view) find(mac policies.MAC) (station, bool) {
	i := slices.IndexFunc(v.stations, func(st station) bool { return st.mac == mac })
	if i < 0 {
		return station{}, false
	}
	return v.stations[i], true
}

// hit reports whether radar closes a place now.
func (v view) hit(p place, now time.Time) bool {
	block := policies.Block(v.radio.Band, p.channel, p.width)
	return slices.ContainsFunc(v.radio.Radar, func(r policies.Radar) bool {
		return slices.Contains(block, r.Channel) && now.Before(r.Until)
	})
}

// clear reports whether a place has passed its radar check already and may be used at once.
func (v view) clear(p place) bool {
	if v.phy == nil {
		return false
	}
	for _, channel := range policies.Block(v.radio.Band, p.channel, p.width) {
		f, ok := v.phy.at(frequencyOf(v.radio.Band, channel))
		if !ok || f.off || f.radar && !f.clear {
			return false
		}
	}
	return true
}

// goTo is how the radio gets to another channel: announced while it serves, restarted there while it is silent anyway.
func (v view) goTo(p place) []order {
	to := spreadOf(v.radio.Band, p.channel, p.width, v.above(p.channel))
	if v.radio.State == policies.RadioUp {
		return []order{{bss: v.speaker(), command: to.announce(v.status)}}
	}
	var out []order
	for _, command := range to.restart(v.status) {
		out = append(out, order{bss: v.speaker(), command: command, mayFail: command == "DISABLE"})
	}
	return out
}

// speaker is a BSS that can be asked about the whole radio: the first, if it has a socket.
func (v view) speaker() string {
	if _, ok := v.doors[v.radio.Name]; ok || len(v.doors) == 0 {
		return v.radio.Name
	}
	return slices.Min(slices.Collect(maps.Keys(v.doors)))
}

// above reports whether a 40 MHz channel at 2.4 GHz may lie above its primary one.
func (v view) above(channel int) bool {
	if v.phy == nil {
		return channel < 8
	}
	f, ok := v.phy.at(frequencyOf(v.radio.Band, channel))
	_, upper := v.phy.at(f.mhz + 20)
	return ok && f.plus && upper
}

// hosts reports whether one of the radio's networks has a name, and which BSS that is.
func (v view) hosts(ssid string) (policies.BSS, bool) {
	i := slices.IndexFunc(v.radio.BSSes, func(b policies.BSS) bool { return b.SSID == ssid })
	if i < 0 || ssid == "" {
		return policies.BSS{}, false
	}
	return v.radio.BSSes[i], true
}

// name is that of the network of a BSS.
func (v view) ssid(bss string) string {
	for _, b := range v.radio.BSSes {
		if b.Interface == bss {
			return b.SSID
		}
	}
	return ""
}
