package diagnose

import (
	"context"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/carebox-project/carebox/policies/wire"
)

const (
	maxLines = 200
	maxField = 300 // bytes
	linesIn  = 20  // of one result
)

// Log keeps the newest lines that the agent wrote, for people who help.
type Log struct {
	mu   sync.Mutex
	ring []wire.LogLine // oldest first
}

// Handler writes to another handler, and keeps what is written.
func (l *Log) Handler(to slog.Handler) slog.Handler { return &keeper{log: l, to: to} }

// keeper is a handler with the fields that it was given.
type keeper struct {
	log    *Log
	to     slog.Handler
	fields []slog.Attr
	group  string
}

func (k *keeper) Enabled(ctx context.Context, level slog.Level) bool { return k.to.Enabled(ctx, level) }

func (k *keeper) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &keeper{log: k.log, to: k.to.WithAttrs(attrs), fields: append(slices.Clip(k.fields), attrs...), group: k.group}
}

func (k *keeper) WithGroup(name string) slog.Handler {
	return &keeper{log: k.log, to: k.to.WithGroup(name), fields: k.fields, group: name}
}

func (k *keeper) Handle(ctx context.Context, r slog.Record) error {
	line := wire.LogLine{At: r.Time.UTC(), Level: r.Level.String(), Message: short(r.Message), Fields: map[string]string{}}
	take := func(a slog.Attr) bool {
		line.Fields[a.Key] = shown(a, k.group != "")
		return true
	}
	for _, a := range k.fields {
		take(a)
	}
	r.Attrs(take)
	k.log.keep(line)
	return k.to.Handle(ctx, r)
}

func (l *Log) keep(line wire.LogLine) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ring) >= maxLines {
		l.ring = slices.Delete(l.ring, 0, len(l.ring)-maxLines+1)
	}
	l.ring = append(l.ring, line)
}

// lines are the newest.
func (l *Log) lines(most int) []wire.LogLine {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.ring[max(0, len(l.ring)-most):])
}

const hidden = "…"

// harmless are the fields that say nothing of a person: of all others only that they are there is told.
var harmless = []string{
	"part", "error", "err", "reason", "why", "at", "by", "box", "version", "revision", "scope", "left", "until", "again", "took",
	"code", "state", "backend", "link", "radio", "channel", "width", "rules", "grant",
}

// addressed are what names a device wherever it stands.
var addressed = regexp.MustCompile(`(?i)\b[0-9a-f]{2}([:-][0-9a-f]{2}){5}\b`)

// worded are the fields that hold what went wrong in words: those of other programs too.
var worded = []string{"error", "err", "reason", "why"}

// named are what says in words where somebody went, or is: links and mail addresses, IPv4 and IPv6 addresses, names with a
// dot (those of files too), and what was looked up. What is hidden by one is none for the next.
var named = []*regexp.Regexp{
	regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*://[^\s"]+|[^\s"@:]+@[^\s"@:]+`),
	regexp.MustCompile(`\d{1,3}(\.\d{1,3}){3}`),
	regexp.MustCompile(`(?i)([0-9a-f]{1,4}:[0-9a-f]{0,4}|:):[0-9a-f:]*(%[\w.-]+)?`),
	regexp.MustCompile(`[\pL\pN_-]+(\.[\pL\pN_-]+)*\.\pL[\pL\pN-]*`),
	regexp.MustCompile(`lookup [^\s:]+`),
}

// shown is a field as others may read it.
func shown(a slog.Attr, grouped bool) string {
	if grouped || !slices.Contains(harmless, a.Key) {
		return hidden
	}
	text := addressed.ReplaceAllString(a.Value.Resolve().String(), hidden)
	if slices.Contains(worded, a.Key) {
		for _, name := range named {
			text = name.ReplaceAllString(text, hidden)
		}
	}
	return short(text)
}

func short(text string) string { return strings.ToValidUTF8(text[:min(len(text), maxField)], "") }

func (w work) log(context.Context) (any, error) {
	var args wire.LogArgs
	if err := w.read(&args); err != nil {
		return nil, err
	}
	if err := within("lines", &args.Lines, 100, 1, maxLines); err != nil {
		return nil, err
	}
	if w.parts.Log == nil {
		return nil, errLacking
	}
	all := w.parts.Log.lines(args.Lines)
	for len(all) > linesIn {
		if err := w.say(wire.LogAnswer{Lines: all[:linesIn]}); err != nil {
			return nil, err
		}
		all = all[linesIn:]
	}
	return wire.LogAnswer{Lines: append([]wire.LogLine{}, all...)}, nil
}
