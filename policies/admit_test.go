package policies

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// channels make a list as a radio of the country would report it: numbers from first in steps.
func channels(first, last, step, power int, radar bool, widths ...int) []Channel {
	var list []Channel
	for n := first; n <= last; n += step {
		base := 5000
		if n < 15 {
			base = 2407
		}
		list = append(list, Channel{Number: n, Frequency: base + 5*n, Widths: widths, Radar: radar, Power: power, Busy: -1})
	}
	return list
}

// paris is what the radios of a box in France report.
func paris() []Radio {
	five := slices.Concat(channels(36, 48, 4, 23, false, 20, 40, 80), channels(52, 64, 4, 23, true, 20, 40, 80),
		channels(100, 128, 4, 30, true, 20, 40, 80), channels(132, 136, 4, 30, true, 20, 40), channels(140, 140, 4, 30, true, 20))
	return []Radio{
		{Name: "wlan0", Band: Band24, Country: "FR", Channels: channels(1, 13, 1, 20, false, 20, 40), Channel: 6, Width: 20, State: RadioUp},
		{Name: "wlan1", Band: Band5, Country: "FR", Channels: five, Channel: 36, Width: 80, State: RadioUp},
	}
}

func line(down, up int64) Line { return Line{Down: down * 1e6, Up: up * 1e6, Source: LineConfigured} }

// asked is a reservation of the TV at 5 GHz.
func asked(channel, width int, fallback ...int) Reservation {
	return Reservation{ID: "films", Devices: []string{"tv"}, Band: Band5, Channel: channel, Width: width, Fallback: fallback}
}

func floors(id string, device string, down, up int64, windows ...WeekWindow) Reservation {
	return Reservation{ID: id, Devices: []string{device}, FloorDown: down * 1e6, FloorUp: up * 1e6, Windows: windows}
}

type unkeepable struct {
	name  string
	facts Facts
	asks  []Reservation
	want  []string
}

// unkept are valid reservations with exactly the problems that a box has with them.
func unkept() []unkeepable {
	home := Facts{paris(), line(100, 20)}
	cable := Facts{nil, line(100, 20)}
	worldwide := Facts{[]Radio{{Name: "wlan0", Band: Band5, Country: "00"}}, line(100, 20)}
	friday := WeekWindow{[]Day{"Friday"}, "20:00", 7200}
	saturday := WeekWindow{[]Day{"Saturday"}, "20:00", 7200}
	late := WeekWindow{[]Day{"Friday"}, "21:00", 7200}
	return []unkeepable{
		{"a channel", home, []Reservation{asked(44, 80, 36)}, nil},
		{"the best channel", home, []Reservation{asked(0, 80)}, nil},
		{"a radar channel with a way out", home, []Reservation{asked(100, 80, 36, 40)}, nil},
		{"a floor without radios", cable, []Reservation{floors("a", "tv", 80, 16)}, nil},
		{"a radio that the box lacks", cable, []Reservation{asked(44, 80)}, []string{"radio-missing reservations[0].band"}},
		{"a channel that the country forbids", home, []Reservation{asked(149, 80)}, []string{"channel-illegal reservations[0].channel"}},
		{"a channel that is none", home, []Reservation{asked(37, 20)}, []string{"channel-illegal reservations[0].channel"}},
		{"no country, no channel", worldwide, []Reservation{asked(44, 80)}, []string{"channel-illegal reservations[0].channel"}},
		{"no country, no best channel", worldwide, []Reservation{asked(0, 80)}, []string{"channel-illegal reservations[0].channel"}},
		{"a width that does not fit the channel", home, []Reservation{asked(140, 40, 36)}, []string{"width-unfit reservations[0].width"}},
		{"a width that fits no channel without radar", Facts{
			[]Radio{{Name: "wlan1", Band: Band5, Country: "FR", Channels: channels(36, 48, 4, 23, false, 20)}}, line(1, 1),
		}, []Reservation{asked(0, 80)}, []string{"width-unfit reservations[0].width"}},
		{"radar without a fallback", home, []Reservation{asked(100, 80)}, []string{"fallback-missing reservations[0].fallback"}},
		{"a fallback that needs radar checks", home, []Reservation{asked(100, 80, 52, 36)},
			[]string{"fallback-radar reservations[0].fallback[0]"}},
		{"a fallback that is forbidden", home, []Reservation{asked(100, 80, 36, 149)},
			[]string{"fallback-illegal reservations[0].fallback[1]"}},
		{"a fallback that is too narrow", home, []Reservation{asked(100, 80, 36, 140)},
			[]string{"width-unfit reservations[0].fallback[1]"}},
		{"a block that is half radar", Facts{[]Radio{{Name: "w", Band: Band5, Country: "XX", Channels: slices.Concat(
			channels(36, 40, 4, 23, false, 80), channels(44, 48, 4, 23, true, 80))}}, line(1, 1)},
			[]Reservation{asked(36, 80)}, []string{"fallback-missing reservations[0].fallback"}},
		{"a floor too high", home, []Reservation{floors("a", "tv", 81, 16)}, []string{"floors-too-high reservations[0].floorDown"}},
		{"both floors too high", home, []Reservation{floors("a", "tv", 81, 17)},
			[]string{"floors-too-high reservations[0].floorDown", "floors-too-high reservations[0].floorUp"}},
		{"floors too high together", home, []Reservation{floors("a", "tv", 50, 0), floors("b", "phone", 31, 0)},
			[]string{"floors-too-high reservations[1].floorDown"}},
		{"floors too high together for an hour", home, []Reservation{floors("a", "tv", 50, 0, friday), floors("b", "phone", 31, 0, late)},
			[]string{"floors-too-high reservations[1].floorDown"}},
		{"floors at different times", home, []Reservation{floors("a", "tv", 50, 0, friday), floors("b", "phone", 50, 0, saturday)}, nil},
		{"the one that is refused takes nothing from the next", home,
			[]Reservation{floors("a", "tv", 50, 0), floors("b", "phone", 31, 16), floors("c", "tablet", 30, 16)},
			[]string{"floors-too-high reservations[1].floorDown"}},
		{"floors of two that never meet beside one that meets both", home,
			[]Reservation{floors("a", "tv", 50, 0, friday), floors("b", "phone", 50, 0, saturday), floors("c", "tablet", 31, 0, saturday, friday)},
			[]string{"floors-too-high reservations[2].floorDown"}},
		{"floors of two that touch beside one that meets both", home, []Reservation{
			floors("a", "tv", 50, 0, WeekWindow{[]Day{"Friday"}, "22:00", 3600}), floors("b", "phone", 50, 0, friday),
			floors("c", "tablet", 30, 0)}, nil},
		{"a floor on a line that nobody knows", Facts{Radios: paris()}, []Reservation{floors("a", "tv", 1, 0)},
			[]string{"line-unknown reservations[0].floorDown"}},
		{"half a line", Facts{Line: line(0, 20)}, []Reservation{floors("a", "tv", 1, 1)}, []string{"line-unknown reservations[0].floorDown"}},
		{"everything at once", worldwide, []Reservation{
			{ID: "films", Devices: []string{"tv"}, Band: Band5, Channel: 100, Width: 80, Fallback: []int{36}, FloorDown: 81e6},
			{ID: "games", Devices: []string{"phone"}, Band: Band24, Channel: 6, Width: 20},
		}, []string{"channel-illegal reservations[0].channel", "fallback-illegal reservations[0].fallback[0]",
			"floors-too-high reservations[0].floorDown", "radio-missing reservations[1].band"}},
	}
}

// refused is what Refusals says, in the order of the policy.
func refused(p Policy, f Facts) Problems {
	var all Problems
	byID := Refusals(p, f)
	for _, r := range p.Reservations {
		all = append(all, byID[r.ID]...)
	}
	return all
}

func TestRefusals(t *testing.T) {
	for _, tt := range unkept() {
		t.Run(tt.name, func(t *testing.T) {
			p := with(func(p *Policy) { p.Reservations = tt.asks })
			if ps := Validate(p); ps != nil {
				t.Fatal(ps)
			}
			p = Canonical(p)
			ps := refused(p, tt.facts)
			if diff := cmp.Diff(tt.want, found(ps)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if tt.want == nil && ps != nil {
				t.Error("no problem is not nil")
			}
			refused := Refusals(p, tt.facts)
			for i, r := range p.Reservations {
				of := slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool {
					return !strings.HasPrefix(p.Field, "reservations["+string(rune('0'+i))+"]")
				})
				if diff := cmp.Diff([]Problem(of), append([]Problem{}, refused[r.ID]...)); diff != "" && len(of)+len(refused[r.ID]) > 0 {
					t.Errorf("%s: %s", r.ID, diff)
				}
			}
			for _, p := range ps {
				if !strings.HasSuffix(p.Detail, ".") {
					t.Errorf("%q is no sentence", p.Detail)
				}
			}
		})
	}
}

func TestDetailsNameLimits(t *testing.T) {
	p := with(func(p *Policy) { p.Reservations = []Reservation{floors("a", "tv", 50, 0), floors("b", "phone", 31, 0)} })
	facts := Facts{Line: line(100, 20)}
	ps := refused(p, facts)
	if want := "Floors take at most 80 % of the line, 80 Mbit/s: 30 Mbit/s are left, not 31 Mbit/s."; len(ps) != 1 || ps[0].Detail != want {
		t.Errorf("%v", ps)
	}
	p.Reservations = []Reservation{asked(140, 80, 36)}
	if ps := refused(p, Facts{Radios: paris()}); len(ps) != 1 || ps[0].Detail != "Channel 140 is 20 MHz wide here, not 80." {
		t.Errorf("%v", ps)
	}
	p.Reservations = []Reservation{asked(132, 80, 36)}
	if ps := refused(p, Facts{Radios: paris()}); len(ps) != 1 || ps[0].Detail != "Channel 132 is 20, 40 MHz wide here, not 80." {
		t.Errorf("%v", ps)
	}
}

func TestBlocks(t *testing.T) {
	for _, tt := range []struct {
		band           Band
		channel, width int
		want           []int
	}{
		{Band24, 6, 40, []int{6}}, {Band5, 44, 20, []int{44}}, {Band5, 44, 40, []int{44, 48}}, {Band5, 48, 40, []int{44, 48}},
		{Band5, 48, 80, []int{36, 40, 44, 48}}, {Band5, 52, 80, []int{52, 56, 60, 64}}, {Band5, 128, 80, []int{116, 120, 124, 128}},
		{Band5, 144, 80, []int{132, 136, 140, 144}}, {Band5, 144, 40, []int{140, 144}}, {Band5, 157, 80, []int{149, 153, 157, 161}},
		{Band5, 157, 40, []int{157, 161}}, {Band5, 177, 80, []int{165, 169, 173, 177}}, {Band5, 188, 40, []int{184, 188}},
		{Band5, 12, 40, []int{12, 16}}, {Band5, 16, 40, []int{12, 16}},
	} {
		if diff := cmp.Diff(tt.want, Block(tt.band, tt.channel, tt.width)); diff != "" {
			t.Errorf("%d of %d MHz: %s", tt.channel, tt.width, diff)
		}
	}
}
