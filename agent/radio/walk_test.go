package radio

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// Whatever happens to a radio, no channel that radar closes is ever asked for, nobody is made to move without end, and once all is
// well again the radio is where it is wanted.
func TestRandomWalkOfARadio(t *testing.T) {
	places := []place{{36, 80}, {40, 20}, {44, 40}, {52, 80}, {60, 20}, {100, 20}}
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 14))
		l := newTale(t)
		p := want(44, 40)
		moves, begun := 0, l.now
		for range 400 {
			disturb(l, r, places)
			if r.IntN(60) == 0 {
				to := places[r.IntN(len(places))]
				p = want(to.channel, to.width)
				p.Check, p.Now = to.channel > 48, r.IntN(2) == 0
			}
			before := l.view()
			l.step(time.Duration(r.IntN(20_000))*time.Millisecond, p)
			moves += switches(t, l, before, seed)
		}
		if most := 2 + 6*int(l.now.Sub(begun)/time.Minute); moves > most {
			t.Errorf("seed %d: %d moves in %s", seed, moves, l.now.Sub(begun))
		}
		peace(t, l, p, seed)
	}
}

// disturb lets something happen to the radio.
func disturb(l *tale, r *rand.Rand, places []place) {
	switch r.IntN(40) {
	case 0:
		l.deaf = !l.deaf
	case 1:
		l.deny = !l.deny
	case 2:
		l.cloud = !l.cloud
	case 3: // radar, and hostapd flees
		l.radar = append(l.radar, policies.Radar{Channel: 52 + 4*r.IntN(4), At: l.now, Until: l.now.Add(nonOccupancy)})
		l.here = places[r.IntN(len(places))]
	case 4:
		l.state = []policies.RadioState{policies.RadioUp, policies.RadioCheck, policies.RadioDown}[r.IntN(3)]
	case 5, 6:
		l.state = policies.RadioUp
	case 7:
		l.checks, l.fails = true, r.IntN(9)
	case 8:
		delete(l.joined, tv)
	case 9:
		l.joined[tv] = l.now
	case 10:
		l.memory = memory{} // another agent
	}
	l.talk += uint64(r.IntN(1 << 16))
}

// switches counts the moves of a step, and refuses those onto radar.
func switches(t *testing.T, l *tale, before view, seed uint64) (moves int) {
	t.Helper()
	for _, c := range l.said {
		var to place
		switch words := strings.Fields(c); {
		case words[0] == "CHAN_SWITCH":
			_, channel := channelOf(number(words[2]))
			to = place{channel, number(strings.TrimPrefix(words[5], "bandwidth="))}
		case strings.HasPrefix(c, "SET channel"):
			to = place{number(words[2]), 20}
		default:
			continue
		}
		moves++
		if before.hit(to, l.now) {
			t.Fatalf("seed %d: moved onto radar: %q", seed, l.said)
		}
	}
	return moves
}

// peace leaves the radio in peace and expects it where it is wanted.
func peace(t *testing.T, l *tale, p policies.ChannelPlan, seed uint64) {
	t.Helper()
	l.deaf, l.deny, l.cloud, l.checks, l.fails, l.state, l.joined[tv] = false, false, true, false, 0, policies.RadioUp, l.now
	var d decision
	for range 26 * 60 * 3 {
		d = l.step(20*time.Second, p)
	}
	if d.hold != wire.HoldInForce || l.here != (place{p.Channel, p.Width}) {
		t.Fatalf("seed %d: in the end %s, %q on %s, wanted %d at %d; %+v", seed, d.hold, d.why, l.here, p.Channel, p.Width, l.failure)
	}
}
