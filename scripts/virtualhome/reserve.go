package main

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// tellValidation asks for what this box cannot keep: each is refused with its own word, and nothing moves.
func tellValidation(ctx context.Context, t *telling) (figures, error) {
	before, err := t.Client.State(ctx)
	if err != nil {
		return nil, err
	}
	var f = figures{}
	for code, wrong := range map[string]func(*policies.Reservation){
		"fallback-missing": func(r *policies.Reservation) { r.Channel, r.Width = 52, 20 },
		"fallback-radar":   func(r *policies.Reservation) { r.Channel, r.Width, r.Fallback = 52, 20, []int{56} },
		"fallback-illegal": func(r *policies.Reservation) { r.Channel, r.Width, r.Fallback = 52, 20, []int{16} },
		"channel-illegal":  func(r *policies.Reservation) { r.Channel, r.Width = 177, 20 },
		"width-unfit":      func(r *policies.Reservation) { r.Channel, r.Width = 140, 80 },
		"floors-too-high":  func(r *policies.Reservation) { r.FloorDown = 80_000_001 },
	} {
		err := t.reserve(ctx, forTV(wrong))
		if err == nil || !strings.Contains(err.Error(), `"`+code+`"`) {
			return nil, fmt.Errorf("asking for what is %s: %v", code, err)
		}
		f[code] = true
	}
	after, err := t.Client.State(ctx)
	if err == nil && (after.Asked.Revision != before.Asked.Revision || len(after.Reservations) > 0) {
		err = fmt.Errorf("something was taken: %+v", after.Reservations)
	}
	if err != nil {
		return nil, err
	}
	return f, t.Air.Point.AwaitChannel(ctx, link5, 36)
}

// tellFollow reserves a channel for the TV, which is asked for an answer every 10 ms meanwhile.
func tellFollow(ctx context.Context, t *telling) (figures, error) {
	before, err := t.Air.TV.Events(left)
	if err != nil {
		return nil, err
	}
	watch, err := t.ask(ctx)
	if err != nil {
		return nil, err
	}
	at := time.Now()
	if err := t.reserve(ctx, forTV(nil)); err != nil {
		return nil, err
	}
	s, err := t.holds(ctx, wire.HoldInForce)
	if err != nil {
		return nil, err
	}
	proved := time.Since(at)
	if err := t.Air.Point.AwaitChannel(ctx, link5, 44); err != nil {
		return nil, err
	}
	if err := t.Air.TV.Await(ctx, "home", "5220"); err != nil {
		return nil, err
	}
	sent, lost, err := watch()
	if err != nil {
		return nil, err
	}
	after, err := t.Air.TV.Events(left)
	if err != nil {
		return nil, err
	}
	f := figures{"inForceMs": milliseconds(proved), "pings": sent, "lost": lost, "lostPercent": 100 * lost / sent, "left": after - before}
	for name, q := range map[string]*wire.Figures{"before": s.Before, "after": s.After} {
		if q != nil {
			f[name+"SignalDBm"], f[name+"RateMbit"] = q.Signal, q.Rate/1_000_000
		}
	}
	if after != before || 100*lost > 2*sent {
		return nil, fmt.Errorf("the TV did not follow: %v", f)
	}
	return f, nil
}

// ask lets the TV ask the box every 10 ms, until the function that it returns has the sums.
func (t *telling) ask(ctx context.Context) (func() (sent, lost float64, err error), error) {
	var said bytes.Buffer
	cmd := t.TV.Command(ctx, "ping", "-q", "-i", "0.01", testbed.BoxIPv4.String())
	cmd.Stdout = &said
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return func() (sent, lost float64, err error) {
		if err := rest(ctx, 10*time.Second); err != nil {
			return 0, 0, err
		}
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			return 0, 0, err
		}
		_ = cmd.Wait() // its exit code says whether there was any answer
		words := strings.Fields(said.String())
		for i, w := range words {
			if w == "packets" {
				sent, err = strconv.ParseFloat(words[i-1], 64)
			}
			if err == nil && strings.HasPrefix(w, "received") {
				lost, err = strconv.ParseFloat(words[i-1], 64)
				lost = sent - lost
			}
		}
		if err != nil || sent == 0 {
			return 0, 0, fmt.Errorf("reading what ping said: %w: %s", err, &said)
		}
		return sent, lost, nil
	}, nil
}

// tellExclusive keeps the phone off the TV's channel: it is asked to go to the other band, and refused where it was.
func tellExclusive(ctx context.Context, t *telling) (figures, error) {
	phone, point := t.Air.Phone, address5
	if err := phone.roam(ctx, point, "5220"); err != nil {
		return nil, err
	}
	tv, err := t.Air.TV.Events(left)
	if err != nil {
		return nil, err
	}
	at := time.Now()
	if err := t.reserve(ctx, forTV(func(r *policies.Reservation) { r.Exclusive = true })); err != nil {
		return nil, err
	}
	if err := phone.Await(ctx, "home", "2437"); err != nil {
		return nil, err
	}
	f := figures{"steeredMs": milliseconds(time.Since(at))}
	if s, err := t.holds(ctx, wire.HoldInForce); err != nil || !s.Exclusive {
		return nil, fmt.Errorf("the reservation is %+v: %w", s, err)
	}
	f["inForceMs"] = milliseconds(time.Since(at))
	before, err := phone.Events(refused)
	if err != nil {
		return nil, err
	}
	if _, err := phone.Ask(ctx, "roam", point); err != nil {
		return nil, err
	}
	if err := phone.AwaitEvents(ctx, refused, before); err != nil {
		return nil, fmt.Errorf("the phone was not refused: %w", err)
	}
	if err := phone.Await(ctx, "home", "2437"); err != nil {
		return nil, err
	}
	if after, err := t.Air.TV.Events(left); err != nil || after != tv {
		return nil, fmt.Errorf("the TV left %d times: %w", after-tv, err)
	}
	if err := t.release(ctx); err != nil {
		return nil, err
	}
	return f, phone.roam(ctx, point, "5")
}

// roam moves a station to an access point and waits until it is there. One that has been refused there lately may not
// want to at once.
func (s *station) roam(ctx context.Context, point, frequency string) error {
	return poll(ctx, s.Node.Name+" to roam to "+point, func() error {
		if _, at, err := s.Joined(ctx); err != nil || strings.HasPrefix(at, frequency) {
			return err
		}
		if _, err := s.Ask(ctx, "scan"); err != nil {
			return err
		}
		if err := rest(ctx, 3*time.Second); err != nil {
			return err
		}
		said, err := s.Ask(ctx, "roam", point)
		if err != nil {
			return err
		}
		if err := rest(ctx, 2*time.Second); err != nil {
			return err
		}
		return fmt.Errorf("it says %q", strings.TrimSpace(said))
	})
}
