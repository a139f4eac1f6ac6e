package radio

import (
	"fmt"
	"slices"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	switchTime  = 15 * time.Second // in which an announced switch has taken place
	firstPause  = 30 * time.Minute // before a switch that was rolled back is tried again; doubled each time
	longestWait = 24 * time.Hour
	againTime   = 2 * time.Second // before a switch that hostapd refused is asked for once more
	maxRefusals = 6
	maxReturns  = 5           // commands to go back; who has turned the radio off meanwhile may have wanted to
	soon        = time.Second // until the next look at what goes on
)

// Codes of why something is not as asked; README says what they mean.
const (
	whyRadar     = "radar"
	whyTV        = "tv-lost"
	whyCloud     = "cloud-lost"
	whySwitch    = "switch-refused"
	whyAway      = "hostapd-away"
	whyMissing   = "radio-missing"
	whyDown      = "radio-down"
	whyBusy      = "radio-busy"
	whyBack      = "waiting-for-tv"
	whySteering  = "steering"
	whyElsewhere = "tv-elsewhere"
	whyList      = "list-full"
)

// place is a channel of a width.
type place struct{ channel, width int }

func (p place) String() string { return fmt.Sprintf("channel %d at %d MHz", p.channel, p.width) }

// trial is a switch that is under way, or whose outcome is not certain: provisional until the deadline. Its instants are of the
// monotonic clock.
type trial struct {
	from, to place
	why      policies.Selection
	sent     time.Time
	moved    time.Time             // when the radio was seen to serve there; zero: not yet
	watch    map[policies.MAC]bool // reserved stations that were joined before, and whether each has been heard since the move
	cloud    bool                  // it was connected before
	vague    bool                  // hostapd did not answer: nobody knows whether it heard of the switch
	again    time.Time             // when hostapd is asked once more, having refused; zero: it has not
	refusals int
}

// failure is a switch that was undone, or could not be done.
type failure struct {
	from  place // where the radio belongs meanwhile; zero: wherever it is
	to    place
	why   string
	sent  time.Time // newest command to go back
	tries int       // of them
	until time.Time // when the switch is tried again
}

// decision is what has to be done for one radio, and what is true of it meanwhile.
type decision struct {
	orders  []order
	moves   int // how many of them, at first, change the channel
	hold    wire.Hold
	why     string
	detail  string
	ours    bool // the channel is the one that the plan asks for
	returns time.Time
	next    time.Time
}

// order is a command to one BSS. One that may fail asks for something that a station may have made impossible by leaving.
type order struct {
	bss, command string
	mayFail      bool
}

// judge looks at the switch that is under way. Its decision counts until the switch is over; then ok is false.
func (m *memory) judge(v view, s situation) (d decision, ok bool) {
	t := m.trial
	here, state := v.place(), v.radio.State
	if t.moved.IsZero() && here == t.to && state == policies.RadioUp {
		t.moved = s.now
	}
	switch {
	case !t.moved.IsZero() && here == t.to && state == policies.RadioUp:
		return m.prove(v, s)
	case !t.moved.IsZero() && here == t.to: // a radar check after all, or a restart of the radio: its deadline goes on
		if s.now.Before(t.moved.Add(s.deadline)) {
			return decision{hold: wire.HoldApplying, why: whyDown, next: s.now.Add(soon)}, true
		}
		return m.fail(v, s, whyTV), true
	case here == t.to && state == policies.RadioCheck:
		t.sent = s.now
		return decision{hold: wire.HoldChecking, ours: true, next: s.now.Add(5 * soon)}, true
	case state == policies.RadioUp && here != t.from, state == policies.RadioCheck: // radar, or somebody else, has moved it on
		m.trial = nil
		return decision{}, false
	case !t.again.IsZero():
		return m.insist(v, s)
	case s.now.Before(t.sent.Add(switchTime)):
		return decision{hold: wire.HoldApplying, next: s.now.Add(soon)}, true
	case t.vague && state == policies.RadioUp: // it did not: no failure of the channel's
		m.trial = nil
		return decision{}, false
	}
	return m.fail(v, s, whySwitch), true
}

// prove looks whether everybody is back on the new channel. A station that did not follow stays listed for minutes, so each is made to
// speak, and only what was heard after the move counts.
func (m *memory) prove(v view, s situation) (decision, bool) {
	t := m.trial
	d := decision{hold: m.reached(s.plan), why: m.reason(s.plan), ours: true, next: t.moved.Add(s.deadline)}
	missing := false
	for mac, back := range t.watch {
		st, joined := s.find(mac)
		t.watch[mac] = back || joined && st.heard && st.silent < s.now.Sub(t.moved)
		if !t.watch[mac] {
			missing = true
			if joined {
				d.orders = append(d.orders, order{bss: st.bss, command: "POLL_STA " + string(mac), mayFail: true})
			}
		}
	}
	away := t.cloud && !s.cloud
	over := !s.now.Before(t.moved.Add(s.deadline))
	switch {
	case over && missing:
		return m.fail(v, s, whyTV), true
	case over && away:
		return m.fail(v, s, whyCloud), true
	case over:
		m.trial, m.tries = nil, 0
		return d, false
	case missing || away:
		d.hold, d.why, d.next = wire.HoldApplying, whyBack, s.now.Add(soon)
	}
	return d, true
}

// fail ends the switch that is under way and begins to go back.
func (m *memory) fail(v view, s situation, why string) decision {
	t := m.trial
	pause := min(firstPause<<min(m.tries, 8), longestWait)
	m.trial, m.tries = nil, m.tries+1
	m.failure = &failure{from: t.from, to: t.to, why: why, until: s.now.Add(pause)}
	return m.goBack(v, s)
}

// goBack keeps the radio where it was before a switch that failed, until the switch may be tried again.
func (m *memory) goBack(v view, s situation) decision {
	f := m.failure
	d := decision{
		hold: wire.HoldRolledBack, why: f.why, detail: fmt.Sprintf("%s was given up", f.to), returns: f.until, next: f.until,
	}
	settled := f.from == place{} || f.from == v.place() && v.radio.State != policies.RadioDown || v.hit(f.from, s.now)
	if settled || f.tries == maxReturns {
		return d
	}
	d.next = s.now.Add(soon)
	if !f.sent.IsZero() && s.now.Before(f.sent.Add(switchTime)) {
		return d
	}
	f.sent = s.now
	f.tries++
	d.orders = v.goTo(f.from)
	return d
}

// turnedDown notes that hostapd refused the switch at once, and reports whether there was one. It does so while another one is under
// way, as one of its own after radar: so it is asked again a few times.
func (m *memory) turnedDown(now time.Time) bool {
	if m.trial == nil || !m.trial.moved.IsZero() {
		return false
	}
	m.trial.again, m.trial.refusals = now.Add(againTime), m.trial.refusals+1
	return true
}

// insist is what becomes of a switch that hostapd refused. It is over where radar has closed its channel meanwhile.
func (m *memory) insist(v view, s situation) (d decision, ok bool) {
	t := m.trial
	d = decision{hold: wire.HoldApplying, next: t.again}
	switch {
	case v.hit(t.to, s.now):
		m.trial = nil
		return d, false
	case s.now.Before(t.again):
	case t.refusals >= maxRefusals:
		return m.fail(v, s, whySwitch), true
	default:
		t.again, t.sent = time.Time{}, s.now
		d.orders, d.next = v.goTo(t.to), s.now.Add(soon)
		d.moves = len(d.orders)
	}
	return d, true
}

// interrupted notes that the commands of this instant's switch were not all answered.
func (m *memory) interrupted(now time.Time, moving bool) {
	if m.trial != nil && m.trial.sent.Equal(now) && moving {
		m.trial.vague = true
	}
}

// reached is how a reservation is kept on the channel of its plan.
func (m *memory) reached(p policies.ChannelPlan) wire.Hold {
	if p.Why == policies.SelectDFS {
		return wire.HoldMoved
	}
	return wire.HoldInForce
}

func (m *memory) reason(p policies.ChannelPlan) string {
	if p.Why == policies.SelectDFS {
		return whyRadar
	}
	return ""
}

// begin starts a switch. Those of the reserved stations that have joined anywhere must be heard again afterwards.
func (m *memory) begin(v view, s situation) decision {
	to := place{s.plan.Channel, s.plan.Width}
	m.trial = &trial{from: v.place(), to: to, why: s.plan.Why, sent: s.now, watch: map[policies.MAC]bool{}, cloud: s.cloud}
	for _, mac := range s.members {
		if _, joined := s.find(mac); joined && !slices.Contains(s.refused, mac) {
			m.trial.watch[mac] = false
		}
	}
	orders := v.goTo(to)
	return decision{orders: orders, moves: len(orders), hold: wire.HoldApplying, next: s.now.Add(soon)}
}
