package firewall

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// shell runs programs, all at once, and waits for them.
type shell interface {
	Run(ctx context.Context, cmds []command) []result
}

type command struct {
	path  string
	args  []string
	stdin string
}

type result struct {
	stdout string
	err    error // names the program, wraps its exit and holds what it said
}

const (
	programDeadline = 10 * time.Second
	lockSeconds     = "5" // to wait for the lock that all of iptables-legacy shares
)

// lookPath finds a program, also where an ordinary user's PATH does not lead.
func lookPath(program string) (string, error) {
	path, err := exec.LookPath(program)
	for _, dir := range []string{"/usr/sbin", "/sbin"} {
		if err == nil {
			break
		}
		path, err = exec.LookPath(filepath.Join(dir, program))
	}
	return path, err
}

// programs is the real shell. It remembers the newest processes that it started, so that the kernel's news of their
// changes can be told from others'.
type programs struct {
	mu   sync.Mutex
	pids [32]uint32
	next int
}

// Run starts every program on the calling thread, whose network namespace they inherit, and then waits for each.
func (p *programs) Run(ctx context.Context, cmds []command) []result {
	ctx, cancel := context.WithTimeout(ctx, programDeadline)
	defer cancel()
	results := make([]result, len(cmds))
	running := make([]*process, len(cmds))
	for i, c := range cmds {
		running[i], results[i].err = p.start(ctx, c)
	}
	for i, r := range running {
		if r != nil {
			results[i] = r.wait(ctx)
		}
	}
	return results
}

func (p *programs) start(ctx context.Context, c command) (*process, error) {
	r := &process{cmd: exec.CommandContext(ctx, c.path, c.args...), name: filepath.Base(c.path)}
	r.cmd.Stdout, r.cmd.Stderr = &r.stdout, &r.stderr
	r.cmd.WaitDelay = time.Second
	if c.stdin != "" {
		r.cmd.Stdin = strings.NewReader(c.stdin)
	}
	if err := r.cmd.Start(); err != nil {
		return nil, fmt.Errorf("running %q: %w", r.name, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pids[p.next] = uint32(r.cmd.Process.Pid)
	p.next = (p.next + 1) % len(p.pids)
	return r, nil
}

// own says whether a process is one of the newest that were started here.
func (p *programs) own(pid uint32) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, one := range p.pids {
		if one == pid && pid != 0 {
			return true
		}
	}
	return false
}

type process struct {
	cmd            *exec.Cmd
	name           string
	stdout, stderr bytes.Buffer
}

func (r *process) wait(ctx context.Context) result {
	err := r.cmd.Wait()
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("%w (%w)", ctx.Err(), err)
	}
	if err != nil {
		said := strings.TrimSpace(r.stderr.String())
		err = fmt.Errorf("running %q: %w: %.300s", r.name, err, said)
	}
	return result{stdout: r.stdout.String(), err: err}
}
