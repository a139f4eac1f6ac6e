package policies

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// plannedAt is a Saturday evening.
func plannedAt() time.Time { return time.Date(2026, 11, 21, 19, 0, 0, 0, time.UTC) }

// hit is a radar detection on channels, some minutes ago.
func hit(minutes int, numbers ...int) []Radar {
	at := plannedAt().Add(-time.Duration(minutes) * time.Minute)
	var list []Radar
	for _, n := range numbers {
		list = append(list, Radar{n, at, at.Add(30 * time.Minute)})
	}
	return list
}

// tuned is the 5 GHz radio of a home in France, changed.
func tuned(change func(*Radio)) []Radio {
	radios := paris()
	change(&radios[1])
	return radios
}

// busy sets what is known of channels: 20 MHz channels from the first one on.
func busy(r *Radio, first int, air ...int) {
	for i := range r.Channels {
		if k := (r.Channels[i].Number - first) / 4; r.Channels[i].Number >= first && k < len(air) {
			r.Channels[i].Busy = air[k]
		}
	}
}

// brief writes plans as "radio channel/width why check returns-in".
func brief(plans []ChannelPlan) []string {
	list := []string{}
	for _, p := range plans {
		s := fmt.Sprintf("%s %d/%d %s", p.Radio, p.Channel, p.Width, p.Why)
		if p.Check {
			s += " check"
		}
		if p.Returns != nil {
			s += " " + p.Returns.Sub(plannedAt()).String()
		}
		list = append(list, s)
	}
	return list
}

// planned is what is planned for one home at plannedAt, as brief writes it.
type planned struct {
	name   string
	radios []Radio
	asks   []Reservation
	want   []string
}

func arePlanned(t *testing.T, tests []planned) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := with(func(p *Policy) { p.Reservations = tt.asks })
			if ps := Validate(p); ps != nil {
				t.Fatal(ps)
			}
			plans := PlanRadios(p, tt.radios, plannedAt())
			if diff := cmp.Diff(append([]string{}, tt.want...), brief(plans)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestPlanRadios(t *testing.T) {
	weekday, weekend := asked(44, 80), asked(44, 80)
	weekday.Windows, weekend.Windows = evening("Monday"), []WeekWindow{{[]Day{"Saturday"}, "18:00", 3 * 3600}}
	film := asked(100, 80, 36, 40)
	game := Reservation{ID: "games", Devices: []string{"phone", "tablet"}, Band: Band24, Channel: 11, Width: 20}
	arePlanned(t, []planned{
		{"nothing is reserved", paris(), nil, nil},
		{"no radios", nil, []Reservation{asked(44, 80)}, nil},
		{"another time", paris(), []Reservation{weekday}, nil},
		{"bandwidth alone", paris(), []Reservation{floors("a", "tv", 1, 1)}, nil},
		{"this time", paris(), []Reservation{weekend}, []string{"wlan1 44/80 Reservation"}},
		{"a radio that is down", tuned(func(r *Radio) { r.State, r.Channel, r.Width = RadioDown, 0, 0 }), []Reservation{asked(44, 80)},
			[]string{"wlan1 44/80 Reservation"}},
		{"two radios", paris(), []Reservation{asked(44, 80), game}, []string{"wlan0 11/20 Reservation", "wlan1 44/80 Reservation"}},
		{"another radio of the band, all radar", append(tuned(func(r *Radio) { r.Channels = r.Channels[:4] }),
			Radio{Name: "wlan2", Band: Band5, Channels: channels(100, 112, 4, 30, true, 80)}), []Reservation{asked(100, 80, 104)}, nil},
		{"the second radio of the band has the channel", append(tuned(func(r *Radio) { r.Channels = r.Channels[4:] }),
			Radio{Name: "wlan2", Band: Band5, Channels: channels(36, 48, 4, 30, false, 80)}), []Reservation{asked(44, 80)},
			[]string{"wlan2 44/80 Reservation"}},

		{"what the radio cannot do", paris(), []Reservation{asked(149, 80)}, nil},
		{"radar without a way out", paris(), []Reservation{asked(100, 80)}, nil},
		{"a radar check precedes", paris(), []Reservation{film}, []string{"wlan1 100/80 Reservation check"}},
		{"the check goes on", tuned(func(r *Radio) { r.Channel, r.State = 100, RadioCheck }), []Reservation{film},
			[]string{"wlan1 100/80 Reservation check"}},
		{"the check is over", tuned(func(r *Radio) { r.Channel = 100 }), []Reservation{film}, []string{"wlan1 100/80 Reservation"}},
		{"within a block that is checked", tuned(func(r *Radio) { r.Channel = 112 }), []Reservation{film}, []string{"wlan1 100/80 Reservation"}},
		{"wider than what is checked", tuned(func(r *Radio) { r.Channel, r.Width = 100, 40 }), []Reservation{film},
			[]string{"wlan1 100/80 Reservation check"}},
	})
}

func TestPlansAroundRadar(t *testing.T) {
	film := asked(100, 80, 36, 40)
	arePlanned(t, []planned{
		{"radar", tuned(func(r *Radio) { r.Channel, r.Radar = 100, hit(10, 100) }), []Reservation{film},
			[]string{"wlan1 36/80 Auto_DFS 20m0s"}},
		{"radar beside the primary channel", tuned(func(r *Radio) { r.Radar = hit(10, 112, 108) }), []Reservation{film},
			[]string{"wlan1 36/80 Auto_DFS 20m0s"}},
		{"radar in the next block", tuned(func(r *Radio) { r.Radar = hit(10, 116) }), []Reservation{film},
			[]string{"wlan1 100/80 Reservation check"}},
		{"radar twice", tuned(func(r *Radio) { r.Radar = append(hit(1, 108), hit(10, 100)...) }), []Reservation{film},
			[]string{"wlan1 36/80 Auto_DFS 29m0s"}},
		{"radar's time is over", tuned(func(r *Radio) { r.Radar = hit(30, 100) }), []Reservation{film},
			[]string{"wlan1 100/80 Reservation check"}},
		{"radar on a narrow channel's neighbour", tuned(func(r *Radio) { r.Radar = hit(10, 104) }), []Reservation{asked(100, 20, 36)},
			[]string{"wlan1 100/20 Reservation check"}},
		{"the first fallback is closed as well", tuned(func(r *Radio) { r.Radar = append(hit(10, 100), hit(10, 36)...) }),
			[]Reservation{asked(100, 20, 36, 40)}, []string{"wlan1 40/20 Auto_DFS 20m0s"}},
		{"all fallbacks are closed", tuned(func(r *Radio) { r.Radar = append(hit(10, 100), hit(10, 36, 40)...) }),
			[]Reservation{asked(100, 20, 36, 40)}, []string{"wlan1 44/20 Auto_DFS 20m0s"}},
		{"a fallback of the one radio needs radar checks on the other", append(tuned(func(r *Radio) {
			r.Channels = channels(52, 64, 4, 30, false, 20)
		}), Radio{Name: "wlan2", Band: Band5, Radar: hit(10, 100), Channels: slices.Concat(channels(36, 36, 4, 30, false, 20),
			channels(52, 52, 4, 30, true, 20), channels(100, 100, 4, 30, true, 20))}),
			[]Reservation{asked(0, 20, 52), {ID: "b", Devices: []string{"phone"}, Band: Band5, Channel: 100, Width: 20, Fallback: []int{36}}},
			[]string{"wlan2 36/20 Auto_DFS 20m0s"}},
		{"everything is closed", tuned(func(r *Radio) { r.Radar = append(hit(10, 100), hit(10, 36, 40, 44, 48)...) }),
			[]Reservation{asked(100, 20, 36, 40)}, nil},
	})
}

func TestBestChannel(t *testing.T) {
	best, narrow := asked(0, 80), asked(0, 20)
	arePlanned(t, []planned{
		{"the best is where it is", paris(), []Reservation{best}, []string{"wlan1 36/80 Reservation"}},
		{"the best is never a radar channel", tuned(func(r *Radio) {
			r.Channel = 100
			busy(r, 36, 90, 90, 90, 90)
			busy(r, 100, 0, 0, 0, 0)
		}), []Reservation{best}, []string{"wlan1 36/80 Reservation"}},
		{"the best of a silent radio is the quietest", tuned(func(r *Radio) { r.Channel = 0; busy(r, 36, 40, 30, 5, 20) }),
			[]Reservation{narrow}, []string{"wlan1 44/20 Reservation"}},
		{"what nobody surveyed is not the quietest", tuned(func(r *Radio) { r.Channel = 0; busy(r, 36, -1, 30, -1, -1) }),
			[]Reservation{narrow}, []string{"wlan1 40/20 Reservation"}},
		{"little better is not enough", tuned(func(r *Radio) { busy(r, 36, 40, 30, 10, 20) }), []Reservation{narrow},
			[]string{"wlan1 36/20 Reservation"}},
		{"clearly better is", tuned(func(r *Radio) { busy(r, 36, 41, 30, 10, 20) }), []Reservation{narrow},
			[]string{"wlan1 44/20 Reservation"}},
		{"nobody leaves what was taken less than an hour ago", tuned(func(r *Radio) {
			r.Since = plannedAt().Add(time.Second - time.Hour)
			busy(r, 36, 100, 0, 0, 0)
		}), []Reservation{narrow}, []string{"wlan1 36/20 Reservation"}},
		{"but an hour ago", tuned(func(r *Radio) { r.Since = plannedAt().Add(-time.Hour); busy(r, 36, 100, 9, 9, 9) }),
			[]Reservation{narrow}, []string{"wlan1 40/20 Reservation"}},
		{"noise counts as use", tuned(func(r *Radio) { busy(r, 36, 10, 10, 10, 10); r.Channels[0].Noise = -60; r.Channels[1].Noise = -90 }),
			[]Reservation{narrow}, []string{"wlan1 44/20 Reservation"}},
		{"so does missing power", tuned(func(r *Radio) { busy(r, 36, 0, 0, 0, 0); r.Channels[0].Power = -10 }), []Reservation{narrow},
			[]string{"wlan1 40/20 Reservation"}},
		{"nobody leaves what was not surveyed", tuned(func(r *Radio) { busy(r, 36, -1, 0, 0, 0) }), []Reservation{narrow},
			[]string{"wlan1 36/20 Reservation"}},
		{"nobody goes where it was not surveyed", tuned(func(r *Radio) { busy(r, 36, 100, 90, -1, 90) }), []Reservation{narrow},
			[]string{"wlan1 36/20 Reservation"}},
		{"the worst part of a block counts", tuned(func(r *Radio) {
			r.Channel = 0
			busy(r, 36, 90, 0, 20, 20)
		}), []Reservation{asked(0, 40)}, []string{"wlan1 44/40 Reservation"}},
		{"the best is on the radio that has one", append(tuned(func(r *Radio) { r.Channels = r.Channels[4:] }),
			Radio{Name: "wlan2", Band: Band5, Channels: channels(36, 48, 4, 30, false, 20, 80)}), []Reservation{best},
			[]string{"wlan2 36/80 Reservation"}},
		{"the best has no width here", tuned(func(r *Radio) { r.Channels = channels(36, 48, 4, 23, false, 20) }), []Reservation{best}, nil},
		{"the best is where somebody else has to be", paris(), []Reservation{best,
			{ID: "b", Devices: []string{"phone"}, Band: Band5, Channel: 48, Width: 80}}, []string{"wlan1 48/80 Reservation"}},
	})
}

func TestPlansOfManyAreJoined(t *testing.T) {
	p := with(func(p *Policy) {
		p.Reservations = []Reservation{asked(0, 80, 40), {ID: "b", Devices: []string{"phone", "tablet"}, Band: Band5, Channel: 100, Width: 80,
			Fallback: []int{36}, Exclusive: true, Now: true}}
	})
	if ps := Validate(p); ps != nil {
		t.Fatal(ps)
	}
	want := []ChannelPlan{{Radio: "wlan1", Channel: 100, Width: 80, Reservations: []string{"films", "b"}, Exclusive: true,
		Devices: []string{"tv", "phone", "tablet"}, Why: SelectReservation, Check: true, Now: true}}
	if diff := cmp.Diff(want, PlanRadios(p, paris(), plannedAt())); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	slices.Reverse(p.Reservations)
	want[0].Reservations, want[0].Devices = []string{"b", "films"}, []string{"phone", "tablet", "tv"}
	if diff := cmp.Diff(want, PlanRadios(p, paris(), plannedAt())); diff != "" {
		t.Errorf("the other way round: -want +got\n%s", diff)
	}
	p.Reservations = append(p.Reservations, Reservation{ID: "wrong", Devices: []string{"tv"}, Band: Band5, Channel: 44, Width: 80})
	if diff := cmp.Diff(want, PlanRadios(p, paris(), plannedAt())); diff != "" {
		t.Errorf("a reservation that Validate refuses: -want +got\n%s", diff)
	}
}

// TestBestStandsStill: use that changes by chance moves nobody, and a move is never taken back.
func TestBestStandsStill(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	p := with(func(p *Policy) { p.Reservations = []Reservation{asked(0, 20)} })
	radios := tuned(func(r *Radio) { r.Channel, r.Width = 36, 20 })
	moves := 0
	for range 1000 {
		busy(&radios[1], 36, 45+r.IntN(15), 40+r.IntN(15), 35+r.IntN(15), 30+r.IntN(15))
		plan := PlanRadios(p, radios, plannedAt())[0]
		if plan.Channel != radios[1].Channel {
			moves++
		}
		radios[1].Channel = plan.Channel
	}
	if moves != 0 {
		t.Errorf("%d moves", moves)
	}
	busy(&radios[1], 36, 95)
	if plan := PlanRadios(p, radios, plannedAt())[0]; plan.Channel == 36 {
		t.Error("nobody moves at all")
	}
}

// TestRadarAndBack follows one radio through radar, the fallback and the way back.
func TestRadarAndBack(t *testing.T) {
	p := with(func(p *Policy) { p.Reservations = []Reservation{asked(52, 80, 40)} })
	radios := tuned(func(r *Radio) { r.Channel, r.Radar = 52, hit(0, 52, 56, 60, 64) })
	plan := PlanRadios(p, radios, plannedAt())[0]
	if plan.Channel != 40 || plan.Why != SelectDFS || plan.Check || plan.Returns == nil {
		t.Fatalf("%+v", plan)
	}
	radios[1].Channel = 40
	back := *plan.Returns
	if diff := cmp.Diff(plan, PlanRadios(p, radios, back.Add(-time.Nanosecond))[0]); diff != "" {
		t.Errorf("before the time is over: %s", diff)
	}
	plan = PlanRadios(p, radios, back)[0]
	if plan.Channel != 52 || plan.Why != SelectReservation || !plan.Check || plan.Returns != nil {
		t.Errorf("when the time is over: %+v", plan)
	}
}

// TestNoPlanBreaksTheLaw tries random homes: no plan names a channel that its radio does not list with that width, nor one
// that radar closes in any part; a fallback never needs a check; the same facts give the same plan.
func TestNoPlanBreaksTheLaw(t *testing.T) {
	plans := 0
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		p, _ := random(r, time.UTC, plannedAt())
		radios := randomRadios(r)
		lawful(t, p, radios, plannedAt())
		plans += len(PlanRadios(p, radios, plannedAt()))
	}
	if plans < 200 {
		t.Errorf("only %d plans", plans)
	}
}

// lawful checks the plans for one home, and that nothing of it is written to.
func lawful(t *testing.T, p Policy, radios []Radio, now time.Time) {
	t.Helper()
	before := fmt.Sprint(p, radios)
	plans := PlanRadios(p, radios, now)
	for _, plan := range plans {
		i := slices.IndexFunc(radios, func(r Radio) bool { return r.Name == plan.Radio })
		if i < 0 {
			t.Fatalf("no such radio: %+v", plan)
		}
		radar := false
		for _, n := range Block(radios[i].Band, plan.Channel, plan.Width) {
			c := slices.IndexFunc(radios[i].Channels, func(c Channel) bool { return c.Number == n })
			radar = radar || c >= 0 && radios[i].Channels[c].Radar
			if n == plan.Channel && (c < 0 || !slices.Contains(radios[i].Channels[c].Widths, plan.Width)) {
				t.Fatalf("illegal: %+v on %+v", plan, radios[i])
			}
			if slices.ContainsFunc(radios[i].Radar, func(h Radar) bool { return h.Channel == n && now.Before(h.Until) }) {
				t.Fatalf("closed by radar: %+v on %+v", plan, radios[i])
			}
		}
		if radar && plan.Why != SelectReservation || plan.Check && !radar {
			t.Fatalf("radar where none may be: %+v on %+v", plan, radios[i])
		}
	}
	if diff := cmp.Diff(plans, PlanRadios(p, radios, now)); diff != "" {
		t.Fatal(diff)
	}
	if fmt.Sprint(p, radios) != before {
		t.Fatal("what came in was written to")
	}
}

// randomRadios are those of homes in some countries, with gaps, odd widths and radar all over the place.
func randomRadios(r *rand.Rand) []Radio {
	radios := paris()
	radios[1].Channels = slices.Concat(radios[1].Channels, channels(149, 165, 4, 30, r.IntN(4) == 0, 20, 40, 80))
	for i := range radios {
		radio := &radios[i]
		radio.Channels = slices.DeleteFunc(radio.Channels, func(Channel) bool { return r.IntN(6) == 0 })
		for k := range radio.Channels {
			radio.Channels[k].Busy, radio.Channels[k].Radar = r.IntN(102)-1, radio.Channels[k].Radar || r.IntN(20) == 0
			radio.Channels[k].Widths = pick(r, []int{20}, []int{20, 40}, []int{20, 40, 80})
		}
		for range r.IntN(12) {
			radio.Radar = append(radio.Radar, hit(r.IntN(60), pick(r, 36+4*r.IntN(30), 1+r.IntN(13)))...)
		}
		radio.Channel, radio.State = pick(r, 0, 36+4*r.IntN(30)), pick(r, RadioUp, RadioCheck, RadioDown)
	}
	return radios[r.IntN(2):]
}
