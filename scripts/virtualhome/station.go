package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/carebox-project/carebox/agent/testbed"
)

// station is a device's own Wi-Fi: wpa_supplicant on a simulated radio.
type station struct {
	Node    *testbed.Node
	Link    string
	Control string // folder of its control socket
	Log     string
	radio   string
	program *program
}

// heard are the frequencies that a station looks at, in MHz: what the cases use, so that a look takes no longer than it must.
const heard = "2437 5180 5200 5220 5240 5260"

// newStation moves in: the device's address onto its radio, and wpa_supplicant.
func newStation(ctx context.Context, n *testbed.Node, link, dir string) (*station, error) {
	short := n.Name[strings.LastIndex(n.Name, "-")+1:]
	s := &station{
		Node: n, Link: link, Control: filepath.Join(dir, "wpa-"+short), Log: filepath.Join(dir, short+".log"),
		radio: "phy" + strings.TrimPrefix(link, "wlan"),
	}
	for _, args := range [][]string{
		{"link", "set", link, "address", string(n.MAC)},
		{"link", "set", link, "up"},
		{"addr", "add", n.IPv4.String() + "/24", "dev", link},
		{"addr", "add", n.IPv6.String() + "/64", "dev", link},
		{"route", "add", "default", "via", testbed.BoxIPv4.String()},
		{"-6", "route", "add", "default", "via", testbed.BoxIPv6.String(), "dev", link},
	} {
		if err := execute(ctx, "ip", append([]string{"-n", n.Name}, args...)...); err != nil {
			return nil, err
		}
	}
	config := fmt.Sprintf("ctrl_interface=%s\ncountry=%s\n"+known("home", "0")+known("home-tv", "1"), s.Control, country, passphrase, heard)
	file := filepath.Join(dir, short+".conf")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		return nil, err
	}
	var err error
	s.program, err = start(n.Command(context.WithoutCancel(ctx), "wpa_supplicant", "-t", "-i", link, "-D", "nl80211", "-c", file), s.Log)
	return s, err
}

// known is a network of a wpa_supplicant's configuration. No protected management frames: in an emulated machine answers may
// come so late that frames are sent twice, and a station with them would believe itself joined when it no longer is.
func known(name, off string) string {
	return "network={\n\tssid=\"" + name + "\"\n\tdisabled=" + off +
		"\n\tpsk=\"%[3]s\"\n\tkey_mgmt=WPA-PSK\n\tscan_freq=%[4]s\n\tfreq_list=%[4]s\n}\n"
}

// Ask sends a command to wpa_supplicant.
func (s *station) Ask(ctx context.Context, words ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "wpa_cli", append([]string{"-p", s.Control, "-i", s.Link}, words...)...).Output()
	if err != nil {
		return "", fmt.Errorf("asking wpa_supplicant %q: %w", words, withOutput(err))
	}
	return string(out), nil
}

// Network and frequency (MHz) that the station is joined to; "" while it is not.
func (s *station) Joined(ctx context.Context) (network, frequency string, err error) {
	out, err := s.Ask(ctx, "status")
	status := pairs(out)
	if err != nil || status["wpa_state"] != "COMPLETED" {
		return "", "", err
	}
	return status["ssid"], status["freq"], nil
}

// Await waits until the station is joined to a network, on a frequency that begins with what is given.
func (s *station) Await(ctx context.Context, network, frequency string) error {
	return s.program.await(ctx, s.Node.Name+" to join", func() error {
		name, at, err := s.Joined(ctx)
		if err == nil && (name != network || !strings.HasPrefix(at, frequency)) {
			err = fmt.Errorf("it is joined to %q on %q, not %q on %q", name, at, network, frequency)
		}
		return err
	})
}

// AwaitEvents waits until wpa_supplicant has told of an event more often than before.
func (s *station) AwaitEvents(ctx context.Context, event string, before int) error {
	return s.program.await(ctx, s.Node.Name+" to tell of "+event, func() error {
		n, err := s.Events(event)
		if err == nil && n <= before {
			err = fmt.Errorf("it has %d times", n)
		}
		return err
	})
}

// awaitBox waits until the box answers the device.
func (s *station) awaitBox(ctx context.Context) error {
	if err := s.Await(ctx, "home", ""); err != nil {
		return err
	}
	return poll(ctx, s.Node.Name+" to reach the box", func() error {
		return s.Node.Run(ctx, "ping", "-q", "-c", "1", "-W", "2", testbed.BoxIPv4.String())
	})
}

// Events that wpa_supplicant tells of.
const (
	left    = "CTRL-EVENT-DISCONNECTED" // has lost its access point, or left it
	refused = "-REJECT "                // CTRL-EVENT-ASSOC-REJECT and CTRL-EVENT-AUTH-REJECT
)

// Events counts those that wpa_supplicant has told of.
func (s *station) Events(event string) (int, error) {
	data, err := os.ReadFile(s.Log)
	return strings.Count(string(data), event), err
}

func (s *station) close() error {
	if s.program == nil {
		return nil
	}
	return s.program.end(syscall.SIGTERM)
}
