package radio

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/policies"
)

// As hostapd 2.10 answered in the laboratory, with two networks on one radio.
const literalStatus = `state=ENABLED
phy=phy1
freq=5220
num_sta_non_erp=0
olbc=0
ht_op_mode=0x0
cac_time_seconds=0
cac_time_left_seconds=N/A
channel=44
edmg_enable=0
secondary_channel=1
ieee80211n=1
ieee80211ac=1
ieee80211ax=0
beacon_int=100
vht_oper_chwidth=1
vht_oper_centr_freq_seg0_idx=42
vht_caps_info=00000000
ht_caps_info=006e
supported_rates=0c 12 18 24 30 48 60 6c
max_txpower=23
bss[0]=wlan1
bssid[0]=02:00:00:00:01:00
ssid[0]=home
num_sta[0]=1
bss[1]=wlan1-tv
bssid[1]=42:00:00:00:01:00
ssid[1]=t\xc3\xa9l\xc3\xa9 \"2\"
num_sta[1]=0
`

const literalCheck = `state=DFS
phy=phy1
freq=5260
cac_time_seconds=60
cac_time_left_seconds=58
channel=52
secondary_channel=0
ieee80211n=1
ieee80211ac=0
ieee80211ax=0
ht_caps_info=000c
bss[0]=wlan1
bssid[0]=02:00:00:00:01:00
ssid[0]=home
`

func TestStatus(t *testing.T) {
	want := status{
		state: "ENABLED", phy: "phy1", frequency: 5220, channel: 44, width: 80, n: true, ac: true, wide: true, configured: true,
		bsses: []network{{"wlan1", "02:00:00:00:01:00", "home"}, {"wlan1-tv", "42:00:00:00:01:00", `télé "2"`}},
	}
	if diff := cmp.Diff(want, parseStatus(literalStatus), cmp.AllowUnexported(status{}, network{})); diff != "" {
		t.Error(diff)
	}
	got := parseStatus(literalCheck)
	if got.left != 58*time.Second || got.width != 20 || got.wide || stateOf(got.state) != policies.RadioCheck {
		t.Errorf("%+v", got)
	}
	if got := parseStatus("FAIL\n"); got.configured {
		t.Errorf("%+v", got)
	}
	if got := parseStatus(strings.Replace(literalStatus, "vht_oper_chwidth=1", "vht_oper_chwidth=0", 1)); got.width != 40 {
		t.Errorf("%d MHz", got.width)
	}
}

func TestNetworkNameIsFitForAScreen(t *testing.T) {
	for escaped, want := range map[string]string{
		`home`: "home", `a\\b`: `a\b`, `\x00\xff`: "\uFFFD\uFFFD", `caf\xc3\xa9`: "café", `\x1b[31m`: "\uFFFD[31m", `\x`: "x", `\xzz`: "",
	} {
		if got := plain(escaped); got != want {
			t.Errorf("%q is %q, want %q", escaped, got, want)
		}
	}
}

func FuzzStatus(f *testing.F) {
	f.Add(literalStatus)
	f.Add(literalCheck)
	f.Add("FAIL\n")
	f.Add("bss[0]=../../etc\nbssid[0]=ff:ff:ff:ff:ff:ff\nssid[0]=\\x\n=\n==")
	f.Fuzz(func(t *testing.T, text string) {
		s := parseStatus(text)
		if s.channel < 0 || s.frequency < 0 || s.width < 0 || s.left < 0 || s.left > time.Hour || len(s.bsses) > maxBSSes {
			t.Errorf("%+v", s)
		}
		for _, n := range s.bsses {
			if mac, ok := parseMAC(string(n.bssid)); !ok || mac != n.bssid || strings.Contains(n.name, "/") || n.name == ".." {
				t.Errorf("%+v", n)
			}
			if len([]rune(n.ssid)) > maxSSID || strings.ContainsFunc(n.ssid, func(r rune) bool { return !unicode.IsPrint(r) && r != '\uFFFD' }) {
				t.Errorf("%q", n.ssid)
			}
		}
	})
}
