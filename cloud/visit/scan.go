package visit

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/registry"
)

// Verdict says whose a scanned box is.
type Verdict string

const (
	VerdictOurs    Verdict = "ours"       // of this order, or of the stock and meant for nobody
	VerdictOther   Verdict = "other"      // meant for another order
	VerdictServing Verdict = "in-service" // it works for another home
	VerdictGone    Verdict = "gone"       // its identity was taken back: it goes to the stock first
	VerdictUnknown Verdict = "unknown"    // on no list of ours
	VerdictReplace Verdict = "replaces"   // the one that goes: it is taken back, not bound
)

// Scanned is what is known of a label. Nothing has changed by looking.
type Scanned struct {
	Verdict Verdict   `json:"verdict"`
	Serial  string    `json:"serial"`
	Model   string    `json:"model"`          // "" for an unknown one
	Since   time.Time `json:"since,omitzero"` // of its state
}

// Scan says whose a box is, by what its label's QR code says or the serial that was typed. ErrNotFound.
func (o *Office) Scan(ctx context.Context, id, text string, who Who) (Scanned, error) {
	v, err := o.find(ctx, id, who)
	if err != nil {
		return Scanned{}, err
	}
	return o.scan(ctx, v, SerialOf(text))
}

func (o *Office) scan(ctx context.Context, v Visit, box string) (Scanned, error) {
	found := Scanned{Verdict: VerdictUnknown, Serial: box}
	if box == "" {
		return found, nil
	}
	item, _, err := o.Boxes.Look(ctx, box)
	if errors.Is(err, enrolment.ErrUnknown) {
		return found, nil
	}
	if err != nil {
		return Scanned{}, err
	}
	found.Model, found.Since = item.Model, item.Since
	found.Verdict, err = o.whose(ctx, v, item)
	return found, err
}

func (o *Office) whose(ctx context.Context, v Visit, item enrolment.Item) (Verdict, error) {
	switch {
	case item.Box == v.Order.Replaces && item.State.Assignable():
		return VerdictReplace, nil
	case !item.State.Assignable():
		return VerdictGone, nil
	case item.Box == v.Serial:
		return VerdictOurs, nil
	}
	home, err := o.Store.HomeOfBox(ctx, item.Box)
	if err != nil && !errors.Is(err, registry.ErrNotFound) {
		return "", err
	}
	mine := home != "" && home == v.home() // bound by a step whose answer was lost
	if home != "" && !mine || item.State == enrolment.StateServing && !mine {
		return VerdictServing, nil
	}
	other, err := o.Store.VisitFor(ctx, item.Box)
	if err == nil && other.ID != v.ID {
		return VerdictOther, nil
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", err
	}
	return VerdictOurs, nil
}

// again takes a reference apart: 7 and 7/1 are the first, 7/2 the second visit.
func again(ref string) (base string, n int) {
	base, tail, found := strings.Cut(ref, "/")
	if n, err := strconv.Atoi(tail); found && err == nil && n > 0 {
		return base, n
	}
	return base, 1
}
