package visit_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/visit"
)

const table = "ref,customer,address,day,from,to,technician,down,tv,rooms\n" +
	"A-1,Zoé Été,\"1, rue du Port\",2026-11-23,09:00,11:00,Theo@example.org,300000000,yes,Salon; Chambre\n"

const array = `[{"ref":"A-1","customer":"Zoé Été","address":"1, rue du Port","day":"2026-11-23","from":"09:00","to":"11:00",
	"technician":"Theo@example.org","down":300000000,"tv":true,"rooms":["Salon","Chambre"]}]`

func TestOrdersAreTheSameAsATableAndAsJSON(t *testing.T) {
	one, err := visit.Parse([]byte("\ufeff" + table))
	if err != nil {
		t.Fatal(err)
	}
	two, err := visit.Parse([]byte(array))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(one, two); diff != "" || one[0].Rooms[1] != "Chambre" || !one[0].TV {
		t.Error(diff)
	}
	w := newTown(t)
	if wrong, err := w.office.Plan(t.Context(), one, members); err != nil || wrong != nil {
		t.Error(wrong, err)
	}
	for _, text := range []string{"", "ref,cat\n", "ref,ref\n", `[{"cat":1}]`, `[]x`, "ref,down\nA,fast\n", "ref,tv\nA,perhaps\n", "ref\nA,B\n"} {
		if _, err := visit.Parse([]byte(text)); err == nil {
			t.Errorf("read %q", text)
		}
	}
}

func TestEveryMistakeOfAListIsNamedAndNothingIsPlanned(t *testing.T) {
	w := newTown(t)
	lines := []visit.Line{
		{Order: visit.Order{Ref: "A", Customer: "C", Address: "R"}, Slot: visit.Slot{Day: "2026-11-23", From: "09:00", To: "11:00"}, Technician: "theo@example.org"},
		{Order: visit.Order{Ref: "A/2", Kind: "gift", Zone: "Mars", Down: -1, Rooms: []string{"x", "x"}}, Technician: "eve@example.org"},
		{Order: visit.Order{Ref: "A", Kind: visit.OrderSwap, Customer: "C", Address: "R"}, Slot: visit.Slot{Day: "2026-11-23", From: "09:00", To: "11:00"}, Technician: "theo@example.org"},
	}
	wrong, err := w.office.Plan(t.Context(), lines, members)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, p := range wrong {
		if found[p.Field] = true; p.Order == 1 || p.Detail == "" {
			t.Errorf("%+v", p)
		}
	}
	for _, field := range []string{"ref", "customer", "address", "kind", "zone", "down", "rooms[1]", "technician", "slot.day", "slot.from", "replaces"} {
		if !found[field] {
			t.Errorf("nothing is said of %s: %+v", field, wrong)
		}
	}
	if list, _ := w.office.List(t.Context(), visit.Filter{}, boss); len(list) != 0 {
		t.Errorf("planned %+v", list)
	}
}

func TestAnOrderIsPlannedAnewUntilItsVisitBegins(t *testing.T) {
	w := newTown(t)
	w.plan(visit.Line{Order: visit.Order{Customer: "Before"}})
	id := w.plan(visit.Line{Order: visit.Order{Customer: "After"}}).ID
	list, err := w.office.List(t.Context(), visit.Filter{}, boss)
	if err != nil || len(list) != 1 || list[0].Order.Customer != "After" {
		t.Fatalf("%+v, %v", list, err)
	}
	w.must(id, visit.Step{Kind: visit.KindWay})
	again, err := visit.Parse([]byte(table))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.office.Plan(t.Context(), again, members); !errors.Is(err, visit.ErrBegun) {
		t.Errorf("planned what has begun: %v", err)
	}
}

func TestASerialIsReadFromALabelAndFromFingers(t *testing.T) {
	for text, want := range map[string]string{
		"carebox:CB-0001:ABCD-EFGH": "cb-0001", "CAREBOX:cb-0001:abcd": "cb-0001", " cb 0001 ": "cb0001", "CB-0001": "cb-0001",
		"carebox:cb-0001": "", "carebox::ABCD": "", "https://x": "", "../../etc": "", "é": "", strings.Repeat("a", 64): "", "-a": "",
	} {
		if got := visit.SerialOf(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(table))
	f.Add([]byte(array))
	f.Add([]byte("ref\n\"a\nb\""))
	w := newTown(&testing.T{})
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, err := visit.Parse(data)
		if err != nil || len(lines) > 50 {
			return
		}
		for _, line := range lines {
			if s := visit.SerialOf(line.Serial); s != "" && visit.SerialOf(s) != s {
				t.Errorf("serial %q", s)
			}
		}
		if _, err := w.office.Plan(t.Context(), lines, members); err != nil && !errors.Is(err, visit.ErrBegun) {
			t.Error(err)
		}
	})
}

func FuzzStep(f *testing.F) {
	f.Add([]byte(`{"id":"a","kind":"bind","at":"2026-11-23T11:00:00Z","box":"carebox:cb-1:AAAA"}`))
	f.Add([]byte(`{"id":"a","kind":"sign","at":"2026-11-23T11:00:00Z","name":"Z","drawing":"iVBORw0KGgo="}`))
	f.Add([]byte(`{"id":"a","kind":"room","at":"2026-11-23T11:00:00Z","room":null}`))
	f.Add([]byte(`{"id":"a","kind":"absent","at":"2026-11-23T11:00:00Z","reason":"x","slot":{"day":"9999-99-99"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s visit.Step
		if json.Unmarshal(data, &s) != nil {
			return
		}
		w := newTown(t)
		id := w.plan(visit.Line{}).ID
		w.must(id, arrive())
		v, _, err := w.office.Take(t.Context(), id, s, tech)
		if err == nil && v.Version < 3 {
			t.Errorf("taken and not kept: %q", data)
		}
	})
}
