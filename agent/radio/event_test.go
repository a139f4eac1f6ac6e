package radio

import (
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies"
)

func TestEvent(t *testing.T) {
	for text, want := range map[string]event{
		"<3>DFS-RADAR-DETECTED freq=5260 ht_enabled=1 chan_offset=0 chan_width=1 cf1=5260 cf2=0": {name: eventRadar, frequency: 5260, width: 20, center: 5260},
		"<3>DFS-CAC-START freq=5260 chan=52 sec_chan=1, width=1, seg0=58, seg1=0, cac_time=60s":  {name: "DFS-CAC-START", frequency: 5260},
		"<3>AP-STA-CONNECTED 02:00:00:00:03:00":                                                  {name: "AP-STA-CONNECTED", mac: "02:00:00:00:03:00"},
		"<3>BSS-TM-RESP 02:00:00:00:03:00 status_code=7 bss_termination_delay=0":                 {name: "BSS-TM-RESP", mac: "02:00:00:00:03:00"},
		"<3>CTRL-EVENT-TERMINATING ":                                                             {name: "CTRL-EVENT-TERMINATING"},
	} {
		if got, ok := parseEvent(text); !ok || got != want {
			t.Errorf("%q is %+v, want %+v", text, got, want)
		}
	}
	for _, text := range []string{"PONG\n", "OK\n", "", "<>", "<3>", "<3>EAPOL-4WAY-HS-COMPLETED 02:00:00:00:03:00", "<33>AP-ENABLED", "3>AP-ENABLED"} {
		if got, ok := parseEvent(text); ok {
			t.Errorf("%q is %+v", text, got)
		}
	}
}

func FuzzEvent(f *testing.F) {
	f.Add("<3>DFS-RADAR-DETECTED freq=5260 ht_enabled=1 chan_offset=0 chan_width=1 cf1=5260 cf2=0")
	f.Add("<3>AP-STA-CONNECTED 02:00:00:00:03:00 keyid=x")
	f.Fuzz(func(t *testing.T, text string) {
		e, ok := parseEvent(text)
		if ok && (!matters[e.name] || e.frequency < 0 || e.width < 0 || e.center < 0) {
			t.Errorf("%+v", e)
		}
	})
}

// hostapd tells every radio of radar; its frequency says whose it is.
func TestRadarThatTheKernelDoesNotHold(t *testing.T) {
	at := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	five := view{radio: policies.Radio{Band: policies.Band5}, phy: &phy{channels: []frequency{
		{mhz: 5240}, {mhz: 5260, radar: true}, {mhz: 5280, radar: true}, {mhz: 5300, radar: true, clear: true}, {mhz: 5500, radar: true},
	}}}
	var d diary
	for range 3 {
		d.write("wlan0", event{name: eventRadar, frequency: 5260, center: 5290, width: 80}, at)
	}
	want := []policies.Radar{{Channel: 52, At: at, Until: at.Add(30 * time.Minute)}, {Channel: 56, At: at, Until: at.Add(30 * time.Minute)}}
	if got := d.radar(five); len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("radar %+v", got)
	}
	if got := d.radar(view{radio: policies.Radio{Band: policies.Band24}, phy: five.phy}); len(got) != 0 {
		t.Errorf("radar at 2.4 GHz: %+v", got)
	}
	d.write("wlan1", event{name: eventOver, frequency: 5260}, at)
	if got := d.radar(five); len(got) != 0 {
		t.Errorf("radar is over: %+v", got)
	}
}
