package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWatchIsRefusedBeforeAnythingIsBuilt calls scripts/demo as people do.
func TestWatchIsRefusedBeforeAnythingIsBuilt(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "wayland-9") // a file, and no socket
	if err := os.WriteFile(gone, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, arguments, display, wayland string
		code                              int
		says                              string
	}{
		{"no story", "--watch", ":0", "", 2, `only the story "support"`},
		{"the first story", "--story --watch", ":0", "", 2, `only the story "support"`},
		{"another story", "--watch --story tv", ":0", "", 2, `only the story "support"`},
		{"in the laboratory", "--story support --wifi --watch", ":0", "", 2, `only the story "support"`},
		{"no display", "--story support --watch", "", "", 1, "xvfb-run"},
		{"nobody at the display", "--story support --watch", ":98765", "", 1, "DISPLAY is ':98765'"},
		{"nobody at the second screen", "--watch --story support", "unix:98765.1", "", 1, "xvfb-run"},
		{"no compositor", "--story support --watch", "", gone, 1, "WAYLAND_DISPLAY is '" + gone + "'"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), "../demo", strings.Fields(c.arguments)...)
			cmd.Env = append(os.Environ(), "DISPLAY="+c.display, "WAYLAND_DISPLAY="+c.wayland)
			var out, said bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &said
			var exit *exec.ExitError
			if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() != c.code {
				t.Errorf("it ended with %v, want %d", err, c.code)
			}
			if !strings.Contains(said.String(), c.says) || out.Len() > 0 || strings.Contains(said.String(), "setup:") {
				t.Errorf("it said %q and %q, want %q", out.String(), said.String(), c.says)
			}
		})
	}
}

func TestOnlyOneStoryCanBeWatched(t *testing.T) {
	for name := range stories() {
		told, err := story(name)
		if err != nil || told.watched != (name == "support") {
			t.Errorf("%s: watched %t, %v", name, told.watched, err)
		}
	}
	if err := run([]string{"-story", "tv", "-watch"}); err == nil || !strings.Contains(err.Error(), "only the story support") {
		t.Errorf("a story that nobody can watch: %v", err)
	}
	if err := run([]string{"-story", "nothing"}); err == nil || !strings.Contains(err.Error(), `"nothing"`) {
		t.Errorf("a story that is none: %v", err)
	}
}

// TestAWatchedStoryIsTold plays what people watch, as fast as it goes and without a display.
func TestAWatchedStoryIsTold(t *testing.T) {
	told, err := story("support")
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, told.needs(Options{App: "../../mobile-api/app"}))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var lines, out bytes.Buffer
	book := newAccount(told)
	book.out = json.NewEncoder(&lines)
	leave, err := h.attend(t.Context(), l, func(mux *http.ServeMux) { mux.HandleFunc("POST /told", book.take) })
	if err != nil {
		t.Fatal(err)
	}
	err = h.run(t.Context(), &out, "watch", append(h.environment(l.Addr().String()), "CAREBOX_PACE=0"))
	leave()
	t.Log(out.String())
	if err != nil {
		t.Fatal(err)
	}
	var steps []string
	for decoder := json.NewDecoder(&lines); decoder.More(); {
		var line struct {
			Step string
			OK   bool
		}
		if err := decoder.Decode(&line); err != nil || !line.OK {
			t.Errorf("a line is %+v: %v", line, err)
		}
		steps = append(steps, line.Step)
	}
	if got, want := strings.Join(steps, " "), "sign-in ask take consent see ping reserve undo end again cut-off link-back"; got != want {
		t.Errorf("the steps are %q, want %q", got, want)
	}
	if book.all["end.next"] != 403.0 || book.all["link-back.endedBy"] != "box" {
		t.Errorf("the figures are %v", book.all)
	}
}

func TestABrokenStepIsTold(t *testing.T) {
	told, err := story("support")
	if err != nil {
		t.Fatal(err)
	}
	var lines bytes.Buffer
	book := newAccount(told)
	book.out = json.NewEncoder(&lines)
	for body, want := range map[string]string{
		`{"step":"ping","error":"nobody answers"}`:                          `{"error":"nobody answers","ok":false,"step":"ping"}`,
		`{"step":"ping","seconds":1.5,"figures":{"said":"5 of 5 answers"}}`: `{"ok":true,"said":"5 of 5 answers","seconds":1.5,"step":"ping"}`,
		`{"step":"ping",`: "",
	} {
		lines.Reset()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/told", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		book.take(httptest.NewRecorder(), r)
		if got := strings.TrimSpace(lines.String()); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}
