package radio

import (
	"slices"
	"sync"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// diary is what only events tell: that hostapd chose a channel by itself, and radar that the kernel does not hold against a channel.
type diary struct {
	mu   sync.Mutex
	auto map[string]bool // radios whose channel hostapd chose, by interface
	hits []hit
}

// hit is radar at a place.
type hit struct {
	center, width int // MHz
	at            time.Time
}

// write takes an event of a BSS. hostapd tells each of its radios of radar, so the frequency says whose it is.
func (d *diary) write(bss string, e event, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch e.name {
	case eventAutomatic:
		if d.auto == nil {
			d.auto = map[string]bool{}
		}
		d.auto[bss] = true
	case eventRadar:
		h := hit{center: e.center, width: e.width, at: now.Round(0).UTC().Truncate(time.Second)}
		if h.center == 0 {
			h.center = e.frequency
		}
		d.hits = slices.DeleteFunc(d.hits, func(old hit) bool {
			return now.Sub(old.at) > nonOccupancy || old.center == h.center && old.width == h.width && h.at.Sub(old.at) < time.Minute
		})
		d.hits = append(d.hits, h)
		d.hits = d.hits[max(0, len(d.hits)-maxRadar):]
	case eventOver:
		d.hits = slices.DeleteFunc(d.hits, func(h hit) bool { return covers(h, e.frequency) })
	}
}

func covers(h hit, mhz int) bool {
	half := max(h.width, 20) / 2
	return mhz > h.center-half && mhz < h.center+half
}

// radar is what a radio that uses the kernel's channels must take as radar.
func (d *diary) radar(v view) []policies.Radar {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []policies.Radar
	if v.phy == nil {
		return nil
	}
	for _, f := range v.phy.channels {
		band, number := channelOf(f.mhz)
		if band != v.radio.Band || !f.radar || f.clear {
			continue
		}
		for _, h := range d.hits {
			if covers(h, f.mhz) {
				out = append(out, policies.Radar{Channel: number, At: h.at, Until: h.at.Add(nonOccupancy)})
			}
		}
	}
	return out
}

func (d *diary) automatic(bss string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.auto[bss]
}
