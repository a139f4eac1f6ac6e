package radio

import (
	"strings"

	"github.com/carebox-project/carebox/policies"
)

// event is what hostapd says unasked: "<3>AP-STA-CONNECTED 02:00:00:00:00:0a", "<3>DFS-RADAR-DETECTED freq=5260 ht_enabled=1 …".
type event struct {
	name      string
	frequency int          // of DFS and channel events, MHz
	width     int          // of radar, MHz, 0 where it is not said
	center    int          // of radar, MHz
	mac       policies.MAC // of events about a station
}

const (
	eventRadar     = "DFS-RADAR-DETECTED"
	eventOver      = "DFS-NOP-FINISHED"
	eventAutomatic = "ACS-COMPLETED"
)

// matters are the events after which something may be otherwise than it was.
var matters = map[string]bool{
	eventRadar: true, eventOver: true, eventAutomatic: true,
	"DFS-NEW-CHANNEL": true, "DFS-CAC-START": true, "DFS-CAC-COMPLETED": true,
	"AP-ENABLED": true, "AP-DISABLED": true, "AP-CSA-FINISHED": true,
	"AP-STA-CONNECTED": true, "AP-STA-DISCONNECTED": true, "BSS-TM-RESP": true,
	"INTERFACE-ENABLED": true, "INTERFACE-DISABLED": true, "CTRL-EVENT-TERMINATING": true,
}

// parseEvent takes a message that begins with its level in angle brackets; a reply to a command does not.
func parseEvent(text string) (event, bool) {
	rest, ok := strings.CutPrefix(text, "<")
	level, rest, found := strings.Cut(rest, ">")
	if !ok || !found || len(level) != 1 || level[0] < '0' || level[0] > '9' {
		return event{}, false
	}
	words := strings.Fields(rest)
	if len(words) == 0 || !matters[words[0]] {
		return event{}, false
	}
	e := event{name: words[0]}
	f := map[string]string{}
	for _, w := range words[1:] {
		if key, value, ok := strings.Cut(w, "="); ok {
			f[key] = value
		} else if mac, ok := parseMAC(w); ok && e.mac == "" {
			e.mac = mac
		}
	}
	e.frequency, e.center = number(f["freq"]), number(f["cf1"])
	e.width = map[string]int{"0": 20, "1": 20, "2": 40, "3": 80, "5": 160}[f["chan_width"]] // enum chan_width of hostapd
	return e, true
}
