package policies

import (
	"fmt"
	"strings"
	"testing"
)

// evening is a window from 20:00 for two hours on the days.
func evening(days ...Day) []WeekWindow {
	return []WeekWindow{{Days: days, Start: "20:00", Duration: 7200}}
}

// wrongReservations change the one reservation of the family, or put others beside it.
func wrongReservations() []wrong {
	first := func(change func(r *Reservation)) func(*Policy) {
		return func(p *Policy) { change(&p.Reservations[0]) }
	}
	beside := func(other Reservation) func(*Policy) {
		return func(p *Policy) { p.Reservations = append(p.Reservations, other) }
	}
	return []wrong{
		{"a reservation without id and name", first(func(r *Reservation) { r.ID, r.Name = "", "\t" }),
			[]string{"id-missing reservations[0].id", "name reservations[0].name"}},
		{"a reservation's id twice", beside(Reservation{ID: "cinema", Devices: []string{"tv"}, FloorUp: 1}),
			[]string{"id-duplicate reservations[1].id"}},
		{"a place for nothing", first(func(r *Reservation) { r.Devices = nil }), []string{"devices-missing reservations[0].devices"}},
		{"places for what is not there", first(func(r *Reservation) { r.Devices = []string{"phone", "car", "phone", ""} }),
			[]string{"reference reservations[0].devices[1]", "device-duplicate reservations[0].devices[2]",
				"reference reservations[0].devices[3]"}},
		{"places for too many", first(func(r *Reservation) { r.Devices = make([]string, 513) }),
			[]string{"too-many reservations[0].devices"}},
		{"no such band", first(func(r *Reservation) { r.Band = "5ghz" }), []string{"band reservations[0].band"}},
		{"no band, but a channel", first(func(r *Reservation) { r.Band = "" }), []string{"reservation-target reservations[0].band"}},
		{"no band, but exclusive", beside(Reservation{ID: "b", Devices: []string{"tv"}, FloorUp: 1, Exclusive: true}),
			[]string{"reservation-target reservations[1].band"}},
		{"no band, but at once", beside(Reservation{ID: "b", Devices: []string{"tv"}, FloorUp: 1, Now: true}),
			[]string{"reservation-target reservations[1].band"}},
		{"no band, but a fallback", beside(Reservation{ID: "b", Devices: []string{"tv"}, FloorUp: 1, Fallback: []int{36}}),
			[]string{"reservation-target reservations[1].band"}},
		{"neither band nor floor", beside(Reservation{ID: "b", Devices: []string{"tv"}}),
			[]string{"reservation-target reservations[1]"}},
		{"channels of another band", first(func(r *Reservation) { r.Channel, r.Fallback = 6, []int{40, 14} }),
			[]string{"channel reservations[0].channel", "fallback reservations[0].fallback[1]"}},
		{"numbers that no channel has", first(func(r *Reservation) { r.Channel, r.Fallback = -1, []int{0, 197} }),
			[]string{"channel reservations[0].channel", "fallback reservations[0].fallback[0]", "fallback reservations[0].fallback[1]"}},
		{"a channel that 2.4 GHz does not have", first(func(r *Reservation) { r.Band, r.Channel, r.Width, r.Fallback = Band24, 44, 20, nil }),
			[]string{"channel reservations[0].channel"}},
		{"fallbacks that are none", first(func(r *Reservation) { r.Fallback = []int{44, 36, 36} }),
			[]string{"fallback reservations[0].fallback[0]", "fallback reservations[0].fallback[2]"}},
		{"too many fallbacks", first(func(r *Reservation) { r.Fallback = make([]int, 9) }), []string{"too-many reservations[0].fallback"}},
		{"no width", first(func(r *Reservation) { r.Width = 0 }), []string{"width reservations[0].width"}},
		{"a width that 2.4 GHz does not have", first(func(r *Reservation) { r.Band, r.Channel, r.Fallback = Band24, 6, nil }),
			[]string{"width reservations[0].width"}},
		{"floors", first(func(r *Reservation) { r.FloorDown, r.FloorUp = -1, MaxFloor+1 }),
			[]string{"floor reservations[0].floorDown", "floor reservations[0].floorUp"}},
		{"windows of a reservation", first(func(r *Reservation) {
			r.Windows = append(r.Windows, WeekWindow{nil, "24:00", 0}, WeekWindow{[]Day{"Sunday", "Sunday", "Funday"}, "20:00", 604801})
		}), []string{"day-missing reservations[0].windows[1].days", "time reservations[0].windows[1].start",
			"duration reservations[0].windows[1].duration", "day-duplicate reservations[0].windows[2].days[1]",
			"day reservations[0].windows[2].days[2]", "duration reservations[0].windows[2].duration"}},
		{"too many windows of a reservation", first(func(r *Reservation) { r.Windows = make([]WeekWindow, 33) }),
			[]string{"too-many reservations[0].windows"}},
		{"another channel of one radio at once", beside(Reservation{
			ID: "b", Devices: []string{"tv"}, Band: Band5, Channel: 36, Width: 80, Windows: evening("Friday")}),
			[]string{"channel-conflict reservations[1].channel"}},
		{"another width of one radio at once", beside(Reservation{
			ID: "b", Devices: []string{"phone"}, Band: Band5, Channel: 44, Width: 40}), []string{"channel-conflict reservations[1].channel"}},
		{"another channel from Sunday into Monday", func(p *Policy) {
			p.Reservations[0].Windows = []WeekWindow{{[]Day{"Monday"}, "00:00", 60}}
			p.Reservations = append(p.Reservations, Reservation{ID: "b", Devices: []string{"tv"}, Band: Band5, Channel: 48, Width: 80,
				Windows: []WeekWindow{{[]Day{"Sunday"}, "23:59", 61}}})
		}, []string{"channel-conflict reservations[1].channel"}},
		{"another channel in a window that has a shorter one within", func(p *Policy) {
			p.Reservations[0].Windows = []WeekWindow{{[]Day{"Saturday"}, "18:00", 36000}, {[]Day{"Saturday"}, "19:00", 60}}
			p.Reservations = append(p.Reservations, Reservation{ID: "b", Devices: []string{"tv"}, Band: Band5, Channel: 48, Width: 80,
				Windows: []WeekWindow{{[]Day{"Saturday"}, "23:00", 60}}})
		}, []string{"channel-conflict reservations[1].channel"}},
		{"two floors of one device at once", beside(Reservation{ID: "b", Devices: []string{"tv", "phone"}, FloorDown: 1}),
			[]string{"device-conflict reservations[1].devices"}},
		{"a device on two bands at once", beside(Reservation{ID: "b", Devices: []string{"phone"}, Band: Band24, Width: 20}),
			[]string{"device-conflict reservations[1].devices"}},

		{"the same channel for another device", beside(Reservation{ID: "b", Devices: []string{"tv"}, Band: Band5, Channel: 44, Width: 80}), nil},
		{"the best channel beside a chosen one", beside(Reservation{ID: "b", Devices: []string{"tv"}, Band: Band5, Width: 80}), nil},
		{"another channel of another radio", beside(Reservation{ID: "b", Devices: []string{"tv"}, Band: Band24, Channel: 6, Width: 20}), nil},
		{"another channel at another time", beside(Reservation{
			ID: "b", Devices: []string{"phone"}, Band: Band5, Channel: 36, Width: 20, Windows: evening("Monday")}), nil},
		{"another channel as soon as this one ends", beside(Reservation{ID: "b", Devices: []string{"phone"}, Band: Band5, Channel: 36, Width: 20,
			Windows: []WeekWindow{{[]Day{"Friday"}, "22:00", 3600}, {[]Day{"Saturday"}, "22:00", 6*86400 - 7200}}}), nil},
		{"the most of everything", func(p *Policy) {
			all := Reservation{Devices: []string{"tv"}, Band: Band24, Width: 40, Fallback: []int{1, 2, 3, 4, 5, 6, 7, 8}, FloorUp: MaxFloor}
			for i := range 31 {
				r := all
				r.ID = fmt.Sprintf("r%d", i)
				for k := range 32 {
					r.Windows = append(r.Windows, WeekWindow{week(), fmt.Sprintf("%02d:%02d", (40*k+i)/60, (40*k+i)%60), 1})
				}
				p.Reservations = append(p.Reservations, r)
			}
		}, nil},
		{"too many reservations", func(p *Policy) { p.Reservations = make([]Reservation, 33) }, []string{"too-many reservations"}},
	}
}

// unreadableReservations are such by their JSON.
func unreadableReservations() []unreadable {
	one := func(r string) string {
		return `{"zone":"UTC","devices":[{"id":"tv","name":"TV","macs":["020000000001"]}],"reservations":[` + r + `]}`
	}
	return []unreadable{
		{"keys of a reservation", one(`{"id":"a","devices":["tv"],"floorDown":1,"floordown":1,"radio":"wlan0",` +
			`"windows":[{"days":["Monday"],"start":"20:00","duration":60,"end":"21:00"}],"band":"5GHz","width":20,"width":40}`),
			[]string{"key-unknown reservations[0].floordown", "key-unknown reservations[0].radio",
				"key-unknown reservations[0].windows[0].end", "key-duplicate reservations[0].width"}},
		{"types of a reservation", one(`{"id":"a","devices":"tv","band":5,"channel":"44","width":20.5,"exclusive":1,"floorDown":1e6,` +
			`"floorUp":99999999999999999999,"windows":{},"fallback":["36"],"now":"yes"}`),
			[]string{"type reservations[0].devices", "type reservations[0].band", "type reservations[0].channel", "type reservations[0].width",
				"type reservations[0].exclusive", "type reservations[0].floorDown", "type reservations[0].floorUp",
				"type reservations[0].windows", "type reservations[0].fallback[0]", "type reservations[0].now"}},
	}
}

func TestRatesHave64Bits(t *testing.T) {
	p, err := Parse([]byte(strings.Replace(`{"zone":"UTC","devices":[{"id":"tv","name":"TV","macs":["020000000001"]}],`+
		`"reservations":[{"id":"a","devices":["tv"],"floorDown":RATE}]}`, "RATE", "10000000000", 1)))
	if err != nil || p.Reservations[0].FloorDown != MaxFloor {
		t.Errorf("%v, %v", p.Reservations, err)
	}
}
