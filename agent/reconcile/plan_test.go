package reconcile

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/carebox-project/carebox/agent/firewall"
	"github.com/carebox-project/carebox/policies"
)

// TestWindowsSayWhatVerdictsSay compares the kernel's windows with the verdict at random instants of the next 48 hours: a kernel
// that is left alone must do what the agent would have done.
func TestWindowsSayWhatVerdictsSay(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		p := randomPolicy(random)
		if problems := policies.Validate(p); problems != nil {
			t.Fatal(problems)
		}
		now := start.Add(time.Duration(random.IntN(400*24*3600)) * time.Second)
		plan, err := Decide(p, nil, Moment{Instant: now, Synchronised: true, Passed: now})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range plan.Wanted.Devices {
			ordered(t, d.Windows)
			for range 20 {
				at := now.Add(time.Duration(random.Int64N(int64(ahead/time.Second))) * time.Second)
				if got, want := covers(d.Windows, at), !policies.Decide(p, d.ID, nil, at).Online; got != want {
					t.Fatalf("%s, planned at %v: offline at %v is %v in the kernel, %v by the policy; windows %v", d.ID, now, at, got, want, d.Windows)
				}
			}
		}
		verdict := policies.Decide(p, "phone", nil, now)
		if plan.Offline["phone"] == verdict.Online || verdict.Until != nil && !plan.Next.IsZero() && plan.Next.After(*verdict.Until) {
			t.Fatalf("plan says offline %v until %v, verdict %s", plan.Offline["phone"], plan.Next, pretty(verdict))
		}
	}
}

func covers(windows []firewall.Window, at time.Time) bool {
	for _, w := range windows {
		if !w.From.After(at) && (w.To.IsZero() || w.To.After(at)) {
			return true
		}
	}
	return false
}

func ordered(t *testing.T, windows []firewall.Window) {
	t.Helper()
	for i, w := range windows {
		last := i == len(windows)-1
		if i > 0 && w.From.Before(windows[i-1].To) || w.To.IsZero() && !last || !w.To.IsZero() && !w.From.Before(w.To) {
			t.Fatalf("windows %v are out of order", windows)
		}
		if w.From.Nanosecond()+w.To.Nanosecond() != 0 {
			t.Fatalf("windows %v are not of whole seconds", windows)
		}
	}
}

func randomPolicy(random *rand.Rand) policies.Policy {
	p := family()
	p.Zone = []string{"Europe/Paris", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Sao_Paulo"}[random.IntN(4)]
	targets := []policies.Target{{Device: "phone"}, {Person: "leo"}, {Home: true}, {Device: "tv"}}
	for i := range random.IntN(6) {
		p.Schedules = append(p.Schedules, policies.Schedule{
			ID: fmt.Sprint("s", i), For: targets[random.IntN(4)], Days: everyDay[random.IntN(7):],
			Start: fmt.Sprintf("%02d:%02d", random.IntN(24), random.IntN(60)), Duration: 1 + random.IntN(int(3*24*time.Hour/time.Second)),
		})
	}
	for i := range random.IntN(3) {
		at := start.Add(time.Duration(random.IntN(400*24)) * time.Hour)
		until := at.Add(1 + time.Duration(random.Int64N(int64(20*24*time.Hour))))
		p.Overrides = append(p.Overrides, policies.Override{
			ID: fmt.Sprint("o", i), For: targets[random.IntN(4)], At: at, Until: &until,
			Mode: []policies.Mode{policies.ModePause, policies.ModeBonus}[random.IntN(2)],
		})
	}
	return p
}

// BenchmarkDecide is what the fast path adds for a home that is as large as a policy may be.
func BenchmarkDecide(b *testing.B) {
	p := family()
	for i := range 500 {
		p.Devices = append(p.Devices, policies.Device{
			ID: fmt.Sprint("d", i), Name: "D", Kind: "tv", MACs: []policies.MAC{policies.MAC(fmt.Sprintf("02:00:00:01:%02x:%02x", i>>8, i&255))},
		})
		p.Schedules = append(p.Schedules, policies.Schedule{
			ID: fmt.Sprint("s", i), For: policies.Target{Device: fmt.Sprint("d", i)}, Days: everyDay, Start: "21:30", Duration: 3600,
		})
	}
	m := Moment{Instant: start, Synchronised: true, Passed: start}
	b.Run("plan", func(b *testing.B) {
		for b.Loop() {
			if _, err := Decide(p, nil, m); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("verdicts", func(b *testing.B) {
		for b.Loop() {
			if _, err := Judge(p, nil, nil, m); err != nil {
				b.Fatal(err)
			}
		}
	})
}
