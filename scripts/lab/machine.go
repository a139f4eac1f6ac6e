package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// machine is a running virtual machine.
type machine struct {
	shared string
	said   bytes.Buffer // by the emulator itself
	cmd    *exec.Cmd
	done   chan struct{}
}

// start starts the emulator. The guest's root is this machine's, read-only, below what unpack brought: two shares,
// because a layered file system refuses two layers of one.
func start(o options, accel, shared string) (*machine, error) {
	kernel, err := filepath.Glob(filepath.Join(o.guest, "root/boot", "vmlinuz-*"))
	if err != nil || len(kernel) != 1 {
		return nil, fmt.Errorf("looking for one kernel in %q: there are %d", o.guest, len(kernel))
	}
	cpu, threads := "max", "tcg,thread=multi"
	if accel == "kvm" {
		cpu, threads = "host", "kvm"
	}
	args := []string{
		"-accel", threads, "-cpu", cpu, "-smp", "2", "-m", "1024",
		"-nodefaults", "-no-user-config", "-display", "none", "-monitor", "none", "-no-reboot",
		"-serial", "file:" + filepath.Join(shared, "console"), "-device", "virtio-rng-pci",
		"-kernel", kernel[0], "-initrd", filepath.Join(shared, "initrd"),
		"-append", "console=ttyS0 quiet panic=-1 random.trust_cpu=on",
	}
	args = append(args, share("host", "/", true)...)
	args = append(args, share("guest", filepath.Join(o.guest, "root"), true)...)
	args = append(args, share("lab", shared, false)...)
	if o.http == "" {
		args = append(args, "-nic", "none")
	} else {
		host, port, err := net.SplitHostPort(o.http)
		if err != nil {
			return nil, fmt.Errorf("reading the address %q: %w", o.http, err)
		}
		forward := fmt.Sprintf("user,model=virtio-net-pci,restrict=on,hostfwd=tcp:%s:%s-:8080", host, port)
		args = append(args, "-nic", forward)
	}
	m := &machine{shared: shared, done: make(chan struct{})}
	m.cmd = exec.Command("qemu-system-x86_64", args...)
	m.cmd.Stdout, m.cmd.Stderr = &m.said, &m.said
	// A terminal's Ctrl-C is for us; and who kills us kills the machine.
	m.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := m.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the virtual machine (scripts/setup wifi installs it): %w", err)
	}
	go func() {
		_ = m.cmd.Wait() // what counts is whether the guest left an exit code
		close(m.done)
	}()
	return m, nil
}

func share(name, path string, readOnly bool) []string {
	device := fmt.Sprintf("local,id=%s,path=%s,security_model=none,multidevs=remap", name, path)
	if readOnly {
		device += ",readonly=on"
	}
	return []string{"-fsdev", device, "-device", fmt.Sprintf("virtio-9p-pci,fsdev=%s,mount_tag=%s", name, name)}
}

// await returns when the guest stands.
func (m *machine) await(ctx context.Context, accel string) error {
	limit := bootTCG
	if accel == "kvm" {
		limit = bootKVM
	}
	late := time.After(limit)
	for {
		if _, err := os.Stat(filepath.Join(m.shared, bootedFile)); err == nil {
			return nil
		}
		select {
		case <-time.After(20 * time.Millisecond):
			continue
		case <-m.done:
			return fmt.Errorf("%w (%s): it ended\n%s", errBoot, accel, m.console())
		case <-late:
			return fmt.Errorf("%w (%s) within %s\n%s", errBoot, accel, limit, m.console())
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// run hands the program's output on until the machine ends.
func (m *machine) run(ctx context.Context) error {
	var out, err follow
	for name, f := range map[string]*follow{outFile: &out, errFile: &err} {
		file, err := os.Open(filepath.Join(m.shared, name))
		if err != nil {
			return err
		}
		defer file.Close()
		f.file = file
	}
	out.to, err.to = os.Stdout, os.Stderr
	for {
		ended := false
		select {
		case <-m.done:
			ended = true // then there is nothing after this copy
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), out.copy(), err.copy())
		case <-time.After(50 * time.Millisecond):
		}
		if err := errors.Join(out.copy(), err.copy()); err != nil || ended {
			return err
		}
	}
}

// kill ends the machine if it still runs, and waits.
func (m *machine) kill() {
	_ = m.cmd.Process.Kill() // it may have ended
	<-m.done
}

// console is what guest and emulator last said, for an error. The emulator must have ended or be about to be killed.
func (m *machine) console() string {
	data, _ := os.ReadFile(filepath.Join(m.shared, "console")) // an absent one is empty
	m.kill()
	return strings.TrimSpace(tail(data) + "\n" + tail(m.said.Bytes()))
}
