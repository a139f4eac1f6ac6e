package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"syscall"
)

// codes are on labels, in the order of the boxes.
var codes = regexp.MustCompile(`font-family="monospace">([0-9A-Z-]+)<`)

// stock makes labels of boxes and puts the boxes on the operator's list. The answer is what their QR codes say.
func (t *telling) stock(ctx context.Context, boxes ...string) (map[string]string, error) {
	rows := "serial,model,mac\n"
	for n, box := range boxes {
		rows += fmt.Sprintf("%s,CB-1,02:00:00:01:99:%02x\n", strings.ToUpper(box), n)
	}
	serials, list, labels := t.file("stock.csv"), t.file("stock-list.csv"), t.file("stock.html")
	if err := os.WriteFile(serials, []byte(rows), 0o600); err != nil {
		return nil, err
	}
	if _, err := t.carebox(ctx, "boxes", "label", "-list", list, "-labels", labels, serials); err != nil {
		return nil, err
	}
	if _, err := t.carebox(ctx, "boxes", "import", "-config", t.cloudConfig(), list); err != nil {
		return nil, err
	}
	page, err := os.ReadFile(labels)
	if err != nil {
		return nil, err
	}
	found := codes.FindAllStringSubmatch(string(page), -1)
	if len(found) != len(boxes) {
		return nil, fmt.Errorf("there are %d codes on the labels of %d boxes", len(found), len(boxes))
	}
	said := map[string]string{}
	for n, box := range boxes {
		said[box] = "carebox:" + strings.ToUpper(box) + ":" + found[n][1]
		if box == carton {
			t.code = found[n][1]
		}
	}
	return said, nil
}

// visits is what a browser test of technicians' visits asks for.
type visits struct {
	tale *telling
	own  string // the home's own box
}

// plan takes the boxes named in the address into the stock, and the orders of the body. It answers what the labels say, and who
// carries the orders out.
func (v *visits) plan(w http.ResponseWriter, r *http.Request) {
	labels := map[string]string{}
	var err error
	if boxes := r.URL.Query()["box"]; len(boxes) > 0 {
		labels, err = v.tale.stock(r.Context(), boxes...)
	}
	if err == nil {
		err = v.order(r.Context(), r.Body)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, map[string]any{"labels": labels})
}

func (v *visits) order(ctx context.Context, body io.Reader) error {
	orders, err := io.ReadAll(io.LimitReader(body, 1<<20))
	if err != nil {
		return err
	}
	file := v.tale.file("orders.json")
	if err := os.WriteFile(file, orders, 0o600); err != nil {
		return err
	}
	_, err = v.tale.carebox(ctx, "visits", "import", "-config", v.tale.cloudConfig(), file)
	return err
}

// plug puts the blank box in place of the home's own, with nothing but its label; or the home's own back.
func (v *visits) plug(w http.ResponseWriter, r *http.Request) {
	if err := v.change(context.WithoutCancel(r.Context()), r.PathValue("what")); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, map[string]bool{"ok": true})
}

func (v *visits) change(ctx context.Context, what string) error {
	t := v.tale
	if t.code == "" {
		return errors.New("the blank box is not on the list yet")
	}
	if err := t.agent.end(syscall.SIGTERM); err != nil {
		return err
	}
	if what == "plug" {
		return t.carryIn(ctx)
	}
	t.Access.Box = v.own
	return t.StartAgent(ctx)
}
