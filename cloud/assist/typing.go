package assist

import (
	"context"
	"maps"
	"sync"
	"time"
)

// typingPause is between two times that one side of a case is said to write.
const typingPause = 2 * time.Second

// AboutTyping is what is announced while one side of a case writes to the other: that, and nothing of what. It is kept nowhere,
// so whoever hears it forgets it after some seconds.
func AboutTyping(id string, from From) string { return "typing-" + string(from) + "-" + id }

// Types says that a case's customer writes. While nobody has the case there is nobody to hear it. ErrCaseUnknown, ErrCaseState.
func (c *Cases) Types(ctx context.Context, who Customer, id string) error {
	k, err := c.Case(ctx, id)
	switch {
	case err != nil:
		return err
	case k.Home != who.Home || k.Member != who.Member:
		return ErrCaseUnknown
	case !k.Open():
		return ErrCaseState
	case k.State == CaseTaken:
		c.typed(id, FromCustomer)
	}
	return nil
}

// AgentTypes says that the agent who has a case writes. ErrCaseUnknown, ErrCaseState, ErrCaseNotYours.
func (c *Cases) AgentTypes(ctx context.Context, agent Agent, id string) error {
	if _, err := c.Held(ctx, id, agent); err != nil {
		return err
	}
	c.typed(id, FromStaff)
	return nil
}

func (c *Cases) typed(id string, from From) {
	if about := AboutTyping(id, from); c.typing.admits(about, c.now()) {
		c.Homes.Announce(about)
	}
}

// pauses holds what was said just now.
type pauses struct {
	mu   sync.Mutex
	last map[string]time.Time
}

func newPauses() *pauses { return &pauses{last: map[string]time.Time{}} }

// admits reports whether it is long enough since something was said.
func (p *pauses) admits(what string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.last, func(_ string, at time.Time) bool { return now.Sub(at) >= typingPause })
	if _, just := p.last[what]; just {
		return false
	}
	p.last[what] = now
	return true
}
