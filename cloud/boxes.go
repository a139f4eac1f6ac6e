package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/cloud/store"
	"github.com/carebox-project/carebox/cloud/throttle"
)

const (
	boxesUsage = "usage: carebox-cloud boxes import|label|show|assign|swap|retire|restock [flags]"
	maxList    = 64 << 20 // bytes of a list of boxes
)

// boxWork is one command on a box of the list.
type boxWork func(ctx context.Context, d desk, out io.Writer) error

// desk is what a command on boxes works with.
type desk struct {
	data   *store.Store
	office *enrolment.Office
	box    string
	home   string
	why    string
}

// boxes does what somebody says of boxes on the list.
func boxes(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, boxesUsage)
		return errUsage
	}
	flags := flag.NewFlagSet("carebox-cloud boxes "+args[0], flag.ContinueOnError)
	switch args[0] {
	case "import":
		return importBoxes(ctx, flags, args[1:], out)
	case "label":
		return labelBoxes(flags, args[1:])
	}
	work, known := map[string]boxWork{
		"show": show, "assign": assign, "swap": move((*enrolment.Office).Swap), "retire": move((*enrolment.Office).Retire), "restock": restock,
	}[args[0]]
	if !known {
		fmt.Fprintln(os.Stderr, boxesUsage)
		return errUsage
	}
	d := desk{}
	flags.StringVar(&d.box, "serial", "", "serial of the box")
	flags.StringVar(&d.why, "why", "", "why, for its history")
	if args[0] == "assign" {
		flags.StringVar(&d.home, "home", "", "home that gets the box")
	}
	c, err := configured(flags, args[1:])
	if err != nil {
		return err
	}
	if d.box == "" || (args[0] == "assign" && d.home == "") {
		flags.Usage()
		return errUsage
	}
	return withOffice(ctx, c, func(data *store.Store, office *enrolment.Office) error {
		d.data, d.office = data, office
		err := work(ctx, d, out)
		if errors.Is(err, enrolment.ErrUnknown) {
			err = fmt.Errorf("%q is not on the list", d.box)
		}
		return err
	})
}

func withOffice(ctx context.Context, c config, work func(*store.Store, *enrolment.Office) error) error {
	data, err := store.Open(ctx, c.database)
	if err != nil {
		return err
	}
	data.Seal(c.operator)
	office := enrolment.NewOffice(enrolment.Config{
		Store: data, Attempts: throttle.New(data, time.Now), Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	return errors.Join(work(data, office), data.Close())
}

// by is who does what a command does.
const by = "command"

func move(way func(*enrolment.Office, context.Context, string, string, string) error) boxWork {
	return func(ctx context.Context, d desk, _ io.Writer) error { return way(d.office, ctx, d.box, by, d.why) }
}

// restock tells the new claim code: once, to whoever prints the new label.
func restock(ctx context.Context, d desk, out io.Writer) error {
	code, err := d.office.Restock(ctx, d.box, by, d.why)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(map[string]string{"serial": d.box, "code": code})
}

// assign gives a home a box, and puts it into service if it has its certificate.
func assign(ctx context.Context, d desk, _ io.Writer) error {
	item, _, err := d.office.Look(ctx, d.box)
	if err != nil {
		return err
	}
	if !item.State.Assignable() {
		return fmt.Errorf("%w: it is %s", enrolment.ErrMove, item.State)
	}
	if err := d.data.AssignBox(ctx, d.home, item.Box); err != nil {
		if errors.Is(err, registry.ErrNotFound) {
			return fmt.Errorf("there is no home %q", d.home)
		}
		return err
	}
	if item.State != enrolment.StateClaimed {
		return nil
	}
	return d.office.Serve(ctx, item.Box, by, d.why)
}

// life is a box as show prints it.
type life struct {
	Serial string    `json:"serial"`
	Model  string    `json:"model"`
	MAC    string    `json:"mac,omitempty"`
	State  string    `json:"state"`
	Since  time.Time `json:"since"`
	Life   []step    `json:"life"`
	Cloned *cloned   `json:"cloned,omitempty"`
}

// cloned is an identity that is used in several places.
type cloned struct {
	Since     time.Time         `json:"since"`
	Newest    time.Time         `json:"newest"`
	Takeovers int               `json:"takeovers"`
	Places    []enrolment.Place `json:"places"`
}

type step struct {
	At     time.Time `json:"at"`
	State  string    `json:"state"`
	By     string    `json:"by"`
	Detail string    `json:"detail,omitempty"`
}

func show(ctx context.Context, d desk, out io.Writer) error {
	item, events, err := d.office.Look(ctx, d.box)
	if err != nil {
		return err
	}
	l := life{Serial: item.Box, Model: item.Model, MAC: item.MAC, State: string(item.State), Since: item.Since, Life: []step{}}
	for _, e := range events {
		l.Life = append(l.Life, step{At: e.At, State: string(e.State), By: e.By, Detail: e.Detail})
	}
	c, err := d.office.CloneOf(ctx, item.Box)
	if err != nil {
		return err
	}
	if !c.Since.IsZero() {
		l.Cloned = &cloned{Since: c.Since, Newest: c.Newest, Takeovers: c.Takeovers, Places: c.Places}
	}
	return json.NewEncoder(out).Encode(l)
}

// importBoxes takes a maker's list: serial, model, mac, claim (the SHA-256 of the claim code, hex).
func importBoxes(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	config := flags.String("config", "", "configuration (JSON)")
	if err := flags.Parse(args); err != nil {
		return errors.Join(errUsage, err)
	}
	if *config == "" || flags.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: carebox-cloud boxes import -config FILE LIST.csv")
		return errUsage
	}
	c, err := readConfig(*config)
	if err != nil {
		return err
	}
	rows, err := readList(flags.Arg(0), "serial", "model", "mac", "claim")
	if err != nil {
		return err
	}
	made := make([]enrolment.Made, len(rows))
	for n, row := range rows {
		made[n] = enrolment.Made{Box: row[0], Model: row[1], MAC: row[2], Claim: row[3]}
	}
	return withOffice(ctx, c, func(_ *store.Store, office *enrolment.Office) error {
		wrong, err := office.Import(ctx, made, by)
		if err != nil {
			return fmt.Errorf("nothing was imported: %w", err)
		}
		var found problems
		for _, p := range wrong {
			found.add("%s:%d: %s", flags.Arg(0), p.Line, p.Detail)
		}
		if len(found) > 0 {
			return found
		}
		return json.NewEncoder(out).Encode(map[string]int{"imported": len(made)})
	})
}

// readList reads a CSV file whose heading names these columns in this order; the last may be missing in a row.
func readList(path string, columns ...string) ([][]string, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }() // it was only read
	r := csv.NewReader(io.LimitReader(in, maxList))
	r.FieldsPerRecord, r.TrimLeadingSpace = len(columns), true
	rows, err := r.ReadAll()
	if err != nil {
		return nil, problems{fmt.Sprintf("%s: %v", path, err)}
	}
	if len(rows) == 0 || !slices.Equal(rows[0], columns) {
		return nil, problems{fmt.Sprintf("%s:1: the heading is not %q", path, columns)}
	}
	return rows[1:], nil
}

// labelBoxes makes claim codes for the serials of a list (serial, model, mac), the labels that show them, and the list to import,
// which has their digests only.
func labelBoxes(flags *flag.FlagSet, args []string) error {
	list := flags.String("list", "", "list to write, for import (CSV)")
	labels := flags.String("labels", "", "labels to write (HTML with SVG, to print)")
	if err := flags.Parse(args); err != nil {
		return errors.Join(errUsage, err)
	}
	if *list == "" || *labels == "" || flags.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: carebox-cloud boxes label -list FILE.csv -labels FILE.html SERIALS.csv")
		return errUsage
	}
	rows, err := readList(flags.Arg(0), "serial", "model", "mac")
	if err != nil {
		return err
	}
	printed, rest := make([]enrolment.Label, len(rows)), [][]string{{"serial", "model", "mac", "claim"}}
	for n, row := range rows {
		code := enrolment.NewCode()
		printed[n] = enrolment.Label{Box: strings.ToLower(row[0]), Model: row[1], MAC: row[2], Code: code}
		rest = append(rest, append(slices.Clone(row), enrolment.DigestCode(code)))
	}
	return errors.Join(
		create(*labels, func(w io.Writer) error { return enrolment.WriteLabels(w, printed) }),
		create(*list, func(w io.Writer) error {
			c := csv.NewWriter(w)
			return c.WriteAll(rest)
		}))
}

// create writes a file that was not there. Labels have secrets.
func create(path string, write func(io.Writer) error) error {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(write(out), out.Sync(), out.Close())
}
