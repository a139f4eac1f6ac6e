package policies

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestDecideAgreesWithTheOracle looks at a verdict's bounds from both sides.
func TestDecideAgreesWithTheOracle(t *testing.T) {
	loc, err := Location("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 10, 16, 0, 0, 0, 0, loc)
	bounds := 0
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		p, usage := random(r, loc, from)
		o := newOracle(t, p, usage)
		now := from.Add(time.Duration(r.IntN(14*24*60)) * time.Minute)
		for i := range p.Devices {
			v := Decide(p, p.Devices[i].ID, usage, now)
			bounds += o.bounded(t, &p.Devices[i], now, v)
		}
		v := DecideUnknown(p, "02:00:00:00:00:ff", usage, now)
		if v.Reason.Kind == KindUnknown {
			if v.Reason.ID != "02:00:00:00:00:ff" {
				t.Fatalf("an unknown device is named %q", v.Reason.ID)
			}
			v.Reason.ID = ""
		}
		bounds += o.bounded(t, nil, now, v)
	}
	if bounds < 200 {
		t.Errorf("only %d bounds were seen", bounds)
	}
}

// bounded checks a verdict by the oracle: the reason holds from since to until and not a minute longer, and online
// first differs at changes. It counts the bounds that are there.
func (o *oracle) bounded(t *testing.T, d *Device, now time.Time, v Verdict) int {
	t.Helper()
	want, seen := answer{v.Online, v.Reason}, 0
	begin, end := now.Add(-Horizon), now.Add(Horizon)
	if v.Since != nil {
		begin, seen = *v.Since, seen+1
		if got := o.judge(d, begin.Add(-time.Minute)); got == want {
			t.Fatalf("%v before since: %v", v, got)
		}
	}
	if v.Until != nil {
		end, seen = *v.Until, seen+1
		if got := o.judge(d, end); got == want {
			t.Fatalf("%v at until: %v", v, got)
		}
	}
	for at := begin; at.Before(end); at = at.Add(time.Minute) {
		if got := o.judge(d, at); got != want {
			t.Fatalf("%v, but at %v: %v", v, at, got)
		}
	}
	flip := now.Add(Horizon)
	if v.Changes != nil {
		flip, seen = *v.Changes, seen+1
		if o.judge(d, flip).online == v.Online {
			t.Fatalf("%v, but nothing changes then", v)
		}
	}
	for at := now; at.Before(flip); at = at.Add(time.Minute) {
		if o.judge(d, at).online != v.Online {
			t.Fatalf("%v, but at %v it has changed", v, at)
		}
	}
	return seen
}

func TestDecideIsWhatTheTimelineSays(t *testing.T) {
	loc, err := Location("Australia/Lord_Howe")
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 4, 1, 0, 0, 0, 0, loc)
	for seed := range uint64(40) {
		p, usage := random(rand.New(rand.NewPCG(seed, 2)), loc, from)
		now := from.Add(time.Duration(seed) * 7 * time.Hour)
		line, err := Compile(p, usage, now.Add(-Horizon), now.Add(Horizon))
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"d0", "d1", "d2", "d3", "d4", "stranger"} {
			if diff := cmp.Diff(Decide(p, id, usage, now), line.At(id, now)); diff != "" {
				t.Fatalf("%s: -decide +timeline\n%s", id, diff)
			}
		}
		mac := MAC("02:00:00:00:00:ff")
		if diff := cmp.Diff(DecideUnknown(p, mac, usage, now), line.AtUnknown(mac, now)); diff != "" {
			t.Fatalf("unknown: -decide +timeline\n%s", diff)
		}
	}
}

// TestDecideSurvivesAnyClock covers a box whose clock shows what no clock should.
func TestDecideSurvivesAnyClock(t *testing.T) {
	p := home30()
	for _, p.Zone = range []string{"Europe/Paris", "Asia/Kathmandu", "UTC"} {
		for _, year := range []int{-200000, 1, 1678, 1900, 1970, 2117, 2200, 2262, 9999, 200000} {
			now := time.Date(year, 1, 1, 0, 0, 0, 1, time.UTC)
			if v := Decide(p, "d29", nil, now); v.Reason.Kind != KindAllowed && v.Reason.Kind != KindSchedule {
				t.Errorf("%s, year %d: %v", p.Zone, year, v)
			}
		}
	}
}

func TestTimelineEndsHaveNoVerdict(t *testing.T) {
	p := big(1, nil, 0)
	from := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	line, err := Compile(p, nil, from, from.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	want := Verdict{Online: true, Reason: Reason{Kind: KindAllowed}}
	for at, want := range map[time.Duration]Verdict{-1: {}, 0: want, time.Hour - 1: want, time.Hour: {}} {
		if diff := cmp.Diff(want, line.At("d0", from.Add(at))); diff != "" {
			t.Errorf("at %v: %s", at, diff)
		}
	}
}
