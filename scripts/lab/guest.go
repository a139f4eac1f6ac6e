package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// guestMain is the first process of the guest, from the kernel's start to its end.
func guestMain() {
	if err := serve(); err != nil {
		fmt.Println("lab:", err) // the console, which the host shows if no exit code comes
	}
	unix.Sync()
	_ = unix.Reboot(unix.LINUX_REBOOT_CMD_RESTART) // the emulator was told to end then
	select {}
}

func serve() error {
	if err := settle(); err != nil {
		return err
	}
	var j job
	data, err := os.ReadFile(filepath.Join("/lab", jobFile))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &j); err != nil {
		return fmt.Errorf("reading the job: %w", err)
	}
	if err := network(j.Net); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join("/lab", bootedFile), nil, 0o600); err != nil {
		return err
	}
	code := j.run()
	// There whole or not at all.
	if err := os.WriteFile("/lab/code.new", fmt.Append(nil, code), 0o600); err != nil {
		return err
	}
	return os.Rename("/lab/code.new", filepath.Join("/lab", codeFile))
}

// settle loads what it takes to see the host's files, and makes them the root.
func settle() error {
	modules, err := filepath.Glob("/modules/*")
	if err != nil {
		return err
	}
	for _, m := range modules {
		if err := load(m); err != nil {
			return err
		}
	}
	const readOnly = "trans=virtio,version=9p2000.L,msize=512000,cache=loose"
	const shared = "trans=virtio,version=9p2000.L,msize=512000,cache=none"
	for _, m := range []mount{
		{"proc", "/proc", "proc", 0, ""},
		{"sysfs", "/sys", "sysfs", 0, ""},
		{"devtmpfs", "/dev", "devtmpfs", 0, ""},
		{"host", "/host", "9p", unix.MS_RDONLY, readOnly},
		{"guest", "/guest", "9p", unix.MS_RDONLY, readOnly},
		{"layer", "/layer", "tmpfs", 0, ""},
		{"/layer/upper", "", "", 0, ""},
		{"/layer/work", "", "", 0, ""},
		{"root", "/root", "overlay", 0, "lowerdir=/guest:/host,upperdir=/layer/upper,workdir=/layer/work"},
		{"/proc", "/root/proc", "", unix.MS_MOVE, ""},
		{"/sys", "/root/sys", "", unix.MS_MOVE, ""},
		{"/dev", "/root/dev", "", unix.MS_MOVE, ""},
		{"run", "/root/run", "tmpfs", 0, ""},
		{"devpts", "/root/dev/pts", "devpts", 0, ""},
		{"shm", "/root/dev/shm", "tmpfs", 0, ""},
		{"debug", "/root/sys/kernel/debug", "debugfs", 0, ""},
		{"lab", "/root/lab", "9p", 0, shared},
	} {
		if err := m.do(); err != nil {
			return err
		}
	}
	if err := errors.Join(os.Chdir("/root"), unix.Mount(".", "/", "", unix.MS_MOVE, ""), unix.Chroot("."), os.Chdir("/")); err != nil {
		return fmt.Errorf("changing the root: %w", err)
	}
	return nil
}

// mount is one step on the way to the guest's root; without a place it is only a folder.
type mount struct {
	what, where, kind string
	flags             uintptr
	with              string
}

func (m mount) do() error {
	if m.where == "" {
		return os.MkdirAll(m.what, 0o755)
	}
	// The kernel makes what is below /dev and /sys; the rest may be missing on the host.
	if err := os.MkdirAll(m.where, 0o755); err != nil {
		return err
	}
	if err := unix.Mount(m.what, m.where, m.kind, m.flags, m.with); err != nil {
		return fmt.Errorf("mounting %q on %q: %w", m.what, m.where, err)
	}
	return nil
}

func load(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	flags := 0
	if !strings.HasSuffix(path, ".ko") {
		flags = unix.MODULE_INIT_COMPRESSED_FILE
	}
	if err := unix.FinitModule(int(f.Fd()), "", flags); err != nil && !errors.Is(err, unix.EEXIST) {
		return fmt.Errorf("loading module %q: %w", path, err)
	}
	return nil
}

// network turns on the loopback and, if there is one, the card that the emulator's own network (10.0.2.0/24) is behind.
func network(card bool) error {
	lo, err := netlink.LinkByName("lo")
	if err != nil {
		return err
	}
	if err := netlink.LinkSetUp(lo); err != nil || !card {
		return err
	}
	eth, err := netlink.LinkByName("eth0")
	if err != nil {
		return fmt.Errorf("finding the network card: %w", err)
	}
	here := &netlink.Addr{IPNet: &net.IPNet{IP: net.IPv4(10, 0, 2, 15), Mask: net.CIDRMask(24, 32)}}
	return errors.Join(netlink.AddrAdd(eth, here), netlink.LinkSetUp(eth))
}

// run runs the job's program to its end and returns its exit code; it buries every process whose parent has died.
func (j job) run() int {
	out, err := os.OpenFile(filepath.Join("/lab", outFile), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return 126
	}
	said, err := os.OpenFile(filepath.Join("/lab", errFile), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return 126
	}
	os.Clearenv()
	for _, v := range append(j.Env, "HOME=/root", "TMPDIR=/tmp", "CAREBOX_OUT=/lab/"+keepFolder, "CAREBOX_WIFILAB=1") {
		name, value, _ := strings.Cut(v, "=")
		_ = os.Setenv(name, value) // they come from an environment
	}
	cmd := exec.Command(j.Args[0], j.Args[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = j.Dir, out, said
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(said, "lab: starting the program:", err)
		return 127
	}
	for {
		var status unix.WaitStatus
		pid, err := unix.Wait4(-1, &status, 0, nil)
		if err != nil && !errors.Is(err, unix.EINTR) {
			fmt.Fprintln(said, "lab: waiting for the program:", err)
			return 126
		}
		if pid != cmd.Process.Pid {
			continue
		}
		if status.Signaled() {
			return 128 + int(status.Signal())
		}
		return status.ExitStatus()
	}
}
