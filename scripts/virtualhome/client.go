package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// Client is a member's app: it speaks the HTTP API with a bearer token.
type Client struct {
	url, token, home string
	revision         int64         // that the next change is made from
	bell             chan struct{} // rings when the home has changed
}

// State is what the app shows of a home, as far as the house looks at it.
type State struct {
	Asked struct {
		Revision int64 `json:"revision"`
	} `json:"asked"`
	InForce *struct {
		Revision int64     `json:"revision"`
		At       time.Time `json:"at"`
	} `json:"inForce"`
	Box *struct {
		Reachable bool   `json:"reachable"`
		Page      string `json:"page"`
	} `json:"box"`
	Delivery string          `json:"delivery"`
	Policy   policies.Policy `json:"policy"`
	Devices  []Device        `json:"devices"`

	Radios       []policies.Radio `json:"radios"`
	Reservations []struct {
		ID      string                 `json:"id"`
		InForce *wire.ReservationState `json:"inForce"`
	} `json:"reservations"`
}

// Device is one line of a home: what was asked for it, and what is in force.
type Device struct {
	ID      string           `json:"id"`
	MAC     string           `json:"mac"`
	Name    string           `json:"name"`
	Present bool             `json:"present"`
	Asked   policies.Verdict `json:"asked"`
	InForce *struct {
		Verdict policies.Verdict `json:"verdict"`
		Proved  bool             `json:"proved"`
	} `json:"inForce"`
}

// Device finds a line by the device's id.
func (s State) Device(id string) Device {
	for _, d := range s.Devices {
		if d.ID == id {
			return d
		}
	}
	return Device{}
}

// Reservation is what the box says of one; the zero value while it has said nothing.
func (s State) Reservation(id string) wire.ReservationState {
	for _, r := range s.Reservations {
		if r.ID == id && r.InForce != nil {
			return *r.InForce
		}
	}
	return wire.ReservationState{}
}

// ready asks briefly: a socket that was handed on takes connections even where nobody serves it any more.
func ready(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return call(ctx, http.MethodGet, url+"/readyz", nil, nil, nil)
}

// SignIn opens a session with the access that dev-init made, and follows the home until ctx ends.
func SignIn(ctx context.Context, a Access) (*Client, error) {
	c := &Client{url: a.URL, home: a.Home, bell: make(chan struct{}, 1)}
	var session struct {
		Token string `json:"token"`
	}
	body := map[string]string{"email": a.Email, "password": a.Password, "kind": "app"}
	if err := call(ctx, http.MethodPost, c.url+"/api/sessions", nil, body, &session); err != nil {
		return nil, fmt.Errorf("signing in: %w", err)
	}
	c.token = session.Token
	go c.follow(ctx)
	_, err := c.State(ctx)
	return c, err
}

// State reads the home; the next change is made from what it shows.
func (c *Client) State(ctx context.Context) (State, error) {
	return c.Change(ctx, http.MethodGet, "", nil)
}

// Change asks for something: a path below the home and its body.
func (c *Client) Change(ctx context.Context, method, path string, body any) (State, error) {
	header := http.Header{"Authorization": {"Bearer " + c.token}}
	if method != http.MethodGet {
		header.Set("If-Match", fmt.Sprintf(`"%d"`, c.revision))
	}
	var s State
	if err := call(ctx, method, c.url+"/api/homes/"+c.home+path, header, body, &s); err != nil {
		return s, err
	}
	c.revision = s.Asked.Revision
	return s, nil
}

// InForce waits until the box has proved the newest revision.
func (c *Client) InForce(ctx context.Context) (State, error) {
	return c.Await(ctx, "the change to be in force", func(s State) error {
		if s.Delivery != "in-force" {
			return fmt.Errorf("delivery is %q", s.Delivery)
		}
		return nil
	})
}

// call sends JSON and reads JSON; an answer that is not 2xx is an error with its text.
func call(ctx context.Context, method, url string, header http.Header, body, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(data))
	if err != nil {
		return err
	}
	maps.Copy(req.Header, header)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if data, err = io.ReadAll(io.LimitReader(resp.Body, 4<<20)); err != nil {
		return err
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: %s: %s", method, req.URL.Path, resp.Status, tail(data))
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(data, answer)
}
