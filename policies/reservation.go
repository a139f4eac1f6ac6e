package policies

import (
	"fmt"
	"slices"
)

// Band is a range of Wi-Fi channels.
type Band string

const (
	Band24 Band = "2.4GHz"
	Band5  Band = "5GHz"
)

// Reservation keeps a place for TV and video: a channel of one band, a part of the line, or both.
//
// [Validate] judges what it says by itself, [Refusals] whether a box can keep it, [Live] when it holds and [PlanRadios]
// where each radio has to be.
type Reservation struct {
	ID        string       `json:"id"`
	Name      string       `json:"name,omitempty"`
	Devices   []string     `json:"devices"`             // ids, at least one; figures are shown of the first
	Band      Band         `json:"band,omitempty"`      // "": bandwidth only; then all about channels is absent
	Channel   int          `json:"channel,omitempty"`   // primary 20 MHz channel, 0: the best one
	Width     int          `json:"width,omitempty"`     // MHz: 20, 40, or 80 at 5 GHz; required with a band
	Exclusive bool         `json:"exclusive,omitempty"` // other devices are kept off the channel
	FloorDown int64        `json:"floorDown,omitempty"` // bit/s from the internet, 0: none
	FloorUp   int64        `json:"floorUp,omitempty"`   // bit/s to the internet, 0: none
	Windows   []WeekWindow `json:"windows"`             // when it holds; none: always
	Fallback  []int        `json:"fallback,omitempty"`  // channels without radar, in the order in which they are tried
	Now       bool         `json:"now,omitempty"`       // a radar check may silence the radio at once, not only when it is idle
}

// WeekWindow is a time that begins on the same days every week, by the clock rule of a [Schedule].
type WeekWindow struct {
	Days     []Day  `json:"days"`
	Start    string `json:"start"`
	Duration int    `json:"duration"` // 1 to 604,800 seconds of wall clock
}

// reservations checks each by itself, then all against each other. Whether a box can keep them is [Refusals]'s to say.
func (j *judge) reservations(list []Reservation) {
	before, ids := len(j.problems), map[string]bool{}
	for i, r := range list {
		at := fmt.Sprintf("reservations[%d]", i)
		j.id(ids, at, r.ID)
		j.label(at+".name", r.Name)
		j.reserved(at, r.Devices)
		if r.Band == "" {
			j.bandless(at, r)
		} else {
			j.place(at, r)
		}
		j.floor(at+".floorDown", r.FloorDown)
		j.floor(at+".floorUp", r.FloorUp)
		j.weekWindows(at+".windows", r.Windows)
	}
	if len(j.problems) == before {
		j.conflicts(list)
	}
}

// reserved checks the devices that a place is kept for.
func (j *judge) reserved(at string, devices []string) {
	if len(devices) == 0 {
		j.problem(CodeNoDevices, at+".devices", "A reservation is for at least one device.")
	}
	if len(devices) > MaxDevices {
		j.count(at+".devices", len(devices), MaxDevices)
		return
	}
	seen := map[string]bool{}
	for i, id := range devices {
		field := fmt.Sprintf("%s.devices[%d]", at, i)
		switch {
		case !j.devices[id]:
			j.problem(CodeReference, field, "There is no device "+shown(id)+".")
		case seen[id]:
			j.problem(CodeDeviceTwice, field, "The device "+shown(id)+" is here twice.")
		}
		seen[id] = true
	}
}

// bandless checks a reservation of bandwidth alone, such as that of a TV on a cable.
func (j *judge) bandless(at string, r Reservation) {
	if r.Channel != 0 || r.Width != 0 || r.Exclusive || len(r.Fallback) > 0 || r.Now {
		j.problem(CodeReservationTarget, at+".band", "Without a band there is no channel, width, exclusive, fallback or now.")
	} else if r.FloorDown == 0 && r.FloorUp == 0 {
		j.problem(CodeReservationTarget, at, "A reservation keeps a band, a floor or both.")
	}
}

// place checks what is said about channels, as far as their numbers go: what is legal only the radio knows.
func (j *judge) place(at string, r Reservation) {
	first, last, widths := 1, 14, []int{20, 40}
	switch r.Band {
	case Band24:
	case Band5:
		first, last, widths = 15, 196, []int{20, 40, 80}
	default:
		j.problem(CodeBand, at+".band", shown(string(r.Band))+" is not one of 2.4GHz, 5GHz.")
		return
	}
	if r.Channel != 0 && (r.Channel < first || r.Channel > last) {
		j.problem(CodeChannel, at+".channel", fmt.Sprintf("The channels of %s are numbered %d to %d; 0 is the best.", r.Band, first, last))
	}
	if !slices.Contains(widths, r.Width) {
		j.problem(CodeWidth, at+".width", fmt.Sprintf("A width at %s is one of %s MHz.", r.Band, numbers(widths)))
	}
	if len(r.Fallback) > MaxFallbacks {
		j.count(at+".fallback", len(r.Fallback), MaxFallbacks)
		return
	}
	for i, c := range r.Fallback {
		if c < first || c > last || c == r.Channel || slices.Contains(r.Fallback[:i], c) {
			j.problem(CodeFallback, fmt.Sprintf("%s.fallback[%d]", at, i),
				fmt.Sprintf("A fallback is another channel of %s, once.", r.Band))
		}
	}
}

func (j *judge) floor(at string, floor int64) {
	if floor < 0 || floor > MaxFloor {
		j.problem(CodeFloor, at, "A floor is 0 to "+megabits(MaxFloor)+".")
	}
}

func (j *judge) weekWindows(at string, windows []WeekWindow) {
	if len(windows) > MaxWindows {
		j.count(at, len(windows), MaxWindows)
		return
	}
	for i, w := range windows {
		field := fmt.Sprintf("%s[%d]", at, i)
		j.days(field+".days", w.Days)
		j.window(field, w.Start, w.Duration)
	}
}

// conflicts names the pairs that cannot both hold: a radio has one channel at a time, a device one floor.
func (j *judge) conflicts(list []Reservation) {
	weeks := make([]weekly, len(list))
	for i, r := range list {
		weeks[i] = r.weekly()
		for k, other := range list[:i] {
			field := fmt.Sprintf("reservations[%d]", i)
			switch {
			case weeks[i].within(weeks[k]) == nil:
			case r.Band == other.Band && r.parts(other):
				j.problem(CodeChannelConflict, field+".channel",
					fmt.Sprintf("The reservation %s wants another channel or width at the same time.", shown(other.ID)))
			case slices.ContainsFunc(r.Devices, func(id string) bool { return slices.Contains(other.Devices, id) }):
				j.problem(CodeDeviceConflict, field+".devices",
					fmt.Sprintf("The reservation %s is for the same device at the same time.", shown(other.ID)))
			}
		}
	}
}

// parts reports whether two reservations of one band cannot share a channel. The best channel is where the other is.
func (r Reservation) parts(other Reservation) bool {
	return r.Width != other.Width || r.Channel != 0 && other.Channel != 0 && r.Channel != other.Channel
}
