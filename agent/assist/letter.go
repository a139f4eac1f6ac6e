package assist

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

const (
	maxLetters = 256            // remembered; those that have certainly expired make room
	maxLive    = 8              // at once
	maxFamily  = 4              // of those the family's own: the operator's people always find room
	keepFor    = 24 * time.Hour // after a grant has expired
)

// Reasons why a letter is not taken.
var (
	errOld     = errors.New("a newer revision is known")
	errOther   = errors.New("its id is another home's or person's")
	errWider   = errors.New("it would allow more than the one before")
	errEnded   = errors.New("it has been ended")
	errExpired = errors.New("it has expired")
	errLost    = errors.New("it was issued before the memory of grants was lost")
	errFull    = errors.New("there are too many")
)

// letter is what is known of one grant: its newest revision, and how long that may be used here.
type letter struct {
	Grant    wire.Grant    `json:"grant"`
	Boot     string        `json:"boot"`     // the kernel's life in which Deadline was set
	Deadline time.Duration `json:"deadline"` // since that boot
	Left     time.Duration `json:"left"`     // when it was saved: no later boot gives it more
	Here     time.Time     `json:"here,omitzero"`

	came bool // in this life of the agent's
	live bool // it came, and was neither ended nor has expired
}

// book is every letter that is remembered, and rules which further ones are taken. It is pure.
type book struct {
	Letters map[string]*letter `json:"letters"`
	Signed  int64              `json:"signed"` // newest time of issue, Unix seconds: an instant that has passed, whatever clocks say
	Floor   int64              `json:"floor"`  // older ones are not believed: they may have been ended by what was lost
}

// moment is a reading of the clocks.
type moment struct {
	sure time.Time     // the latest that is known to have passed
	boot time.Duration // since the kernel's start, sleep included; no clock that can be set
	id   string        // of this life of the kernel's
}

// take judges a letter whose signature and form are right. changed: there is something to save; a reason may come with it.
func (b *book) take(g wire.Grant, now moment) (changed bool, err error) {
	known := b.Letters[g.ID]
	b.Signed = max(b.Signed, g.Issued)
	switch {
	case known != nil:
		return b.again(known, g, now)
	case g.Issued < b.Floor:
		return false, errLost
	case b.left(g, now) <= 0:
		return false, errExpired
	}
	if b.room(); len(b.Letters) >= maxLetters || !g.Ended && b.full(g) {
		return false, errFull
	}
	l := &letter{Grant: g, came: true, live: !g.Ended}
	l.limit(b.left(g, now), now)
	b.Letters[g.ID] = l
	return true, nil
}

// again judges another letter of a grant that is known.
func (b *book) again(l *letter, g wire.Grant, now moment) (changed bool, err error) {
	before := l.Grant
	switch {
	case g.Home != before.Home || g.Actor != before.Actor:
		return false, errOther
	case g.Revision < before.Revision:
		return false, errOld
	case before.Ended:
		return false, errEnded
	case g.Revision == before.Revision && (g.Ended || wider(g, before)):
		return false, errOther
	case wider(g, before):
		return false, errWider
	case l.live && g.Revision == before.Revision:
		return false, nil
	}
	left := b.left(g, now)
	if l.Boot != now.id {
		left = min(left, l.Left)
	} else {
		left = min(left, l.Deadline-now.boot)
	}
	changed = g.Revision > before.Revision
	l.Grant, l.came = g, true
	switch {
	case g.Ended:
		l.live, l.Here = false, time.Time{} // the cloud knows
		return changed, nil
	case !l.Here.IsZero():
		return changed, errEnded
	case left <= 0:
		l.live = false
		return changed, errExpired
	case !l.live && b.full(g):
		return changed, errFull
	}
	l.live = true
	l.limit(left, now)
	return true, nil
}

// wider reports whether a letter allows anything that the one before it did not.
func wider(g, before wire.Grant) bool {
	if g.Ended {
		return false
	}
	had := before.Scopes()
	return g.Expires > before.Expires || slices.ContainsFunc(g.Scopes(), func(s wire.Scope) bool { return !slices.Contains(had, s) })
}

// left is how long a grant may be used: until it expires, as far as that is known, and never longer than its own life, because
// its own time of issue has passed.
func (b *book) left(g wire.Grant, now moment) time.Duration {
	return time.Duration(max(0, g.Expires-max(now.sure.Unix(), b.Signed))) * time.Second
}

func (l *letter) limit(left time.Duration, now moment) {
	l.Boot, l.Deadline, l.Left = now.id, now.boot+left, left
}

// room forgets what has expired a day ago by the operator's own time; where that is not enough, what has expired at all: it
// would be refused for that.
func (b *book) room() {
	for id, l := range b.Letters {
		if !l.live && l.Grant.Expires+int64(keepFor.Seconds()) < b.Signed {
			delete(b.Letters, id)
		}
	}
	for id, l := range b.Letters {
		if len(b.Letters) >= maxLetters && !l.live && l.Grant.Expires <= b.Signed {
			delete(b.Letters, id)
		}
	}
}

// live are the letters that can be used, the oldest first.
func (b *book) live() []*letter {
	var all []*letter
	for _, l := range b.Letters {
		if l.live {
			all = append(all, l)
		}
	}
	slices.SortStableFunc(all, func(x, y *letter) int {
		return cmp.Or(cmp.Compare(x.Grant.Issued, y.Grant.Issued), cmp.Compare(x.Grant.ID, y.Grant.ID))
	})
	return all
}

// full reports whether there is no place for one more live letter like this one.
func (b *book) full(g wire.Grant) bool {
	live, family := b.live(), 0
	for _, l := range live {
		if byFamily(l.Grant) {
			family++
		}
	}
	return len(live) >= maxLive || byFamily(g) && family >= maxFamily
}

// byFamily reports whether a letter is a family member's, not the operator's staff's.
func byFamily(g wire.Grant) bool { return strings.HasPrefix(g.Actor.Sub, "member:") }

// expire ends what has reached its deadline, and says when the next one is due.
func (b *book) expire(boot time.Duration) (next time.Duration, some bool) {
	for _, l := range b.live() {
		if l.Deadline <= boot {
			l.live = false
			continue
		}
		if !some || l.Deadline < next {
			next, some = l.Deadline, true
		}
	}
	return next, some
}

// end is somebody's wish at the box itself. False: there is nothing to end.
func (b *book) end(id string, at time.Time) bool {
	l := b.Letters[id]
	if l == nil || !l.live {
		return false
	}
	l.live, l.Here = false, at
	return true
}

// untold are those ended here of which the cloud has not said yet that it knows, the newest MaxEnded.
func (b *book) untold() []wire.Ended {
	var all []wire.Ended
	for id, l := range b.Letters {
		if !l.Here.IsZero() {
			all = append(all, wire.Ended{Grant: id, By: wire.EndedByBox, At: l.Here})
		}
	}
	slices.SortStableFunc(all, func(x, y wire.Ended) int { return cmp.Or(y.At.Compare(x.At), cmp.Compare(x.Grant, y.Grant)) })
	return all[:min(len(all), wire.MaxEnded)]
}

// why is the refusal of a query under a grant, "" for none. One that has not come again since the agent was started is not
// known, unless it was ended.
func (b *book) why(id string, boot time.Duration) wire.Refusal {
	l := b.Letters[id]
	switch {
	case l == nil, !l.came && !l.Grant.Ended && l.Here.IsZero():
		return wire.RefusedUnknown
	case !l.live || l.Deadline <= boot:
		return wire.RefusedEnded
	case !l.Grant.Allows(wire.ScopeDiagnose):
		return wire.RefusedScope
	}
	return ""
}

// note is the book as it is saved: what is left of each letter holds for any later boot.
func (b *book) note(now moment) ([]byte, error) {
	for _, l := range b.Letters {
		if l.Boot == now.id {
			l.Left = max(0, l.Deadline-now.boot)
		}
	}
	return json.Marshal(b)
}

// recall reads a book that was saved.
func recall(body []byte) (book, error) {
	b := book{Letters: map[string]*letter{}}
	if body == nil {
		return b, nil
	}
	if err := json.Unmarshal(body, &b); err != nil {
		return b, err
	}
	for id, l := range b.Letters {
		if l == nil || l.Grant.ID != id {
			return b, errors.New("a grant in it is none")
		}
	}
	return b, nil
}
