package mobileapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

func online(why policies.Kind) policies.Verdict {
	return policies.Verdict{Online: true, Reason: policies.Reason{Kind: why}}
}

// box is what a box says that has proved a revision.
func box(proved int64, devices ...wire.DeviceState) *registry.Box {
	at := begin.Add(-time.Minute)
	return &registry.Box{
		ID: "box-1", Reachable: true, LastSeen: begin.Add(-5 * time.Second), ReportedAt: at,
		Reported: &wire.Reported{
			Box: "box-1", At: at, Accepted: proved, InForce: proved, Since: at, Devices: devices,
			Clock: wire.Clock{Synchronised: true, Rule: policies.ClockKeepLast},
		},
	}
}

func TestDeliveryIsOneWordForTwoFacts(t *testing.T) {
	refused := box(1)
	refused.Refused = &wire.Refused{Revision: 2, Code: "policy", Detail: "zone unknown", At: begin}
	away, awayInForce, silent := box(1), box(2), box(1)
	away.Reachable, awayInForce.Reachable = false, false
	silent.Reported = nil
	for name, c := range map[string]struct {
		box  *registry.Box
		want Delivery
	}{
		"none": {nil, DeliveryNoBox}, "older": {box(1), DeliveryApplying}, "asked": {box(2), DeliveryInForce},
		"asked, but the kernel no longer agrees": {box(2, wire.DeviceState{ID: "leo-phone"}), DeliveryApplying},
		"away":                                   {away, DeliveryWaitingForBox}, "away with the asked one": {awayInForce, DeliveryInForce},
		"refused": {refused, DeliveryRefused}, "silent": {silent, DeliveryApplying}, "never seen": {&registry.Box{ID: "box-1"}, DeliveryWaitingForBox},
	} {
		w := newWorld(t)
		w.hub.says(home1, c.box)
		c2 := w.as("owner")
		state := c2.at(1).do("PUT", home("/people/leo"), `{"id":"leo","name":"L"}`).home()
		if state.Delivery != c.want || (state.Box == nil) != (c.box == nil) {
			t.Errorf("%s: %s", name, state.Delivery)
		}
		if state.Box != nil && state.Box.Reachable != c.box.Reachable {
			t.Errorf("%s: reachable %v", name, state.Box.Reachable)
		}
		if proved := c.box != nil && c.box.Reported != nil; (state.InForce != nil) != proved {
			t.Errorf("%s: in force %+v", name, state.InForce)
		}
	}
}

func TestAskedAndInForceAreTwoFactsOfADevice(t *testing.T) {
	w := newWorld(t)
	w.hub.says(home1, box(1,
		wire.DeviceState{ID: "phone", MAC: "02:00:00:00:00:0a", Hostname: "leos-phone", Present: true, Verdict: online(policies.KindAllowed), InForce: true},
		wire.DeviceState{ID: "laptop", Verdict: online(policies.KindAllowed), Why: "flows are left"},
		wire.DeviceState{MAC: "02:00:00:00:00:99", Hostname: "guest", Present: true, Verdict: online(policies.KindUnknown), InForce: true},
		wire.DeviceState{ID: "gone", MAC: "02:00:00:00:00:98", Present: true, Verdict: online(policies.KindAllowed), InForce: true},
	))
	state := w.as("owner").at(1).do("POST", home("/pause"), `{"for":{"device":"phone"}}`).home()
	rows := map[string]DeviceRow{}
	for _, row := range state.Devices {
		rows[row.MAC] = row
	}
	phone := rows["02:00:00:00:00:0a"]
	if phone.Asked.Online || phone.Asked.Reason.Kind != policies.KindPause || !phone.InForce.Verdict.Online || !phone.InForce.Proved || phone.Hostname != "leos-phone" {
		t.Errorf("phone %+v", phone)
	}
	if laptop := rows["02:00:00:00:00:0b"]; laptop.InForce.Proved || laptop.InForce.Why != "flows are left" || laptop.Present {
		t.Errorf("laptop %+v", laptop)
	}
	if tv := rows["02:00:00:00:00:0c"]; tv.InForce != nil || !tv.Asked.Online || *tv.ID != "tv" {
		t.Errorf("tv %+v", tv)
	}
	if stick := rows["02:00:00:00:00:0d"]; stick.Asked.Reason != (policies.Reason{Kind: policies.KindRefused, ID: "stick"}) {
		t.Errorf("stick %+v", stick)
	}
	guest := rows["02:00:00:00:00:99"]
	if guest.ID != nil || guest.Asked.Reason != (policies.Reason{Kind: policies.KindUnknown, ID: "02:00:00:00:00:99"}) {
		t.Errorf("guest %+v", guest)
	}
	if gone := rows["02:00:00:00:00:98"]; gone.ID != nil || gone.InForce == nil {
		t.Errorf("a device that the policy no longer has: %+v", gone)
	}
	if len(state.Devices) != 6 || *state.Devices[0].ID != "phone" {
		t.Errorf("%d rows", len(state.Devices))
	}
}

func TestDeviceThatWasJustNamedIsShownOnce(t *testing.T) {
	w := newWorld(t)
	w.hub.says(home1, box(1, wire.DeviceState{MAC: "02:00:00:00:00:99", Present: true, Verdict: online(policies.KindUnknown), InForce: true}))
	state := w.as("owner").at(1).
		do("PUT", home("/devices/tablet"), `{"id":"tablet","name":"Tablet","kind":"tablet","macs":["02:00:00:00:00:98","02:00:00:00:00:99"]}`).home()
	last := state.Devices[len(state.Devices)-1]
	if len(state.Devices) != 5 || *last.ID != "tablet" || last.MAC != "02:00:00:00:00:99" || !last.Present || last.InForce.Verdict.Reason.Kind != policies.KindUnknown {
		t.Errorf("%d rows, the last %+v", len(state.Devices), last)
	}
}

func TestBudgetThatTheBoxCountedIsAsked(t *testing.T) {
	w := newWorld(t)
	c := w.as("owner")
	c.at(1).do("PUT", home("/budgets/b1"), `{"id":"b1","for":{"person":"leo"},"days":["Saturday"],"amount":3600}`).home()
	said := box(2)
	said.Reported.Usage = []wire.Used{{Person: "leo", Date: "2026-11-21", Minutes: 60}, {Person: "leo", Date: "some day", Minutes: 7}}
	w.hub.says(home1, said)
	verdict := c.do("GET", home(""), "").home().Devices[0].Asked
	if verdict.Online || verdict.Reason.Kind != policies.KindBudget || !verdict.Since.Equal(said.Reported.At) {
		t.Errorf("asked %+v", verdict)
	}
	since := begin.Add(-10 * time.Minute)
	said.Reported.Devices = []wire.DeviceState{{ID: "phone", InForce: true, Verdict: policies.Verdict{
		Reason: policies.Reason{Kind: policies.KindBudget, ID: "b1"}, Since: &since,
	}}}
	if verdict = c.do("GET", home(""), "").home().Devices[0].Asked; !verdict.Since.Equal(since) {
		t.Errorf("since %s, the box says %s", verdict.Since, since)
	}
	// Used up: offline, so a bonus counts from now.
	bonus := c.at(2).do("POST", home("/bonus"), `{"for":{"person":"leo"},"minutes":30}`).home()
	if v := bonus.Devices[0].Asked; !v.Online || v.Reason.Kind != policies.KindBonus || !v.Changes.Equal(begin.Truncate(time.Second).Add(30*time.Minute)) {
		t.Errorf("with a bonus %+v", v)
	}
}

func TestTimelineCoversItsRange(t *testing.T) {
	w := newWorld(t)
	c := w.as("adult")
	var rows []Row
	a := c.do("GET", home("/timeline?from=2026-11-21T18:00:00Z&to=2026-11-22T18:00:00Z"), "").is(http.StatusOK)
	a.decode(&rows)
	at := func(text string) time.Time {
		instant, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return instant
	}
	night := policies.Reason{Kind: policies.KindSchedule, ID: "nights"}
	allowed := policies.Reason{Kind: policies.KindAllowed}
	want := []Row{
		{Device: "phone", From: at("2026-11-21T18:00:00Z"), To: at("2026-11-21T20:30:00Z"), Online: true, Reason: allowed},
		{Device: "phone", From: at("2026-11-21T20:30:00Z"), To: at("2026-11-22T06:00:00Z"), Reason: night},
		{Device: "phone", From: at("2026-11-22T06:00:00Z"), To: at("2026-11-22T18:00:00Z"), Online: true, Reason: allowed},
	}
	if diff := cmp.Diff(want, rows[3:6]); diff != "" || len(rows) != 8 || a.header.Get("ETag") != `"1"` {
		t.Errorf("%d rows: %s", len(rows), diff)
	}
	try := `{"policy":{"zone":"Europe/Paris","unknown":"allow","effect":"no-internet","devices":[{"id":"x","name":"X","kind":"tv","macs":["02:00:00:00:00:0a"]}]}}`
	c.do("POST", home("/timeline?from=2026-11-21T18:00:00Z&to=2026-11-22T18:00:00Z"), try).is(http.StatusOK).decode(&rows)
	if len(rows) != 1 || rows[0].Device != "x" {
		t.Errorf("tried %+v", rows)
	}
	if w.as("owner").do("GET", home(""), "").home().Asked.Revision != 1 {
		t.Error("trying changed something")
	}
}

func TestTimelineSaysWhatIsWrong(t *testing.T) {
	w := newWorld(t)
	c := w.as("owner")
	for query, want := range map[string][]string{
		"?from=2026-11-22T00:00:00Z&to=2026-11-22T00:00:00Z": {"range to"},
		"?from=2026-11-22T00:00:00Z&to=2027-01-24T00:00:00Z": {"range to"},
		"?from=1999-12-31T23:00:00Z&to=2000-01-02T00:00:00Z": {"instant from"},
		"?from=2000-12-31T23:00:00Z&to=2101-01-02T00:00:00Z": {"instant to", "range to"},
	} {
		c.do("GET", home("/timeline"+query), "").finds(want...)
	}
	for _, query := range []string{"", "?from=2026-11-22T00:00:00Z", "?from=today&to=tomorrow", "?from=2026-11-22T00:00:00&to=2026-11-23T00:00:00Z"} {
		c.do("GET", home("/timeline"+query), "").refuses(http.StatusBadRequest, codeParameter)
	}
	day := "/timeline?from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z"
	c.do("POST", home(day), `{"policy":{"zone":"Local","x":1}}`).finds("key-unknown policy.x", "zone policy.zone")
	c.do("POST", home(day), `{"policy":[]}`).finds("type policy")
	c.do("POST", home(day), `{"Policy":{}}`).finds("key-unknown Policy")
}

// A timeline may be asked for a longer range than Validate has judged the policy for.
func TestTimelineThatNobodyCouldJudgeIsRefused(t *testing.T) {
	heavy := policies.Policy{Zone: "Europe/Paris"}
	for i := range 60 {
		id := fmt.Sprint("d", i)
		heavy.Devices = append(heavy.Devices, policies.Device{ID: id, Name: "D", MACs: []policies.MAC{policies.MAC(fmt.Sprintf("02:00:00:00:00:%02x", i))}})
		for _, target := range []policies.Target{{Home: true}, {Device: id}} {
			heavy.Schedules = append(heavy.Schedules, policies.Schedule{
				ID: fmt.Sprint("s", len(heavy.Schedules)), For: target, Days: family().Schedules[0].Days, Start: "08:00", Duration: 60,
			})
		}
	}
	body, err := policies.Marshal(heavy)
	if err != nil {
		t.Fatal(err)
	}
	c := newWorld(t).as("owner").at(1)
	c.do("PUT", home("/policy"), string(body)).home()
	c.do("GET", home("/timeline?from=2026-11-21T00:00:00Z&to=2027-01-21T00:00:00Z"), "").finds("too-much to")
}

// Devices that are judged alike cost one judgement, but each has rows of its own in the answer.
func TestTimelineThatNobodyCouldReadIsRefused(t *testing.T) {
	long := policies.Policy{Zone: "Europe/Paris"}
	for i := range 200 {
		mac := policies.MAC(fmt.Sprintf("02:00:00:00:00:%02x", i))
		long.Devices = append(long.Devices, policies.Device{ID: fmt.Sprint("d", i), Name: "D", MACs: []policies.MAC{mac}})
		long.Schedules = append(long.Schedules, policies.Schedule{
			ID: fmt.Sprint("s", i), For: policies.Target{Home: true}, Days: family().Schedules[0].Days, Start: "08:00", Duration: 60,
		})
	}
	body, err := policies.Marshal(long)
	if err != nil {
		t.Fatal(err)
	}
	c := newWorld(t).as("owner").at(1)
	c.do("POST", home("/timeline?from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z"), `{"policy":`+string(body)+`}`).finds("too-much to")
}

func TestHistorySaysWhoDecidedAndWhatIsInForce(t *testing.T) {
	w := newWorld(t)
	c := w.as("owner")
	c.at(1).do("PUT", home("/people/leo"), `{"id":"leo","name":"L"}`).home()
	w.as("adult").at(2).do("POST", home("/pause"), `{"for":{"person":"leo"}}`).home()
	w.hub.says(home1, box(2))
	w.hub.applied(home1, 2, w.clock().Add(time.Minute))
	var entries []HistoryEntry
	w.as("adult").do("GET", home("/history"), "").is(http.StatusOK).decode(&entries)
	got := []string{}
	for _, e := range entries {
		got = append(got, strings.TrimSpace(strings.Join([]string{e.Actor.Name, e.Actor.From, e.Change.Code, e.Change.Subject, map[bool]string{true: "*"}[e.InForce]}, " ")))
	}
	if diff := cmp.Diff([]string{"adult app pause person:leo", "owner app person leo *", "Carebox cloud create"}, got); diff != "" {
		t.Error(diff)
	}
	if entries[0].Applied != nil || entries[0].Superseded {
		t.Errorf("nobody has applied it yet: %+v", entries[0])
	}
	for _, e := range entries[1:] {
		if e.Applied == nil || !e.Applied.Equal(w.clock().Add(time.Minute)) || e.Superseded != (e.Revision == 1) {
			t.Errorf("applied: %+v", e)
		}
	}
	c.do("GET", home("/history?before=3&limit=1"), "").is(http.StatusOK).decode(&entries)
	if len(entries) != 1 || entries[0].Revision != 2 {
		t.Errorf("page %+v", entries)
	}
	c.do("GET", home("/history?before=0&limit=101"), "").finds("range before", "range limit")
	c.do("GET", home("/history?before=x"), "").refuses(http.StatusBadRequest, codeParameter)
}

// What is there no more can be named as it was; what is there has its name of today.
func TestHistoryTellsWhatIsGone(t *testing.T) {
	w := newWorld(t)
	c := w.as("owner")
	c.at(1).do("PUT", home("/people/zoe"), `{"id":"zoe","name":"Zoé"}`).home()
	c.at(2).do("PUT", home("/people/zoe"), `{"id":"zoe","name":"Zoé M."}`).home()
	c.at(3).do("PUT", home("/people/leo"), `{"id":"leo","name":"Léonard"}`).home()
	c.at(4).do("DELETE", home("/people/zoe"), "").home()
	var entries []HistoryEntry
	c.do("GET", home("/history"), "").is(http.StatusOK).decode(&entries)
	got := []string{}
	for _, e := range entries {
		got = append(got, strings.TrimSpace(e.Change.Code+" "+e.Change.Subject+" "+string(e.Gone)))
	}
	want := []string{"person-removed zoe", "person leo", `person zoe {"id":"zoe","name":"Zoé M."}`, `person zoe {"id":"zoe","name":"Zoé"}`, "create"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUndoGoesBackOrNamesWhatStandsAgainstIt(t *testing.T) {
	w := newWorld(t)
	c := w.as("owner")
	c.at(1).do("PUT", home("/people/leo"), `{"id":"leo","name":"L"}`).home()
	c.at(2).do("POST", home("/pause"), `{"for":{"person":"leo"}}`).home()
	doc := c.at(3).do("POST", home("/history/2/undo"), "").refuses(http.StatusConflict, codeConflict)
	if len(doc.Conflicts) != 1 || doc.Current.Asked.Revision != 3 || len(doc.Would) == 0 {
		t.Errorf("%+v", doc)
	}
	var decision Decision
	c.do("GET", home("/history/2"), "").is(http.StatusOK).decode(&decision)
	if len(decision.Differences) != 1 || decision.Differences[0].Path != "people/leo" || decision.Differences[0].After == nil {
		t.Errorf("revision 2 changed %+v", decision)
	}
	c.do("GET", home("/history/1"), "").refuses(http.StatusNotFound, codeNotFound)
	c.do("GET", home("/history/x"), "").refuses(http.StatusBadRequest, codeParameter)
	state := c.at(3).do("POST", home("/history/3/undo"), "").home()
	if len(state.Policy.Overrides) != 0 || state.Asked.Change != (Change{Code: "undo", Subject: "3"}) {
		t.Errorf("%+v", state.Asked)
	}
	if back := c.at(4).do("POST", home("/history/2/undo?anyway=true"), "").home(); back.Policy.People[0].Name != "Léo" {
		t.Errorf("taken back anyway: %+v", back.Policy.People)
	}
	c.at(5).do("POST", home("/history/2/undo?anyway=perhaps"), "").refuses(http.StatusBadRequest, codeParameter)
	c.at(5).do("POST", home("/history/x/undo"), "").refuses(http.StatusBadRequest, codeParameter)
	c.at(5).do("POST", home("/history/1/undo"), "").refuses(http.StatusNotFound, codeNotFound)
}

func TestABoxsPageIsAnAddressAndNothingElse(t *testing.T) {
	for text, want := range map[string]bool{
		"http://192.168.1.1:2050/": true, "http://[fd00::1]:2050/": true, "": false, "http://192.168.1.1/": false, "https://192.168.1.1:2050/": false,
		"http://evil.example:80/": false, "192.168.1.1:2050": false, "http://192.168.1.1:2050/x": false, "http://192.168.1.1:2050": false,
		"javascript:alert(1)": false, "http://[fe80::1%eth0]:1/": false, "http://192.168.1.1:02050/": false, "http://192.168.1.1:2050/ call us": false,
	} {
		if got := pageOf(text); (got == text && text != "") != want || !want && got != "" {
			t.Errorf("%q is told as %q", text, got)
		}
	}
}
