package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// program is a running process of the house.
type program struct {
	cmd  *exec.Cmd
	log  string
	done chan struct{}
	err  error // of Wait, once done is closed
}

func start(cmd *exec.Cmd, log string) (*program, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	// A group of its own: a terminal's Ctrl-C ends the house in order, not its programs first.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %q: %w", cmd.Path, err)
	}
	p := &program{cmd: cmd, log: log, done: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// end signals the process and waits for it; one that does not listen within 15 s is killed, which is an error.
func (p *program) end(s syscall.Signal) error {
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-p.done:
		return nil
	case <-time.After(15 * time.Second):
	}
	err := p.cmd.Process.Kill()
	<-p.done
	return errors.Join(fmt.Errorf("%s did not end by itself", p.cmd.Path), err)
}

// await polls until ok has no error; it gives up when the process ends.
func (p *program) await(ctx context.Context, what string, ok func() error) error {
	return poll(ctx, what, func() error {
		select {
		case <-p.done:
			data, _ := os.ReadFile(p.log) // its last words, if it had any
			return fatal{fmt.Errorf("%s ended: %w: %s", p.cmd.Path, p.err, tail(data))}
		default:
			return ok()
		}
	})
}

// fatal is an error that waiting cannot mend.
type fatal struct{ error }

// poll calls ok until it has no error, for as long as anything in a house may take.
func poll(ctx context.Context, what string, ok func() error) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	for {
		err := ok()
		if err == nil {
			return nil
		}
		if errors.As(err, &fatal{}) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w: %w", what, ctx.Err(), err)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func tail(data []byte) []byte {
	const keep = 2000
	return data[max(0, len(data)-keep):]
}
