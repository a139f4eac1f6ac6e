package main

import (
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// houseWithFilm is a house in which the film's floor is in force; what its queues and marks were like before comes with it.
func houseWithFilm(t *testing.T, backend string) (h *House, pristine string) {
	t.Helper()
	h = newHouse(t, Options{Home: testbed.Options{Backend: backend, Down: lineDown, Up: lineUp}})
	pristine, err := h.traffic(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Client.Change(t.Context(), http.MethodPut, "/reservations/film", film()); err != nil {
		t.Fatal(err)
	}
	awaitFilm(t, h, wire.HoldInForce)
	return h, pristine
}

func awaitFilm(t *testing.T, h *House, want wire.Hold) wire.ReservationState {
	t.Helper()
	s, err := h.Client.Await(t.Context(), "the film to be "+string(want), func(s State) error {
		if r := s.Reservation("film"); r.State != want {
			return fmt.Errorf("it is shown as %+v", r)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.Reservation("film")
}

// A crash of the agent costs the TV nothing, and the next one finds what there is instead of building it anew.
func TestFloorOutlivesAKilledAgent(t *testing.T) {
	h, _ := houseWithFilm(t, "nft")
	ctx := t.Context()
	before, err := h.traffic(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(before, "htb") {
		t.Fatalf("no queue holds the floor:\n%s", before)
	}
	since := awaitFilm(t, h, wire.HoldInForce).Since
	if err := h.KillAgent(); err != nil {
		t.Fatal(err)
	}
	if now, err := h.traffic(ctx); err != nil || now != before {
		t.Errorf("%v; when the agent had died:\n%s\nbefore:\n%s", err, now, before)
	}
	if err := h.StartAgent(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Client.Await(ctx, "the new agent to say that the film is in force", func(s State) error {
		if r := s.Reservation("film"); r.State != wire.HoldInForce || !r.Since.After(since) {
			return fmt.Errorf("it is shown as %+v", r)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if now, err := h.traffic(ctx); err != nil || now != before {
		t.Errorf("%v; with the next agent:\n%s\nbefore:\n%s", err, now, before)
	}
}

// A box of which the line has become slower refuses what was admitted, by itself and that alone.
func TestBoxRefusesWhatItCannotKeepAnyMore(t *testing.T) {
	h, pristine := houseWithFilm(t, "nft")
	ctx := t.Context()
	if err := h.KillAgent(); err != nil {
		t.Fatal(err)
	}
	if err := amend(h.agentConfig(), map[string]any{"lineDown": fmt.Sprint(floorDown)}); err != nil {
		t.Fatal(err)
	}
	if err := h.StartAgent(ctx); err != nil {
		t.Fatal(err)
	}
	if r := awaitFilm(t, h, wire.HoldRefused); r.Why != policies.CodeFloorsTooHigh || r.FloorDown != 0 {
		t.Errorf("it is shown as %+v", r)
	}
	awaitTraffic(t, h, pristine)
	if _, err := h.Client.Change(ctx, http.MethodPost, "/pause", onPhone()); err != nil {
		t.Fatal(err)
	}
	s, err := h.Client.InForce(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if d := s.Device("leo-phone"); d.InForce == nil || d.InForce.Verdict.Online || !d.InForce.Proved {
		t.Errorf("beside the refused reservation the phone is %+v", d)
	}
}

func TestClearLeavesTheBoxAsItWas(t *testing.T) {
	for _, backend := range []string{"nft", "legacy"} {
		t.Run(backend, func(t *testing.T) {
			h, pristine := houseWithFilm(t, backend)
			if err := h.KillAgent(); err != nil {
				t.Fatal(err)
			}
			agent := filepath.Join(h.options.Bin, "carebox-agent")
			for range 2 {
				if err := h.Box.Run(t.Context(), agent, "clear", "-config", h.agentConfig()); err != nil {
					t.Fatal(err)
				}
			}
			awaitTraffic(t, h, pristine)
			if rules, err := h.Rules(t.Context()); err != nil || strings.Contains(rules, "CAREBOX") {
				t.Errorf("%v; left over:\n%s", err, rules)
			}
		})
	}
}

// A queue that somebody takes away by hand comes back.
func TestLostQueueComesBack(t *testing.T) {
	h, _ := houseWithFilm(t, "nft")
	before, err := h.traffic(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Box.Run(t.Context(), "tc", "qdisc", "del", "dev", testbed.LAN, "root"); err != nil {
		t.Fatal(err)
	}
	awaitTraffic(t, h, before) // within the minute in which an agent looks again
	awaitFilm(t, h, wire.HoldInForce)
}

func TestStatusSaysWhatIsKept(t *testing.T) {
	h, _ := houseWithFilm(t, "nft")
	out, err := exec.CommandContext(t.Context(), filepath.Join(h.options.Bin, "carebox-agent"), "status", "-config", h.agentConfig()).Output()
	for _, want := range []string{
		"40 Mbit/s down, 10 Mbit/s up (configured)", "film: in-force since", "at least 20 Mbit/s down, 2 Mbit/s up",
	} {
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%v; no %q in\n%s", err, want, out)
		}
	}
}

// awaitTraffic waits until queues and marks are as they were.
func awaitTraffic(t *testing.T, h *House, want string) {
	t.Helper()
	if err := poll(t.Context(), "queues and marks to be as before", func() error {
		now, err := h.traffic(t.Context())
		if err == nil && now != want {
			err = fmt.Errorf("before:\n%s\nnow:\n%s", want, now)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}
