package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/carebox-project/carebox/agent/testbed"
)

// borrow builds a home with radios, without a cloud and an agent, and runs a program in its box: a test of the agent's
// parts against real hostapd. What it may need to know is in its environment (scripts/README.md).
func borrow(ctx context.Context, dir string, command []string) (err error) {
	if dir, err = os.MkdirTemp(dir, "carebox-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	home, err := testbed.New(ctx, testbed.Options{Wireless: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, home.Close()) }()
	a, err := newAir(ctx, home, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	// Not by ip-netns(8), which hides the simulator's knobs below /sys.
	cmd := exec.CommandContext(ctx, "nsenter", append([]string{"--net=/run/netns/" + home.Box.Name}, command...)...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "CAREBOX_WIFILAB=1", "CAREBOX_HOSTAPD="+a.Point.Control,
		"CAREBOX_PHONE="+home.Phone.Name, "CAREBOX_PHONE_MAC="+string(home.Phone.MAC), "CAREBOX_PHONE_WPA="+a.Phone.Control+"/"+a.Phone.Link,
		"CAREBOX_TV="+home.TV.Name, "CAREBOX_TV_MAC="+string(home.TV.MAC), "CAREBOX_TV_WPA="+a.TV.Control+"/"+a.TV.Link,
		"CAREBOX_RADIO_KNOBS="+a.radios)
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return borrowed(exit.ExitCode())
	}
	return err
}

// borrowed is the exit code of the program that had the home; it is ours then.
type borrowed int

func (b borrowed) Error() string { return fmt.Sprintf("the program ended with %d", int(b)) }
