package radio

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// tale is one radio whose hostapd does what it is told, on a clock that a test moves.
type tale struct {
	*testing.T
	memory
	now     time.Time
	here    place
	state   policies.RadioState
	radar   []policies.Radar
	joined  map[policies.MAC]time.Time // when it was last heard
	talk    uint64                     // bytes so far
	deaf    bool                       // stations do not follow a switch
	deny    bool                       // hostapd takes no switch
	checks  bool                       // the next switch begins with a radar check
	cloud   bool
	fails   int // switches that hostapd refuses from now on
	refused []policies.MAC
	said    []string // commands of the newest step
}

func newTale(t *testing.T) *tale {
	now := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	return &tale{T: t, now: now, here: place{36, 80}, state: policies.RadioUp, joined: map[policies.MAC]time.Time{tv: now}, cloud: true}
}

func (l *tale) view() view {
	v := view{
		radio:  policies.Radio{Name: "wlan1", Band: policies.Band5, Channel: l.here.channel, Width: l.here.width, State: l.state, Radar: l.radar},
		status: status{state: "ENABLED", n: true, ac: true},
	}
	for mac, heard := range l.joined {
		v.stations = append(v.stations, station{mac: mac, bss: "wlan1", authorised: true, silent: l.now.Sub(heard), heard: true, bytes: l.talk})
	}
	return v
}

// step decides after some time, and lets hostapd obey.
func (l *tale) step(after time.Duration, p policies.ChannelPlan) decision {
	l.now = l.now.Add(after)
	v := l.view()
	s := situation{
		now: l.now, deadline: time.Minute, plan: p, members: []policies.MAC{tv}, refused: l.refused, cloud: l.cloud, views: []view{v},
	}
	d := l.move(v, s)
	l.said = nil
	for _, o := range d.orders {
		l.said = append(l.said, o.command)
		l.obey(o.command)
	}
	return d
}

func (l *tale) obey(command string) {
	var count, mhz, second, center, width int
	switch {
	case strings.HasPrefix(command, "POLL_STA") && !l.deaf:
		l.joined[tv] = l.now.Add(time.Millisecond)
	case strings.HasPrefix(command, "CHAN_SWITCH") && l.fails > 0:
		l.fails--
		l.turnedDown(l.now)
	case strings.HasPrefix(command, "CHAN_SWITCH") && !l.deny:
		n, err := fmt.Sscanf(command, "CHAN_SWITCH %d %d sec_channel_offset=%d center_freq1=%d bandwidth=%d", &count, &mhz, &second, &center, &width)
		if n != 5 || err != nil {
			l.Fatalf("%q: %v", command, err)
		}
		_, channel := channelOf(mhz)
		l.here = place{channel, width}
		if l.checks {
			l.state, l.checks, l.joined = policies.RadioCheck, false, map[policies.MAC]time.Time{}
		}
	case strings.HasPrefix(command, "SET channel"):
		l.here = place{number(strings.Fields(command)[2]), 20}
	case command == "ENABLE":
		l.state = policies.RadioUp
	}
}

func (l *tale) expect(d decision, hold wire.Hold, why string, here place) {
	l.Helper()
	if d.hold != hold || d.why != why || l.here != here {
		l.Fatalf("%s, %q on %s; want %s, %q on %s. Said %q", d.hold, d.why, l.here, hold, why, here, l.said)
	}
}

func want(channel, width int) policies.ChannelPlan {
	return policies.ChannelPlan{Radio: "wlan1", Channel: channel, Width: width, Reservations: []string{"film"}, Why: policies.SelectReservation}
}

func TestSwitchIsKeptOnceTheTVIsHeard(t *testing.T) {
	l := newTale(t)
	l.expect(l.step(0, want(44, 80)), wire.HoldApplying, "", place{44, 80})
	l.expect(l.step(time.Second, want(44, 80)), wire.HoldApplying, whyBack, place{44, 80})
	if !slices.Equal(l.said, []string{"POLL_STA " + string(tv)}) {
		t.Errorf("said %q", l.said)
	}
	l.expect(l.step(time.Second, want(44, 80)), wire.HoldInForce, "", place{44, 80})
	l.joined = map[policies.MAC]time.Time{} // somebody turned it off
	l.expect(l.step(2*time.Minute, want(44, 80)), wire.HoldInForce, "", place{44, 80})
	if l.trial != nil || len(l.said) > 0 {
		t.Errorf("trial %+v, said %q", l.trial, l.said)
	}
}

func TestSwitchThatLosesTheTVIsUndone(t *testing.T) {
	for name, lose := range map[string]func(*tale){
		"silent": func(l *tale) { l.deaf = true },                           // hostapd still lists it
		"gone":   func(l *tale) { l.joined = map[policies.MAC]time.Time{} }, // it left
		"cloud":  func(l *tale) { l.cloud = false },
	} {
		l := newTale(t)
		why := map[bool]string{true: whyCloud, false: whyTV}[name == "cloud"]
		l.step(0, want(44, 80))
		lose(l)
		for range 30 {
			if d := l.step(2*time.Second, want(44, 80)); d.hold != wire.HoldApplying {
				break
			}
		}
		l.expect(l.step(2*time.Second, want(44, 80)), wire.HoldRolledBack, why, place{36, 80})
		l.deaf, l.cloud, l.joined[tv] = false, true, l.now
		d := l.step(10*time.Minute, want(44, 80))
		l.expect(d, wire.HoldRolledBack, why, place{36, 80})
		if wait := d.returns.Sub(l.now); wait < 15*time.Minute || wait > firstPause || len(l.said) > 0 {
			t.Errorf("%s: tried again in %s, said %q", name, wait, l.said)
		}
		l.expect(l.step(25*time.Minute, want(44, 80)), wire.HoldApplying, "", place{44, 80}) // the pause is over
		l.step(time.Second, want(44, 80))
		l.expect(l.step(2*time.Minute, want(44, 80)), wire.HoldInForce, "", place{44, 80})
	}
}

func TestPauseGrowsAndEndsWithThePlan(t *testing.T) {
	l := newTale(t)
	l.deaf = true
	var last time.Duration
	for range 4 {
		l.step(0, want(44, 80))
		l.step(time.Second, want(44, 80))
		d := l.step(time.Minute, want(44, 80))
		pause := d.returns.Sub(l.now)
		if d.hold != wire.HoldRolledBack || pause <= last {
			t.Fatalf("%s, pause %s after %s", d.hold, pause, last)
		}
		last = pause
		l.now = d.returns
	}
	l.now = l.now.Add(-time.Hour)
	l.step(0, want(44, 80))
	l.step(time.Second, want(44, 80))
	l.step(time.Minute, want(44, 80))
	l.expect(l.step(time.Second, want(44, 80)), wire.HoldRolledBack, whyTV, place{36, 80})
	l.expect(l.step(time.Second, want(40, 80)), wire.HoldApplying, "", place{40, 80})
}

// The best channel may be another one each minute: what failed a moment ago is not tried again by way of it.
func TestPauseHoldsWhileTheBestChannelWavers(t *testing.T) {
	l := newTale(t)
	l.deaf = true
	l.step(0, want(44, 80))
	l.step(time.Second, want(44, 80))
	l.step(time.Minute, want(44, 80))
	for range 10 {
		l.expect(l.step(time.Minute, want(36, 80)), wire.HoldInForce, "", place{36, 80})
		l.expect(l.step(time.Minute, want(44, 80)), wire.HoldRolledBack, whyTV, place{36, 80})
	}
}

func TestTVThatIsOffOrRefusedIsNotWaitedFor(t *testing.T) {
	off := newTale(t)
	off.joined = map[policies.MAC]time.Time{}
	refused := newTale(t)
	refused.refused = []policies.MAC{tv}
	for _, l := range []*tale{off, refused} {
		l.step(0, want(44, 80))
		l.deaf = true
		l.expect(l.step(time.Second, want(44, 80)), wire.HoldInForce, "", place{44, 80})
		l.expect(l.step(2*time.Minute, want(44, 80)), wire.HoldInForce, "", place{44, 80})
	}
}

func TestHostapdThatRefusesASwitchIsNotPestered(t *testing.T) {
	l := newTale(t)
	l.deny = true
	switches := 0
	for range 600 {
		l.step(time.Second, want(44, 80))
		for _, c := range l.said {
			if strings.HasPrefix(c, "CHAN_SWITCH") {
				switches++
			}
		}
	}
	l.expect(l.step(time.Second, want(44, 80)), wire.HoldRolledBack, whySwitch, place{36, 80})
	if switches != 1 {
		t.Errorf("%d switches in ten minutes", switches)
	}
}

// hostapd refuses a switch while one of its own is under way: it is asked again, but not for ever.
func TestSwitchThatIsRefused(t *testing.T) {
	l := newTale(t)
	l.fails = 2
	for range 5 {
		l.step(time.Second, want(44, 80))
	}
	l.step(time.Second, want(44, 80))
	l.expect(l.step(time.Second, want(44, 80)), wire.HoldInForce, "", place{44, 80})

	l = newTale(t)
	l.fails = 100
	for range 60 {
		l.step(time.Second, want(44, 80))
	}
	l.expect(l.step(time.Second, want(44, 80)), wire.HoldRolledBack, whySwitch, place{36, 80})
	if asked := 100 - l.fails; asked != maxRefusals {
		t.Errorf("asked %d times", asked)
	}
}

// Whether hostapd heard of a switch is not known where it did not answer in time: what is true is looked at, and the channel is not blamed.
func TestSwitchThatWasNotAnswered(t *testing.T) {
	l := newTale(t)
	l.deny = true
	l.step(0, want(44, 80))
	l.interrupted(l.now, true)
	l.deny = false
	l.expect(l.step(time.Second, want(44, 80)), wire.HoldApplying, "", place{36, 80})
	l.expect(l.step(switchTime, want(44, 80)), wire.HoldApplying, "", place{44, 80})
	l.step(time.Second, want(44, 80))
	l.expect(l.step(time.Second, want(44, 80)), wire.HoldInForce, "", place{44, 80})
}

func TestRadarCheckWaitsForAnIdleRadio(t *testing.T) {
	l := newTale(t)
	l.checks = true
	p := want(52, 80)
	p.Check = true
	for range 10 {
		l.talk += 1 << 20 // somebody looks at something
		l.expect(l.step(20*time.Second, p), wire.HoldDelayed, whyBusy, place{36, 80})
	}
	l.expect(l.step(20*time.Second, p), wire.HoldDelayed, whyBusy, place{36, 80})
	l.step(30*time.Second, p)
	l.expect(l.step(20*time.Second, p), wire.HoldApplying, "", place{52, 80}) // a minute without traffic
	for range 6 {
		l.expect(l.step(10*time.Second, p), wire.HoldChecking, "", place{52, 80})
	}
	l.state = policies.RadioUp
	l.expect(l.step(time.Second, p), wire.HoldApplying, whyBack, place{52, 80})
	l.joined[tv] = l.now.Add(10 * time.Second)
	l.expect(l.step(20*time.Second, p), wire.HoldInForce, "", place{52, 80})
}

func TestRadarCheckAtOnceWhereTheCustomerSaysSoOrNobodyIsThere(t *testing.T) {
	busy := want(52, 80)
	busy.Check, busy.Now = true, true
	l := newTale(t)
	l.expect(l.step(0, busy), wire.HoldApplying, "", place{52, 80})
	empty := want(52, 80)
	empty.Check = true
	l = newTale(t)
	l.joined = map[policies.MAC]time.Time{}
	l.expect(l.step(0, empty), wire.HoldApplying, "", place{52, 80})
}

// While a radio checks it takes no announcement: it is restarted where it is wanted, and nobody is joined who could mind.
func TestFallbackLeavesACheckThatNobodyWants(t *testing.T) {
	l := newTale(t)
	l.here, l.state, l.joined = place{100, 20}, policies.RadioCheck, map[policies.MAC]time.Time{}
	p := want(40, 20)
	p.Why = policies.SelectDFS
	l.expect(l.step(0, p), wire.HoldApplying, "", place{40, 20})
	if len(l.said) == 0 || l.said[0] != "DISABLE" || l.said[len(l.said)-1] != "ENABLE" {
		t.Errorf("said %q", l.said)
	}
	l.step(time.Second, p)
	l.expect(l.step(2*time.Minute, p), wire.HoldMoved, whyRadar, place{40, 20})
}

// hostapd would check some other channel for radar instead.
func TestChannelClosedByRadarIsNeverAskedFor(t *testing.T) {
	l := newTale(t)
	l.radar = []policies.Radar{{Channel: 56, At: l.now, Until: l.now.Add(30 * time.Minute)}}
	p := want(52, 80)
	p.Now = true
	l.expect(l.step(0, p), wire.HoldPartly, whyRadar, place{36, 80})
	l.expect(l.step(31*time.Minute, p), wire.HoldApplying, "", place{52, 80})
}

func TestRadarDuringATrialEndsIt(t *testing.T) {
	l := newTale(t)
	l.step(0, want(52, 20))
	l.step(time.Second, want(52, 20))
	l.here = place{100, 20} // hostapd has fled
	l.radar = []policies.Radar{{Channel: 52, At: l.now, Until: l.now.Add(30 * time.Minute)}}
	p := want(40, 20)
	p.Why = policies.SelectDFS
	l.expect(l.step(time.Second, p), wire.HoldApplying, "", place{40, 20})
	l.expect(l.step(time.Second, p), wire.HoldApplying, whyBack, place{40, 20})
	l.expect(l.step(time.Second, p), wire.HoldMoved, whyRadar, place{40, 20})
}

func TestSpread(t *testing.T) {
	is := status{n: true, ac: true}
	for want, s := range map[string]spread{
		"CHAN_SWITCH 5 5220 sec_channel_offset=0 center_freq1=5220 bandwidth=20 ht vht":  spreadOf(policies.Band5, 44, 20, true),
		"CHAN_SWITCH 5 5220 sec_channel_offset=1 center_freq1=5230 bandwidth=40 ht vht":  spreadOf(policies.Band5, 44, 40, true),
		"CHAN_SWITCH 5 5240 sec_channel_offset=-1 center_freq1=5210 bandwidth=80 ht vht": spreadOf(policies.Band5, 48, 80, true),
		"CHAN_SWITCH 5 5785 sec_channel_offset=1 center_freq1=5775 bandwidth=80 ht vht":  spreadOf(policies.Band5, 157, 80, false),
		"CHAN_SWITCH 5 2412 sec_channel_offset=1 center_freq1=2422 bandwidth=40 ht":      spreadOf(policies.Band24, 1, 40, true),
		"CHAN_SWITCH 5 2472 sec_channel_offset=-1 center_freq1=2462 bandwidth=40 ht":     spreadOf(policies.Band24, 13, 40, false),
	} {
		if got := s.announce(is); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for mhz, want := range map[int]int{2412: 1, 2472: 13, 2484: 14, 5180: 36, 5885: 177, 5955: 0, 900: 0} {
		band, n := channelOf(mhz)
		if n != want || n != 0 && frequencyOf(band, n) != mhz {
			t.Errorf("%d MHz is channel %d of %q", mhz, n, band)
		}
	}
}
