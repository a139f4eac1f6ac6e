package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
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
	h, err := NewHouse(ctx, o)
	if err != nil {
		return err
	}
	defer h.Close()
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

// habits are what each device of the demo does all day.
func habits() map[string]testbed.Kind {
	return map[string]testbed.Kind{"leo-phone": testbed.Download, "laptop": testbed.Exchange, "tv": testbed.Push}
}

// show prints the table of devices each second: over itself on a terminal, else only when something but a rate changed.
func show(ctx context.Context, h *House) {
	_, err := unix.IoctlGetTermios(int(os.Stdout.Fd()), unix.TCGETS)
	terminal := err == nil
	lives := map[string]*life{}
	for id, n := range map[string]*testbed.Node{"leo-phone": h.Phone, "laptop": h.Laptop, "tv": h.TV} {
		lives[id] = newLife(ctx, n, habits()[id])
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	var last string
	lines := 0
	for {
		if state, err := h.Client.State(ctx); err == nil {
			facts, table := draw(state, lives)
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
			for _, l := range lives {
				l.wait.Wait()
			}
			return
		case <-tick.C:
		}
	}
}

// draw is the table, and the same without what changes all the time.
func draw(s State, lives map[string]*life) (facts, table string) {
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
		fmt.Fprintf(w, "%s\t%s\n", line, lives[d.ID].rate())
	}
	fmt.Fprintf(w, "box\t%s\trevision %d asked\n", s.Delivery, s.Asked.Revision)
	_ = w.Flush() // a buffer takes everything
	return facts + s.Delivery, out.String()
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
