package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const whole = `{"box":"box-1","broker":"tls://203.0.113.1:8883","authority":"ca.pem","certificate":"box.pem","key":"/keys/box.key",
	"operatorKey":"operator.pub","state":"/var/lib/carebox","control":"/run/carebox.sock","lan":"br-lan","wan":"wan",
	"leases":"/run/dnsmasq.leases","mark":"0x00ffc000","backend":"legacy","clock":"trusted","portal":"8089",
	"lineDown":"100000000","lineUp":"20000000","hostapd":"/run/hostapd"}`

func TestConfig(t *testing.T) {
	got, err := parseConfig([]byte(whole), "/etc/carebox")
	if err != nil {
		t.Fatal(err)
	}
	want := config{
		box: "box-1", broker: "203.0.113.1:8883", authority: "/etc/carebox/ca.pem", certificate: "/etc/carebox/box.pem",
		key: "/keys/box.key", operatorKey: "/etc/carebox/operator.pub", state: "/var/lib/carebox", control: "/run/carebox.sock",
		lan: "br-lan", wan: "wan", leases: "/run/dnsmasq.leases", mark: 0x00ffc000, backend: "legacy", clockTrusted: true, portal: 8089,
		lineDown: 100_000_000, lineUp: 20_000_000, hostapd: "/run/hostapd",
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(config{})); diff != "" {
		t.Error(diff)
	}
}

func TestConfigDefaults(t *testing.T) {
	got, err := parseConfig([]byte(`{"box":"b","broker":"tls://[::1]","authority":"a","certificate":"c","key":"k","operatorKey":"o",
		"state":"s","control":"x","lan":"br-lan","wan":"wan","backend":""}`), ".")
	if err != nil {
		t.Fatal(err)
	}
	if got.mark != 0x3ff00000 || got.backend != "" || got.clockTrusted || got.leases != "" || got.portal != 0 || got.lineDown+got.lineUp != 0 || got.hostapd != "" || got.broker != "[::1]:8883" {
		t.Errorf("%+v", got)
	}
}

func TestConfigProblemsComeAllAtOnce(t *testing.T) {
	_, err := parseConfig([]byte(`{"box":"Box 1","broker":"mqtt://x","lan":"br-lan","wan":"br-lan","mark":"0x5","backend":"nftables",
		"clock":"ntp","portal":"65536","lineDown":"fast","lineUp":"-1","claim":"c","colour":"red"}`), ".")
	if err == nil {
		t.Fatal("no error")
	}
	for _, key := range []string{"box", "broker", "authority", "certificate", "key", "operatorKey", "state", "control", "wan", "mark",
		"backend", "clock", "portal", "lineDown", "lineUp", "claim", "colour"} {
		if !strings.Contains("\n"+err.Error(), "\n"+key+": ") {
			t.Errorf("%s is not complained about in:\n%v", key, err)
		}
	}
}

func TestConfigThatIsNoObjectOfStrings(t *testing.T) {
	for _, text := range []string{``, `[]`, `{"box":1}`, `{"box":"a"} {}`, `nil`} {
		if _, err := parseConfig([]byte(text), "."); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestMarks(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "0x3ff": true, "0xffc00000": true, "0xffffffff": true, "1023": true,
		"0x1ff": false, "0x3fe00001": false, "0": false, "0x1ffffffff": false, "ten": false, "-1": false,
	} {
		f := form{raw: map[string]string{"mark": text}}
		f.mark("mark")
		if got := len(f.problems) == 0; got != want {
			t.Errorf("mark %q: good is %v, want %v", text, got, want)
		}
	}
}

func FuzzConfig(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(`{"box":"b","broker":"tls://h:1"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := parseConfig(data, "/x"); err == nil && (c.box == "" || c.broker == "" || c.mark == 0 || c.state == "") {
			t.Errorf("%q became %+v", data, c)
		}
	})
}
