package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/carebox-project/carebox/policies/wire"
)

// query is a question to the box with what came back so far.
type query struct {
	ID      string       `json:"id"`
	State   string       `json:"state"`
	Error   wire.Refusal `json:"error"`
	Detail  string       `json:"detail"`
	Results []struct {
		Data json.RawMessage `json:"data"`
	} `json:"results"`
}

var errRunning = errors.New("the box is still at it")

// Ask has the box of the home measure something, as a family's own check does, and returns its results, the last one last.
func (c *Client) Ask(ctx context.Context, kind wire.QueryKind, args any) ([]json.RawMessage, error) {
	_, err := c.Await(ctx, "the box to be there", func(s State) error {
		if s.Box == nil || !s.Box.Reachable {
			return errors.New("it is away")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	header := http.Header{"Authorization": {"Bearer " + c.token}}
	path := c.url + "/api/homes/" + c.home + "/queries"
	var q query
	if err := call(ctx, http.MethodPost, path, header, map[string]any{"kind": kind, "args": args}, &q); err != nil {
		return nil, err
	}
	err = poll(ctx, "the box to have measured", func() error {
		err := call(ctx, http.MethodGet, path+"/"+q.ID, header, nil, &q)
		if err == nil && q.State == "running" {
			err = errRunning
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("asking the box for %s: %w", kind, err)
	}
	return q.said()
}

// said is what the box answered, the last word last.
func (q query) said() (all []json.RawMessage, err error) {
	if q.State != "done" || q.Error != "" {
		return nil, fmt.Errorf("%w: %s: %s", errors.Join(q.Error), q.State, q.Detail)
	}
	for _, r := range q.Results {
		all = append(all, r.Data)
	}
	return all, nil
}

// helped has somebody of the staff ask the box, under a session that the family consents to and then ends.
func (t *telling) helped(ctx context.Context, kind wire.QueryKind) ([]json.RawMessage, error) {
	for _, before := range []func(context.Context, *telling) (figures, error){tellAsk, tellTake} {
		if _, err := before(ctx, t); err != nil {
			return nil, err
		}
	}
	if _, err := t.Client.Await(ctx, "the box to be there", boxThere); err != nil {
		return nil, err
	}
	if err := t.request(ctx); err != nil {
		return nil, err
	}
	if err := t.consent(ctx, everyScope()); err != nil {
		return nil, err
	}
	q, err := t.question(ctx, kind, map[string]any{})
	if err != nil {
		return nil, err
	}
	if q, err = t.answered(ctx, q); err != nil {
		return nil, err
	}
	all, err := q.said()
	return all, errors.Join(err, t.family(ctx, http.MethodPost, "/support/"+t.desktop.session.ID+"/end", nil, nil))
}

// tellStations has a person who helps list who is on the box's radios, and the family how busy the channels are.
func tellStations(ctx context.Context, t *telling) (figures, error) {
	found, err := t.helped(ctx, wire.QueryStations)
	if err != nil {
		return nil, err
	}
	f := figures{}
	joined := 0
	for _, data := range found {
		var on wire.StationsAnswer
		if err := json.Unmarshal(data, &on); err != nil {
			return nil, err
		}
		for _, s := range on.Stations {
			if s.Signal >= 0 || s.TxRate <= 0 {
				return nil, fmt.Errorf("a station is said to be received so: %+v", s)
			}
			f[fmt.Sprint("signal-", joined)] = s.Signal
			joined++
		}
	}
	if joined != 2 {
		return nil, fmt.Errorf("%d stations have joined: %s", joined, found)
	}
	found, err = t.Client.Ask(ctx, wire.QuerySurvey, map[string]any{})
	if err != nil {
		return nil, err
	}
	radios := 0
	for _, data := range found {
		var on wire.SurveyAnswer
		if err := json.Unmarshal(data, &on); err != nil {
			return nil, err
		}
		if on.Radio != "" && on.Channel > 0 && len(on.Channels) > 0 {
			radios++
			f[on.Radio] = fmt.Sprintf("channel %d of %d, load %d %%", on.Channel, len(on.Channels), on.Load)
		}
	}
	if radios != 2 {
		return nil, fmt.Errorf("%d radios were surveyed: %s", radios, found)
	}
	return f, nil
}
