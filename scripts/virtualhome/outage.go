package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// tellHostapdKilled kills hostapd while the phone is refused and the TV has its channel. A new one knows nothing of
// either; the agent tells it.
func tellHostapdKilled(ctx context.Context, t *telling) (figures, error) {
	if err := t.reserve(ctx, forTV(nil)); err != nil {
		return nil, err
	}
	if _, err := t.holds(ctx, wire.HoldInForce); err != nil {
		return nil, err
	}
	if _, _, err := t.change(ctx, http.MethodPost, "/pause", onPhone()); err != nil {
		return nil, err
	}
	if err := t.Air.Point.AwaitGone(ctx, t.Air.Phone); err != nil {
		return nil, err
	}
	if err := t.Air.Point.Kill(); err != nil {
		return nil, err
	}
	at := time.Now()
	if err := t.Air.Point.Start(ctx); err != nil {
		return nil, err
	}
	f := figures{"hostapdMs": milliseconds(time.Since(at))}
	if err := t.Air.Point.AwaitChannel(ctx, link5, 44); err != nil {
		return nil, err
	}
	f["channelMs"] = milliseconds(time.Since(at))
	if err := t.Air.TV.Await(ctx, "home", "5220"); err != nil {
		return nil, err
	}
	f["tvBackMs"] = milliseconds(time.Since(at))
	refusal, err := t.out(ctx, at)
	if err != nil {
		return nil, err
	}
	f["phoneRefusedMs"] = refusal["refusedMs"]
	if _, err := t.holds(ctx, wire.HoldInForce); err != nil {
		return nil, err
	}
	at = time.Now()
	if _, err := t.Client.Change(ctx, http.MethodPost, "/resume", onPhone()); err != nil {
		return nil, err
	}
	// A phone that has been refused for long waits for longer and longer; people then tap on their network.
	if _, err := t.Air.Phone.Ask(ctx, "select_network", "0"); err != nil {
		return nil, err
	}
	return f, t.back(ctx, at, f)
}

// tellRollback asks for a channel on which the TV hears nothing: the box goes back to the one before by itself.
func tellRollback(ctx context.Context, t *telling) (figures, error) {
	stop := t.deafOn("5240")
	f, err := t.losingTV(ctx)
	if err = errors.Join(err, stop()); err != nil {
		return nil, err
	}
	return f, t.release(ctx)
}

func (t *telling) losingTV(ctx context.Context) (figures, error) {
	at := time.Now()
	if err := t.reserve(ctx, forTV(func(r *policies.Reservation) { r.Channel = 48 })); err != nil {
		return nil, err
	}
	if err := t.Air.Point.AwaitChannel(ctx, link5, 48); err != nil {
		return nil, err
	}
	f := figures{"switchedMs": milliseconds(time.Since(at))}
	s, err := t.holds(ctx, wire.HoldRolledBack)
	if err != nil {
		return nil, err
	}
	f["rolledBackMs"], f["why"] = milliseconds(time.Since(at)), s.Why
	if s.Why != "tv-lost" {
		return nil, fmt.Errorf("the reservation is %+v", s)
	}
	if err := t.Air.Point.AwaitChannel(ctx, link5, 44); err != nil {
		return nil, err
	}
	if err := t.Air.TV.awaitBox(ctx); err != nil {
		return nil, err
	}
	f["tvBackMs"] = milliseconds(time.Since(at))
	return f, nil
}

// deafOn takes the TV out of reach from the moment at which hostapd announces a frequency (MHz) until it announces
// another one, or the function that it returns is called.
func (t *telling) deafOn(frequency string) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- func() error {
			hears := true
			for rest(ctx, 5*time.Millisecond) == nil {
				last, err := t.Air.Point.announced()
				if wants := last != frequency; err == nil && wants != hears {
					hears, err = wants, t.Air.reach(t.Air.TV, wants)
				}
				if err != nil {
					return err
				}
			}
			return t.Air.reach(t.Air.TV, true)
		}()
	}()
	return func() error {
		cancel()
		return <-done
	}
}

// tellRadar reserves a channel that needs a radar check, lets it pass, and then lets a radar appear.
func tellRadar(ctx context.Context, t *telling) (figures, error) {
	at := time.Now()
	if err := t.reserve(ctx, forTV(func(r *policies.Reservation) {
		r.Channel, r.Width, r.Fallback, r.Now = 52, 20, []int{40}, true
	})); err != nil {
		return nil, err
	}
	if _, err := t.holds(ctx, wire.HoldChecking); err != nil {
		return nil, err
	}
	if _, err := t.holds(ctx, wire.HoldInForce); err != nil {
		return nil, err
	}
	f := figures{"checkedMs": milliseconds(time.Since(at))}
	if err := t.Air.TV.Await(ctx, "home", "5260"); err != nil {
		return nil, err
	}
	f["tvThereMs"] = milliseconds(time.Since(at))
	at = time.Now()
	if err := t.Air.radar(); err != nil {
		return nil, err
	}
	s, err := t.holds(ctx, wire.HoldMoved)
	if err != nil {
		return nil, err
	}
	f["movedMs"] = milliseconds(time.Since(at))
	if s.Why != "radar" || s.Channel != 40 || s.Returns == nil {
		return nil, fmt.Errorf("the reservation is %+v", s)
	}
	f["returnsMinutes"] = time.Until(*s.Returns).Round(time.Minute).Minutes()
	if err := t.Air.Point.AwaitChannel(ctx, link5, 40); err != nil {
		return nil, err
	}
	if err := t.Air.TV.Await(ctx, "home", "5200"); err != nil {
		return nil, err
	}
	f["tvBackMs"] = milliseconds(time.Since(at))
	return f, t.release(ctx)
}
