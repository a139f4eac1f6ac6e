package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"text/tabwriter"
	"time"

	"golang.org/x/sys/unix"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies"
)

// demonstrate runs a house and shows its devices until ctx ends.
func demonstrate(ctx context.Context, o Options) error {
	fmt.Println("Building a home, a box and a cloud …")
	h, err := NewHouse(ctx, evening(o))
	if err != nil {
		return err
	}
	defer h.Close()
	if err := h.keepFilm(ctx); err != nil {
		return err
	}
	fmt.Printf("\nCarebox runs at  %s\nSign in as       %s\nPassword         %s\n\n", cmp.Or(o.URL, h.Access.URL), h.Access.Email, h.Access.Password)
	fmt.Printf("Try it (needs curl and jq):\n%s\nCtrl-C ends it and leaves nothing behind.\n\n", example(h.Access, cmp.Or(o.URL, h.Access.URL)))
	show(ctx, h)
	fmt.Println("\nTaking everything away …")
	return h.Close()
}

// example is a pause by hand.
func example(a Access, url string) string {
	return fmt.Sprintf(`  API=%[1]s/api HOME_ID=%[2]s
  TOKEN=$(curl -s $API/sessions -H 'Content-Type: application/json' -d '{"email":"%[3]s","password":"%[4]s","kind":"app"}' | jq -r .token)
  REVISION=$(curl -s $API/homes/$HOME_ID -H "Authorization: Bearer $TOKEN" | jq .asked.revision)
  curl -s $API/homes/$HOME_ID/pause -H "Authorization: Bearer $TOKEN" -H "If-Match: \"$REVISION\"" \
    -H 'Content-Type: application/json' -d '{"for":{"device":"leo-phone"},"minutes":1}' | jq .delivery
`, url, a.Home, a.Email, a.Password)
}

// evening gives the demo's home a week behind it and a line that its devices fill together; a house with radios is busy enough.
func evening(o Options) Options {
	o.Lived = true
	if !o.WiFi {
		o.Home.Down, o.Home.Up, o.Rate = 20_000_000, 5_000_000, 1_250_000
	}
	return o
}

// keepFilm reserves a part of the line for the TV.
func (h *House) keepFilm(ctx context.Context) error {
	r := film()
	r.FloorDown, r.FloorUp = 8_000_000, 1_000_000
	if _, err := h.Client.Change(ctx, http.MethodPut, "/reservations/"+r.ID, r); err != nil {
		return fmt.Errorf("keeping a place for the TV: %w", err)
	}
	return nil
}

// live lets each device do what it does all day. The phone would leave little of the line to the others.
func (h *House) live(ctx context.Context) map[string]lives {
	all := map[string]lives{}
	for _, habit := range []struct {
		id    string
		node  *testbed.Node
		kind  testbed.Kind
		flows int
	}{{"leo-phone", h.Phone, testbed.Download, 6}, {"laptop", h.Laptop, testbed.Exchange, 1}, {"tv", h.TV, testbed.Push, 1}} {
		for range habit.flows {
			all[habit.id] = append(all[habit.id], newLife(ctx, habit.node, habit.kind))
		}
	}
	return all
}

// show prints the table of devices each second: over itself on a terminal, else only when something but a rate changed.
func show(ctx context.Context, h *House) {
	_, err := unix.IoctlGetTermios(int(os.Stdout.Fd()), unix.TCGETS)
	terminal := err == nil
	all := h.live(ctx)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	var last string
	lines := 0
	for {
		if state, err := h.Client.State(ctx); err == nil {
			facts, table := draw(state, all)
			switch {
			case terminal:
				fmt.Printf("\x1b[%dA\x1b[J%s", lines, table)
				lines = bytes.Count([]byte(table), []byte("\n"))
			case facts != last:
				fmt.Println(table)
			}
			last = facts
		}
		select {
		case <-ctx.Done():
			for _, device := range all {
				for _, l := range device {
					l.wait.Wait()
				}
			}
			return
		case <-tick.C:
		}
	}
}

// draw is the table, and the same without what changes all the time.
func draw(s State, all map[string]lives) (facts, table string) {
	var out bytes.Buffer
	w := tabwriter.NewWriter(&out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "DEVICE\tASKED\tIN FORCE\tREASON\tUNTIL\tRATE")
	for _, d := range s.Devices {
		force, verdict := "not yet proved", d.Asked
		if d.InForce != nil && d.InForce.Proved {
			force, verdict = word(d.InForce.Verdict.Online), d.InForce.Verdict
		}
		name := d.Name
		if name == "" {
			name = d.MAC
		}
		line := fmt.Sprintf("%s\t%s\t%s\t%s\t%s", name, word(d.Asked.Online), force, verdict.Reason.Kind, until(verdict))
		facts += line + "\n"
		fmt.Fprintf(w, "%s\t%s\n", line, all[d.ID].rate())
	}
	facts += drawKept(w, s)
	fmt.Fprintf(w, "box\t%s\trevision %d asked\n", s.Delivery, s.Asked.Revision)
	_ = w.Flush() // a buffer takes everything
	return facts + s.Delivery, out.String()
}

// drawKept adds what is kept for TV and video.
func drawKept(w io.Writer, s State) (facts string) {
	for _, r := range s.Policy.Reservations {
		force := "nothing yet"
		state := s.Reservation(r.ID)
		if state.FloorDown > 0 || state.FloorUp > 0 {
			force = fmt.Sprintf("%g down, %g up Mbit/s", float64(state.FloorDown)/1e6, float64(state.FloorUp)/1e6)
		}
		if state.Channel > 0 {
			force += fmt.Sprintf(", channel %d", state.Channel)
		}
		facts += fmt.Sprintf("%s\t%s\t%s\t%s\n", r.Name, cmp.Or(state.State, "asked"), force, state.Why)
	}
	fmt.Fprint(w, facts)
	return facts
}

func word(online bool) string {
	if online {
		return "online"
	}
	return "offline"
}

func until(v policies.Verdict) string {
	if v.Until == nil {
		return "–"
	}
	return v.Until.Local().Format("Mon 15:04:05")
}
