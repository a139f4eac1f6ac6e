package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// TestAbsurdRadiosAreRefused: a report that nobody could show or reckon with.
func TestAbsurdRadiosAreRefused(t *testing.T) {
	at := time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC)
	long := strings.Repeat("x", 129)
	first := func(change func(*policies.Radio)) func(*Reported) {
		return func(r *Reported) { change(&r.Radios[0]) }
	}
	for name, change := range map[string]func(*Reported){
		"too many radios":       func(r *Reported) { r.Radios = make([]policies.Radio, 9) },
		"too many reservations": func(r *Reported) { r.Reservations = make([]ReservationState, 65) },
		"a nameless radio":      first(func(r *policies.Radio) { r.Name = "" }),
		"long words":            first(func(r *policies.Radio) { r.Country = long }),
		"a far channel":         first(func(r *policies.Radio) { r.Channel = 1 << 30 }),
		"too many channels":     first(func(r *policies.Radio) { r.Channels = make([]policies.Channel, 97) }),
		"too many widths":       first(func(r *policies.Radio) { r.Channels[0].Widths = make([]int, 9) }),
		"a loud channel":        first(func(r *policies.Radio) { r.Channels[0].Power = 1 << 30 }),
		"too many networks":     first(func(r *policies.Radio) { r.BSSes = make([]policies.BSS, 33) }),
		"a long SSID":           first(func(r *policies.Radio) { r.BSSes[0].SSID = long }),
		"too many stations":     first(func(r *policies.Radio) { r.Stations = make([]policies.Station, 513) }),
		"a slow station":        first(func(r *policies.Radio) { r.Stations[0].TxRate = -1 }),
		"too much radar":        first(func(r *policies.Radio) { r.Radar = make([]policies.Radar, 97) }),
		"radar far away":        first(func(r *policies.Radio) { r.Radar[0].Channel = -1 << 30 }),
		"a line backwards":      func(r *Reported) { r.Line.Up = -1 },
		"a line of light":       func(r *Reported) { r.Line.Down = 1 << 60 },
		"a nameless place":      func(r *Reported) { r.Reservations[0].ID = "" },
		"a long story":          func(r *Reported) { r.Reservations[0].Detail = strings.Repeat("x", 513) },
		"a floor below":         func(r *Reported) { r.Reservations[0].FloorUp = -1 },
		"a figure beyond":       func(r *Reported) { r.Reservations[0].After.Retries = 1 << 30 },
	} {
		r := Reported{Box: "box-1", Radios: []policies.Radio{radio(at)}, Line: &policies.Line{},
			Reservations: []ReservationState{{ID: "films", After: &Figures{}}}}
		if err := decoded(t, r); err != nil {
			t.Fatal(err)
		}
		change(&r)
		if err := decoded(t, r); !errors.Is(err, ErrDocument) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func decoded(t *testing.T, r Reported) error {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	_, err = DecodeReported(data)
	return err
}

// TestTheFullestReportFits: every device that a policy may have, 64 stations on each of three radios, all reservations.
func TestTheFullestReportFits(t *testing.T) {
	at := time.Date(2026, 11, 21, 18, 0, 0, 123456789, time.UTC)
	r := Reported{Box: strings.Repeat("b", 63), At: at, Since: at}
	r.Line = &policies.Line{Down: 1e9, Up: 1e9, Source: policies.LineMeasured, At: at}
	id := func(i int) string { return fmt.Sprintf("01890a5d-ac96-774b-bcce-b302099a%04d", i) } // as apps make them
	for i := range policies.MaxDevices {
		r.Devices = append(r.Devices, DeviceState{
			ID: id(i), MAC: fmt.Sprintf("02:00:00:00:%02x:%02x", i>>8, i&255), Hostname: "Living-Room-Television", Present: true,
			Why:     "a flow is left",
			Verdict: policies.Verdict{Reason: policies.Reason{Kind: policies.KindSchedule, ID: id(i)}, Since: &at, Until: &at, Changes: &at},
		})
	}
	for range 3 {
		one := radio(at)
		for len(one.Stations) < 64 {
			one.Stations = append(one.Stations, one.Stations[0])
		}
		for len(one.Channels) < 40 {
			one.Channels = append(one.Channels, one.Channels[0])
		}
		for len(one.Radar) < 40 {
			one.Radar = append(one.Radar, one.Radar[0])
		}
		r.Radios = append(r.Radios, one)
	}
	for i := range MaxReservations {
		r.Reservations = append(r.Reservations, ReservationState{
			ID: id(i), State: HoldMoved, Why: policies.CodeFloorsTooHigh, Detail: strings.Repeat("A sentence. ", 15),
			Radio: "wlan1", Channel: 100, Width: 80, Exclusive: true, FloorDown: 1e9, FloorUp: 1e9, Since: at, Returns: &at,
			Before: &Figures{-70, 100, 1e9, at}, After: &Figures{-70, 100, 1e9, at},
		})
	}
	data, err := json.Marshal(r)
	if err != nil || len(data) > MaxReported {
		t.Fatalf("%d bytes, %v", len(data), err)
	}
	if _, err := DecodeReported(data); err != nil {
		t.Error(err)
	}
}
