package diagnose

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/carebox-project/carebox/policies/wire"
)

func TestLogsAreKeptAndRedacted(t *testing.T) {
	var out bytes.Buffer
	l := &Log{}
	log := slog.New(l.Handler(slog.NewTextHandler(&out, nil)))
	d := New(Parts{Log: l})
	if h := ask(t.Context(), t, d, wire.QueryLog, `{}`); h.last != `{"lines":[]}` {
		t.Errorf("before anything was written: %s", h.last)
	}
	log.Debug("not written, not kept")
	log.With("part", "portal").Warn("more time asked for", "device", "leos-phone", "name", "Léo", "minutes", 30,
		"error", errors.New("device 02:00:00:00:00:0A and 02-00-00-00-00-0b: gone"))
	log.WithGroup("of").Info("grouped", "error", "whose?")
	h := ask(t.Context(), t, d, wire.QueryLog, `{"lines":2}`)
	lines := in[wire.LogAnswer](t, h.last).Lines
	if len(lines) != 2 || lines[0].Level != "WARN" || lines[0].Message != "more time asked for" || lines[0].At.IsZero() {
		t.Fatalf("%+v", lines)
	}
	want := map[string]string{"part": "portal", "device": hidden, "name": hidden, "minutes": hidden, "error": "device … and …: gone"}
	for key, value := range want {
		if lines[0].Fields[key] != value {
			t.Errorf("%s is told as %q", key, lines[0].Fields[key])
		}
	}
	if lines[1].Fields["error"] != hidden {
		t.Errorf("%+v", lines[1])
	}
	if !strings.Contains(out.String(), "leos-phone") || strings.Contains(out.String(), "not written") {
		t.Errorf("the log itself is another one: %s", out.String())
	}
	for range 3 * maxLines {
		log.Error(strings.Repeat("x", 10_000), "error", strings.Repeat("\x00", 10_000))
	}
	h = ask(t.Context(), t, d, wire.QueryLog, `{"lines":200}`)
	if h.err != nil || len(h.pieces) != 9 {
		t.Errorf("%v, %d pieces", h.err, len(h.pieces))
	}
	if len(l.ring) != maxLines || cap(l.ring) > 2*maxLines {
		t.Errorf("%d lines are kept", len(l.ring))
	}
}
