package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/carebox-project/carebox/agent/testbed"
)

// visitStory is a technician's visit: a blank box goes from its carton into service, and later to the stock, through the API that
// technicians have.
func visitStory() []step {
	return []step{
		{"list", tellList},
		{"order", tellOrder},
		{"scan", tellScan},
		{"bind", tellBind},
		{"bring-up", tellBringUp},
		{"tv", tellTV},
		{"rooms", tellRooms},
		{"hand-over", tellHandOver},
		{"report", tellReport},
		{"return", tellReturn},
	}
}

// fieldwork is a visit under way, as the technician's phone sees it.
type fieldwork struct {
	token   string // of the technician
	visit   string
	steps   int
	scanned time.Time
	plugged time.Time
}

// seenVisit is what a phone shows of a visit.
type seenVisit struct {
	ID        string   `json:"id"`
	State     string   `json:"state"`
	Serial    string   `json:"serial"`
	Seconds   int      `json:"seconds"`
	Missing   []string `json:"missing"`
	Joined    bool     `json:"joined"`
	Fault     string   `json:"fault"`
	Checklist []struct {
		Name     string `json:"name"`
		State    string `json:"state"`
		Code     string `json:"code"`
		Measured *int64 `json:"measured"`
	} `json:"checklist"`
	Devices []struct {
		MAC string `json:"mac"`
	} `json:"devices"`
}

// tellOrder makes somebody a technician, and imports what a customer has ordered.
func tellOrder(ctx context.Context, t *telling) (figures, error) {
	if _, err := t.carebox(ctx, "staff", "-config", t.cloudConfig(), "-email", t.Access.StaffEmail, "-role", "technician"); err != nil {
		return nil, err
	}
	code, err := totp.GenerateCode(t.Access.StaffCodes, time.Now())
	if err != nil {
		return nil, err
	}
	var session struct{ Token string }
	body := map[string]string{"email": t.Access.StaffEmail, "password": t.Access.StaffPassword, "code": code, "kind": "app"}
	if err := call(ctx, http.MethodPost, t.Access.URL+"/api/sessions", nil, body, &session); err != nil {
		return nil, fmt.Errorf("signing the technician in: %w", err)
	}
	t.field = &fieldwork{token: session.Token}
	t.field.visit, err = t.order(ctx, map[string]any{
		"ref": "C-1001", "customer": "Zoé Été", "address": "12, rue du Port, 13002 Marseille", "access": "Digicode 12B7\n3e étage",
		"homeName": "Chez Zoé", "serial": carton, "down": 50_000_000, "up": 10_000_000, "tv": true, "rooms": []string{"Salon", "Chambre"},
	})
	return nil, err
}

// order imports an order for the technician's today, and gives the visit that it becomes.
func (t *telling) order(ctx context.Context, order map[string]any) (string, error) {
	order["technician"], order["day"], order["from"], order["to"] = t.Access.StaffEmail, time.Now().Format(time.DateOnly), "09:00", "11:00"
	data, err := json.Marshal([]any{order})
	if err != nil {
		return "", err
	}
	file := t.file("orders.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return "", err
	}
	if _, err := t.carebox(ctx, "visits", "import", "-config", t.cloudConfig(), file); err != nil {
		return "", err
	}
	var list []struct {
		ID    string
		Order struct{ Ref string }
	}
	if err := t.staff(ctx, http.MethodGet, "/visits", nil, &list); err != nil {
		return "", err
	}
	for _, v := range list {
		if v.Order.Ref == order["ref"] {
			return v.ID, nil
		}
	}
	return "", fmt.Errorf("the technician does not see order %v", order["ref"])
}

// staff asks the technician's API something.
func (t *telling) staff(ctx context.Context, method, path string, body, answer any) error {
	return call(ctx, method, t.Access.URL+"/api/staff"+path, http.Header{"Authorization": {"Bearer " + t.field.token}}, body, answer)
}

// take sends a step twice, as a phone does whose first answer was lost.
func (t *telling) take(ctx context.Context, step map[string]any) (seenVisit, error) {
	t.field.steps++
	step["at"] = time.Now()
	var got struct {
		Outcome string
		Visit   seenVisit
	}
	path := fmt.Sprintf("/visits/%s/steps/phone-%d", t.field.visit, t.field.steps)
	if err := t.staff(ctx, http.MethodPut, path, step, &got); err != nil {
		return seenVisit{}, fmt.Errorf("step %v: %w", step["kind"], err)
	}
	var again struct{ Outcome string }
	if err := t.staff(ctx, http.MethodPut, path, step, &again); err != nil || again.Outcome != "again" {
		return seenVisit{}, fmt.Errorf("step %v sent twice: %q: %w", step["kind"], again.Outcome, err)
	}
	return got.Visit, nil
}

// look is the visit now. A phone looks now and then: who looks all the time is sent away.
func (t *telling) look(ctx context.Context) (v seenVisit, err error) {
	if err := rest(ctx, 200*time.Millisecond); err != nil {
		return v, err
	}
	err = t.staff(ctx, http.MethodGet, "/visits/"+t.field.visit, nil, &v)
	return v, err
}

// tellScan reads labels: the right one, one of another home, and one of nobody.
func tellScan(ctx context.Context, t *telling) (figures, error) {
	for _, kind := range []map[string]any{{"kind": "way"}, {"kind": "arrive", "present": []string{"customer"}}} {
		if _, err := t.take(ctx, kind); err != nil {
			return nil, err
		}
	}
	t.field.scanned = time.Now()
	for text, want := range map[string]string{"carebox:" + carton + ":" + t.code: "ours", strings.ToUpper(carton): "ours", "cb-7777": "unknown"} {
		var got struct{ Verdict string }
		err := t.staff(ctx, http.MethodPost, "/visits/"+t.field.visit+"/scan", map[string]string{"text": text}, &got)
		if err != nil || got.Verdict != want {
			return nil, fmt.Errorf("the label is %q, want %q: %w", got.Verdict, want, err)
		}
	}
	return figures{"verdictsMs": milliseconds(time.Since(t.field.scanned))}, nil
}

// tellBind makes the home, and gives it the box, which is still in its carton.
func tellBind(ctx context.Context, t *telling) (figures, error) {
	v, err := t.take(ctx, map[string]any{"kind": "bind", "box": "carebox:" + carton + ":" + t.code, "scanned": t.field.scanned})
	if err != nil {
		return nil, err
	}
	if v.State != "bound" || v.Serial != carton || len(v.Checklist) == 0 || v.Checklist[0].State != "waiting" {
		return nil, fmt.Errorf("bound: %+v", v)
	}
	return nil, nil
}

// tellBringUp puts the blank box in place of the home's, and watches the checklist until all of it but the TV is ok.
func tellBringUp(ctx context.Context, t *telling) (figures, error) {
	if err := t.agent.end(syscall.SIGTERM); err != nil {
		return nil, err
	}
	if err := t.carryIn(ctx); err != nil {
		return nil, err
	}
	t.field.plugged = time.Now()
	all := figures{}
	err := poll(ctx, "the checklist", func() error {
		v, err := t.look(ctx)
		if err != nil {
			return err
		}
		waiting := []string{}
		for _, item := range v.Checklist {
			key := item.Name + "Seconds"
			switch {
			case item.State == "ok" && all[key] == nil:
				all[key] = seconds(t.field.plugged)
			case item.State != "ok" && item.Name != "tv":
				waiting = append(waiting, item.Name+" "+item.State+" "+item.Code+" "+v.Fault)
			}
			if item.Measured != nil && strings.HasPrefix(item.Name, "line-") {
				all[item.Name+"Mbit"] = *item.Measured / 1_000_000
			}
		}
		if len(waiting) > 0 {
			return errors.New(strings.Join(waiting, ", "))
		}
		if all["scanToServiceSeconds"] = v.Seconds; v.Seconds == 0 {
			return errors.New("the box is not in service")
		}
		return nil
	})
	return all, err
}

// carryIn plugs the blank box in: it has its maker's files and its label's code, and the line gives it its routes.
func (t *telling) carryIn(ctx context.Context) error {
	if err := t.unpack(); err != nil {
		return err
	}
	for family, via := range map[string]string{"-4": testbed.InternetIPv4.String(), "-6": testbed.InternetIPv6.String()} {
		if out, err := t.Box.Command(ctx, "ip", family, "route", "replace", "default", "via", via).CombinedOutput(); err != nil {
			return fmt.Errorf("giving the box a route: %w: %s", err, out)
		}
	}
	if err := os.WriteFile(t.boxFolder()+"/claim", []byte(t.code+"\n"), 0o600); err != nil {
		return err
	}
	t.Access.Box = carton // whose configuration StartAgent takes
	return t.StartAgent(ctx)
}

// tellTV keeps a place for the TV, which the technician finds among what is there.
func tellTV(ctx context.Context, t *telling) (figures, error) {
	mac := string(t.TV.MAC)
	if err := poll(ctx, "the TV to be seen", func() error {
		v, err := t.look(ctx)
		if err != nil {
			return err
		}
		for _, d := range v.Devices {
			if d.MAC == mac {
				return nil
			}
		}
		return fmt.Errorf("devices %v", v.Devices)
	}); err != nil {
		return nil, err
	}
	at := time.Now()
	if _, err := t.take(ctx, map[string]any{"kind": "tv", "mac": mac}); err != nil {
		return nil, err
	}
	err := poll(ctx, "the TV's place", func() error {
		v, err := t.look(ctx)
		if err == nil && slices.Contains(v.Missing, "item:tv") {
			err = fmt.Errorf("%+v", v.Checklist)
		}
		return err
	})
	return figures{"inForceMs": milliseconds(time.Since(at))}, err
}

// tellRooms tries two rooms and takes a photo.
func tellRooms(ctx context.Context, t *telling) (figures, error) {
	for name, verdict := range map[string]string{"Salon": "good", "Chambre": "fair"} {
		room := map[string]any{"name": name, "verdict": verdict, "signal": -55}
		if _, err := t.take(ctx, map[string]any{"kind": "room", "room": room}); err != nil {
			return nil, err
		}
	}
	if _, err := t.take(ctx, map[string]any{"kind": "note", "text": "Prise derrière la télé."}); err != nil {
		return nil, err
	}
	m := image.NewRGBA(image.Rect(0, 0, 2400, 1800))
	for i := range m.Pix {
		m.Pix[i] = byte(i * 7)
	}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, m, nil); err != nil {
		return nil, err
	}
	at := time.Now()
	path := "/visits/" + t.field.visit + "/photos/photo-1?kind=box&at=" + url.QueryEscape(at.Format(time.RFC3339))
	_, err := t.raw(ctx, http.MethodPut, path, &photo)
	return figures{"photoMs": milliseconds(time.Since(at))}, err
}

// raw asks the technician's API something that is no JSON.
func (t *telling) raw(ctx context.Context, method, path string, body io.Reader) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, t.Access.URL+"/api/staff"+path, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+t.field.token)
	r.Header.Set("Content-Type", "image/jpeg")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(answer.Body, 32<<20))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s: %s", method, path, answer.Status, tail(data))
	}
	return data, err
}

// signature is a drawing.
func signature() ([]byte, error) {
	m := image.NewGray(image.Rect(0, 0, 300, 100))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	for x := range 300 {
		m.Set(x, 50+x%40-20, color.Black)
	}
	var out bytes.Buffer
	err := png.Encode(&out, m)
	return out.Bytes(), err
}
