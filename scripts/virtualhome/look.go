package main

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"time"
)

// follow keeps the home's stream of events open, as an app does, and rings the bell whenever it says "look again".
func (c *Client) follow(ctx context.Context) {
	for ctx.Err() == nil {
		c.listen(ctx)
		_ = rest(ctx, 100*time.Millisecond) // the cloud may be starting
	}
}

func (c *Client) listen(ctx context.Context) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"/api/homes/"+c.home+"/events", nil)
	if err != nil {
		return
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "event: look") {
			select {
			case c.bell <- struct{}{}:
			default:
			}
		}
	}
}

// Await reads the home whenever the cloud says that it has changed, until ok has no error.
func (c *Client) Await(ctx context.Context, what string, ok func(State) error) (State, error) {
	var s State
	err := poll(ctx, what, func() (err error) {
		if s, err = c.State(ctx); err == nil {
			err = ok(s)
		}
		if err == nil {
			return nil
		}
		// An app looks now and then in any case: an event may be lost with a cloud that is restarted.
		select {
		case <-c.bell:
		case <-time.After(500 * time.Millisecond):
		case <-ctx.Done():
		}
		return err
	})
	return s, err
}
