package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/carebox-project/carebox/agent/testbed"
)

// accessPoint is the box's hostapd: the home's network on 2.4 GHz (wlan0) and 5 GHz (wlan1), and a second one on 5 GHz
// (wlan1-tv) that takes only who is on its list.
type accessPoint struct {
	Control string // folder of its control sockets
	Log     string
	box     *testbed.Node
	files   []string
	program *program
}

// Links of the access point.
const (
	link24 = "wlan0"
	link5  = "wlan1"
	linkTV = "wlan1-tv"
)

// address5 is the BSSID of link5: the simulator numbers its radios.
const address5 = "02:00:00:00:01:00"

const passphrase = "virtual home"

const everyNetwork = `ctrl_interface=%[1]s
bridge=br-lan
wmm_enabled=1
wpa=2
wpa_key_mgmt=WPA-PSK SAE
rsn_pairwise=CCMP
wpa_passphrase=` + passphrase + `
ieee80211w=1
bss_transition=1
rrm_neighbor_report=1
`

const everyRadio = `driver=nl80211
country_code=` + country + `
ieee80211d=1
ieee80211h=1
ieee80211n=1
`

// radio24 and radio5 are as a box is delivered: channel 6, and 80 MHz around channel 36.
const radio24 = "interface=" + link24 + "\nhw_mode=g\nchannel=6\nssid=home\n" + everyRadio + everyNetwork

const radio5 = "interface=" + link5 + "\nhw_mode=a\nchannel=36\nssid=home\nht_capab=[HT40+]\n" +
	"ieee80211ac=1\nvht_oper_chwidth=1\nvht_oper_centr_freq_seg0_idx=42\n" + everyRadio + everyNetwork +
	"bss=" + linkTV + "\nbssid=42:00:00:00:01:00\nssid=home-tv\nmacaddr_acl=1\naccept_mac_file=%[2]s\n" + everyNetwork

func newAccessPoint(ctx context.Context, box *testbed.Node, dir string) (*accessPoint, error) {
	p := &accessPoint{Control: filepath.Join(dir, "hostapd"), Log: filepath.Join(dir, "hostapd.log"), box: box}
	accept := filepath.Join(dir, "hostapd.accept")
	for name, text := range map[string]string{"hostapd.accept": "", "radio24.conf": radio24, "radio5.conf": radio5} {
		file := filepath.Join(dir, name)
		if text != "" {
			text = fmt.Sprintf(text+"%.0[2]s", p.Control, accept)
			p.files = append(p.files, file)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	return p, p.Start(ctx)
}

// Start starts hostapd and waits until its radios send.
func (p *accessPoint) Start(ctx context.Context) error {
	cmd := p.box.Command(context.WithoutCancel(ctx), "hostapd", append([]string{"-t"}, p.files...)...)
	var err error
	if p.program, err = start(cmd, p.Log); err != nil {
		return err
	}
	return p.program.await(ctx, "hostapd to send", func() error {
		for _, link := range []string{link24, link5} {
			status, err := p.Status(ctx, link)
			if err == nil && status["state"] != "ENABLED" {
				err = fmt.Errorf("%s is %q", link, status["state"])
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Kill ends hostapd as a crash would.
func (p *accessPoint) Kill() error { return p.program.end(syscall.SIGKILL) }

// Close ends hostapd.
func (p *accessPoint) Close() error {
	if p.program == nil {
		return nil
	}
	return p.program.end(syscall.SIGTERM)
}

// Ask sends a command to hostapd's control socket of a link.
func (p *accessPoint) Ask(ctx context.Context, link string, words ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "hostapd_cli", append([]string{"-p", p.Control, "-i", link}, words...)...).Output()
	if err != nil {
		return "", fmt.Errorf("asking hostapd %q: %w", words, withOutput(err))
	}
	return string(out), nil
}

// Status is hostapd's own word on a link and its radio.
func (p *accessPoint) Status(ctx context.Context, link string) (map[string]string, error) {
	out, err := p.Ask(ctx, link, "status")
	return pairs(out), err
}

// AwaitChannel waits until a link sends on a channel.
func (p *accessPoint) AwaitChannel(ctx context.Context, link string, channel int) error {
	return poll(ctx, fmt.Sprintf("%s to send on channel %d", link, channel), func() error {
		status, err := p.Status(ctx, link)
		if err == nil && (status["channel"] != fmt.Sprint(channel) || status["state"] != "ENABLED") {
			err = fmt.Errorf("it is %s on %s", status["state"], status["channel"])
		}
		return err
	})
}

// Has reports whether a station is joined to any network of the access point, by hostapd's word. One that has been put
// out stays on its lists for some seconds, without the flag.
func (p *accessPoint) Has(ctx context.Context, s *station) (bool, error) {
	for _, link := range []string{link24, link5, linkTV} {
		out, err := p.Ask(ctx, link, "sta", string(s.Node.MAC))
		if err != nil {
			return false, err
		}
		if strings.Contains(out, "[AUTHORIZED]") {
			return true, nil
		}
	}
	return false, nil
}

// AwaitGone waits until a station is joined to no network.
func (p *accessPoint) AwaitGone(ctx context.Context, s *station) error {
	return poll(ctx, s.Node.Name+" to be gone", func() error {
		has, err := p.Has(ctx, s)
		if err == nil && has {
			err = fmt.Errorf("it is joined")
		}
		return err
	})
}

// announced is the frequency (MHz) of the newest channel switch of any link, from its announcement on.
func (p *accessPoint) announced() (string, error) {
	data, err := os.ReadFile(p.Log)
	_, last, _ := strings.Cut(string(data[max(0, bytes.LastIndex(data, []byte("CTRL-EVENT-STARTED-CHANNEL-SWITCH"))):]), " freq=")
	frequency, _, _ := strings.Cut(last, " ")
	return frequency, err
}

// pairs reads lines of name=value.
func pairs(text string) map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			all[name] = value
		}
	}
	return all
}
