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
	return f, t.back(ctx, at, f)
}

// tellRollback asks for a channel on which the TV hears nothing: the box goes back to the one before by itself.
func tellRollback(ctx context.Context, t *telling) (figures, error) {
	const deaf = 48
	stop := t.deafOn(ctx, fmt.Sprint(deaf))
	at := time.Now()
	if err := t.reserve(ctx, forTV(func(r *policies.Reservation) { r.Channel = deaf })); err != nil {
		return nil, errors.Join(err, stop())
	}
	if err := t.Air.Point.AwaitChannel(ctx, link5, deaf); err != nil {
		return nil, errors.Join(err, stop())
	}
	f := figures{"switchedMs": milliseconds(time.Since(at))}
	s, err := t.holds(ctx, wire.HoldRolledBack)
	if err != nil {
		return nil, errors.Join(err, stop())
	}
	f["rolledBackMs"], f["why"] = milliseconds(time.Since(at)), s.Why
	if s.Why != "tv-lost" {
		return nil, errors.Join(fmt.Errorf("the reservation is %+v", s), stop())
	}
	if err := t.Air.Point.AwaitChannel(ctx, link5, 44); err != nil {
		return nil, errors.Join(err, stop())
	}
	if err := t.Air.TV.awaitBox(ctx); err != nil {
		return nil, errors.Join(err, stop())
	}
	f["tvBackMs"] = milliseconds(time.Since(at))
	return f, errors.Join(stop(), t.release(ctx))
}

// deafOn takes the TV out of reach whenever its access point sends on a channel, until the function that it returns is called.
func (t *telling) deafOn(ctx context.Context, channel string) (stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() {
		done <- func() error {
			for {
				status, err := t.Air.Point.Status(ctx, link5)
				if err == nil {
					err = t.Air.reach(t.Air.TV, status["channel"] != channel)
				}
				if ctx.Err() != nil {
					return nil
				}
				if err != nil || rest(ctx, 100*time.Millisecond) != nil {
					return err
				}
			}
		}()
	}()
	return func() error {
		cancel()
		if err := <-done; err != nil {
			return err
		}
		return t.Air.reach(t.Air.TV, true)
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
