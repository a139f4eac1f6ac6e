package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// copied is a copy of a box that never rests: it connects again as soon as it is thrown out, twenty times a second at most.
func (h *House) copied(ctx context.Context, t *testing.T) {
	dial, err := h.dialAs(h.Access.Box)
	if err != nil {
		t.Error(err)
		return
	}
	connect := "\x00\x04MQTT\x04\x02\x00\x3c\x00" + string(rune(len(h.Access.Box))) + h.Access.Box
	pace := time.NewTicker(50 * time.Millisecond)
	defer pace.Stop()
	for ; ctx.Err() == nil; <-pace.C {
		conn, err := dial(ctx)
		if err != nil {
			continue
		}
		stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
		_, _ = io.WriteString(conn, "\x10"+string(rune(len(connect)))+connect)
		_, _ = io.Copy(io.Discard, conn) // until it is thrown out
		stop()
		_ = conn.Close() // it is gone
	}
}

// TestACopyDoesNotSilenceTheBox: the copy holds the line whenever it may, and the family's changes still reach the box.
func TestACopyDoesNotSilenceTheBox(t *testing.T) {
	h := newHouse(t, Options{})
	ctx, stop := context.WithCancel(t.Context())
	var copies sync.WaitGroup
	defer copies.Wait()
	defer stop()
	copies.Go(func() { h.copied(ctx, t) })
	patient := func(what string, ok func() error) {
		t.Helper()
		var err error
		for end := time.Now().Add(8 * time.Minute); time.Now().Before(end); { // each turn is a minute, and the agent knocks with jitter
			if err = poll(ctx, what, ok); err == nil {
				return
			}
		}
		t.Fatal(err)
	}
	began := time.Now()
	patient("the copy to be noticed", func() error {
		out, err := exec.CommandContext(ctx, filepath.Join(h.options.Bin, "carebox-cloud"), "boxes", "show", "-config", h.cloudConfig(), "-serial", h.Access.Box).Output()
		if err != nil {
			return fatal{withOutput(err)}
		}
		var shown struct{ Cloned *struct{ Takeovers int } }
		if err := json.Unmarshal(out, &shown); err != nil {
			return fatal{err}
		}
		if shown.Cloned == nil {
			return errors.New("nobody knows of it")
		}
		return nil
	})
	t.Logf("noticed after %v", time.Since(began))
	for _, path := range []string{"/pause", "/resume"} {
		asked := time.Now()
		if _, err := h.Client.Change(ctx, http.MethodPost, path, onPhone()); err != nil {
			t.Fatal(err)
		}
		patient("the change to be in force", func() error {
			_, err := h.Client.InForce(ctx)
			return err
		})
		t.Logf("%s in force after %v", path, time.Since(asked))
	}
}
