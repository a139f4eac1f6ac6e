package visit

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

// tries is how often a step is put to a visit that others move on at the same time.
const tries = 8

// listed is how many visits a list has at most.
const listed = 200

// Config is what an office stands on.
type Config struct {
	Store store
	Boxes stock
	Homes homes
	Meter meter              // nil: nothing is measured
	Key   ed25519.PrivateKey // the operator's: signs reports
	Now   func() time.Time
	Log   *slog.Logger
}

// Office plans visits and carries them out. Its methods may be called at once from many goroutines.
type Office struct {
	Config
	looking chan struct{} // pictures that are decoded at once
}

// NewOffice makes an office.
func NewOffice(c Config) *Office { return &Office{Config: c, looking: make(chan struct{}, 2)} }

// Plan adds orders, or changes those whose visit has not begun: all or none. It names what is wrong with each, by its number from 1.
// Members finds a technician by email, "" for nobody.
func (o *Office) Plan(ctx context.Context, lines []Line, members func(email string) string) ([]Problem, error) {
	if len(lines) > maxOrders {
		return []Problem{{Detail: "There are more than 5000 orders."}}, nil
	}
	var problems []Problem
	seen, list := map[string]int{}, make([]Visit, 0, len(lines))
	now := o.now()
	for i := range lines {
		line, n := &lines[i], i+1
		add := func(_, field, detail string) {
			problems = append(problems, Problem{Order: n, Field: field, Detail: detail})
		}
		line.check(add)
		technician := members(line.Technician)
		if technician == "" && line.Technician != "" {
			add("reference", "technician", "Nobody of the staff who visits has this email.")
		}
		if first := seen[line.Ref]; first > 0 {
			add(policies.CodeIDTwice, "ref", fmt.Sprintf("The reference is that of order %d.", first))
		}
		seen[line.Ref] = n
		v := planned(line.Order, line.Slot, technician, now)
		if line.Replaces != "" {
			home, err := o.Store.HomeOfBox(ctx, line.Replaces)
			if err != nil && !errors.Is(err, registry.ErrNotFound) {
				return nil, err
			}
			if v.Home = home; home == "" {
				add("reference", "replaces", "The box that goes belongs to no home.")
			}
		}
		list = append(list, v)
	}
	if problems != nil {
		return problems, nil
	}
	return nil, o.Store.PlanVisits(ctx, list)
}

// Problem is what is wrong with an order of a list.
type Problem struct {
	Order  int // from 1; 0: the whole
	Field  string
	Detail string
}

// List is the visits of a filter, by day and time; of a technician their own. Without days it begins a week ago.
func (o *Office) List(ctx context.Context, f Filter, who Who) ([]Visit, error) {
	if !who.All {
		f.Technician = who.Member
	}
	f.Limit = listed
	if f.From == "" && f.To == "" {
		f.From = o.lately()
	}
	return o.Store.Visits(ctx, f)
}

// Of is the visits of a home, for those who may have all that is kept of it.
func (o *Office) Of(ctx context.Context, home string) ([]Visit, error) {
	return o.Store.VisitsOf(ctx, home)
}

// Look is a visit with its checklist as it is true now. ErrNotFound.
func (o *Office) Look(ctx context.Context, id string, who Who) (Visit, error) {
	v, err := o.find(ctx, id, who)
	if err != nil {
		return v, err
	}
	changed, err := o.refresh(ctx, &v, who)
	if err != nil || !changed {
		return v, err
	}
	// Who was faster has seen the same.
	kept, err := o.Store.KeepVisit(ctx, v, nil, nil)
	if kept {
		o.tell(v)
	}
	return v, err
}

// tell lets the technician of a visit look again.
func (o *Office) tell(v Visit) {
	if v.Technician != "" {
		o.Homes.Announce(assist.AboutStaff(v.Technician))
	}
}

// lately is the first day of what is still worth a look.
func (o *Office) lately() string { return o.now().AddDate(0, 0, -7).Format(time.DateOnly) }

// Live are the homes in which a technician is at work: their boxes have something to say to them until the visit is over.
func (o *Office) Live(ctx context.Context, member string) ([]string, error) {
	list, err := o.Store.Visits(ctx, Filter{Technician: member, From: o.lately(), Limit: listed})
	var live []string
	for _, v := range list {
		if v.Home != "" && !v.State.Over() && v.Serial != "" {
			live = append(live, v.Home)
		}
	}
	return live, err
}

// find is a visit that somebody may see.
func (o *Office) find(ctx context.Context, id string, who Who) (Visit, error) {
	v, err := o.Store.Visit(ctx, id)
	if err != nil {
		return v, err
	}
	if !who.All && v.Technician != who.Member {
		return Visit{}, ErrNotFound
	}
	return v, nil
}

// errSame: a visit is already as it was to become.
var errSame = errors.New("nothing changes")

// change puts a change to a visit until it is kept, or fails. Do keeps it, and says whether nobody was faster.
func (o *Office) change(ctx context.Context, id string, who Who, do func(*Visit) (kept bool, err error)) (Visit, error) {
	for range tries {
		v, err := o.find(ctx, id, who)
		if err != nil {
			return Visit{}, err
		}
		kept, err := do(&v)
		switch {
		case errors.Is(err, errSame):
			return v, nil
		case err != nil:
			return Visit{}, err
		case kept:
			v.Version++
			o.tell(v)
			return v, nil
		}
	}
	return Visit{}, fmt.Errorf("%w: visit %q moves all the time", registry.ErrUnavailable, id)
}

// refresh judges the checklist anew, and puts the box into service when it works.
func (o *Office) refresh(ctx context.Context, v *Visit, who Who) (changed bool, err error) {
	if v.Serial == "" || v.State.Over() {
		return false, nil
	}
	facts, err := o.facts(ctx, *v)
	if err != nil {
		return false, err
	}
	changed = o.tick(ctx, v, facts, who)
	v.Seen, facts.Line = v.seen(facts), v.Line
	now := o.now()
	list := v.judge(facts, now)
	changed = changed || !sameItems(list, v.Checklist)
	v.Checklist = list
	if v.Serving.IsZero() && facts.serves() {
		if facts.State == enrolment.StateClaimed {
			if err := o.Boxes.Serve(ctx, v.Serial, "visit", "order "+v.Order.Ref); err != nil && !errors.Is(err, enrolment.ErrMove) {
				return changed, err
			}
		}
		v.Serving, changed = now, true
		o.Log.Info("brought a box into service", "box", v.Serial, "visit", v.ID, "seconds", v.Seconds())
	}
	return changed, nil
}

// Seconds is the time from the scan of the label until the box was in service, 0 before.
func (v *Visit) Seconds() int {
	if v.Serving.IsZero() || v.Scanned.IsZero() {
		return 0
	}
	return max(1, int(v.Serving.Sub(v.Scanned).Seconds()))
}

func (o *Office) facts(ctx context.Context, v Visit) (Facts, error) {
	item, _, err := o.Boxes.Look(ctx, v.Serial)
	if err != nil {
		return Facts{}, fmt.Errorf("looking at box %q: %w", v.Serial, err)
	}
	facts := Facts{State: item.State}
	if item.State == enrolment.StateClaimed || item.State == enrolment.StateServing {
		facts.Claimed = true
		grant, err := o.Store.CertificateOf(ctx, v.Serial)
		if err != nil && !errors.Is(err, enrolment.ErrUnknown) {
			return Facts{}, err
		}
		facts.Until = grant.Until
	}
	state, err := o.Homes.State(ctx, v.home())
	if err != nil {
		return Facts{}, fmt.Errorf("reading home of visit %q: %w", v.ID, err)
	}
	if box := state.Box; box != nil && box.ID == v.Serial {
		facts.Home, facts.Reach, facts.Reported = true, box.Reachable, box.Reported
	}
	return facts, nil
}

// home is the home that the visit is for, also before it is made.
func (v *Visit) home() string {
	if v.Home != "" {
		return v.Home
	}
	return v.ID
}

func sameItems(a, b []Item) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name != b[i].Name || a[i].State != b[i].State || a[i].After != b[i].After || a[i].Code != b[i].Code ||
			!a[i].Since.Equal(b[i].Since) || a[i].Decision != b[i].Decision || value(a[i].Measured) != value(b[i].Measured) {
			return false
		}
	}
	return true
}

func value(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}

func (o *Office) now() time.Time { return o.Now().UTC().Truncate(time.Millisecond) }
