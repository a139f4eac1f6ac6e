package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies/wire"
)

// TestSupportOnARealBox: letters and queries to a real agent, and what it answers; then the cloud goes, somebody at home ends
// the session on the box's page, and nothing that comes later opens it again.
func TestSupportOnARealBox(t *testing.T) {
	h := newHouse(t, Options{})
	if err := h.KillCloud(); err != nil {
		t.Fatal(err)
	}
	d := openDesk(t, h)
	hello, err := wire.DecodeHello(d.hear(wire.UpHello, func([]byte) bool { return true }))
	if err != nil || !strings.Contains(strings.Join(hello.Capabilities, " "), "diagnose") || len(hello.Ended) != 0 {
		t.Fatalf("%+v, %v", hello, err)
	}
	if got := d.refused("q0", "g1"); got != wire.RefusedUnknown {
		t.Errorf("without a letter: %q", got)
	}
	letter := d.grant(func(*wire.Grant) {})
	measures(t, d)
	bears(t, d)

	if _, text := page(t, h, "GET", "/", ""); !strings.Contains(text, "Julie may measure your box until ") {
		t.Errorf("the page does not say who helps: %s", text)
	}
	d.query("long", "g1", wire.QueryPing, `{"host":"192.168.7.99","count":20}`)
	d.shut()
	if status, _ := page(t, h, "POST", "/end", "grant=g1"); status != 303 {
		t.Errorf("ending answered %d", status)
	}
	if _, text := page(t, h, "GET", "/", ""); strings.Contains(text, "Julie") {
		t.Errorf("the page still says who helps: %s", text)
	}
	back(t, d, letter, "the link is back")
	if err := h.KillAgent(); err != nil {
		t.Fatal(err)
	}
	if err := h.StartAgent(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.shut()
	back(t, d, letter, "the agent was killed")

	d.grant(func(g *wire.Grant) { g.Revision, g.Ended = 2, true })
	d.grant(func(g *wire.Grant) { g.ID = "g2" })
	if got := d.refused("q5", "g2"); got != "" {
		t.Errorf("another letter: %q", got)
	}
	d.shut()
	d.open()
	if hello, err = wire.DecodeHello(d.hear(wire.UpHello, func([]byte) bool { return true })); err != nil || len(hello.Ended) != 0 {
		t.Errorf("when the cloud knows: %+v, %v", hello, err)
	}
}

// back opens a desk for a box whose session was ended at home.
func back(t *testing.T, d *desk, letter []byte, when string) {
	t.Helper()
	d.open()
	hello, err := wire.DecodeHello(d.hear(wire.UpHello, func([]byte) bool { return true }))
	if err != nil || len(hello.Ended) != 1 || hello.Ended[0].Grant != "g1" || hello.Ended[0].By != wire.EndedByBox {
		t.Errorf("%s: %+v, %v", when, hello, err)
	}
	if got := d.refused(fmt.Sprint("before-", time.Now().UnixNano()), "g1"); got != wire.RefusedEnded {
		t.Errorf("%s: a query on its way: %q", when, got)
	}
	d.send(wire.DownGrant, letter)
	if got := d.refused(fmt.Sprint("after-", time.Now().UnixNano()), "g1"); got != wire.RefusedEnded {
		t.Errorf("%s: under the letter that came again: %q", when, got)
	}
}

// measures takes a few of the box's measurements, the line's among them.
func measures(t *testing.T, d *desk) {
	t.Helper()
	all := d.ask("q1", "g1", wire.QueryPing, fmt.Sprintf(`{"host":%q,"count":3}`, testbed.InternetIPv4))
	var sum wire.PingSummary
	last := all[len(all)-1]
	if err := json.Unmarshal(last.Data, &sum); err != nil || len(all) != 4 || last.Error != "" || sum.Received != 3 {
		t.Errorf("ping: %+v, %v", all, err)
	}
	for _, direction := range []string{"down", "up"} {
		all := d.ask("speed-"+direction, "g1", wire.QuerySpeed, fmt.Sprintf(`{"direction":%q,"seconds":2}`, direction))
		var s wire.Speed
		last := all[len(all)-1]
		if err := json.Unmarshal(last.Data, &s); err != nil || last.Error != "" || s.Bytes <= 0 || s.Rate <= 0 {
			t.Errorf("speed %s: %+v, %v", direction, last, err)
		}
	}
	all = d.ask("bundle", "g1", wire.QueryBundle, `{}`)
	var text strings.Builder
	for _, r := range all {
		text.Write(r.Data)
	}
	if last := all[len(all)-1]; last.Error != "" || len(all) < 5 {
		t.Errorf("bundle: %d pieces, %+v", len(all), last)
	}
	for _, private := range []string{"hostname", "usage"} {
		if strings.Contains(text.String(), private) {
			t.Errorf("the bundle tells of %q", private)
		}
	}
}

// bears has a thousand queries come at once: the agent stays as small as it is, and answers afterwards.
func bears(t *testing.T, d *desk) {
	t.Helper()
	d.grant(func(g *wire.Grant) { g.ID, g.Name = "flood", "Flora" })
	for i := range 1000 {
		d.query(fmt.Sprint("flood-", i), "flood", wire.QueryFirewall, `{}`)
	}
	refused, n := map[wire.Refusal]int{}, 0
	d.hear(wire.UpResult, func(message []byte) bool {
		r, err := wire.DecodeResult(message)
		if err != nil {
			t.Error(err)
		}
		if r.Done {
			refused[r.Error]++
		}
		return r.Done && r.Error == "" && refused[""] >= wire.MaxQueries
	})
	kb, err := resident(d.house.agent.cmd.Process.Pid)
	if err != nil || kb > 20<<10 {
		t.Errorf("the agent has %d KB, %v", kb, err)
	}
	t.Logf("the agent has %d KB; answered so far: %v", kb, refused)
	err = poll(t.Context(), "an answer after the flood", func() error {
		n++
		id := fmt.Sprint("calm-", n)
		d.query(id, "g1", wire.QueryPing, fmt.Sprintf(`{"host":%q,"count":1}`, testbed.InternetIPv4))
		said := errors.New("no answer: what comes while too much waits is dropped")
		d.await(2*time.Second, wire.UpResult, func(message []byte) bool {
			r, err := wire.DecodeResult(message)
			if err != nil || r.Query != id || !r.Done {
				return false
			}
			if said = nil; r.Error != "" {
				said = r.Error
			}
			return true
		})
		return said
	})
	if err != nil {
		t.Error(err)
	}
}
