package reconcile

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/agent/devices"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

func TestPauseIsAcceptedThenProved(t *testing.T) {
	inHome(t, func(h *home) {
		h.send(1, family())
		h.revisions(1, 1)
		h.firewall.flows["phone"] = 3
		h.send(2, family(pause("phone", time.Now(), 0)))
		h.kernel("phone now–ever")
		h.revisions(2, 1)
		if d := h.device("phone"); d.InForce || d.Verdict.Online || d.Why == "" {
			t.Errorf("phone is reported as %s before the proof", pretty(d))
		}
		if d := h.device("tv"); !d.InForce {
			t.Errorf("tv is reported as %s", pretty(d))
		}
		ruled := time.Now()
		h.after(resetPeriod)
		h.revisions(2, 2)
		want := wire.Cut{Device: "phone", Revision: 2, Ruled: ruled.UTC(), Proved: time.Now().UTC(), Flows: 3}
		if got := h.Reported().Cut; got == nil || *got != want {
			t.Errorf("cut %s, want %s", pretty(got), pretty(want))
		}
		if d := h.device("phone"); !d.InForce {
			t.Errorf("phone is reported as %s after the proof", pretty(d))
		}
		h.send(3, family())
		h.kernel("")
		h.revisions(3, 3)
	})
}

func TestRefusedDocumentChangesNothing(t *testing.T) {
	other := ed25519.NewKeyFromSeed([]byte("another operator's key, 32 bytes"))
	inHome(t, func(h *home) {
		h.send(5, family(pause("phone", time.Now(), 0)))
		h.after(resetPeriod)
		sign := func(key ed25519.PrivateKey, d wire.Desired) []byte {
			d.Schema, d.Issued = wire.Schema, time.Now()
			m, err := wire.Sign(key, d)
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		empty, _ := policies.Marshal(family())
		flipped := h.signed(wire.Desired{Box: box, Revision: 6}, family())
		flipped[len(flipped)-10] ^= 1
		raw := append(ed25519.Sign(h.key, []byte("carebox desired 1\n{")), '{')
		for name, test := range map[string]struct {
			message  []byte
			code     string
			revision int64
		}{
			"wrong key":       {sign(other, wire.Desired{Box: box, Revision: 6, Policy: empty}), "signature", 0},
			"flipped bit":     {flipped, "signature", 0},
			"empty":           {[]byte{}, "signature", 0},
			"another box":     {sign(h.key, wire.Desired{Box: "box-2", Revision: 6, Policy: empty}), "box", 6},
			"older":           {sign(h.key, wire.Desired{Box: box, Revision: 4, Policy: empty}), "revision", 4},
			"same, otherwise": {sign(h.key, wire.Desired{Box: box, Revision: 5, Policy: empty}), "revision", 5},
			"broken JSON":     {raw, "document", 0},
			"broken policy":   {sign(h.key, wire.Desired{Box: box, Revision: 6, Policy: json.RawMessage(`{"zone":"Mars"}`)}), "policy", 6},
			"ten megabytes":   {make([]byte, 10<<20), "size", 0},
		} {
			saved := string(h.store.desired)
			h.Receive(test.message)
			h.after(time.Second)
			r := h.Reported().Refused
			if r == nil || r.Code != test.code || r.Revision != test.revision || test.code == "policy" && len(r.Problems) == 0 {
				t.Errorf("%s: refused %s", name, pretty(r))
			}
			h.kernel("phone now–ever")
			h.revisions(5, 5)
			if string(h.store.desired) != saved {
				t.Errorf("%s: the stored document changed", name)
			}
		}
		h.Oversize(10 << 20)
		h.settle()
		if r := h.Reported().Refused; r == nil || r.Code != "size" {
			t.Errorf("too long on the wire: refused %s", pretty(r))
		}
		h.send(6, family())
		h.kernel("")
		if r := h.Reported().Refused; r != nil {
			t.Errorf("still refused after a good document: %s", pretty(r))
		}
	})
}

func TestSameDocumentAgainIsSilent(t *testing.T) {
	inHome(t, func(h *home) {
		p := family(pause("phone", time.Now(), 0))
		h.send(1, p)
		h.after(time.Second)
		reports, writes := len(h.reports), h.store.writes
		h.send(1, p)
		var other map[string]any // its keys are written in another order
		data, err := policies.Marshal(p)
		if err == nil {
			err = json.Unmarshal(data, &other)
		}
		if err == nil {
			data, err = json.Marshal(other)
		}
		if err != nil {
			t.Fatal(err)
		}
		message, err := wire.Sign(h.key, wire.Desired{Box: box, Schema: wire.Schema, Revision: 1, Issued: time.Now(), Policy: data})
		if err != nil {
			t.Fatal(err)
		}
		h.Receive(message)
		h.after(time.Second)
		if len(h.reports) != reports || h.store.writes != writes {
			t.Errorf("%d reports, %d writes for the same document", len(h.reports)-reports, h.store.writes-writes)
		}
	})
}

func TestRepeatedRefusalIsReportedOnce(t *testing.T) {
	inHome(t, func(h *home) {
		h.send(2, family())
		h.send(1, family())
		reports, lines := len(h.reports), strings.Count(h.log.String(), "\n")
		for range 5 {
			h.after(20 * time.Second)
			h.send(1, family())
		}
		if len(h.reports) != reports || strings.Count(h.log.String(), "\n") != lines {
			t.Errorf("reported %d times more; log:\n%s", len(h.reports)-reports, h.log.String())
		}
	})
}

func TestRestartEnforcesFromDisk(t *testing.T) {
	inHome(t, func(h *home) {
		h.send(7, family(pause("phone", time.Now(), 0)))
		h.after(time.Second)
		h.end()
		h.kernel("phone now–ever")
		h.firewall = &fakeFirewall{turn: h.turn, flows: map[string]int{"phone": 2}} // the box was off
		h.reports = nil
		h.boot()
		h.kernel("phone now–ever")
		h.revisions(7, 7)
		if len(h.reports) == 0 || h.reports[0].Accepted != 7 {
			t.Errorf("first report %s", pretty(h.reports))
		}
	})
}

func TestWithoutDocumentTheKernelIsLeftAlone(t *testing.T) {
	inHome(t, func(h *home) {
		h.Seen([]devices.Sighting{{MAC: "02:00:00:00:00:0a", Present: true}})
		h.after(time.Hour)
		if h.firewall.applied+h.firewall.proofs != 0 {
			t.Errorf("applied %d times, proved %d times", h.firewall.applied, h.firewall.proofs)
		}
		h.revisions(0, 0)
	})
}

func TestKernelIsGivenTheNext48Hours(t *testing.T) {
	inHome(t, func(h *home) {
		h.after(12 * time.Hour)
		h.send(1, family(nights("21:30", 9*time.Hour+30*time.Minute)))
		h.kernel("phone 01T20:30:00–02T06:00:00 02T20:30:00–03T06:00:00")
		h.after(8*time.Hour + 30*time.Minute - time.Second)
		if d := h.device("phone"); !d.Verdict.Online || !d.InForce {
			t.Errorf("a second before the edge: %s", pretty(d))
		}
		h.after(time.Second)
		h.kernel("phone now–02T06:00:00 02T20:30:00–03T06:00:00")
		if d := h.device("phone"); d.Verdict.Online || d.InForce {
			t.Errorf("at the edge: %s", pretty(d))
		}
		h.after(resetPeriod)
		if d := h.device("phone"); !d.InForce {
			t.Errorf("after the edge: %s", pretty(d))
		}
		h.after(9*time.Hour + 30*time.Minute)
		if d := h.device("phone"); !d.Verdict.Online {
			t.Errorf("in the morning: %s", pretty(d))
		}
		h.kernel("phone 02T20:30:00–03T06:00:00 03T20:30:00–04T06:00:00")
	})
}

func TestLongWindowKeepsItsTrueEnd(t *testing.T) {
	inHome(t, func(h *home) {
		h.send(1, family(nights("23:00", 6*24*time.Hour), func(p *policies.Policy) { p.Schedules[0].Days = []policies.Day{"Sunday"} }))
		h.kernel("phone now–01T22:00:00 02T22:00:00–08T22:00:00")
	})
}

func TestFailureIsToldAndRepeated(t *testing.T) {
	inHome(t, func(h *home) {
		h.send(1, family())
		h.firewall.fail = errKernel
		h.send(2, family(pause("phone", time.Now(), 0)))
		h.after(10 * time.Second)
		h.revisions(2, 1)
		if d := h.device("phone"); d.InForce || !strings.Contains(d.Why, errKernel.Error()) {
			t.Errorf("phone is reported as %s while the kernel refuses", pretty(d))
		}
		if n := strings.Count(h.log.String(), errKernel.Error()); n > 2 {
			t.Errorf("one failure was logged %d times", n)
		}
		h.firewall.fail = nil
		h.after(lastRetry + resetPeriod)
		h.kernel("phone now–ever")
		h.revisions(2, 2)
	})
}

func TestForeignFlushIsMended(t *testing.T) {
	inHome(t, func(h *home) {
		h.send(1, family(pause("phone", time.Now(), 0)))
		h.after(time.Second)
		applied := h.firewall.applied
		h.firewall.broken = true
		h.Damaged()
		h.settle()
		if h.firewall.broken || h.firewall.applied != applied+1 {
			t.Error("the chains were not put back")
		}
	})
}

func TestFullDiskIsReported(t *testing.T) {
	inHome(t, func(h *home) {
		h.store.fail = errKernel
		h.send(1, family())
		if l := h.Reported().Limitations; len(l) != 1 || l[0].Code != "state-not-saved" {
			t.Errorf("limitations %s", pretty(l))
		}
		h.revisions(1, 1)
		h.store.fail = nil
		h.send(2, family())
		if l := h.Reported().Limitations; len(l) != 0 {
			t.Errorf("limitations %s", pretty(l))
		}
	})
}

func TestIdleBoxIsSilent(t *testing.T) {
	inHome(t, func(h *home) {
		h.send(1, family(pause("phone", time.Now(), 0)))
		h.Seen([]devices.Sighting{{MAC: "02:00:00:00:00:0a", Addrs: []netip.Addr{netip.MustParseAddr("192.168.7.10")}, Present: true}})
		h.after(20 * time.Minute)
		reports, writes, lines := len(h.reports), h.store.writes, h.log.Len()
		h.after(23 * time.Hour)
		if len(h.reports) != reports || h.store.writes != writes || h.log.Len() != lines {
			t.Errorf("an idle day made %d reports, %d writes and the log\n%s", len(h.reports)-reports, h.store.writes-writes, h.log.String()[lines:])
		}
	})
}

func TestUnnamedDevicesAreReportedAndCut(t *testing.T) {
	inHome(t, func(h *home) {
		h.Seen([]devices.Sighting{
			{MAC: "02:00:00:00:00:0a", Hostname: "leos-phone", Present: true},
			{MAC: "02:00:00:00:00:99", Hostname: "visitor", Present: true},
		})
		h.send(1, family())
		h.send(2, family(func(p *policies.Policy) { p.Unknown = policies.UnknownQuarantine }))
		h.after(time.Second)
		h.kernel("others now–ever")
		got := h.Reported().Devices
		if len(got) != 3 || got[2].MAC != "02:00:00:00:00:99" || got[2].Verdict.Online || !got[2].InForce || got[0].Hostname != "leos-phone" {
			t.Errorf("devices %s", pretty(got))
		}
		if c := h.Reported().Cut; c == nil || c.Device != "02:00:00:00:00:99" {
			t.Errorf("cut %s", pretty(c))
		}
	})
}

func TestFloodOfDevicesFitsIntoAReport(t *testing.T) {
	inHome(t, func(h *home) {
		var seen []devices.Sighting
		for i := range 20 * devices.MaxSightings {
			mac := policies.MAC(fmt.Sprintf("02:00:01:00:%02x:%02x", i>>8, i&0xff))
			seen = append(seen, devices.Sighting{MAC: mac, Hostname: strings.Repeat("h", 63), Present: true})
		}
		h.send(1, family())
		h.Seen(seen)
		h.settle()
		r := h.Reported()
		if data, _ := json.Marshal(r); len(data) > wire.MaxReported {
			t.Errorf("a report of %d bytes", len(data))
		}
		if h.device("phone").ID == "" || len(r.Limitations) != 1 || r.Limitations[0].Code != "devices-left-out" {
			t.Errorf("limitations %s", pretty(r.Limitations))
		}
	})
}
