package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/carebox-project/carebox/agent/uplink"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// status is what the control socket answers.
type status struct {
	wire.Reported
	Version    string            `json:"version"`
	Connection uplink.Connection `json:"connection"`
}

func statusCommand(ctx context.Context, in *invocation) error {
	path := in.flags.String("config", "", "configuration `FILE`")
	asJSON := in.flags.Bool("json", false, "print the answer as it is")
	if err := in.parse("config"); err != nil {
		return err
	}
	cfg, err := loadConfig(*path)
	if err != nil {
		return err
	}
	s, err := askStatus(ctx, cfg.control)
	if err != nil {
		return err
	}
	if *asJSON {
		return in.json(s)
	}
	return s.print(in.out)
}

// print writes the answer for a person.
func (s status) print(out io.Writer) error {
	cloud := "connected since " + s.Connection.Since.Format(time.RFC3339)
	if !s.Connection.Connected {
		cloud = "not connected since " + s.Connection.Since.Format(time.RFC3339) + ": " + s.Connection.Error
	}
	clock := "synchronised"
	if !s.Clock.Synchronised {
		clock = fmt.Sprintf("not synchronised (%s)", s.Clock.Rule)
	}
	fmt.Fprintf(out, "box %s, agent %s\ncloud     %s\nrevision  %d accepted, %d in force\nclock     %s\n",
		s.Box, s.Version, cloud, s.Accepted, s.InForce, clock)
	if s.Refused != nil {
		fmt.Fprintf(out, "refused   revision %d: %s\n", s.Refused.Revision, s.Refused.Detail)
	}
	s.printKept(out)
	for _, l := range s.Limitations {
		fmt.Fprintf(out, "limited   %s: %s\n", l.Code, l.Detail)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "DEVICE\tADDRESS\tPRESENT\tONLINE\tREASON\tUNTIL\tIN FORCE")
	for _, d := range s.Devices {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", d.ID, d.MAC, yes(d.Present), yes(d.Verdict.Online),
			reason(d.Verdict.Reason), until(d.Verdict.Until), yes(d.InForce)+d.Why)
	}
	return table.Flush()
}

// printKept writes what is kept for TV and video.
func (s status) printKept(out io.Writer) {
	if s.Line != nil {
		down, up := cmp.Or(megabits(s.Line.Down), "unknown"), cmp.Or(megabits(s.Line.Up), "unknown")
		fmt.Fprintf(out, "line      %s down, %s up (%s)\n", down, up, s.Line.Source)
	}
	for _, r := range s.Radios {
		fmt.Fprintf(out, "radio     %s: %s, %s, channel %d, %d MHz since %s, %d joined\n",
			r.Name, r.Band, r.State, r.Channel, r.Width, r.Since.Local().Format("Mon 15:04"), len(r.Stations))
	}
	for _, r := range s.Reservations {
		fmt.Fprintf(out, "reserved  %s: %s since %s%s\n", r.ID, r.State, r.Since.Local().Format("Mon 15:04"), kept(r))
	}
}

// kept says what is in force of a reservation, and why that is not all.
func kept(r wire.ReservationState) string {
	var said strings.Builder
	if r.Channel != 0 {
		fmt.Fprintf(&said, ", channel %d (%d MHz) of %s", r.Channel, r.Width, r.Radio)
	}
	if r.Exclusive {
		said.WriteString(", nobody else there")
	}
	if r.FloorDown > 0 || r.FloorUp > 0 {
		fmt.Fprintf(&said, ", at least %s down, %s up", cmp.Or(megabits(r.FloorDown), "nothing"), cmp.Or(megabits(r.FloorUp), "nothing"))
	}
	if r.Returns != nil {
		fmt.Fprintf(&said, ", back %s", until(r.Returns))
	}
	if r.Why != "" {
		fmt.Fprintf(&said, ": %s: %s", r.Why, r.Detail)
	}
	return said.String()
}

// megabits is a rate in words, "" for none.
func megabits(rate int64) string {
	if rate == 0 {
		return ""
	}
	return fmt.Sprintf("%g Mbit/s", float64(rate)/1e6)
}

func reason(r policies.Reason) string {
	if r.ID == "" {
		return string(r.Kind)
	}
	return string(r.Kind) + " " + r.ID
}

func until(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.Local().Format("Mon 15:04")
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no "
}
