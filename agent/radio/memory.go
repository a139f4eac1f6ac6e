package radio

import (
	"slices"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// memory is what is remembered of one radio between two looks. All of it may be lost: then less is known, and nothing is done wrongly.
type memory struct {
	key      string // of the plan that the next ones are about
	trial    *trial
	failure  *failure
	tries    int // switches that failed one after the other
	quiet    calm
	before   map[string]wire.Figures
	closed   bool      // to others than the reserved stations
	steering time.Time // since when others have been asked to go; zero: they were not
	asked    map[policies.MAC]request
	state    RadioState // newest
	chosen   selection
	former   selection // the one before
	survey   map[int]survey
	load     map[int]load
	weighed  map[int]time.Time // when each load was measured
	joined   map[policies.MAC]time.Time
	hits     []policies.Radar
	until    time.Time // of the radar check that goes on
}

// selection is why the channel in use is in use, and since when.
type selection struct {
	place place
	why   policies.Selection
	since time.Time
	prior policies.Selection // before the switch that is under way
}

// notice follows the channel in use. hostapd does not say why it is where it is, so what we did and what radar did is remembered. A
// channel that is left for a moment only, as by a hostapd that was restarted, has been in use since before.
func (m *memory) notice(p place, radar func(place) bool, automatic bool, now time.Time) {
	if p.channel == 0 || p == m.chosen.place {
		return
	}
	last, former := m.chosen, m.former
	m.chosen = selection{place: p, why: policies.SelectManual, since: now, prior: last.why}
	switch {
	case p.channel == last.place.channel:
		m.chosen.since = last.since
	case p.channel == former.place.channel && now.Sub(last.since) < brief:
		m.chosen.since = former.since
	}
	if p.channel != last.place.channel {
		m.former = last
	}
	switch {
	case m.trial != nil && m.trial.to == p:
		m.chosen.why = m.trial.why
	case m.failure != nil && m.failure.from == p && last.prior != "":
		m.chosen.why = last.prior
	case last.place != place{} && radar(last.place):
		m.chosen.why = policies.SelectDFS
	case automatic:
		m.chosen.why = policies.SelectStartup
	}
}

const brief = 5 * time.Minute // a stay on another channel that counts as none

// adopt takes the channel as chosen for a plan that was in force before this agent ran.
func (m *memory) adopt(p policies.ChannelPlan) {
	if m.chosen.place == (place{p.Channel, p.Width}) && m.chosen.prior == "" && m.trial == nil {
		m.chosen.why, m.chosen.prior = p.Why, policies.SelectManual
	}
}

// steady is an instant that is computed anew with each look from a duration that is rounded: the first one stays while it is close.
func steady(last, next time.Time) time.Time {
	if d := next.Sub(last); d > -3*time.Second && d < 3*time.Second {
		return last
	}
	return next.Truncate(time.Second)
}

// heard merges what the kernel knows of radar with what events told of: the kernel forgets what it never saw, and a period that is over
// stays as history.
func (m *memory) heard(seen []policies.Radar, now time.Time) []policies.Radar {
	for _, r := range seen {
		i := slices.IndexFunc(m.hits, func(h policies.Radar) bool {
			return h.Channel == r.Channel && h.At.Sub(r.At).Abs() < time.Minute
		})
		if i < 0 {
			m.hits = append(m.hits, r)
		}
	}
	m.hits = slices.DeleteFunc(m.hits, func(h policies.Radar) bool { return now.Sub(h.At) > radarHistory })
	slices.SortStableFunc(m.hits, func(a, b policies.Radar) int { return b.At.Compare(a.At) })
	m.hits = m.hits[:min(len(m.hits), maxRadar)]
	return append([]policies.Radar{}, m.hits...)
}

const (
	nonOccupancy = 30 * time.Minute // as the kernel keeps it for every domain (IEEE80211_DFS_MIN_NOP_TIME_MS)
	radarHistory = 7 * 24 * time.Hour
	maxRadar     = 32
)
