package radio

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// load is how busy a channel was in the last minutes, in percent of air time.
type load struct{ all, others float64 }

// fill completes the facts of a radio with what the kernel knows and what is remembered.
func (r *Radios) fill(v *view, m *memory, now time.Time) {
	if v.phy != nil {
		if v.radio.Band == "" { // a radio that is down: of one band mostly
			v.radio.Band = bandOf(v.phy)
		}
		v.radio.Country = v.phy.country
		m.measure(v.phy.surveys, now)
	}
	v.radio.Radar = m.heard(append(r.diary.radar(*v), radarOf(v.phy, v.radio.Band, now)...), now)
	m.notice(v.place(), func(p place) bool { return v.hit(p, now) }, r.diary.automatic(v.radio.Name), now)
	v.radio.Why, v.radio.Since = m.chosen.why, m.chosen.since.Round(0).UTC()
	v.radio.Channels = channels(v.phy, v.radio.Band, v.status, m.load)
	v.radio.Load = -1
	if l, ok := m.load[frequencyOf(v.radio.Band, v.radio.Channel)]; ok && v.radio.Channel != 0 {
		v.radio.Load = int(math.Round(l.all))
	}
	v.radio.BSSes = []policies.BSS{}
	for _, n := range v.status.bsses {
		d, known := v.doors[n.name]
		v.radio.BSSes = append(v.radio.BSSes, policies.BSS{Interface: n.name, BSSID: n.bssid, SSID: n.ssid, Exclusive: known && d.exclusive()})
	}
	v.radio.Stations = m.stations(*v, now)
	if v.radio.State == policies.RadioCheck {
		m.until = steady(m.until, now.Add(v.status.left))
		until := m.until.Round(0).UTC()
		v.radio.Until = &until
	}
}

func bandOf(p *phy) policies.Band {
	for _, f := range p.channels {
		if band, _ := channelOf(f.mhz); band != "" && !f.off {
			return band
		}
	}
	return ""
}

const smooth = 3 * time.Minute // in which a new load has mostly taken the place of the one before: a planner without memory reads it

// measure turns counters that rise into shares of air time. A driver that counts nothing says nothing.
func (m *memory) measure(surveys map[int]survey, now time.Time) {
	if m.load == nil {
		m.load, m.weighed = map[int]load{}, map[int]time.Time{}
	}
	for mhz, s := range surveys {
		last := m.survey[mhz]
		if s.active < last.active || s.busy < last.busy || s.own < last.own {
			last = survey{} // the driver has started anew
		}
		active := s.active - last.active
		if active < 50*time.Millisecond {
			surveys[mhz] = last // too short to say anything: the time counts with the next look
			continue
		}
		share := func(d time.Duration) float64 { return 100 * min(1, max(0, d.Seconds()/active.Seconds())) }
		fresh := load{all: share(s.busy - last.busy), others: share(s.busy - last.busy - (s.own - last.own))}
		if old, known := m.load[mhz]; known {
			keep := math.Exp(-max(0, now.Sub(m.weighed[mhz]).Seconds()) / smooth.Seconds())
			fresh.all, fresh.others = fresh.all+keep*(old.all-fresh.all), fresh.others+keep*(old.others-fresh.others)
		}
		m.load[mhz], m.weighed[mhz] = fresh, now
	}
	m.survey = surveys
}

// radarOf is what the kernel holds against a radio's channels now.
func radarOf(p *phy, band policies.Band, now time.Time) []policies.Radar {
	out := []policies.Radar{}
	if p == nil {
		return out
	}
	for _, f := range p.channels {
		if b, number := channelOf(f.mhz); f.hit && b == band {
			at := now.Add(-f.age).Round(0).UTC().Truncate(time.Second)
			out = append(out, policies.Radar{Channel: number, At: at, Until: at.Add(nonOccupancy)})
		}
	}
	return out
}

// channels are those of a band that the radio may use, and how wide: what the regulatory domain, the chip and hostapd's
// configuration allow together.
func channels(p *phy, band policies.Band, s status, loads map[int]load) []policies.Channel {
	out := []policies.Channel{}
	if p == nil {
		return out
	}
	for _, f := range p.channels {
		b, number := channelOf(f.mhz)
		if b != band || f.off || b == "" {
			continue
		}
		c := policies.Channel{
			Number: number, Frequency: f.mhz, Widths: widths(p, f, s), Radar: f.radar, Power: f.power, Busy: -1, Noise: p.surveys[f.mhz].noise,
		}
		if l, ok := loads[f.mhz]; ok {
			c.Busy = int(math.Round(l.others))
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b policies.Channel) int { return cmp.Compare(a.Number, b.Number) })
	return slices.CompactFunc(out, func(a, b policies.Channel) bool { return a.Number == b.Number })
}

func widths(p *phy, f frequency, s status) []int {
	out := []int{20}
	band, number := channelOf(f.mhz)
	usable := func(width int) bool {
		for _, n := range policies.Block(band, number, width) {
			if other, ok := p.at(frequencyOf(band, n)); !ok || other.off {
				return false
			}
		}
		return true
	}
	if !s.n || !s.wide {
		return out
	}
	switch {
	case band == policies.Band24:
		_, upper := p.at(f.mhz + 20)
		_, lower := p.at(f.mhz - 20)
		if f.plus && upper || f.minus && lower {
			out = append(out, 40)
		}
		return out
	case spreadOf(band, number, 40, true).second > 0 && !f.plus, spreadOf(band, number, 40, true).second < 0 && !f.minus, !usable(40):
		return out
	}
	out = append(out, 40)
	if s.ac && f.eighty && usable(80) {
		out = append(out, 80)
	}
	return out
}

// stations are those that have joined, with the figures that the kernel adds.
func (m *memory) stations(v view, now time.Time) []policies.Station {
	out := []policies.Station{}
	joined := map[policies.MAC]time.Time{}
	for _, st := range v.stations {
		joined[st.mac] = steady(m.joined[st.mac], now.Add(-st.joined).Round(0).UTC())
		s := policies.Station{
			MAC: st.mac, Interface: st.bss, Signal: st.signal, TxRate: st.tx, RxRate: st.rx, Packets: st.packets, Since: joined[st.mac],
		}
		if f, ok := v.figures(st.mac); ok {
			s.Retries, s.Failed, s.Packets = f.retries, f.failed, max(f.packets, st.packets)
			s.TxRate, s.RxRate, s.Signal = cmp.Or(f.tx, s.TxRate), cmp.Or(f.rx, s.RxRate), cmp.Or(f.signal, s.Signal)
		}
		out = append(out, s)
	}
	m.joined = joined
	out = out[:min(len(out), 2*maxStations)]
	slices.SortStableFunc(out, func(a, b policies.Station) int {
		return cmp.Or(strings.Compare(string(a.MAC), string(b.MAC)), strings.Compare(a.Interface, b.Interface))
	})
	return out
}

func (v view) figures(mac policies.MAC) (figures, bool) {
	if v.phy == nil {
		return figures{}, false
	}
	f, ok := v.phy.figures[mac]
	return f, ok
}
