package reconcile

import (
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/agent/shaping"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

func TestFloorIsAskedThenInForce(t *testing.T) {
	inHomeWith(t, withLine, func(h *home) {
		h.send(1, family())
		if l := h.Reported().Line; l == nil || *l != h.line {
			t.Errorf("line is reported as %s", pretty(l))
		}
		before := len(h.reports)
		h.send(2, family(reserve(film)))
		h.shape("film [3] 25000000/2000000")
		if first := h.reports[before]; first.Accepted != 2 || len(first.Reservations) != 1 || first.Reservations[0].State != wire.HoldApplying {
			t.Errorf("first report of it %s", pretty(first))
		}
		want := wire.ReservationState{ID: "film", State: wire.HoldInForce, FloorDown: 25e6, FloorUp: 2e6, Since: time.Now().UTC()}
		if got := h.reservation("film"); got != want {
			t.Errorf("reported %s, want %s", pretty(got), pretty(want))
		}
		h.after(time.Hour)
		if got := h.reservation("film"); got != want {
			t.Errorf("an hour later %s, want %s", pretty(got), pretty(want))
		}
		h.send(3, family())
		h.shape("")
		if got := h.Reported().Reservations; len(got) != 0 {
			t.Errorf("still reported: %s", pretty(got))
		}
	})
}

func TestFloorThatIsAskedOtherwiseIsNotInForceYet(t *testing.T) {
	inHomeWith(t, withLine, func(h *home) {
		h.send(1, family(reserve(film)))
		h.shaper.fail = errKernel
		more := film
		more.FloorDown = 40e6
		h.send(2, family(reserve(more)))
		if got := h.reservation("film"); got.State == wire.HoldInForce {
			t.Errorf("reported %s while the kernel refuses", pretty(got))
		}
		h.after(time.Minute)
		if n := strings.Count(h.log.String(), errKernel.Error()); n > 2 {
			t.Errorf("one failure was logged %d times", n)
		}
		h.shaper.fail = nil
		h.after(lastEffort)
		h.shape("film [3] 40000000/2000000")
		if got := h.reservation("film"); got.State != wire.HoldInForce || got.FloorDown != 40e6 {
			t.Errorf("reported %s", pretty(got))
		}
		h.revisions(2, 2) // whatever becomes of floors, the cuts are proved
	})
}

func TestLostFloorIsToldAndFoundAgain(t *testing.T) {
	inHomeWith(t, withLine, func(h *home) {
		h.send(1, family(reserve(film)))
		h.shaper.lost = shaping.NoClass
		h.after(time.Minute)
		if got := h.reservation("film"); got.State != wire.HoldPartly || got.Why != shaping.NoClass || got.FloorDown != 0 {
			t.Errorf("reported %s", pretty(got))
		}
		h.shaper.lost = ""
		h.after(lastEffort)
		if got := h.reservation("film"); got.State != wire.HoldInForce || got.Why != "" {
			t.Errorf("reported %s", pretty(got))
		}
	})
}

func TestFloorThatCannotBeKeptCostsOnlyItself(t *testing.T) {
	inHomeWith(t, withLine, func(h *home) {
		greedy := policies.Reservation{ID: "greedy", Devices: []string{"phone"}, FloorDown: 60e6}
		h.send(1, family(reserve(film), reserve(greedy), pause("phone", time.Now(), 0)))
		h.after(resetPeriod)
		h.revisions(1, 1)
		if r := h.Reported().Refused; r != nil {
			t.Fatalf("the document was refused: %s", pretty(r))
		}
		h.shape("film [3] 25000000/2000000")
		if got := h.reservation("greedy"); got.State != wire.HoldRefused || got.Why != policies.CodeFloorsTooHigh || got.Detail == "" {
			t.Errorf("greedy is reported as %s", pretty(got))
		}
		if got := h.reservation("film"); got.State != wire.HoldInForce {
			t.Errorf("film is reported as %s", pretty(got))
		}
	})
}

func TestReservationHoldsInItsWindows(t *testing.T) {
	evening := film
	evening.Windows = []policies.WeekWindow{{Days: everyDay, Start: "20:00", Duration: 7200}}
	inHomeWith(t, withLine, func(h *home) {
		h.send(1, family(reserve(evening))) // midnight UTC is one o'clock in Paris
		h.shape("")
		if got := h.reservation("film"); got.State != wire.HoldIdle {
			t.Errorf("in the night %s", pretty(got))
		}
		h.after(19*time.Hour - time.Second)
		h.shape("")
		h.after(time.Second)
		h.shape("film [3] 25000000/2000000")
		if got := h.reservation("film"); got.State != wire.HoldInForce || !got.Since.Equal(time.Now()) {
			t.Errorf("in the evening %s", pretty(got))
		}
		h.after(2 * time.Hour)
		h.shape("")
	})
}

func TestWithoutAClockReservationsHoldAsTheHomeChose(t *testing.T) {
	evening := film
	evening.ID, evening.Devices = "evening", []string{"phone"}
	evening.Windows = []policies.WeekWindow{{Days: everyDay, Start: "00:30", Duration: 7200}}
	for rule, want := range map[policies.ClockRule]string{
		policies.ClockKeepLast: "evening [2] 25000000/2000000; film [3] 25000000/2000000",
		policies.ClockAllow:    "film [3] 25000000/2000000",
	} {
		inHomeWith(t, func(h *home) {
			withLine(h)
			h.clock.free = true
		}, func(h *home) {
			h.send(1, family(reserve(evening), reserve(film), func(p *policies.Policy) { p.Clock = rule }))
			h.shape(want)
			h.after(24 * time.Hour)
			h.shape(want)
		})
	}
}

func TestIdleHomeAsksNothingOfTheShaper(t *testing.T) {
	inHomeWith(t, withLine, func(h *home) {
		h.send(1, family())
		before := h.shaper.applies
		h.after(time.Hour)
		if h.shaper.applies != before {
			t.Errorf("%d times in an hour without a reservation", h.shaper.applies-before)
		}
		h.send(2, family(reserve(film)))
		before = h.shaper.applies
		h.after(time.Hour)
		if n := h.shaper.applies - before; n < 55 || n > 65 {
			t.Errorf("looked after %d times in an hour, want once a minute", n)
		}
	})
}

// A queue or a radio that answers nobody must cost nobody who is cut any time.
func TestNothingThatHangsDelaysACut(t *testing.T) {
	for name, hang := range map[string]func(*home){
		"shaper": func(h *home) { h.shaper.hangs = true },
		"radio":  func(h *home) { h.radio.hangs = true },
		"both":   func(h *home) { h.shaper.hangs, h.radio.hangs = true, true },
	} {
		t.Run(name, func(t *testing.T) {
			inHomeWith(t, withRadio, func(h *home) {
				h.send(1, family(reserve(film)))
				hang(h)
				more := policies.Reservation{ID: "more", Devices: []string{"phone"}, FloorDown: 1e6, Band: policies.Band5, Width: 20}
				h.send(2, family(reserve(film), reserve(more)))
				h.Tuned()
				for revision := int64(3); revision < 13; revision += 2 {
					h.after(time.Duration(revision) * 100 * time.Millisecond)
					h.send(revision, family(reserve(film), pause("phone", time.Now(), 0)))
					h.kernel("phone now–ever")
					h.after(resetPeriod)
					h.revisions(revision, revision)
					h.Tuned()
					h.after(100 * time.Millisecond)
					h.firewall.broken = true
					h.Damaged()
					h.settle()
					if h.firewall.broken {
						t.Error("the chains were not put back at once")
					}
					h.send(revision+1, family(reserve(film)))
					h.kernel("")
				}
			})
		})
	}
}
