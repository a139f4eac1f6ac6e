package firewall

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/policies"
)

var update = flag.Bool("update", false, "write the goldens anew")

// at is an instant of 2026-11 in UTC.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC)
}

// family of every kind of window, used wherever a state stands for all.
func sample() Wanted {
	return Wanted{
		Devices: []Device{
			{ID: "leo-phone", MACs: []policies.MAC{"02:00:00:00:00:0a", "02:00:00:00:00:1a"}, Windows: []Window{
				{From: at(21, 21, 30), To: at(22, 7, 0)}, {From: at(22, 21, 30), To: at(23, 7, 0)}}},
			{ID: "tv", MACs: []policies.MAC{"02:00:00:00:00:0c"}},
			{ID: "paused", MACs: []policies.MAC{"02:00:00:00:00:0d"}, Windows: []Window{{}}},
			{ID: "Mum's \"laptop\"\n", MACs: []policies.MAC{"02:00:00:00:00:0b"}, Windows: []Window{{To: at(21, 19, 0)}}},
			{ID: "later", MACs: []policies.MAC{"02:00:00:00:00:0e"}, Windows: []Window{{From: at(22, 12, 0)}}},
		},
		Unknown: []Window{{To: at(21, 20, 0)}, {From: at(22, 20, 0)}},
	}
}

// rendered is the sample in one family, with the numbers that a first Apply gives.
func rendered(t *testing.T, w Wanted, six bool) ruleset {
	t.Helper()
	m, err := newMarks(0x3ff00000)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.assign(w.Devices); err != nil {
		t.Fatal(err)
	}
	rs, err := render(w, &m, six)
	if err != nil {
		t.Fatal(err)
	}
	return rs
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestRender(t *testing.T) {
	golden(t, "render-ipv4.txt", rendered(t, sample(), false).restore(nil))
	golden(t, "render-ipv6.txt", rendered(t, sample(), true).restore(nil))
	golden(t, "render-nothing.txt", rendered(t, Wanted{}, false).restore(nil))
}

// Only what differs is replaced: the counters of other devices go on.
func TestRestoreOfDifference(t *testing.T) {
	before := sample()
	after := sample()
	after.Devices[1].Windows = []Window{{}}
	golden(t, "restore-pause.txt", rendered(t, after, false).restore(rendered(t, before, false)))
	golden(t, "restore-resume.txt", rendered(t, before, false).restore(rendered(t, after, false)))
	if text := rendered(t, before, false).restore(rendered(t, sample(), false)); text != "" {
		t.Errorf("equal states differ by %q", text)
	}
}

func TestMatch(t *testing.T) {
	far := time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		w    Window
		want string
		some bool
	}{
		{"always", Window{}, "", true},
		{"the last second is inside, the next is not", Window{To: at(21, 20, 0)}, "-m time --datestop 2026-11-21T19:59:59 ", true},
		{"no end", Window{From: at(21, 20, 0)}, "-m time --datestart 2026-11-21T20:00:00 --datestop 2038-01-19T03:14:07 ", true},
		{"an end that dates cannot say", Window{To: far}, "", true},
		{"a start that dates cannot say", Window{From: far}, "", false},
		{"before the epoch", Window{To: time.Unix(-5, 0)}, "", false},
		{"since before the epoch", Window{From: time.Unix(-5, 0)}, "", true},
		{"empty", Window{From: at(21, 20, 0), To: at(21, 20, 0)}, "", false},
		{"backwards", Window{From: at(21, 20, 0), To: at(21, 19, 0)}, "", false},
		{"one second", Window{From: at(21, 20, 0), To: at(21, 20, 0).Add(time.Second)},
			"-m time --datestart 2026-11-21T20:00:00 --datestop 2026-11-21T20:00:00 ", true},
		{"a part of a second at the end is kept", Window{To: at(21, 20, 0).Add(time.Millisecond)},
			"-m time --datestop 2026-11-21T20:00:00 ", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, some := match(c.w); got != c.want || some != c.some {
				t.Errorf("got %q, %v; want %q, %v", got, some, c.want, c.some)
			}
		})
	}
}

func TestRenderRefuses(t *testing.T) {
	for _, mac := range []policies.MAC{
		"", "02-00-00-00-00-0a", "02:00:00:00:00:0A", "02:00:00:00:00:0a -j ACCEPT\n", "02:00:00:00:00:00:00:0a",
	} {
		m, err := newMarks(0x3ff)
		if err != nil {
			t.Fatal(err)
		}
		w := Wanted{Devices: []Device{{ID: "a", MACs: []policies.MAC{mac}}}}
		if err := m.assign(w.Devices); err != nil {
			t.Fatal(err)
		}
		if _, err := render(w, &m, false); err == nil {
			t.Errorf("MAC %q was rendered", mac)
		}
	}
}

// many is n devices with k windows each, the first of which begins after now.
func many(n, k int, now time.Time) Wanted {
	var w Wanted
	for i := range n {
		d := Device{ID: fmt.Sprintf("device-%d", i), MACs: []policies.MAC{policies.MAC(fmt.Sprintf("02:00:00:01:%02x:%02x", i>>8, i&255))}}
		for j := range k {
			from := now.Truncate(time.Second).Add(time.Duration(2+6*j) * time.Hour)
			d.Windows = append(d.Windows, Window{From: from, To: from.Add(time.Hour)})
		}
		w.Devices = append(w.Devices, d)
	}
	return w
}
