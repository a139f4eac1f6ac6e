package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// options of a run.
type options struct {
	guest    string
	http     string
	out      string
	accel    string
	deadline time.Duration
}

// job is what the guest reads from the shared folder.
type job struct {
	Args []string `json:"args"`
	Env  []string `json:"env"`
	Dir  string   `json:"dir"`
	Net  bool     `json:"net"` // has a network card that leads to this machine
}

// Files of the shared folder, which the guest knows as /lab.
const (
	jobFile    = "job.json"
	bootedFile = "booted" // the guest stands
	codeFile   = "code"   // the program's exit code, once it has ended
	outFile    = "stdout"
	errFile    = "stderr"
	keepFolder = "keep" // CAREBOX_OUT
)

// Between a cold start and the guest's own program. A busy machine without KVM takes 10 s.
const (
	bootKVM = 10 * time.Second
	bootTCG = 3 * time.Minute
)

var errBoot = errors.New("the virtual machine did not boot")

// boot runs a program in a new machine. Where KVM is offered but does not boot, as inside other virtual machines, it
// takes the slow way and remembers it until this machine starts anew.
func boot(ctx context.Context, o options, args []string) (int, error) {
	accel := o.accel
	refused := filepath.Join(o.guest, "kvm-refused")
	if accel == "" {
		accel = "tcg"
		if offersKVM() && !sameBoot(refused) {
			accel = "kvm"
		}
	}
	code, err := once(ctx, o, accel, args)
	if accel == "kvm" && o.accel == "" && errors.Is(err, errBoot) && ctx.Err() == nil {
		_ = os.WriteFile(refused, bootID(), 0o600) // a cache that cannot be written costs some seconds a run
		code, err = once(ctx, o, "tcg", args)
	}
	return code, err
}

func offersKVM() bool {
	f, err := os.OpenFile("/dev/kvm", os.O_RDWR, 0)
	if err != nil {
		return false
	}
	return f.Close() == nil
}

func bootID() []byte {
	data, _ := os.ReadFile("/proc/sys/kernel/random/boot_id") // without one every start is the same to us
	return data
}

func sameBoot(file string) bool {
	data, err := os.ReadFile(file)
	return err == nil && bytes.Equal(data, bootID())
}

// once boots a machine, runs the program and takes the machine away.
func once(ctx context.Context, o options, accel string, args []string) (int, error) {
	shared, err := os.MkdirTemp("", "carebox-lab-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(shared)
	if err := prepare(shared, o, args); err != nil {
		return 0, err
	}
	m, err := start(o, accel, shared)
	if err != nil {
		return 0, err
	}
	defer m.kill()
	if err := m.await(ctx, accel); err != nil {
		return 0, err
	}
	err = m.run(ctx)
	if err := keep(shared, o.out); err != nil {
		return 0, err
	}
	if err != nil {
		return 0, err
	}
	var code int
	data, err := os.ReadFile(filepath.Join(shared, codeFile))
	if err == nil {
		_, err = fmt.Sscan(string(data), &code)
	}
	if err != nil {
		return 0, fmt.Errorf("the virtual machine ended before its program did: %w\n%s", err, m.console())
	}
	return code, nil
}

func prepare(shared string, o options, args []string) error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	data, err := json.Marshal(job{Args: args, Env: os.Environ(), Dir: dir, Net: o.http != ""})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(shared, jobFile), data, 0o600); err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(shared, keepFolder), 0o755); err != nil {
		return err
	}
	for _, name := range []string{outFile, errFile} {
		if err := os.WriteFile(filepath.Join(shared, name), nil, 0o600); err != nil {
			return err
		}
	}
	return writeInitrd(filepath.Join(shared, "initrd"), o.guest)
}

// keep moves what the program left to where it was asked for.
func keep(shared, out string) error {
	if out == "" {
		return nil
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	from := filepath.Join(shared, keepFolder)
	if said, err := exec.Command("cp", "-r", from+"/.", out).CombinedOutput(); err != nil {
		return fmt.Errorf("keeping what the program left: %w: %s", err, said)
	}
	return nil
}

// follow copies what the guest has appended to a file since the last call.
type follow struct {
	file *os.File
	to   io.Writer
}

func (f follow) copy() error {
	_, err := io.Copy(f.to, f.file)
	return err
}

// tail is the end of a text, for an error.
func tail(data []byte) string {
	const kept = 3000
	return strings.TrimSpace(string(data[max(0, len(data)-kept):]))
}
