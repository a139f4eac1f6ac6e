package mobileapi

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// verdicts is what the API asks of a device from now on, as "time state": at each minute at which it flips, until the
// end of the next night.
func verdicts(t *testing.T, p policies.Policy, device string, from time.Time) string {
	t.Helper()
	line, err := policies.Compile(p, nil, from, from.Add(14*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	paris, err := policies.Location(p.Zone)
	if err != nil {
		t.Fatal(err)
	}
	text, before := "", ""
	for _, s := range line.Devices[device] {
		state := map[bool]string{true: "on", false: "off"}[s.Online]
		if state != before {
			text += fmt.Sprintf(" %s %s", s.From.In(paris).Format("15:04"), state)
		}
		before = state
	}
	return text[1:]
}

// story is what a parent taps, one after the other, a minute apart unless it says otherwise, and what then is asked.
type tap struct {
	at     string // Paris, that Saturday
	path   string
	body   string
	device string
	want   string // verdicts from the tap on
}

func TestMoments(t *testing.T) {
	for name, story := range map[string][]tap{
		"a pause lasts until resumed": {
			{"19:00", "/pause", `{"for":{"device":"phone"}}`, "phone", "19:00 off"},
			{"19:05", "/resume", `{"for":{"device":"phone"}}`, "phone", "19:05 on 21:30 off 07:00 on"},
		},
		"a pause for minutes": {
			{"19:00", "/pause", `{"for":{"person":"leo"},"minutes":30}`, "laptop", "19:00 off 19:30 on 21:30 off 07:00 on"},
		},
		"a pause until a time": {
			{"19:00", "/pause", `{"for":{"home":true},"until":"2026-11-21T20:00:00+01:00"}`, "tv", "19:00 off 20:00 on"},
		},
		"a shorter pause takes the place of a longer one of the same target": {
			{"19:00", "/pause", `{"for":{"device":"phone"}}`, "phone", "19:00 off"},
			{"19:05", "/pause", `{"for":{"device":"phone"},"minutes":10}`, "phone", "19:05 off 19:15 on 21:30 off 07:00 on"},
		},
		"a resume of somebody else's pause does nothing": {
			{"19:00", "/pause", `{"for":{"person":"leo"}}`, "phone", "19:00 off"},
			{"19:01", "/resume", `{"for":{"device":"phone"}}`, "phone", "19:01 off"},
		},
		"minutes count from now while offline": {
			{"22:00", "/bonus", `{"for":{"device":"phone"},"minutes":30}`, "phone", "22:00 on 22:30 off 07:00 on"},
		},
		"minutes count from the next cut while online": {
			{"19:00", "/bonus", `{"for":{"device":"phone"},"minutes":30}`, "phone", "19:00 on 22:00 off 07:00 on"},
		},
		"another thirty minutes count from the end of the first": {
			{"22:00", "/bonus", `{"for":{"person":"leo"},"minutes":30}`, "phone", "22:00 on 22:30 off 07:00 on"},
			{"22:10", "/bonus", `{"for":{"person":"leo"},"minutes":30}`, "phone", "22:10 on 23:00 off 07:00 on"},
		},
		"two taps before the cut give an hour": {
			{"19:00", "/bonus", `{"for":{"person":"leo"},"minutes":30}`, "laptop", "19:00 on 22:00 off 07:00 on"},
			{"19:00", "/bonus", `{"for":{"person":"leo"},"minutes":30}`, "laptop", "19:00 on 22:30 off 07:00 on"},
		},
		"a bonus to a time takes the place of one of the same target": {
			{"22:00", "/bonus", `{"for":{"device":"phone"},"minutes":120}`, "phone", "22:00 on 00:00 off 07:00 on"},
			{"22:01", "/bonus", `{"for":{"device":"phone"},"until":"2026-11-21T22:15:00+01:00"}`, "phone", "22:01 on 22:15 off 07:00 on"},
		},
		"a pause wins over a bonus that waits": {
			{"19:00", "/bonus", `{"for":{"person":"leo"},"minutes":30}`, "phone", "19:00 on 22:00 off 07:00 on"},
			{"20:00", "/pause", `{"for":{"device":"phone"}}`, "phone", "20:00 off"},
			{"20:00", "/resume", `{"for":{"device":"phone"}}`, "phone", "20:00 on 22:00 off 07:00 on"},
		},
		"and leaves it to the others": {
			{"19:00", "/bonus", `{"for":{"person":"leo"},"minutes":30}`, "phone", "19:00 on 22:00 off 07:00 on"},
			{"20:00", "/pause", `{"for":{"device":"phone"}}`, "laptop", "20:00 on 22:00 off 07:00 on"},
		},
		"a bonus after a pause begins now": {
			{"19:00", "/pause", `{"for":{"device":"phone"}}`, "phone", "19:00 off"},
			{"19:10", "/bonus", `{"for":{"device":"phone"},"minutes":30}`, "phone", "19:10 on 19:40 off"},
		},
		"taps within one second are obeyed in their order": {
			{"19:00", "/pause", `{"for":{"home":true}}`, "phone", "19:00 off"},
			{"19:00", "/bonus", `{"for":{"home":true},"minutes":30}`, "phone", "19:00 on 19:30 off"},
			{"19:00", "/pause", `{"for":{"person":"leo"}}`, "phone", "19:00 off"},
			{"19:00", "/bonus", `{"for":{"person":"leo"},"minutes":5}`, "phone", "19:00 on 19:05 off"},
		},
		"more time for all leaves one's own pause": {
			{"22:00", "/bonus", `{"for":{"person":"leo"},"minutes":30}`, "phone", "22:00 on 22:30 off 07:00 on"},
			{"22:01", "/pause", `{"for":{"device":"phone"}}`, "phone", "22:01 off"},
			{"22:02", "/bonus", `{"for":{"person":"leo"},"minutes":30}`, "phone", "22:02 off"},
			{"22:02", "/resume", `{"for":{"device":"phone"}}`, "phone", "22:02 on 23:00 off 07:00 on"},
		},
		"for a person the earliest cut counts": {
			{"19:00", "/pause", `{"for":{"device":"phone"},"minutes":60}`, "phone", "19:00 off 20:00 on 21:30 off 07:00 on"},
			{"19:30", "/bonus", `{"for":{"person":"leo"},"minutes":10}`, "phone", "19:30 on 19:40 off 20:00 on 21:30 off 07:00 on"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c, revision := w.as("owner"), int64(1)
			for _, tap := range story {
				at, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-21 "+tap.at, time.FixedZone("", 3600))
				if err != nil {
					t.Fatal(err)
				}
				w.pass(at.Sub(w.clock().Truncate(time.Second)))
				state := c.at(revision).do("POST", home(tap.path), tap.body).home()
				revision = state.Asked.Revision
				now := w.clock().Add(2 * time.Millisecond)
				if got := verdicts(t, state.Policy, tap.device, now); got != tap.want {
					t.Errorf("%s %s %s: %s\nwant %s\n%+v", tap.at, tap.path, tap.body, got, tap.want, state.Policy.Overrides)
				}
			}
		})
	}
}

func TestMomentsSayWhatIsWrong(t *testing.T) {
	w := newWorld(t)
	c := w.as("owner").at(1)
	for _, row := range []struct {
		path, body string
		want       []string
	}{
		{"/pause", `{}`, []string{"target for"}},
		{"/pause", `{"for":{"device":"none"},"minutes":0}`, []string{"range minutes", "reference for.device"}},
		{"/pause", `{"for":{"device":"tv","home":true}}`, []string{"target for"}},
		{"/pause", `{"for":{"home":true},"minutes":5,"until":"2027-01-01T00:00:00Z"}`, []string{"until-or-minutes minutes"}},
		{"/pause", `{"for":{"home":true},"until":"2026-11-21T18:00:00Z"}`, []string{"past until"}},
		{"/pause", `{"for":{"home":true},"until":"2200-01-01T00:00:00Z"}`, []string{"instant until"}},
		{"/pause", `{"for":{"Home":true},"until":"soon","minutes":"5","who":1}`,
			[]string{"key-unknown for.Home", "type minutes", "type until", "key-unknown who"}},
		{"/bonus", `{"for":{"home":true}}`, []string{"until-missing until"}},
		{"/bonus", `{"for":{"person":"eve"},"minutes":10081}`, []string{"range minutes", "reference for.person"}},
		{"/bonus", `{"for":{"device":"stick"},"minutes":5}`, []string{"refused for"}},
		{"/bonus", `{"for":{"device":"tv"},"minutes":5}`, []string{"no-cut-ahead minutes"}},
		{"/resume", `{"for":{"person":"eve"}}`, []string{"reference for.person"}},
		{"/resume", `{"for":{"person":"leo"},"minutes":5}`, []string{"key-unknown minutes"}},
		{"/resume", `{"for":{"person":"leo"},"for":{"home":true,"home":true}}`, []string{"key-duplicate for", "key-duplicate for.home"}},
	} {
		c.do("POST", home(row.path), row.body).finds(row.want...)
		w.pass(50 * time.Millisecond)
	}
	if state := w.as("owner").do("GET", home(""), "").home(); state.Asked.Revision != 1 {
		t.Error("something was changed")
	}
	// With a time there need be no cut.
	w.as("owner").at(1).do("POST", home("/bonus"), `{"for":{"device":"tv"},"until":"2026-11-21T20:00:00Z"}`).home()
}

func TestResumeWithoutAPauseMakesNoRevision(t *testing.T) {
	w := newWorld(t)
	c := w.as("owner")
	for range 3 {
		if state := c.at(1).do("POST", home("/resume"), `{"for":{"device":"phone"}}`).home(); state.Asked.Revision != 1 {
			t.Fatalf("revision %d", state.Asked.Revision)
		}
	}
	c.at(1).do("POST", home("/pause"), `{"for":{"device":"phone"}}`).home()
	state := c.at(2).do("POST", home("/resume"), `{"for":{"device":"phone"}}`).home()
	if state.Asked.Revision != 3 || state.Asked.Change != (Change{Code: "resume", Subject: "device:phone"}) || len(state.Policy.Overrides) != 0 {
		t.Errorf("%+v", state.Asked)
	}
}

func TestLiftTakesExactlyThatOneAway(t *testing.T) {
	w := newWorld(t)
	c := w.as("owner")
	c.at(1).do("POST", home("/pause"), `{"for":{"device":"phone"}}`).home()
	state := c.at(2).do("POST", home("/pause"), `{"for":{"person":"leo"}}`).home()
	first := state.Policy.Overrides[0].ID
	if reason := state.Devices[1].Asked.Reason; reason.Kind != policies.KindPause || reason.ID != state.Policy.Overrides[1].ID {
		t.Errorf("the laptop is judged by %+v", reason)
	}
	state = c.at(3).do("DELETE", home("/overrides/"+first), "").home()
	if len(state.Policy.Overrides) != 1 || state.Policy.Overrides[0].For.Person != "leo" || state.Asked.Change.Subject != first {
		t.Errorf("left %+v", state.Policy.Overrides)
	}
	c.at(4).do("DELETE", home("/overrides/"+first), "").refuses(http.StatusNotFound, codeNotFound)
}
