package radio

import (
	"strconv"
	"strings"
	"time"

	"github.com/carebox-project/carebox/policies"
)

const maxStations = 256 // of one BSS that are looked at, twice as many of a radio that are told

// station is what hostapd says of a device that has joined a BSS, or has been there seconds ago (hostapd 2.10, STA).
type station struct {
	mac        policies.MAC
	bss        string        // interface, as asked
	authorised bool          // really in: one that left stays listed for 5 s without it
	silent     time.Duration // since it was last heard
	heard      bool          // silent is known
	joined     time.Duration // since it joined
	signal     int           // dBm, 0: not known
	bytes      uint64        // both ways
	packets    uint64        // to it
	tx, rx     int64         // bit/s
	steers     bool          // it says that it understands requests to go elsewhere (802.11v)
}

// parseStation takes the answer to STA, STA-FIRST and STA-NEXT: an address and lines of "key=value"; nothing or FAIL where there is none.
func parseStation(text string) (station, bool) {
	first, rest, _ := strings.Cut(text, "\n")
	mac, ok := parseMAC(strings.TrimSpace(first))
	if !ok {
		return station{}, false
	}
	f := fields(rest)
	s := station{
		mac: mac, authorised: strings.Contains(f["flags"], "[AUTHORIZED]"), packets: count(f["tx_packets"]),
		bytes: count(f["rx_bytes"]) + count(f["tx_bytes"]), tx: rate(f["tx_rate_info"]), rx: rate(f["rx_rate_info"]),
		joined: time.Duration(number(f["connected_time"])) * time.Second, steers: steers(f["ext_capab"]),
	}
	if ms := f["inactive_msec"]; ms != "" && (ms == "0" || number(ms) > 0) {
		s.silent, s.heard = time.Duration(number(ms))*time.Millisecond, true
	}
	if dBm, err := strconv.Atoi(f["signal"]); err == nil && dBm < 0 && dBm > -128 {
		s.signal = dBm
	}
	return s, true
}

func count(s string) uint64 {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// rate takes "130 vhtmcs 0 vhtnss 2": units of 100 kbit/s first.
func rate(s string) int64 {
	first, _, _ := strings.Cut(s, " ")
	return int64(number(first)) * 100_000
}

// steers finds bit 19 of the extended capabilities, "BSS Transition" (IEEE 802.11, table 9-190).
func steers(hex string) bool {
	if len(hex) < 6 {
		return false
	}
	third, err := strconv.ParseUint(hex[4:6], 16, 8)
	return err == nil && third&(1<<3) != 0
}
