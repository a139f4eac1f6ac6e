package shaping

import (
	"context"
	"fmt"
	"strings"

	"github.com/vishvananda/netlink"

	"github.com/carebox-project/carebox/policies/wire"
)

// Text is what queues the packets of both links, a line each, and which floors are wanted: for people who help.
func (s *Shaper) Text(context.Context) ([]wire.Text, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []wire.Text
	for _, d := range s.directions() {
		var out strings.Builder
		t, err := s.control.Tree(d.link)
		if err != nil {
			fmt.Fprintln(&out, err)
		}
		for _, n := range t {
			fmt.Fprintln(&out, n.text())
		}
		all = append(all, wire.Text{Name: "queues of " + d.link, Text: out.String()})
	}
	var out strings.Builder
	for _, f := range s.wanted.Floors {
		fmt.Fprintf(&out, "%s: %d bit/s down, %d bit/s up, of a line of %d and %d\n", f.ID, f.Down, f.Up, s.wanted.Line.Down, s.wanted.Line.Up)
	}
	return append(all, wire.Text{Name: "floors", Text: out.String()}), nil
}

// text is a node in the words of tc(8).
func (n node) text() string {
	what := "qdisc"
	if n.Class {
		what = "class"
	}
	text := fmt.Sprintf("%s %s %x:%x", what, n.Kind, n.Handle>>16, n.Handle&0xffff)
	if n.Parent == netlink.HANDLE_ROOT {
		text += " root"
	} else {
		text += fmt.Sprintf(" parent %x:%x", n.Parent>>16, n.Parent&0xffff)
	}
	if class, is := readHTB(n); is {
		text += fmt.Sprintf(" rate %d ceil %d", class.rate*8, class.ceil*8)
	}
	return text + fmt.Sprintf(" queued %d", n.queued)
}
