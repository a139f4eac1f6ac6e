package testbed

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"

	"github.com/carebox-project/carebox/policies"
)

// Node is one machine of the home: a network namespace with a name that `ip netns` lists.
type Node struct {
	Name string
	MAC  policies.MAC // of its link towards the box (of the WAN link for the box itself)
	IPv4 netip.Addr
	IPv6 netip.Addr

	ns netns.NsHandle
}

func newNode(name, mac, v4, v6 string) (*Node, error) {
	n := &Node{
		Name: name, MAC: policies.MAC(mac), ns: netns.None(),
		IPv4: netip.MustParseAddr(v4), IPv6: netip.MustParseAddr(v6),
	}
	err := onThread(func() error {
		var err error
		n.ns, err = netns.NewNamed(name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("making namespace %q: %w", name, err)
	}
	return n, n.Do(func() error {
		// Without duplicate address detection an IPv6 address is usable at once.
		for _, scope := range []string{"all", "default"} {
			if err := setting("net/ipv6/conf/"+scope+"/accept_dad", "0"); err != nil {
				return err
			}
		}
		return up("lo")
	})
}

func (n *Node) close() error {
	return errors.Join(n.ns.Close(), netns.DeleteNamed(n.Name))
}

// Do runs f on a thread of its own inside the namespace; goroutines that f starts are outside of it.
func (n *Node) Do(f func() error) error {
	return onThread(func() error {
		if err := netns.Set(n.ns); err != nil {
			return fmt.Errorf("entering namespace %q: %w", n.Name, err)
		}
		return f()
	})
}

// onThread runs f on an operating system thread that ends with it, so that no namespace is ever left behind on a
// thread of the scheduler.
func onThread(f func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		done <- f()
	}()
	return <-done
}

// Command is a program to run inside the namespace. It ends with ctx.
func (n *Node) Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, "ip", append([]string{"netns", "exec", n.Name, name}, args...)...)
}

// Run runs a program inside the namespace to its end; its output is in the error.
func (n *Node) Run(ctx context.Context, name string, args ...string) error {
	if out, err := n.Command(ctx, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("running %s %q in %q: %w: %s", name, args, n.Name, err, out)
	}
	return nil
}

// Dial connects from inside the namespace.
func (n *Node) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	var c net.Conn
	err := n.Do(func() (err error) {
		// One address and no fallback: a second goroutine would dial outside the namespace.
		d := net.Dialer{FallbackDelay: -1}
		c, err = d.DialContext(ctx, network, address)
		return err
	})
	return c, err
}

// Listen opens a listener inside the namespace; it stays there whoever accepts from it.
func (n *Node) Listen(open func() (net.Listener, error)) (net.Listener, error) {
	var l net.Listener
	err := n.Do(func() (err error) {
		l, err = open()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("listening in %q: %w", n.Name, err)
	}
	return l, nil
}

func (n *Node) listenPacket(address string) (net.PacketConn, error) {
	var c net.PacketConn
	err := n.Do(func() (err error) {
		c, err = net.ListenPacket("udp", address)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("listening in %q: %w", n.Name, err)
	}
	return c, nil
}

// await dials until somebody answers.
func (n *Node) await(ctx context.Context, to netip.AddrPort) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute) // an emulated machine is slow
	defer cancel()
	for {
		try, stop := context.WithTimeout(ctx, time.Second)
		c, err := n.Dial(try, "tcp", to.String())
		stop()
		if err == nil {
			return c.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("reaching %s from %q: %w", to, n.Name, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// setting writes a sysctl of the namespace that the calling thread is in.
func setting(name, value string) error {
	if err := os.WriteFile("/proc/sys/"+name, []byte(value), 0o644); err != nil {
		return fmt.Errorf("setting %s: %w", name, err)
	}
	return nil
}

func up(name string) error {
	l, err := netlink.LinkByName(name)
	if err != nil {
		return fmt.Errorf("finding link %q: %w", name, err)
	}
	return netlink.LinkSetUp(l)
}
