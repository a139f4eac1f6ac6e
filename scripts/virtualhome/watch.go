package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// A story that is watched is played by browsers on the display of who looks. Those run outside of the namespaces, where
// that display is; the house is inside. They share a listener: there the house tells who may sign in, and is told each step.

// watch is the outer process: it starts the house, and the browsers once that stands.
func watch(args []string, app string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	file, err := l.(*net.TCPListener).File()
	if err != nil {
		return errors.Join(err, l.Close())
	}
	house, err := enter(args, app, file)
	if err := errors.Join(err, file.Close(), l.Close()); err != nil { // from now on it is the house's alone
		return err
	}
	forward(house.Process)
	ctx, gone := context.WithCancel(context.Background())
	defer gone()
	var ended error
	done := make(chan struct{})
	go func() {
		ended = house.Wait()
		gone()
		close(done)
	}()
	played := play(ctx, "http://"+l.Addr().String())
	if played == nil || ctx.Err() != nil { // the house ends by itself, and says why
		<-done
		return ended
	}
	_ = house.Process.Signal(syscall.SIGTERM) // it may have ended already
	<-done
	return played
}

// play lets browsers play the story in the house behind an address, until ctx ends, and tells the house how that went.
func play(ctx context.Context, control string) error {
	var env []string
	if err := tellHouse(ctx, http.MethodGet, control+"/house", &env); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "npm", "--prefix", appFolder, "run", "--silent", "watch")
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr // what is on standard output is the story's
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 15 * time.Second
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("playing the story in browsers: %v", err) // not as a program's of ours, which has said why
	}
	return tellHouse(ctx, http.MethodPost, control+"/over", nil)
}

// tellHouse asks the house something. It answers once it stands.
func tellHouse(ctx context.Context, method, url string, answer any) error {
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the house answered %s", resp.Status)
	}
	if answer == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(answer)
}

// accompany is the inner process: the house, which prints the steps as the browsers tell them, until they say that it is over.
func accompany(ctx context.Context, o Options, told tale) error {
	l, err := net.FileListener(os.NewFile(4, "control"))
	if err != nil {
		return err
	}
	defer l.Close()
	book := newAccount(told)
	h, err := NewHouse(ctx, told.needs(o))
	if err != nil {
		return err
	}
	defer h.Close()
	if err := book.step("house", seconds(book.begun), nil); err != nil {
		return err
	}
	over := make(chan struct{}, 1)
	leave, err := h.attend(ctx, l, func(mux *http.ServeMux) {
		mux.HandleFunc("GET /house", func(w http.ResponseWriter, _ *http.Request) { answer(w, h.environment(l.Addr().String())) })
		mux.HandleFunc("POST /told", book.take)
		mux.HandleFunc("POST /over", func(http.ResponseWriter, *http.Request) { over <- struct{}{} })
	})
	if err != nil {
		return err
	}
	defer leave()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-over:
	}
	if err := h.Close(); err != nil {
		return err
	}
	return book.close()
}

// take prints a step that a browser's script tells.
func (a *account) take(w http.ResponseWriter, r *http.Request) {
	var told struct {
		Step    string  `json:"step"`
		Seconds float64 `json:"seconds"`
		Error   string  `json:"error"`
		Figures figures `json:"figures"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&told); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if told.Error != "" {
		a.failed(told.Step, errors.New(told.Error))
		return
	}
	if err := a.step(told.Step, told.Seconds, told.Figures); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
