package push

import (
	"context"
	"regexp"
	"slices"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

// Kinds is all that there is to hear of.
func Kinds() []string {
	return []string{
		string(registry.KindAsk), string(registry.KindAnswer), string(registry.KindCut), string(registry.KindDevice),
		string(registry.KindBox), string(registry.KindHours),
	}
}

// byDefault reports whether members hear of a kind who have chosen nothing.
func byDefault(kind string) bool { return kind != string(registry.KindHours) }

// Quiet is when a member is not to be disturbed, by the home's clock: what is not urgent waits for its end.
type Quiet struct {
	On       bool
	From, To string // 22:00; an end before the beginning is of the next day
}

// DefaultQuiet is for members who have chosen nothing.
func DefaultQuiet() Quiet { return Quiet{On: true, From: "22:00", To: "07:00"} }

// chooser keeps what members want otherwise than by default.
type chooser interface {
	Differing(ctx context.Context, member string) (kinds []string, err error)
	Choose(ctx context.Context, member string, kinds []string) error
	QuietOf(ctx context.Context, member string) (q quietRow, found bool, err error)
	SetQuiet(ctx context.Context, member string, q quietRow) error
}

type quietRow = struct {
	On       bool
	From, To string
}

// Muted is the kinds that a member does not want to hear of.
func (p *Push) Muted(ctx context.Context, member string) ([]string, error) {
	differing, err := p.Store.Differing(ctx, member)
	return flipped(differing), err
}

// flipped makes muted kinds of those that differ from the default, and the other way round.
func flipped(kinds []string) []string {
	var other []string
	for _, kind := range Kinds() {
		if slices.Contains(kinds, kind) == byDefault(kind) {
			other = append(other, kind)
		}
	}
	return other
}

// Choose changes them, and when the member is not to be disturbed; what is nil stays as it is. policies.Problems for a kind that
// there is not, times that are none or the same.
func (p *Push) Choose(ctx context.Context, member string, muted []string, quiet *Quiet) error {
	var found policies.Problems
	for _, kind := range muted {
		if !slices.Contains(Kinds(), kind) {
			found = policies.Problems{{Code: policies.CodeWord, Field: "muted", Detail: "A kind is ask, answer, cut, device, box or hours."}}
		}
	}
	if quiet != nil {
		found = append(found, quiet.check()...)
	}
	if found != nil {
		return found
	}
	if quiet != nil {
		if err := p.Store.SetQuiet(ctx, member, quietRow(*quiet)); err != nil {
			return err
		}
	}
	if muted == nil {
		return nil
	}
	return p.Store.Choose(ctx, member, flipped(muted))
}

// Quiet is when a member is not to be disturbed.
func (p *Push) Quiet(ctx context.Context, member string) (Quiet, error) {
	q, found, err := p.Store.QuietOf(ctx, member)
	if err != nil || found {
		return Quiet(q), err
	}
	return DefaultQuiet(), nil
}

var clock = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

func (q Quiet) check() policies.Problems {
	var found policies.Problems
	for _, end := range []struct{ field, text string }{{"quiet.from", q.From}, {"quiet.to", q.To}} {
		if !clock.MatchString(end.text) {
			found = append(found, policies.Problem{Code: policies.CodeTime, Field: end.field, Detail: "A time is 00:00 to 23:59."})
		}
	}
	if found == nil && q.From == q.To {
		found = policies.Problems{{Code: "range", Field: "quiet.to", Detail: "The end differs from the beginning."}}
	}
	return found
}

// end is when the quiet that holds at an instant ends, by a clock; the instant itself where it is not quiet.
func (q Quiet) end(at time.Time, zone *time.Location) time.Time {
	local := at.In(zone)
	now := local.Format("15:04")
	overnight := q.To < q.From
	inside := now >= q.From && now < q.To
	if overnight {
		inside = now >= q.From || now < q.To
	}
	to, err := time.Parse("15:04", q.To)
	if !q.On || !inside || err != nil {
		return at
	}
	day := local.Day()
	if overnight && now >= q.From {
		day++
	}
	return time.Date(local.Year(), local.Month(), day, to.Hour(), to.Minute(), 0, 0, zone)
}
