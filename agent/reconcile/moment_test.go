package reconcile

import (
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies"
)

func TestStepForwardOverAnEdge(t *testing.T) {
	inHome(t, func(h *home) {
		h.send(1, family(nights("21:30", time.Hour)))
		h.after(time.Minute)
		h.clock.offset = 20*time.Hour + 30*time.Minute
		h.Stepped()
		h.settle()
		h.kernel("phone now–01T21:30:00 02T20:30:00–02T21:30:00 03T20:30:00–03T21:30:00")
		h.after(time.Minute)
		if !strings.Contains(h.log.String(), "clock stepped") {
			t.Errorf("log:\n%s", h.log.String())
		}
	})
}

func TestUnnoticedStepIsFoundWithinAMinute(t *testing.T) {
	inHome(t, func(h *home) {
		h.send(1, family(nights("21:30", time.Hour)))
		h.clock.offset = 20*time.Hour + 30*time.Minute
		h.after(time.Minute)
		h.kernel("phone now–01T21:30:00 02T20:30:00–02T21:30:00 03T20:30:00–03T21:30:00")
	})
}

func TestClockOf1970KeepsTheLastState(t *testing.T) {
	inHome(t, func(h *home) {
		h.send(1, family(nights("01:30", time.Hour)))
		h.after(45 * time.Minute) // 01:45 in Paris: offline
		h.kernel("phone now–01T01:30:00 02T00:30:00–02T01:30:00 03T00:30:00–03T01:30:00")
		h.clock.offset = -30 * 365 * 24 * time.Hour
		h.Stepped()
		h.after(5 * time.Hour)
		h.kernel("phone now–ever")
		if r := h.Reported(); r.Clock.Synchronised || r.Devices[0].Verdict.Changes != nil || r.Devices[0].Verdict.Until != nil {
			t.Errorf("reported %s", pretty(r))
		}
		h.clock.offset = 0
		h.Stepped()
		h.settle()
		h.kernel("phone 02T00:30:00–02T01:30:00 03T00:30:00–03T01:30:00")
	})
}

func TestBootIn1970WithoutNetwork(t *testing.T) {
	inHome(t, func(h *home) {
		h.send(1, family(nights("01:30", time.Hour), pause("tv", time.Now(), 2*time.Hour)))
		h.after(45 * time.Minute)
		h.end()
		h.clock.offset, h.clock.free = -30*365*24*time.Hour, true
		h.boot()
		h.kernel("phone now–ever; tv now–ever")
		h.after(2 * time.Hour)
		h.kernel("phone now–ever") // whatever the clock says, two hours have passed since the pause was issued
	})
}

func TestClockAllowCutsOnlyWhatNeedsNoClock(t *testing.T) {
	inHome(t, func(h *home) {
		h.clock.free = true
		h.after(45 * time.Minute)
		h.send(1, family(nights("01:30", time.Hour), pause("tv", time.Now(), 0), func(p *policies.Policy) { p.Clock = policies.ClockAllow }))
		h.kernel("tv now–ever")
		if r := h.Reported(); r.Clock.Rule != policies.ClockAllow || r.Clock.Synchronised {
			t.Errorf("clock %s", pretty(r.Clock))
		}
		h.clock.free = false
		h.Stepped()
		h.settle()
		h.kernel("phone now–01T01:30:00 02T00:30:00–02T01:30:00 03T00:30:00–03T01:30:00; tv now–ever")
	})
}

func TestPauseIssuedByACloudThatIsAheadIsLiveAtOnce(t *testing.T) {
	inHome(t, func(h *home) {
		h.clock.offset = -3 * time.Second
		h.send(1, family(pause("phone", time.Now(), time.Hour)))
		h.kernel("phone now–01T01:00:00")
		if !h.Reported().Clock.Synchronised {
			t.Error("three seconds made a clock unsynchronised")
		}
	})
}

func TestStepBackByAnHour(t *testing.T) {
	inHome(t, func(h *home) {
		h.after(12 * time.Hour)
		h.send(1, family())
		h.after(2 * time.Hour)
		h.clock.offset = -time.Hour
		h.Stepped()
		h.settle()
		if h.Reported().Clock.Synchronised {
			t.Error("a clock was believed that is an hour behind what it said before")
		}
		h.after(doubtPeriod + time.Minute)
		if !h.Reported().Clock.Synchronised {
			t.Error("a clock that the kernel calls synchronised was never believed again")
		}
		h.clock.offset = -14 * time.Hour // before the time of issue
		h.Stepped()
		h.after(time.Hour)
		if h.Reported().Clock.Synchronised {
			t.Error("a clock was believed that is behind a signed time of issue")
		}
	})
}

func TestAClockThatNobodyKeepsIsNotTrusted(t *testing.T) {
	inHome(t, func(h *home) {
		h.send(1, family())
		for _, offset := range []time.Duration{-30 * 365 * 24 * time.Hour, 24 * time.Hour} {
			h.clock.offset, h.clock.free = offset, true
			h.after(time.Hour)
			if got, want := h.Trusted(), time.Now(); !got.Equal(want) {
				t.Errorf("a clock that is off by %v: trusted %v, want %v", offset, got, want)
			}
		}
		h.clock.offset, h.clock.free = time.Minute, false
		h.after(time.Second)
		if got, want := h.Trusted(), time.Now().Add(time.Minute); !got.Equal(want) {
			t.Errorf("one that is kept: trusted %v, want %v", got, want)
		}
	})
}

func TestSureIsNeverBehindWhatIsKnown(t *testing.T) {
	inHome(t, func(h *home) {
		h.send(1, family())
		h.clock.offset, h.clock.free = -30*365*24*time.Hour, true
		h.after(time.Hour)
		if got := h.Sure(); !got.Equal(start.Add(time.Hour)) {
			t.Errorf("sure of %v, want %v", got, start.Add(time.Hour))
		}
	})
}
