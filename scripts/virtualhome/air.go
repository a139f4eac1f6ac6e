package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/carebox-project/carebox/agent/testbed"
)

// Air is what is between a box and its wireless devices: simulated radios of the kernel, two of them the box's, one each
// the phone's and the TV's. It needs the laboratory's machine (scripts/wifilab), whose kernel has them.
type Air struct {
	Point  *accessPoint
	Phone  *station
	TV     *station
	radios string // folder of the simulator's knobs
}

// country of the virtual home; its rules come from wireless-regdb.
const country = "FR"

// newAir makes the radios, starts everything that drives them and returns when phone and TV reach the box.
func newAir(ctx context.Context, h *testbed.Home, dir string) (*Air, error) {
	a := &Air{radios: "/sys/kernel/debug/ieee80211"}
	if err := a.start(ctx, h, dir); err != nil {
		return nil, errors.Join(fmt.Errorf("making the radios: %w", err), a.Close())
	}
	return a, nil
}

func (a *Air) start(ctx context.Context, h *testbed.Home, dir string) error {
	if err := execute(ctx, "modprobe", "mac80211_hwsim", "radios=4"); err != nil {
		return err
	}
	if err := settleCountry(ctx); err != nil {
		return err
	}
	for i, n := range []*testbed.Node{h.Box, h.Box, h.Phone, h.TV} {
		if err := execute(ctx, "iw", "phy", fmt.Sprintf("phy%d", i), "set", "netns", "name", n.Name); err != nil {
			return err
		}
	}
	var err error
	if a.Point, err = newAccessPoint(ctx, h.Box, dir); err != nil {
		return err
	}
	if a.Phone, err = newStation(ctx, h.Phone, "wlan2", dir); err != nil {
		return err
	}
	if a.TV, err = newStation(ctx, h.TV, "wlan3", dir); err != nil {
		return err
	}
	for _, s := range []*station{a.Phone, a.TV} {
		if err := s.awaitBox(ctx); err != nil {
			return err
		}
	}
	return nil
}

// settleCountry waits for the country's rules: the kernel takes them over when it finds the time, and hostapd that is
// faster finds no 5 GHz.
func settleCountry(ctx context.Context) error {
	if err := execute(ctx, "iw", "reg", "set", country); err != nil {
		return err
	}
	return poll(ctx, "the rules of "+country, func() error {
		out, err := exec.CommandContext(ctx, "iw", "reg", "get").CombinedOutput()
		if err == nil && !bytes.Contains(out, []byte("country "+country)) {
			err = fmt.Errorf("the kernel has %q", bytes.TrimSpace(out))
		}
		return err
	})
}

// reach puts the radio of a device out of reach of all others, or back.
func (a *Air) reach(s *station, reached bool) error {
	group := "1"
	if !reached {
		group = "2"
	}
	return a.knob(s.radio, "group", group)
}

// radar lets the box's 5 GHz radio see a radar on the channel that it uses.
func (a *Air) radar() error { return a.knob("phy1", "dfs_simulate_radar", "1") }

func (a *Air) knob(radio, name, value string) error {
	path := filepath.Join(a.radios, radio, "hwsim", name)
	if err := os.WriteFile(path, []byte(value), 0o600); err != nil {
		return fmt.Errorf("turning a knob of the simulated radios: %w", err)
	}
	return nil
}

// Close ends everything that drives the radios. These themselves end with the machine.
func (a *Air) Close() error {
	var errs []error
	for _, s := range []*station{a.Phone, a.TV} {
		if s != nil {
			errs = append(errs, s.close())
		}
	}
	if a.Point != nil {
		errs = append(errs, a.Point.Close())
	}
	return errors.Join(errs...)
}

// execute runs a program to its end; its output is in the error.
func execute(ctx context.Context, name string, args ...string) error {
	if out, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("running %s %s: %w: %s", name, strings.Join(args, " "), err, bytes.TrimSpace(out))
	}
	return nil
}
