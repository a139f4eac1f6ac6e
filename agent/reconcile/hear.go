package reconcile

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	hearPause    = 250 * time.Millisecond // between two looks at the radios, however much happens on them
	figuresEvery = 5 * time.Minute        // that figures alone make a report …
	figuresOften = time.Minute            // … while a channel is reserved
	maxJoined    = 128                    // stations of a radio that are reported: more than any home has
)

// air is what the radios were seen to be.
type air struct {
	radios  []policies.Radio // newest
	shown   []policies.Radio // that are reported: figures change all the time, and a report is not free
	shownAt time.Time        // monotonic
	heardAt time.Time        // monotonic, of the newest look
	want    bool             // something has happened since
	fresh   bool             // nobody has acted on the newest look yet
}

// hear looks at the radios when something has happened on them, and each minute.
func (r *Reconciler) hear(ctx context.Context) {
	if r.parts.Look == nil {
		return
	}
	now := time.Now()
	if !r.air.heardAt.IsZero() && !r.air.want && now.Sub(r.air.heardAt) < time.Minute || now.Sub(r.air.heardAt) < hearPause {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tuneTimeout)
	defer cancel()
	radios, err := r.parts.Look(ctx)
	if context.Cause(ctx) == context.Canceled {
		return
	}
	r.complain("looking at the radios", err)
	r.air.heardAt, r.air.want, r.air.fresh = now, false, true
	if err != nil {
		return
	}
	r.air.radios = silent(r.air.radios, radios)
	often := figuresEvery
	if len(r.kept.keeping.Plans) > 0 {
		often = figuresOften
	}
	if now.Sub(r.air.shownAt) >= often || !reflect.DeepEqual(steady(r.air.shown), steady(told(r.air.radios))) {
		r.air.shown, r.air.shownAt = told(r.air.radios), now
	}
}

// hearAt is when to look again for what has happened, zero if nothing has.
func (a *air) hearAt() time.Time {
	if !a.want {
		return time.Time{}
	}
	return a.heardAt.Add(hearPause)
}

// silent adds those radios that were there before and say nothing now, as while hostapd is restarted: what they can do is still
// known, so nothing that was asked of them is refused meanwhile.
func silent(before, now []policies.Radio) []policies.Radio {
	out := slices.Clone(now)
	for _, r := range before {
		if slices.ContainsFunc(now, func(n policies.Radio) bool { return n.Name == r.Name }) {
			continue
		}
		r.State, r.Channel, r.Width, r.Until, r.Load = policies.RadioDown, 0, 0, nil, -1
		r.BSSes, r.Stations = []policies.BSS{}, []policies.Station{}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b policies.Radio) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// told is as much of radios as fits into a report: one that is too long would be refused whole.
func told(radios []policies.Radio) []policies.Radio {
	out := slices.Clone(radios[:min(len(radios), wire.MaxRadios)])
	for i := range out {
		r := &out[i]
		r.Channels, r.Radar = r.Channels[:min(len(r.Channels), wire.MaxChannels)], r.Radar[:min(len(r.Radar), wire.MaxChannels)]
		r.BSSes, r.Stations = r.BSSes[:min(len(r.BSSes), wire.MaxBSSes)], r.Stations[:min(len(r.Stations), maxJoined)]
	}
	return out
}

// steady is what radios are without the figures that change all the time.
func steady(radios []policies.Radio) []policies.Radio {
	out := slices.Clone(radios)
	for i := range out {
		r := &out[i]
		r.Load, r.Channels, r.Stations = 0, slices.Clone(r.Channels), slices.Clone(r.Stations)
		for j := range r.Channels {
			r.Channels[j].Busy, r.Channels[j].Noise = 0, 0
		}
		for j, s := range r.Stations {
			r.Stations[j] = policies.Station{MAC: s.MAC, Interface: s.Interface}
		}
	}
	return out
}
