package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies/wire"
)

// TestAFamilyHasItsBoxMeasure asks through the real API: cloud and agent are the ones that people run.
func TestAFamilyHasItsBoxMeasure(t *testing.T) {
	h := newHouse(t, Options{})
	ask := func(kind wire.QueryKind, args map[string]any, last any) []json.RawMessage {
		t.Helper()
		all, err := h.Client.Ask(t.Context(), kind, args)
		if err != nil {
			t.Fatalf("%v\n%s", err, h.Log("agent"))
		}
		if err := json.Unmarshal(all[len(all)-1], last); err != nil {
			t.Fatal(err)
		}
		return all
	}
	var ping wire.PingSummary
	if all := ask(wire.QueryPing, map[string]any{"host": testbed.InternetIPv6.String(), "count": 2}, &ping); ping.Received != 2 || len(all) != 3 {
		t.Errorf("ping: %s", all)
	}
	var near wire.PingSummary
	if ask(wire.QueryPing, map[string]any{"host": "192.168.7.12", "count": 1}, &near); near.Received != 1 {
		t.Errorf("ping of the TV: %+v", near)
	}
	for _, direction := range []string{"down", "up"} {
		var s wire.Speed
		if ask(wire.QuerySpeed, map[string]any{"direction": direction, "seconds": 1}, &s); s.Bytes <= 0 || s.Rate <= 0 || s.Direction != direction {
			t.Errorf("speed: %+v", s)
		}
	}
	var met wire.NeighboursAnswer
	ask(wire.QueryNeighbours, map[string]any{}, &met)
	if text, err := json.Marshal(met); err != nil || !strings.Contains(string(text), "02:00:00:00:00:0c") {
		t.Errorf("neighbours: %s, %v", text, err)
	}
	if _, err := h.Client.Ask(t.Context(), wire.QueryStations, map[string]any{}); err == nil || !strings.Contains(err.Error(), "unsupported") {
		t.Errorf("stations of a box without radios: %v", err)
	}
	if _, err := h.Client.Ask(t.Context(), wire.QueryHTTP, map[string]any{"url": "http://192.168.7.10/"}); err == nil || !strings.Contains(err.Error(), "args") {
		t.Errorf("a page in the home: %v", err)
	}
	// And the family is told where to stop somebody who measures: at the very page.
	if _, err := h.Client.Await(t.Context(), "the address of the box's page", func(s State) error {
		if want := "http://" + testbed.BoxIPv4.String() + ":8089/"; s.Box == nil || s.Box.Page != want {
			return fmt.Errorf("the box is %+v, want its page at %s", s.Box, want)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}
