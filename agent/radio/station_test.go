package radio

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// As hostapd 2.10 answered in the laboratory.
const literalStation = `02:00:00:00:03:00
flags=[AUTH][ASSOC][AUTHORIZED][WMM][MFP][HT][VHT]
aid=1
capability=0x11
listen_interval=5
supported_rates=0c 12 18 24 30 48 60 6c
timeout_next=NULLFUNC POLL
wpa=2
AKMSuiteSelector=00-0f-ac-2
rx_packets=11
tx_packets=5
rx_bytes=1109
tx_bytes=571
inactive_msec=248
signal=-27
rx_rate_info=130 vhtmcs 0 vhtnss 2
tx_rate_info=60
connected_time=2
supp_op_classes=74515354737475767778797a7b7c7d7e7f8081838482
ext_capab=04004a0201404040000120
`

func TestStation(t *testing.T) {
	want := station{
		mac: "02:00:00:00:03:00", authorised: true, silent: 248 * time.Millisecond, heard: true, joined: 2 * time.Second, signal: -27,
		bytes: 1680, packets: 5, tx: 6_000_000, rx: 13_000_000, steers: true,
	}
	got, ok := parseStation(literalStation)
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(station{})); diff != "" || !ok {
		t.Error(ok, diff)
	}
	left, ok := parseStation("02:00:00:00:03:00\nflags=[AUTH]\next_capab=0400\n")
	if !ok || left.authorised || left.heard || left.steers || left.signal != 0 {
		t.Errorf("%+v", left)
	}
	for _, none := range []string{"", "FAIL\n", "UNKNOWN COMMAND\n", "01:00:5e:00:00:01\nflags=[AUTHORIZED]\n"} {
		if st, ok := parseStation(none); ok {
			t.Errorf("%q is %+v", none, st)
		}
	}
}

func FuzzStation(f *testing.F) {
	f.Add(literalStation)
	f.Add("02:00:00:00:03:00\ninactive_msec=-1\nsignal=200\ntx_rate_info=99999999999999999999\nconnected_time=4294967295\n")
	f.Fuzz(func(t *testing.T, text string) {
		st, ok := parseStation(text)
		if mac, valid := parseMAC(string(st.mac)); ok && (!valid || mac != st.mac) {
			t.Errorf("%+v", st)
		}
		if st.silent < 0 || st.joined < 0 || st.tx < 0 || st.rx < 0 || st.signal > 0 {
			t.Errorf("%+v", st)
		}
	})
}
