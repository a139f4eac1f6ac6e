package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// isolatedMark says to the inner process that it is the inner one.
const isolatedMark = "CAREBOX_VIRTUALHOME_ISOLATED"

// isolated reports whether this process is inside its private namespaces already.
func isolated() bool { return os.Getenv(isolatedMark) != "" }

// isolate runs this program again in private namespaces that end with it.
func isolate(args []string, http string) error {
	inner, err := enter(args, http)
	if err != nil {
		return err
	}
	forward(inner.Process)
	return inner.Wait()
}

// enter starts this program again in private namespaces that end with it. The HTTP listener is opened outside, where a
// browser can reach it, and handed in as file descriptor 3; more files follow it.
func enter(args []string, http string, more ...*os.File) (*exec.Cmd, error) {
	l, err := net.Listen("tcp", http)
	if err != nil {
		return nil, fmt.Errorf("opening the address of the app (choose another with --http): %w", err)
	}
	defer l.Close()
	file, err := l.(*net.TCPListener).File()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), isolatedMark+"=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.ExtraFiles = append([]*os.File{file}, more...)
	cmd.SysProcAttr = namespaces()
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("making namespaces (as an ordinary user the kernel must allow user namespaces): %w", err)
	}
	return cmd, nil
}

// namespaces of the inner process. It is the first of its process namespace, so the kernel ends every program of the
// home with it; its mounts, the names of network namespaces among them, go as well.
func namespaces() *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID, Pdeathsig: syscall.SIGKILL}
	if uid, gid := os.Getuid(), os.Getgid(); uid != 0 {
		a.Cloneflags |= syscall.CLONE_NEWUSER
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: uid, Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: gid, Size: 1}}
	}
	return a
}

// forward passes signals on. A terminal's Ctrl-C reaches the inner process by itself as well: twice is as once to it.
func forward(p *os.Process) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM)
	go func() {
		for s := range c {
			_ = p.Signal(s) // it may have ended already
		}
	}()
}

// settle gives the inner process its own /run, for the names of namespaces and the lock of iptables, and a /proc that
// shows its own processes.
func settle() error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("making mounts private: %w", err)
	}
	if err := syscall.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return fmt.Errorf("mounting /proc: %w", err)
	}
	if err := syscall.Mount("tmpfs", "/run", "tmpfs", 0, "mode=0755"); err != nil {
		return fmt.Errorf("mounting /run: %w", err)
	}
	return nil
}

func inheritedListener() *os.File { return os.NewFile(3, "http") }
