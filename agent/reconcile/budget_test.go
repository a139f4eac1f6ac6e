package reconcile

import (
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

func budget(amount time.Duration) func(*policies.Policy) {
	return func(p *policies.Policy) {
		p.Budgets = append(p.Budgets, policies.Budget{
			ID: "b", For: policies.Target{Person: "leo"}, Days: everyDay, Amount: int(amount.Seconds()),
		})
	}
}

func TestBudgetCutsAndOutlivesARestart(t *testing.T) {
	inHome(t, func(h *home) {
		h.after(12 * time.Hour)
		h.send(1, family(budget(3*time.Minute)))
		for range 2 {
			h.firewall.moved["phone"] += policies.BudgetBytes + 1
			h.after(time.Minute)
		}
		h.firewall.moved["phone"] += policies.BudgetBytes // exactly this much does not count
		h.after(time.Minute)
		h.firewall.moved["tv"] += 1 << 30 // nobody's
		h.after(time.Minute)
		if got, want := h.Reported().Usage, (wire.Used{Person: "leo", Date: "2000-01-01", Minutes: 2, Hours: policies.Hours{13: 2}}); len(got) != 1 || got[0] != want {
			t.Errorf("used %v, want %v", got, want)
		}
		h.kernel("")
		h.firewall.moved["phone"] += 1 << 20
		h.after(time.Minute)
		h.kernel("phone now–01T23:00:00")
		if d := h.device("phone"); d.Verdict.Reason.Kind != policies.KindBudget {
			t.Errorf("verdict %s", pretty(d))
		}
		if got := h.store.notes.Usage["leo"]["2000-01-01"].Minutes; got != 3 {
			t.Errorf("%d minutes are on disk when the budget has run out", got)
		}
		h.end()
		h.boot()
		h.kernel("phone now–01T23:00:00")
		h.after(11 * time.Hour)
		h.kernel("")
	})
}

func TestUsageIsWrittenSeldomAndForgottenLate(t *testing.T) {
	inHome(t, func(h *home) {
		h.send(1, family())
		h.after(10 * time.Minute)
		before := h.store.writes
		for range 20 {
			h.firewall.moved["phone"] += 1 << 20
			h.after(time.Minute)
		}
		if n := h.store.writes - before; n < 3 || n > 5 {
			t.Errorf("20 minutes in use made %d writes", n)
		}
		h.after(9 * 24 * time.Hour)
		if u := h.notes.usage; len(u) != 0 {
			t.Errorf("usage of nine days ago: %v", u)
		}
	})
}

func TestSinceStartsOverWhenAReadingFell(t *testing.T) {
	got := since(map[string]uint64{"a": 5, "b": 9}, map[string]uint64{"a": 8, "b": 2, "c": 1})
	if got["a"] != 3 || got["b"] != 2 || got["c"] != 1 {
		t.Errorf("moved %v", got)
	}
}
