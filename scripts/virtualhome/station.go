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
func newStation(ctx context.Context, n *testbed.Node, link, keys, dir string) (*station, error) {
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
		if err := run1(ctx, "ip", append([]string{"-n", n.Name}, args...)...); err != nil {
			return nil, err
		}
	}
	config := fmt.Sprintf("ctrl_interface=%s\ncountry=%s\nnetwork={\n\tssid=\"home\"\n\tpsk=\"%s\"\n\tkey_mgmt=%s\n\tieee80211w=1\n"+
		"\tscan_freq=%[5]s\n\tfreq_list=%[5]s\n}\n", s.Control, country, passphrase, keys, heard)
	file := filepath.Join(dir, short+".conf")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		return nil, err
	}
	var err error
	s.program, err = start(n.Command(context.WithoutCancel(ctx), "wpa_supplicant", "-t", "-i", link, "-D", "nl80211", "-c", file), s.Log)
	return s, err
}

// Ask sends a command to wpa_supplicant.
func (s *station) Ask(ctx context.Context, words ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "wpa_cli", append([]string{"-p", s.Control, "-i", s.Link}, words...)...).Output()
	if err != nil {
		return "", fmt.Errorf("asking wpa_supplicant %q: %w", words, withOutput(err))
	}
	return string(out), nil
}

// Frequency that the station is joined on, in MHz; "" while it is not.
func (s *station) Frequency(ctx context.Context) (string, error) {
	out, err := s.Ask(ctx, "status")
	status := pairs(out)
	if err != nil || status["wpa_state"] != "COMPLETED" {
		return "", err
	}
	return status["freq"], nil
}

// Await waits until the station is joined in a band: "2", "5", or "" for either.
func (s *station) Await(ctx context.Context, band string) error {
	return s.program.await(ctx, s.Node.Name+" to join", func() error {
		frequency, err := s.Frequency(ctx)
		if err == nil && (frequency == "" || !strings.HasPrefix(frequency, band)) {
			err = fmt.Errorf("it is on %q", frequency)
		}
		return err
	})
}

// awaitBox waits until the box answers the device.
func (s *station) awaitBox(ctx context.Context) error {
	if err := s.Await(ctx, ""); err != nil {
		return err
	}
	return poll(ctx, s.Node.Name+" to reach the box", func() error {
		return s.Node.Run(ctx, "ping", "-q", "-c", "1", "-W", "2", testbed.BoxIPv4.String())
	})
}

// Left counts how often the station has lost its access point, or left it.
func (s *station) Left() (int, error) {
	data, err := os.ReadFile(s.Log)
	return strings.Count(string(data), "CTRL-EVENT-DISCONNECTED"), err
}

func (s *station) close() error {
	if s.program == nil {
		return nil
	}
	return s.program.end(syscall.SIGTERM)
}
