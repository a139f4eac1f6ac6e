package radio

import (
	"fmt"
	"slices"
	"time"

	"github.com/carebox-project/carebox/policies"
)

const (
	steerTime   = 10 * time.Second // that others have to go to another band before they are put out
	firstAsk    = 10 * time.Second // between two requests to come to a channel; doubled each time
	longestAsk  = time.Hour
	beaconTime  = 102400 * time.Microsecond
	preference  = "0301ff" // subelement 3, BSS transition candidate preference: the highest
	physicalHT  = 7        // dot11PHYType
	physicalVHT = 9
)

// request is how often a station was asked to come, and when it is asked again.
type request struct {
	tries int
	next  time.Time
}

// others are the stations of a radio that do not belong to its reservation.
func (s situation) others(v view) []station {
	return slices.DeleteFunc(slices.Clone(v.stations), func(st station) bool {
		return slices.Contains(s.members, st.mac) && !slices.Contains(s.refused, st.mac)
	})
}

// closes decides whether a radio is closed to others now. They are asked to go to another band first, where there is one for them. Once
// it is closed it stays so.
func (m *memory) closes(v view, s situation) (closed bool, orders []order) {
	if !s.plan.Exclusive || v.radio.State != policies.RadioUp {
		return s.plan.Exclusive && m.closed, nil
	}
	if m.closed {
		return true, nil
	}
	waits := false
	for _, st := range s.others(v) {
		to, ok := s.elsewhere(v, st)
		if !ok || slices.Contains(s.refused, st.mac) {
			continue
		}
		waits = true
		if m.steering.IsZero() {
			orders = append(orders, order{bss: st.bss, command: transition(st.mac, to, true), mayFail: true})
		}
	}
	if m.steering.IsZero() {
		m.steering = s.now
	}
	if !waits || !s.now.Before(m.steering.Add(steerTime)) {
		m.closed, m.steering = true, time.Time{}
	}
	return m.closed, orders
}

// elsewhere is a BSS of another radio with the name of the station's own, for a station that understands a request.
func (s situation) elsewhere(v view, st station) (candidate, bool) {
	if !st.steers {
		return candidate{}, false
	}
	for _, other := range s.views {
		if other.radio.Name == v.radio.Name || other.radio.State != policies.RadioUp {
			continue
		}
		if bss, ok := other.hosts(v.ssid(st.bss)); ok && !bss.Exclusive {
			return candidate{bss.BSSID, other.radio.Band, other.radio.Channel, other.status.ac}, true
		}
	}
	return candidate{}, false
}

// invite asks the reserved stations that are on another radio to come, if their network is here as well. It never puts one out.
func (m *memory) invite(v view, s situation) (orders []order, absent bool) {
	present := false
	for _, mac := range s.members {
		if _, here := v.find(mac); here {
			present = true
			delete(m.asked, mac)
			continue
		}
		st, joined := s.find(mac)
		if !joined {
			continue
		}
		absent = true
		home := viewOf(s.views, st.bss)
		bss, ok := v.hosts(home.ssid(st.bss))
		if !ok || !st.steers || s.now.Before(m.asked[mac].next) {
			continue
		}
		r := m.asked[mac]
		if m.asked == nil {
			m.asked = map[policies.MAC]request{}
		}
		m.asked[mac] = request{tries: r.tries + 1, next: s.now.Add(min(firstAsk<<min(r.tries, 8), longestAsk))}
		to := candidate{bss.BSSID, v.radio.Band, v.radio.Channel, v.status.ac}
		orders = append(orders, order{bss: st.bss, command: transition(mac, to, false), mayFail: true})
	}
	return orders, absent && !present
}

func viewOf(views []view, bss string) view {
	for _, v := range views {
		if slices.ContainsFunc(v.radio.BSSes, func(b policies.BSS) bool { return b.Interface == bss }) {
			return v
		}
	}
	return view{}
}

// candidate is a BSS that a station is asked to go to.
type candidate struct {
	bssid   policies.MAC
	band    policies.Band
	channel int
	vht     bool
}

// transition is the request of IEEE 802.11, clause 9.6.13.9. One that leaves no choice says when the station will be put out.
func transition(mac policies.MAC, to candidate, must bool) string {
	physical := physicalHT
	if to.vht {
		physical = physicalVHT
	}
	out := ""
	if must {
		out = fmt.Sprintf(" disassoc_imminent=1 disassoc_timer=%d", steerTime/beaconTime)
	}
	return fmt.Sprintf("BSS_TM_REQ %s pref=1 abridged=1%s valid_int=255 neighbor=%s,0x0000,%d,%d,%d,%s",
		mac, out, to.bssid, class(to.band, to.channel), to.channel, physical, preference)
}
