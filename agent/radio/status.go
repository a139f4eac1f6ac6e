package radio

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/carebox-project/carebox/policies"
)

const (
	maxBSSes = 32 // of one radio that are looked at
	maxSSID  = 32 // bytes; IEEE 802.11, clause 9.4.2.2
)

// status is what hostapd says of a radio, whichever of its BSSes is asked (hostapd 2.10, STATUS).
type status struct {
	state      string // ENABLED, DFS (a radar check goes on), DISABLED, COUNTRY_UPDATE, ACS, HT_SCAN, UNINITIALIZED, …
	phy        string
	frequency  int // MHz
	channel    int
	width      int           // MHz
	left       time.Duration // of a radar check that goes on
	n, ac, ax  bool          // IEEE 802.11 amendments that are on
	wide       bool          // 40 MHz is configured
	bsses      []network
	configured bool // hostapd knows the interface at all
}

// network is one BSS.
type network struct {
	name  string
	bssid policies.MAC
	ssid  string
}

// fields takes the lines "key=value" of a reply. The first of a key counts.
func fields(text string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimRight(line, "\r\n"), "=")
		if _, twice := out[key]; ok && !twice {
			out[key] = value
		}
	}
	return out
}

func parseStatus(text string) status {
	f := fields(text)
	s := status{
		state: word(f["state"]), phy: f["phy"], frequency: number(f["freq"]), channel: number(f["channel"]), configured: f["state"] != "",
		n: f["ieee80211n"] == "1", ac: f["ieee80211ac"] == "1", ax: f["ieee80211ax"] == "1",
	}
	s.width = width(f)
	if seconds := number(f["cac_time_left_seconds"]); s.state == stateCheck && seconds < 3600 {
		s.left = time.Duration(seconds) * time.Second
	}
	caps, err := strconv.ParseUint(f["ht_caps_info"], 16, 16)
	s.wide = err == nil && caps&2 != 0 // supported channel width set: IEEE 802.11, clause 9.4.2.55.2
	for i := range maxBSSes {
		at := "[" + strconv.Itoa(i) + "]"
		mac, ok := parseMAC(f["bssid"+at])
		if name := f["bss"+at]; ok && validName(name) {
			s.bsses = append(s.bsses, network{name: name, bssid: mac, ssid: plain(f["ssid"+at])})
		}
	}
	return s
}

// word keeps what can stand in a sentence for people who help.
func word(s string) string {
	if len(s) > 32 || strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsPrint(r) }) {
		return "something unheard of"
	}
	return s
}

const (
	stateUp    = "ENABLED"
	stateCheck = "DFS"
	stateOff   = "DISABLED"
)

func width(f map[string]string) int {
	if f["freq"] == "" {
		return 0
	}
	wide := f["vht_oper_chwidth"]
	if f["ieee80211ax"] == "1" && f["he_oper_chwidth"] != "" {
		wide = f["he_oper_chwidth"]
	}
	switch {
	case wide == "1":
		return 80
	case wide == "2", wide == "3":
		return 160
	case f["secondary_channel"] != "0" && f["secondary_channel"] != "":
		return 40
	}
	return 20
}

// number is a decimal number that is not negative, 0 for anything else ("N/A").
func number(s string) int {
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		return 0
	}
	return int(n)
}

// validName reports whether the kernel would take a name for a link, and whether it can stand in a path.
func validName(s string) bool {
	return s != "" && s != "." && s != ".." && len(s) < 16 && !strings.ContainsFunc(s, func(r rune) bool {
		return r == '/' || r == utf8.RuneError || unicode.IsSpace(r) || unicode.IsControl(r)
	})
}

// parseMAC takes a unicast EUI-48 with colons.
func parseMAC(s string) (policies.MAC, bool) {
	mac, ok := parseAddress(s)
	return mac, ok && !isNote(mac) && mac != "00:00:00:00:00:00"
}

// parseAddress takes any EUI-48, notes included.
func parseAddress(s string) (policies.MAC, bool) {
	mac, err := policies.ParseMAC(s)
	return mac, err == nil && len(s) == len(mac)
}

// plain is the name of a network as people gave it. hostapd writes what is not ASCII as C would ("\xc3\xa9", "\"", "\\", "\n").
func plain(escaped string) string {
	var out []byte
	for i := 0; i < len(escaped) && len(out) < maxSSID; i++ {
		if escaped[i] != '\\' || i+1 == len(escaped) {
			out = append(out, escaped[i])
			continue
		}
		i++
		if escaped[i] != 'x' || i+2 >= len(escaped) {
			out = append(out, escaped[i])
			continue
		}
		b, err := strconv.ParseUint(escaped[i+1:i+3], 16, 8)
		if err != nil {
			return ""
		}
		out = append(out, byte(b))
		i += 2
	}
	name := strings.ToValidUTF8(string(out), "\uFFFD")
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, name)
}
