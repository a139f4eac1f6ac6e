package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// rotation is a house whose operator changes keys.
type rotation struct {
	*House
	t *testing.T
}

type standing struct {
	Keys []struct {
		Key, Role   string
		Boxes, Told int
		Needed      bool
	}
	Mute int
}

func (r *rotation) file(name string) string { return filepath.Join(r.dir, name) }

// cloudSays runs the operator's command.
func (r *rotation) cloudSays(more ...string) []byte {
	r.t.Helper()
	args := append([]string{"operator-key", "-config", r.cloudConfig()}, more...)
	out, err := exec.CommandContext(r.t.Context(), filepath.Join(r.options.Bin, "carebox-cloud"), args...).Output()
	if err != nil {
		r.t.Fatal(withOutput(err))
	}
	return out
}

// with restarts the cloud with other keys.
func (r *rotation) with(keys map[string]any) {
	r.t.Helper()
	for _, step := range []func() error{
		r.KillCloud, func() error { return amend(r.cloudConfig(), keys) }, func() error { return r.StartCloud(r.t.Context()) },
	} {
		if err := step(); err != nil {
			r.t.Fatal(err)
		}
	}
}

// stands waits until the keys stand so, in the order of the configuration: role, boxes, told, needed.
func (r *rotation) stands(want string) {
	r.t.Helper()
	if err := poll(r.t.Context(), "the keys to stand as "+want, func() error {
		var s standing
		if err := json.Unmarshal(r.cloudSays(), &s); err != nil {
			return err
		}
		got := ""
		for _, k := range s.Keys {
			got += fmt.Sprintf("%s %d %d %t; ", k.Role, k.Boxes, k.Told, k.Needed)
		}
		if got != want || s.Mute != 0 {
			return fmt.Errorf("they stand as %s%d mute", got, s.Mute)
		}
		return nil
	}); err != nil {
		r.t.Fatal(err)
	}
}

// obeys changes something, and waits until it is in force on the box.
func (r *rotation) obeys() {
	r.t.Helper()
	for _, path := range []string{"/pause", "/resume"} {
		if _, err := r.Client.Change(r.t.Context(), http.MethodPost, path, onPhone()); err != nil {
			r.t.Fatal(err)
		}
		if _, err := r.Client.InForce(r.t.Context()); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *rotation) agent(start bool) {
	r.t.Helper()
	err := r.KillAgent()
	if start {
		err = errors.Join(err, r.StartAgent(r.t.Context()))
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

func TestTheOperatorsKeyIsRotated(t *testing.T) {
	r := &rotation{House: newHouse(t, Options{}), t: t}
	for _, name := range []string{"second.key", "third.key"} {
		r.cloudSays("-new", r.file(name))
		if info, err := os.Stat(r.file(name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Fatal(info, err)
		}
	}
	r.stands("signs 1 1 true; ")
	r.with(map[string]any{"operatorKeyNext": "second.key"})
	r.stands("signs 1 1 true; next 0 0 true; ")
	r.obeys() // by the old key
	r.agent(true)
	r.obeys()

	// The first letter by the new key ends the old one.
	r.with(map[string]any{"operatorKeys": []string{"operator.key"}, "operatorKey": "second.key", "operatorKeyNext": ""})
	r.stands("old 0 0 false; signs 1 1 true; ")
	r.obeys()
	r.agent(true) // whose disk has what both keys signed
	r.obeys()

	// Another rotation, while the box sleeps; the key that it believes is destroyed meanwhile, but for its letter.
	if err := r.KillAgent(); err != nil {
		t.Fatal(err)
	}
	r.with(map[string]any{"operatorKeys": []string{"second.key"}, "operatorKey": "third.key"})
	r.with(map[string]any{"operatorKeys": []string{}})
	if err := os.Remove(r.file("second.key")); err != nil {
		t.Fatal(err)
	}
	r.stands("signs 0 0 true; gone 1 0 false; ")
	if _, err := r.Client.Change(t.Context(), http.MethodPost, "/pause", onPhone()); err != nil {
		t.Fatal(err)
	}
	if err := r.StartAgent(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Client.InForce(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.stands("signs 1 1 true; ")
	r.agent(true)
	r.obeys()
}
