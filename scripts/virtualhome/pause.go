package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies"
)

// pauseStory is the spine of Carebox: HTTP, cloud, MQTT, agent, kernel, proof, HTTP.
func pauseStory() []step {
	return []step{
		{"traffic", func(ctx context.Context, t *telling) (f figures, err error) {
			if t.phone, err = NewProbe(ctx, t.Phone, testbed.InternetIPv4); err != nil {
				return nil, err
			}
			if _, err = t.phone.Await(ctx, true); err != nil {
				return nil, err
			}
			return nil, t.begin(ctx)
		}},
		{"pause", tellPause},
		{"resume", tellResume},
		{"flush", tellFlush},
		{"cloud-restart", tellCloudRestart},
		{"schedule", tellSchedule},
		{"agent-back", tellAgentBack},
	}
}

// tellPause pauses the phone while it downloads and is pushed to, and shows that all of that ends.
func tellPause(ctx context.Context, t *telling) (figures, error) {
	at, s, err := t.change(ctx, http.MethodPost, "/pause", onPhone())
	if err != nil {
		return nil, err
	}
	proved := time.Since(at)
	refused, err := t.phone.Await(ctx, false)
	if err != nil {
		return nil, fmt.Errorf("waiting for the first refused packet: %w", err)
	}
	if d := s.Device("leo-phone"); d.InForce == nil || !d.InForce.Proved || d.InForce.Verdict.Online {
		return nil, fmt.Errorf("the phone is shown as %+v", d)
	}
	if err := t.quiet(ctx); err != nil {
		return nil, err
	}
	if err := t.unnoticed(ctx); err != nil {
		return nil, err
	}
	f := figures{"firstRefusedMs": milliseconds(refused.Sub(at)), "inForceMs": milliseconds(proved)}
	for name, flow := range t.flows {
		f[name+"-lastByteMs"] = milliseconds(flow.Last().Sub(at))
	}
	return f, nil
}

func tellResume(ctx context.Context, t *telling) (figures, error) {
	t.end()
	at, _, err := t.change(ctx, http.MethodPost, "/resume", onPhone())
	if err != nil {
		return nil, err
	}
	answered, err := t.phone.Await(ctx, true)
	if err != nil {
		return nil, err
	}
	return figures{"firstAnswerMs": milliseconds(answered.Sub(at))}, nil
}

// tellFlush pauses the phone, takes the agent's chains away by hand and shows that they come back.
func tellFlush(ctx context.Context, t *telling) (figures, error) {
	if _, _, err := t.change(ctx, http.MethodPost, "/pause", onPhone()); err != nil {
		return nil, err
	}
	if _, err := t.phone.Await(ctx, false); err != nil {
		return nil, err
	}
	at := time.Now()
	if err := t.Flush(ctx); err != nil {
		return nil, err
	}
	if err := poll(ctx, "the chains to be back", func() error {
		rules, err := t.Rules(ctx)
		if err == nil && !strings.Contains(rules, "-j REJECT") {
			err = fmt.Errorf("no rule refuses anything")
		}
		return err
	}); err != nil {
		return nil, err
	}
	back := time.Since(at)
	if _, err := t.phone.Await(ctx, false); err != nil {
		return nil, err
	}
	_, _, err := t.change(ctx, http.MethodPost, "/resume", onPhone())
	return figures{"backMs": milliseconds(back)}, err
}

// tellCloudRestart kills the cloud, shows that the home's rules stay, and that a pause reaches the box afterwards.
func tellCloudRestart(ctx context.Context, t *telling) (figures, error) {
	if _, _, err := t.change(ctx, http.MethodPost, "/pause", onPhone()); err != nil {
		return nil, err
	}
	if err := t.KillCloud(); err != nil {
		return nil, err
	}
	if _, err := t.phone.Await(ctx, false); err != nil {
		return nil, err
	}
	if err := t.StartCloud(ctx); err != nil {
		return nil, err
	}
	at := time.Now()
	if _, _, err := t.change(ctx, http.MethodPost, "/resume", onPhone()); err != nil {
		return nil, err
	}
	if _, err := t.phone.Await(ctx, true); err != nil {
		return nil, err
	}
	return figures{"inForceAgainMs": milliseconds(time.Since(at))}, nil
}

// tellSchedule sets hours that begin with the next minute, kills the agent before, and shows that the kernel keeps them.
func tellSchedule(ctx context.Context, t *telling) (figures, error) {
	edge, err := t.unattended(ctx)
	for n := 1; err == nil && !time.Now().Before(edge) && n < tries; n++ {
		if err = t.lifted(ctx); err == nil {
			edge, err = t.unattended(ctx)
		}
	}
	if err != nil {
		return nil, err
	}
	if !time.Now().Before(edge) {
		return nil, fmt.Errorf("the agent was killed %s after the edge", time.Since(edge))
	}
	refused, err := t.phone.Await(ctx, false)
	if err != nil {
		return nil, err
	}
	if refused.Before(edge) {
		return nil, fmt.Errorf("the phone was refused %s before the edge", edge.Sub(refused))
	}
	return figures{"afterEdgeMs": milliseconds(refused.Sub(edge))}, nil
}

// unattended sets hours that begin with the next minute, kills the agent, and returns when they begin.
func (t *telling) unattended(ctx context.Context) (edge time.Time, err error) {
	location, err := policies.Location(zone)
	if err != nil {
		return edge, err
	}
	const notice = 5 * time.Second
	edge = time.Now().Add(notice).Truncate(time.Minute).Add(time.Minute)
	local := edge.In(location)
	hours := policies.Schedule{
		ID: "soon", For: policies.Target{Person: "leo"}, Days: []policies.Day{policies.Day(local.Weekday().String())},
		Start: local.Format("15:04"), Duration: 3600,
	}
	if _, _, err := t.change(ctx, http.MethodPut, "/schedules/soon", hours); err != nil {
		return edge, err
	}
	return edge, t.KillAgent()
}

// lifted starts the agent, takes the hours back and waits until the phone is online.
func (t *telling) lifted(ctx context.Context) error {
	if err := t.StartAgent(ctx); err != nil {
		return err
	}
	if _, _, err := t.change(ctx, http.MethodDelete, "/schedules/soon", nil); err != nil {
		return err
	}
	_, err := t.phone.Await(ctx, true)
	return err
}

// tellAgentBack starts the agent again: the schedule is in force and proved, and lifting it lets the phone go on.
func tellAgentBack(ctx context.Context, t *telling) (figures, error) {
	at := time.Now()
	if err := t.StartAgent(ctx); err != nil {
		return nil, err
	}
	if _, err := t.Client.Await(ctx, "the schedule to be shown as in force", func(s State) error {
		d := s.Device("leo-phone")
		if d.InForce == nil || !d.InForce.Proved || d.InForce.Verdict.Reason.ID != "soon" {
			return fmt.Errorf("the phone is shown as %+v", d)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	proved := time.Since(at)
	if _, _, err := t.change(ctx, http.MethodDelete, "/schedules/soon", nil); err != nil {
		return nil, err
	}
	if _, err := t.phone.Await(ctx, true); err != nil {
		return nil, err
	}
	return figures{"provedMs": milliseconds(proved)}, t.unnoticed(ctx)
}
