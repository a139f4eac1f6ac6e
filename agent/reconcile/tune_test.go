package reconcile

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/agent/devices"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

var channel44 = policies.Reservation{
	ID: "film", Band: policies.Band5, Channel: 44, Width: 20, Exclusive: true, Fallback: []int{40}, FloorDown: 25e6,
}

func TestChannelIsReservedAndReported(t *testing.T) {
	inHomeWith(t, withRadio, func(h *home) {
		if got := h.Reported().Radios; len(got) != 1 || got[0].Channel != 36 {
			t.Errorf("before any document radios are reported as %s", pretty(got))
		}
		h.radio.now.Stations = []policies.Station{{MAC: "02:00:00:00:00:0c", Interface: "wlan0", Signal: -50, TxRate: 300e6}}
		h.send(1, family(reserve(channel44)))
		got := h.reservation("film")
		if got.State != wire.HoldInForce || got.Radio != "wlan0" || got.Channel != 44 || !got.Exclusive || got.FloorDown != 25e6 {
			t.Errorf("reported %s", pretty(got))
		}
		if got.After == nil || got.After.Signal != -50 {
			t.Errorf("figures of the TV: %s", pretty(got.After))
		}
		h.Tuned()
		h.after(hearPause)
		if got := h.Reported().Radios; len(got) != 1 || got[0].Channel != 44 {
			t.Errorf("radios are reported as %s", pretty(got))
		}
	})
}

func TestRadarMovesTheReservationAndBack(t *testing.T) {
	inHomeWith(t, withRadio, func(h *home) {
		h.send(1, family(reserve(channel44)))
		until := time.Now().Add(30 * time.Minute)
		h.radio.now.Radar = []policies.Radar{{Channel: 44, At: time.Now(), Until: until}}
		h.Tuned()
		h.after(hearPause)
		got := h.reservation("film")
		if got.State != wire.HoldMoved || got.Channel != 40 || got.Returns == nil || !got.Returns.Equal(until) {
			t.Errorf("after radar %s", pretty(got))
		}
		h.after(time.Until(until) - time.Millisecond)
		if got := h.reservation("film"); got.Channel != 40 {
			t.Errorf("just before the end of the non-occupancy period %s", pretty(got))
		}
		h.after(time.Millisecond)
		if got := h.reservation("film"); got.State != wire.HoldInForce || got.Channel != 44 {
			t.Errorf("after the non-occupancy period %s", pretty(got))
		}
	})
}

func TestReservationOfAMissingRadioIsRefused(t *testing.T) {
	inHomeWith(t, withLine, func(h *home) {
		h.send(1, family(reserve(channel44)))
		if got := h.reservation("film"); got.State != wire.HoldRefused || got.Why != policies.CodeRadioMissing {
			t.Errorf("reported %s", pretty(got))
		}
		h.shape("")
	})
}

func TestSilentHostapdRefusesNothing(t *testing.T) {
	inHomeWith(t, withRadio, func(h *home) {
		h.send(1, family(reserve(channel44)))
		h.radio.gone = true
		h.Tuned()
		h.after(time.Minute)
		if got := h.reservation("film"); got.State == wire.HoldRefused {
			t.Errorf("while hostapd is away %s", pretty(got))
		}
		if got := h.Reported().Radios; len(got) != 1 || got[0].State != policies.RadioDown || got[0].Channel != 0 {
			t.Errorf("radios are reported as %s", pretty(got))
		}
	})
}

func TestHangingHostapdIsTold(t *testing.T) {
	inHomeWith(t, withRadio, func(h *home) {
		h.send(1, family())
		h.radio.hangs = true
		h.send(2, family(reserve(channel44)))
		h.after(3 * tuneTimeout)
		if got := h.reservation("film"); got.State != wire.HoldApplying || got.Why != whySilent || got.FloorDown != 25e6 {
			t.Errorf("reported %s", pretty(got))
		}
		h.radio.hangs = false
		h.after(time.Minute)
		if got := h.reservation("film"); got.State != wire.HoldInForce {
			t.Errorf("when hostapd answers again %s", pretty(got))
		}
	})
}

func TestNoWiFiArmsFirewallAndRadio(t *testing.T) {
	noWiFi := func(p *policies.Policy) { p.Devices[0].Effect = policies.EffectNoWiFi }
	inHomeWith(t, withRadio, func(h *home) {
		h.send(1, family(noWiFi))
		if len(h.radio.refused) != 0 || len(h.Reported().Limitations) != 0 {
			t.Errorf("refused %v, limitations %s", h.radio.refused, pretty(h.Reported().Limitations))
		}
		applies := h.radio.applies
		h.send(2, family(noWiFi, pause("phone", time.Now(), 0)))
		h.kernel("phone now–ever")
		if h.radio.applies != applies {
			t.Error("the radio was asked before the cut was proved")
		}
		h.after(resetPeriod)
		if !slices.Equal(h.radio.refused, []policies.MAC{"02:00:00:00:00:0a"}) {
			t.Errorf("refused %v", h.radio.refused)
		}
		if d := h.device("phone"); !d.InForce {
			t.Errorf("phone is reported as %s", pretty(d))
		}
		h.radio.gone = true
		h.Tuned()
		h.after(time.Minute)
		if d := h.device("phone"); d.InForce || d.Why == "" {
			t.Errorf("phone is reported as %s while nobody knows whether it can join", pretty(d))
		}
		h.radio.gone = false
		h.send(3, family(noWiFi))
		h.after(time.Second)
		if len(h.radio.refused) != 0 {
			t.Errorf("still refused: %v", h.radio.refused)
		}
	})
}

func TestRefusedAndUnnamedDevicesAreKeptOff(t *testing.T) {
	const guest, joined = policies.MAC("02:00:00:00:00:99"), policies.MAC("02:00:00:00:00:98")
	refusing := func(p *policies.Policy) { p.Unknown, p.Devices[1].Refused = policies.UnknownRefuse, true }
	inHomeWith(t, withRadio, func(h *home) {
		h.radio.now.Stations = []policies.Station{{MAC: joined}}
		h.Seen([]devices.Sighting{{MAC: guest, Present: true}, {MAC: "02:00:00:00:00:0a", Present: true}})
		h.send(1, family(refusing))
		h.after(time.Minute)
		want := []policies.MAC{"02:00:00:00:00:0c", guest, joined}
		if !slices.Equal(h.radio.refused, want) {
			t.Errorf("refused %v, want %v", h.radio.refused, want)
		}
		h.radio.now.Stations = []policies.Station{}
		h.Seen([]devices.Sighting{{MAC: guest}, {MAC: "02:00:00:00:00:0a", Present: true}})
		h.after(time.Minute)
		if !slices.Equal(h.radio.refused, want) {
			t.Errorf("who was sent away was forgotten: refused %v, want %v", h.radio.refused, want)
		}
		h.send(2, family(refusing, func(p *policies.Policy) {
			p.Devices = append(p.Devices, policies.Device{ID: "guest", Name: "Guest", Kind: "phone", MACs: []policies.MAC{guest}})
		}))
		h.after(time.Second)
		if slices.Contains(h.radio.refused, guest) {
			t.Errorf("the guest has a name now and is still refused: %v", h.radio.refused)
		}
	})
}

func TestStrangersAreBounded(t *testing.T) {
	var seen []devices.Sighting
	for i := range 1000 {
		seen = append(seen, devices.Sighting{MAC: policies.MAC(time.Duration(i).String()), Present: true})
	}
	got := strangers(nil, family(), seen, nil)
	if len(got) != maxStrangers || got[maxStrangers-1] != seen[999].MAC {
		t.Errorf("%d strangers, the last one %s", len(got), got[len(got)-1])
	}
}

func TestBoxWithoutRadiosSaysSo(t *testing.T) {
	inHome(t, func(h *home) {
		h.send(1, family(func(p *policies.Policy) { p.Effect = policies.EffectNoWiFi }))
		if l := h.Reported().Limitations; len(l) != 1 || l[0].Code != "no-radio" {
			t.Errorf("limitations %s", pretty(l))
		}
		h.send(2, family(pause("phone", time.Now(), 0), func(p *policies.Policy) { p.Effect = policies.EffectNoWiFi }))
		h.after(resetPeriod)
		if d := h.device("phone"); !d.InForce {
			t.Errorf("phone is reported as %s", pretty(d))
		}
	})
}

func TestFiguresAloneMakeFewReports(t *testing.T) {
	inHomeWith(t, withRadio, func(h *home) {
		h.radio.now.Stations = []policies.Station{{MAC: "02:00:00:00:00:0c", Interface: "wlan0"}}
		h.send(1, family())
		h.after(time.Hour)
		reports, looks := len(h.reports), h.radio.looks
		for range 60 {
			h.radio.now.Load++
			h.radio.now.Stations[0].Signal--
			h.after(time.Minute)
		}
		if n := len(h.reports) - reports; n < 10 || n > 14 {
			t.Errorf("%d reports in an hour", n)
		}
		if n := h.radio.looks - looks; n > 62 {
			t.Errorf("%d looks in an hour", n)
		}
		reports = len(h.reports)
		h.radio.now.Stations = []policies.Station{}
		h.Tuned()
		h.after(hearPause)
		if len(h.reports) != reports+1 {
			t.Errorf("%d reports when the TV left, want one at once", len(h.reports)-reports)
		}
	})
}

// A report that is out of bounds is refused whole by the cloud: nothing on the air may make one.
func TestCrowdedAirFitsIntoAReport(t *testing.T) {
	inHomeWith(t, withRadio, func(h *home) {
		for i := range 600 {
			mac := policies.MAC(fmt.Sprintf("02:00:01:00:%02x:%02x", i>>8, i&0xff))
			h.radio.now.Stations = append(h.radio.now.Stations, policies.Station{MAC: mac, Interface: "wlan0", TxRate: 1e9, RxRate: 1e9})
			h.radio.now.BSSes = append(h.radio.now.BSSes, h.radio.now.BSSes[0])
			h.radio.now.Radar = append(h.radio.now.Radar, policies.Radar{Channel: 100, At: time.Now(), Until: time.Now()})
			h.radio.now.Channels = append(h.radio.now.Channels, h.radio.now.Channels[0])
		}
		h.radio.fail = errors.New(strings.Repeat("é", 1000))
		h.send(1, family(reserve(channel44)))
		h.after(time.Minute)
		r := h.Reported()
		data, err := json.Marshal(r)
		if err == nil {
			_, err = wire.DecodeReported(data)
		}
		if err != nil || len(data) > wire.MaxReported || h.reservation("film").Why != whySilent {
			t.Errorf("%v; %d bytes, film %s", err, len(data), pretty(h.reservation("film")))
		}
	})
}

func TestManyEventsMakeFewLooks(t *testing.T) {
	inHomeWith(t, withRadio, func(h *home) {
		h.send(1, family(reserve(channel44)))
		looks, applies := h.radio.looks, h.radio.applies
		for range 1000 {
			h.Tuned()
			h.after(time.Millisecond)
		}
		if h.radio.looks-looks > 5 || h.radio.applies-applies > 5 {
			t.Errorf("%d looks, %d steps in a second", h.radio.looks-looks, h.radio.applies-applies)
		}
	})
}

func TestRadioGetsItsNextStep(t *testing.T) {
	inHomeWith(t, withRadio, func(h *home) {
		h.send(1, family(reserve(channel44)))
		h.radio.next = time.Now().Add(1500 * time.Millisecond)
		h.Tuned()
		h.after(time.Second)
		applies := h.radio.applies
		h.after(500 * time.Millisecond)
		if h.radio.applies != applies+1 {
			t.Errorf("%d steps at the instant that the radio asked for", h.radio.applies-applies)
		}
		h.after(2 * time.Second) // it keeps asking for an instant that has passed
		if n := h.radio.applies - applies; n > 10 {
			t.Errorf("%d steps in two seconds", n)
		}
	})
}
