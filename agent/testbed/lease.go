package testbed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/vishvananda/netlink"
)

// Leases is the name of dnsmasq's lease file within Options.DHCP.
const Leases = "dnsmasq.leases"

const clientScript = `#!/bin/sh
case "$1" in
bound | renew)
	ip -4 addr flush dev "$interface"
	ip addr add "$ip/$mask" dev "$interface"
	ip route replace default via "$router"
	;;
esac
`

// lease starts dnsmasq in the box and lets each device ask it for its IPv4 address.
func (h *Home) lease(ctx context.Context, dir string) error {
	script := filepath.Join(dir, "client.sh")
	if err := os.WriteFile(script, []byte(clientScript), 0o755); err != nil {
		return fmt.Errorf("writing the DHCP client's script: %w", err)
	}
	// no-daemon rather than keep-in-foreground: a user namespace forbids the setgroups(2) that goes with changing users.
	args := []string{"--no-daemon", "--conf-file=/dev/null", "--port=0", "--pid-file=",
		"--interface=" + LAN, "--bind-interfaces", "--dhcp-authoritative",
		"--dhcp-range=192.168.7.100,192.168.7.199,255.255.255.0,12h",
		"--dhcp-leasefile=" + filepath.Join(dir, Leases), "--log-facility=" + filepath.Join(dir, "dnsmasq.log")}
	for _, d := range h.Devices() {
		args = append(args, fmt.Sprintf("--dhcp-host=%s,%s", d.MAC, d.IPv4))
	}
	cmd := h.Box.Command(context.WithoutCancel(ctx), "dnsmasq", args...)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting dnsmasq: %w", err)
	}
	h.stop = append(h.stop, func() error {
		err := cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait() // its exit code after a signal says nothing
		return err
	})
	for _, d := range h.Devices() {
		if err := h.ask(ctx, d, script); err != nil {
			return err
		}
	}
	return nil
}

// ask drops a device's static address and gets one by DHCP.
func (h *Home) ask(ctx context.Context, d *Node, script string) error {
	err := d.Do(func() error {
		l, err := netlink.LinkByName("eth0")
		if err != nil {
			return err
		}
		a, err := netlink.ParseAddr(d.IPv4.String() + "/24")
		if err != nil {
			return err
		}
		return netlink.AddrDel(l, a)
	})
	if err != nil {
		return fmt.Errorf("dropping the address of %q: %w", d.Name, err)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	short := d.Name[strings.LastIndex(d.Name, "-")+1:]
	for {
		// dnsmasq may still be opening its socket: each try is short.
		err := d.Run(ctx, "busybox", "udhcpc", "-i", "eth0", "-f", "-q", "-n", "-t", "3", "-T", "1", "-s", script, "-x", "hostname:"+short)
		if err == nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
	}
}
