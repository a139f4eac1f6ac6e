package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// tellRefuse pauses the phone, whose effect is no-wifi: it is put out, asks again and is refused, and comes back by
// itself when it is let.
func tellRefuse(ctx context.Context, t *telling) (figures, error) {
	at := time.Now()
	if _, err := t.Client.Change(ctx, http.MethodPost, "/pause", onPhone()); err != nil {
		return nil, err
	}
	f, err := t.out(ctx, at)
	if err != nil {
		return nil, err
	}
	if _, err := t.Client.InForce(ctx); err != nil {
		return nil, err
	}
	f["inForceMs"] = milliseconds(time.Since(at))
	at = time.Now()
	if _, err := t.Client.Change(ctx, http.MethodPost, "/resume", onPhone()); err != nil {
		return nil, err
	}
	return f, t.back(ctx, at, f)
}

// out waits until the phone is put out and has been refused when it asked again. The TV stays.
func (t *telling) out(ctx context.Context, asked time.Time) (figures, error) {
	before, err := t.Air.Phone.Events(refused)
	if err != nil {
		return nil, err
	}
	if err := t.Air.Point.AwaitGone(ctx, t.Air.Phone); err != nil {
		return nil, err
	}
	f := figures{"goneMs": milliseconds(time.Since(asked))}
	if err := t.Air.Phone.AwaitEvents(ctx, refused, before); err != nil {
		return nil, err
	}
	f["refusedMs"] = milliseconds(time.Since(asked))
	if has, err := t.Air.Point.Has(ctx, t.Air.Phone); has || err != nil {
		return nil, errors.Join(err, errors.New("the phone is joined again"))
	}
	if has, err := t.Air.Point.Has(ctx, t.Air.TV); !has || err != nil {
		return nil, errors.Join(err, errors.New("the TV was put out as well"))
	}
	return f, nil
}

// back waits until the phone is joined and reaches the box.
func (t *telling) back(ctx context.Context, asked time.Time, f figures) error {
	if err := t.Air.Phone.awaitBox(ctx); err != nil {
		return err
	}
	f["backMs"] = milliseconds(time.Since(asked))
	_, err := t.Client.InForce(ctx)
	return err
}

// tellHours gives the phone hours that have begun and end within the next minute: nobody lifts them.
func tellHours(ctx context.Context, t *telling) (figures, error) {
	location, err := policies.Location(zone)
	if err != nil {
		return nil, err
	}
	at := time.Now()
	begin := at.In(location).Truncate(time.Minute)
	ends := at.Add(45 * time.Second).Truncate(time.Second)
	hours := policies.Schedule{
		ID: "now", For: policies.Target{Person: "leo"}, Days: []policies.Day{policies.Day(begin.Weekday().String())},
		Start: begin.Format("15:04"), Duration: int(ends.Sub(begin).Seconds()),
	}
	if _, err := t.Client.Change(ctx, http.MethodPut, "/schedules/now", hours); err != nil {
		return nil, err
	}
	f, err := t.out(ctx, at)
	if err != nil {
		return nil, err
	}
	if err := t.back(ctx, ends, f); err != nil {
		return nil, err
	}
	if f["backMs"].(float64) < 0 {
		return nil, fmt.Errorf("the phone was back %v ms after the hours' end", f["backMs"])
	}
	_, _, err = t.change(ctx, http.MethodDelete, "/schedules/now", nil)
	return f, err
}

// tellAcceptList joins the phone to the network that takes only who is on its list. A pause takes it off that list too,
// because hostapd reads it before the other one; and it is put there again.
func tellAcceptList(ctx context.Context, t *telling) (figures, error) {
	phone := t.Air.Phone
	listed := func(want bool) error {
		return poll(ctx, fmt.Sprintf("the phone's place on the list to be %t", want), func() error {
			list, err := t.Air.Point.Ask(ctx, linkTV, "accept_acl", "SHOW")
			if err == nil && strings.Contains(list, string(phone.Node.MAC)) != want {
				err = fmt.Errorf("the list is %q", list)
			}
			return err
		})
	}
	before, err := phone.Events(refused)
	if err != nil {
		return nil, err
	}
	if _, err := phone.Ask(ctx, "select_network", "1"); err != nil {
		return nil, err
	}
	if err := phone.AwaitEvents(ctx, refused, before); err != nil {
		return nil, fmt.Errorf("the network took a stranger: %w", err)
	}
	if _, err := t.Air.Point.Ask(ctx, linkTV, "accept_acl", "ADD_MAC", string(phone.Node.MAC)); err != nil {
		return nil, err
	}
	if err := phone.Await(ctx, "home-tv", "5"); err != nil {
		return nil, err
	}
	at := time.Now()
	if _, err := t.Client.Change(ctx, http.MethodPost, "/pause", onPhone()); err != nil {
		return nil, err
	}
	f, err := t.out(ctx, at)
	if err != nil {
		return nil, err
	}
	if err := listed(false); err != nil {
		return nil, err
	}
	at = time.Now()
	if _, err := t.Client.Change(ctx, http.MethodPost, "/resume", onPhone()); err != nil {
		return nil, err
	}
	if err := listed(true); err != nil {
		return nil, err
	}
	if err := phone.Await(ctx, "home-tv", "5"); err != nil {
		return nil, err
	}
	f["backMs"] = milliseconds(time.Since(at))
	if _, err := t.Air.Point.Ask(ctx, linkTV, "accept_acl", "DEL_MAC", string(phone.Node.MAC)); err != nil {
		return nil, err
	}
	if _, err := phone.Ask(ctx, "select_network", "0"); err != nil {
		return nil, err
	}
	return f, phone.awaitBox(ctx)
}
