package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
)

// figures of a step, printed as one JSON line.
type figures map[string]any

// step is one sentence of a story.
type step struct {
	name string
	tell func(context.Context, *telling) (figures, error)
}

// stories by name.
func stories() map[string]tale {
	return map[string]tale{
		"pause":    {steps: pauseStory()},
		"tv":       {steps: tvStory(), house: onLine},
		"identity": {steps: identityStory()},
		"visit":    {steps: visitStory()},
		"support":  {steps: supportStory(), house: onLine, watched: true},
	}
}

// telling is a story under way.
type telling struct {
	*House
	phone  *Probe
	flows  map[string]*testbed.Flow // of the phone
	others map[string]*testbed.Flow // of the laptop and the TV

	field    *fieldwork
	desktop  *desktop
	code     string   // claim code of the box out of its carton
	crowded  measured // the TV without a reservation
	pristine string   // the box's queues and marks before anything was reserved
}

// tale is what a house goes through, a line of JSON each.
type tale struct {
	kind  string // of the whole, and of a part
	part  string
	name  string
	steps []step
	house func(Options) Options // that it asks for; nil: any

	watched bool // browsers can play it as well
}

// needs are the options of a house with what the tale asks for.
func (t tale) needs(o Options) Options {
	if t.house == nil {
		return o
	}
	return t.house(o)
}

// story finds a story by its name; "" is none.
func story(name string) (tale, error) {
	told, ok := stories()[name]
	if !ok && name != "" {
		return tale{}, fmt.Errorf("there is no story %q", name)
	}
	told.kind, told.part, told.name = "story", "step", name
	return told, nil
}

// tell builds a house, lets it go through a tale and prints a line a step; the last one carries all figures.
func tell(ctx context.Context, o Options, told tale) error {
	book := newAccount(told)
	h, err := NewHouse(ctx, told.needs(o))
	if err != nil {
		return err
	}
	defer h.Close()
	if err := book.step("house", seconds(book.begun), nil); err != nil {
		return err
	}
	t := &telling{House: h}
	for _, s := range told.steps {
		at := time.Now()
		f, err := s.tell(ctx, t)
		if err != nil {
			book.failed(s.name, err)
			return errors.Join(fmt.Errorf("%s %q, %s %q: %w\n%s", told.kind, told.name, told.part, s.name, err, tail([]byte(h.Log("agent")))),
				h.leave(os.Getenv("CAREBOX_OUT")))
		}
		if err := book.step(s.name, seconds(at), f); err != nil {
			return err
		}
	}
	if err := h.Close(); err != nil {
		return err
	}
	return book.close()
}

// account is what a tale prints: a line of JSON a step.
type account struct {
	tale  tale
	begun time.Time
	out   *json.Encoder
	all   figures
}

func newAccount(told tale) *account {
	return &account{tale: told, begun: time.Now(), out: json.NewEncoder(os.Stdout), all: figures{"name": told.name}}
}

// step tells of one that went well.
func (a *account) step(name string, took float64, f figures) error {
	line := figures{a.tale.part: name, "ok": true, "seconds": took}
	for k, v := range f {
		line[k] = v
		a.all[name+"."+k] = v
	}
	return a.out.Encode(line)
}

func (a *account) failed(name string, err error) {
	_ = a.out.Encode(figures{a.tale.part: name, "ok": false, "error": err.Error()}) // the error itself is told as well
}

// close prints the last line, with all figures.
func (a *account) close() error {
	a.all["seconds"] = seconds(a.begun)
	data, err := json.Marshal(a.all)
	if err != nil {
		return err
	}
	_, err = fmt.Printf("{%q:\"ok\",%s\n", a.tale.kind, data[1:]) // what people look for comes first
	return err
}

func seconds(since time.Time) float64 { return float64(time.Since(since).Milliseconds()) / 1000 }

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// families are the internet's addresses by the name of their family.
func families() map[string]netip.Addr {
	return map[string]netip.Addr{"v4": testbed.InternetIPv4, "v6": testbed.InternetIPv6}
}

// begin starts every kind of flow on the phone in both families, and one each on the laptop and the TV.
func (t *telling) begin(ctx context.Context) (err error) {
	t.flows, t.others = map[string]*testbed.Flow{}, map[string]*testbed.Flow{}
	for family, to := range families() {
		for _, kind := range []testbed.Kind{testbed.Download, testbed.Push} {
			if t.flows[string(kind)+"-"+family], err = t.Phone.Start(ctx, kind, to); err != nil {
				return err
			}
		}
		if t.others["laptop-"+family], err = t.Laptop.Start(ctx, testbed.Exchange, to); err != nil {
			return err
		}
		if t.others["tv-"+family], err = t.TV.Start(ctx, testbed.Push, to); err != nil {
			return err
		}
	}
	for _, flows := range []map[string]*testbed.Flow{t.flows, t.others} {
		if err := moving(ctx, flows); err != nil {
			return err
		}
	}
	return nil
}

// moving waits until every flow has brought something new.
func moving(ctx context.Context, flows map[string]*testbed.Flow) error {
	for name, f := range flows {
		before := f.Bytes()
		if err := poll(ctx, name+" to move", func() error {
			if f.Bytes() == before {
				return fmt.Errorf("%d bytes, as before (%v)", before, f.Err())
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// quiet watches the phone's flows for a time in which each would have brought hundreds of packets.
func (t *telling) quiet(ctx context.Context) error {
	const watch = time.Second
	before := map[string]uint64{}
	for name, f := range t.flows {
		before[name] = f.Bytes()
	}
	if err := rest(ctx, watch); err != nil {
		return err
	}
	for name, f := range t.flows {
		if n := f.Bytes() - before[name]; n > 0 {
			return fmt.Errorf("%s brought %d bytes after the cut was said to be in force", name, n)
		}
	}
	return nil
}

func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// end closes the phone's flows: most of them are dead after a cut.
func (t *telling) end() {
	for _, f := range t.flows {
		f.Close()
	}
}

// change asks for something and waits until it is in force; it returns when the request was sent.
func (t *telling) change(ctx context.Context, method, path string, body any) (time.Time, State, error) {
	at := time.Now()
	if _, err := t.Client.Change(ctx, method, path, body); err != nil {
		return at, State{}, err
	}
	s, err := t.Client.InForce(ctx)
	return at, s, err
}

func onPhone() map[string]any { return map[string]any{"for": map[string]string{"device": "leo-phone"}} }

// unnoticed shows that the others' flows never paused for longer than a slow machine explains.
func (t *telling) unnoticed(ctx context.Context) error {
	for name, f := range t.others {
		if err := f.Err(); err != nil {
			return fmt.Errorf("%s ended: %w", name, err)
		}
	}
	return moving(ctx, t.others)
}
