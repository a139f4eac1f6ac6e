package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

// tellHandOver lets the customer in, on the spot. From then on the home is theirs: the technician finds nothing of it.
func tellHandOver(ctx context.Context, t *telling) (figures, error) {
	invite := map[string]any{"kind": "invite", "at": time.Now()}
	var got struct{ Invitation struct{ Code string } }
	if err := t.staff(ctx, http.MethodPut, "/visits/"+t.field.visit+"/steps/invite", invite, &got); err != nil {
		return nil, err
	}
	var welcome struct{ Token string }
	newcomer := map[string]string{
		"code": got.Invitation.Code, "name": "Zoé", "email": "zoe@example.org", "password": "correct horse battery", "locale": "fr", "kind": "app",
	}
	if err := call(ctx, http.MethodPost, t.Access.URL+"/api/invitations/accept", nil, newcomer, &welcome); err != nil {
		return nil, err
	}
	own := http.Header{"Authorization": {"Bearer " + welcome.Token}}
	if err := poll(ctx, "the customer's home", func() error {
		var home State
		err := call(ctx, http.MethodGet, t.Access.URL+"/api/homes/"+t.field.visit, own, nil, &home)
		if err == nil && (home.Delivery != "in-force" || len(home.Policy.Reservations) != 1) {
			err = fmt.Errorf("it is %q, with %+v", home.Delivery, home.Policy.Reservations)
		}
		return errors.Join(err, rest(ctx, 100*time.Millisecond))
	}); err != nil {
		return nil, err
	}
	theirs := http.Header{"Authorization": {"Bearer " + t.field.token}}
	err := call(ctx, http.MethodGet, t.Access.URL+"/api/homes/"+t.field.visit, theirs, nil, nil)
	if err == nil || !strings.Contains(err.Error(), "404") {
		return nil, fmt.Errorf("the technician reads the customer's home: %w", err)
	}
	err = t.staff(ctx, http.MethodPut, "/visits/"+t.field.visit+"/steps/invite", invite, nil)
	if err == nil || !strings.Contains(err.Error(), "409") {
		return nil, fmt.Errorf("the technician invites to a home that has somebody: %w", err)
	}
	return nil, nil
}

// tellReport lets the customer sign, ends the visit and proves its report.
func tellReport(ctx context.Context, t *telling) (figures, error) {
	drawing, err := signature()
	if err != nil {
		return nil, err
	}
	for _, s := range []map[string]any{{"kind": "sign", "name": "Zoé Été", "drawing": drawing}, {"kind": "finish"}} {
		if _, err := t.take(ctx, s); err != nil {
			return nil, err
		}
	}
	file, err := t.raw(ctx, http.MethodGet, "/visits/"+t.field.visit+"/report", nil)
	if err != nil {
		return nil, err
	}
	paper, err := t.raw(ctx, http.MethodGet, "/visits/"+t.field.visit+"/report.pdf", nil)
	if err != nil || !bytes.HasPrefix(paper, []byte("%PDF-")) {
		return nil, errors.Join(err, errors.New("the paper is no PDF"))
	}
	path := t.file("report.json")
	verify := func(data []byte) error {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return err
		}
		_, err := t.carebox(ctx, "visits", "verify", "-config", t.cloudConfig(), path)
		return err
	}
	if err := verify(file); err != nil {
		return nil, err
	}
	if err := verify(bytes.Replace(file, []byte("fair"), []byte("good"), 1)); err == nil {
		return nil, errors.New("a report that was changed is believed")
	}
	if out := os.Getenv("CAREBOX_OUT"); out != "" {
		if err := os.WriteFile(out+"/visit.pdf", paper, 0o644); err != nil {
			return nil, err
		}
	}
	v, err := t.look(ctx)
	if err == nil && (v.State != "finished" || !v.Joined) {
		err = fmt.Errorf("%+v", v)
	}
	return figures{"scanToServiceSeconds": v.Seconds, "reportBytes": len(file), "paperBytes": len(paper)}, err
}

// tellReturn fetches the box again: its identity is taken back at once, and it is cut off.
func tellReturn(ctx context.Context, t *telling) (figures, error) {
	var err error
	order := map[string]any{"ref": "C-1002", "kind": "return", "customer": "Zoé Été", "address": "12, rue du Port", "replaces": carton}
	if t.field.visit, err = t.order(ctx, order); err != nil {
		return nil, err
	}
	if _, err := t.take(ctx, map[string]any{"kind": "arrive"}); err != nil {
		return nil, err
	}
	at := time.Now()
	if _, err := t.take(ctx, map[string]any{"kind": "collect", "box": carton, "reason": "moves away"}); err != nil {
		return nil, err
	}
	if err := t.cutOff(ctx); err != nil {
		return nil, err
	}
	dropped := time.Since(at)
	if _, err := t.take(ctx, map[string]any{"kind": "finish", "reason": "nobody wanted to sign"}); err != nil {
		return nil, err
	}
	var box struct{ State string }
	if err := t.staff(ctx, http.MethodGet, "/boxes/"+carton, nil, &box); err != nil || box.State != "swapped" {
		return nil, fmt.Errorf("the box is %q: %w", box.State, err)
	}
	return figures{"droppedMs": milliseconds(dropped)}, nil
}
