package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/agent/uplink"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const policyText = `{"zone":"Europe/Paris","unknown":"allow","effect":"no-internet","people":[{"id":"leo","name":"Léo"}],
	"devices":[{"id":"phone","name":"Phone","kind":"phone","macs":["02:00:00:00:00:0a"],"person":"leo"},
		{"id":"tv","name":"TV","kind":"tv","macs":["02:00:00:00:00:0c"]}],
	"schedules":[{"id":"nights","for":{"person":"leo"},"days":["Saturday"],"start":"21:30","duration":34200}],
	"exceptions":[],"overrides":[],"budgets":[],"reservations":[]}`

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func agent(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = dispatch(t.Context(), args, &o, &e)
	return code, o.String(), e.String()
}

func TestTimeline(t *testing.T) {
	path := file(t, "policy.json", policyText)
	args := []string{"timeline", "-policy", path, "-from", "2026-11-21T19:00:00+01:00", "-to", "2026-11-22T12:00:00Z"}
	code, out, errs := agent(t, append(args, "-json")...)
	const want = `[
 {"device":"phone","from":"2026-11-21T18:00:00Z","to":"2026-11-21T20:30:00Z","online":true,"reason":{"kind":"allowed","id":""}},
 {"device":"phone","from":"2026-11-21T20:30:00Z","to":"2026-11-22T06:00:00Z","online":false,"reason":{"kind":"schedule","id":"nights"}},
 {"device":"phone","from":"2026-11-22T06:00:00Z","to":"2026-11-22T12:00:00Z","online":true,"reason":{"kind":"allowed","id":""}},
 {"device":"tv","from":"2026-11-21T18:00:00Z","to":"2026-11-22T12:00:00Z","online":true,"reason":{"kind":"allowed","id":""}}
]`
	var got bytes.Buffer
	if err := json.Compact(&got, []byte(out)); err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(want)); err != nil {
		t.Fatal(err)
	}
	if code != 0 || errs != "" || got.String() != compact.String() {
		t.Errorf("exit %d, errors %q, output\n%s", code, errs, out)
	}
	if code, out, _ := agent(t, args...); code != 0 || strings.Count(out, "\n") != 4 || !strings.Contains(out, "schedule nights") {
		t.Errorf("exit %d, table\n%s", code, out)
	}
}

func TestCheck(t *testing.T) {
	if code, out, _ := agent(t, "check", "-policy", file(t, "policy.json", policyText)); code != 0 || out != "ok\n" {
		t.Errorf("exit %d, output %q", code, out)
	}
	bad := file(t, "policy.json", strings.NewReplacer("Europe/Paris", "Local", "21:30", "25:00").Replace(policyText))
	code, out, errs := agent(t, "check", "-policy", bad)
	if code != 2 || out != "" || !strings.Contains(errs, "zone: ") || !strings.Contains(errs, "schedules[0].start: ") {
		t.Errorf("exit %d, output %q, errors %q", code, out, errs)
	}
	for _, args := range [][]string{
		{"check", "-policy", bad, "-json"},
		{"timeline", "-policy", bad, "-from", "2026-11-21T00:00:00Z", "-to", "2026-11-22T00:00:00Z", "-json"},
	} {
		code, out, _ := agent(t, args...)
		var problems policies.Problems
		if err := json.Unmarshal([]byte(out), &problems); err != nil || code != 2 || len(problems) != 2 {
			t.Errorf("%v: exit %d, %v, output %s", args, code, err, out)
		}
	}
}

func TestMistakesOfTheCallerExitWith2(t *testing.T) {
	path := file(t, "policy.json", policyText)
	for _, args := range [][]string{
		{}, {"dance"}, {"run"}, {"run", "-config", path, "-log", "xml"}, {"check"}, {"check", "-policy", path, "more"},
		{"check", "-policy", path, "-nonsense"}, {"check", "-policy", filepath.Join(t.TempDir(), "none")},
		{"check", "-policy", file(t, "long.json", strings.Repeat(" ", 2*policies.MaxBytes))},
		{"timeline", "-policy", path}, {"timeline", "-policy", path, "-from", "today", "-to", "tomorrow"},
		{"timeline", "-policy", path, "-from", "2026-11-21T00:00:00Z", "-to", "2026-11-21T00:00:00Z"},
		{"timeline", "-policy", path, "-from", "2026-11-21T00:00:00Z", "-to", "2036-11-21T00:00:00Z"},
	} {
		if code, out, errs := agent(t, args...); code != 2 || out != "" || errs == "" {
			t.Errorf("%v: exit %d, output %q, errors %q", args, code, out, errs)
		}
	}
}

func TestStatus(t *testing.T) {
	dir := t.TempDir()
	socket := filepath.Join(dir, "control.sock")
	cfg := file(t, "agent.json", strings.Replace(whole, "/run/carebox.sock", socket, 1))
	if code, _, errs := agent(t, "status", "-config", cfg); code != 1 || !strings.Contains(errs, "asking the agent") {
		t.Errorf("without an agent: exit %d, errors %q", code, errs)
	}
	until := time.Date(2026, 11, 21, 19, 0, 0, 0, time.UTC)
	c := &control{path: socket, ask: func() status {
		return status{
			Reported: wire.Reported{Box: "box-1", Accepted: 8, InForce: 7, Devices: []wire.DeviceState{{
				ID: "phone", MAC: "02:00:00:00:00:0a", Present: true, Why: " (being applied)",
				Verdict: policies.Verdict{Reason: policies.Reason{Kind: policies.KindPause, ID: "o1"}, Until: &until},
			}},
				Line:   &policies.Line{Down: 100e6, Source: policies.LineConfigured},
				Radios: []policies.Radio{{Name: "wlan0", Band: policies.Band5, State: policies.RadioUp, Channel: 44, Width: 20}},
				Reservations: []wire.ReservationState{
					{
						ID: "film", State: wire.HoldMoved, Why: "radar", Detail: "Radar was heard.", Returns: &until,
						Radio: "wlan0", Channel: 44, Width: 20, FloorDown: 25e6,
					},
				},
			},
			Version: "1.2", Connection: uplink.Connection{Connected: true},
		}
	}}
	done := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { done <- c.Run(ctx) }()
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if _, err := askStatus(t.Context(), socket); err == nil {
			break
		} else if time.Now().After(end) {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(socket); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("socket %v, %v", info.Mode(), err)
	}
	code, out, _ := agent(t, "status", "-config", cfg)
	for _, want := range []string{
		"8 accepted, 7 in force", "pause o1", "100 Mbit/s down, unknown up (configured)", "wlan0: 5GHz, up, channel 44, 20 MHz",
		"film: moved since", "channel 44 (20 MHz) of wlan0, at least 25 Mbit/s down, nothing up, back", ": radar: Radar was heard.",
	} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("exit %d, no %q in\n%s", code, want, out)
		}
	}
	code, out, _ = agent(t, "status", "-config", cfg, "-json")
	var got status
	err := json.Unmarshal([]byte(out), &got)
	if err != nil || code != 0 || got.InForce != 7 || got.Version != "1.2" || !got.Connection.Connected {
		t.Errorf("exit %d, %v, output\n%s", code, err, out)
	}
	if code, _, errs := agent(t, "clear", "-config", cfg); code != 1 || !strings.Contains(errs, "stop it first") {
		t.Errorf("clear beside a running agent: exit %d, errors %q", code, errs)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
