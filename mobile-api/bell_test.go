package mobileapi

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/carebox-project/carebox/cloud/push"
	"github.com/carebox-project/carebox/cloud/registry"
)

// letterbox keeps letters.
type letterbox struct {
	mu      sync.Mutex
	letters [][3]string // to, subject, text
}

func (b *letterbox) Send(to, subject, text string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.letters = append(b.letters, [3]string{to, subject, text})
	return true
}

func (b *letterbox) last() [3]string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.letters) == 0 {
		return [3]string{}
	}
	return b.letters[len(b.letters)-1]
}

// bell is subscriptions in memory.
type bell struct {
	mu    sync.Mutex
	list  []push.Subscription
	muted map[string][]string
	quiet map[string]push.Quiet
}

func newBell() *bell { return &bell{muted: map[string][]string{}, quiet: map[string]push.Quiet{}} }

func (b *bell) Key() string { return "key" }

func (b *bell) Muted(_ context.Context, member string) ([]string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.muted[member], nil
}

func (b *bell) Choose(_ context.Context, member string, muted []string, quiet *push.Quiet) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.muted[member] = muted
	if quiet != nil {
		b.quiet[member] = *quiet
	}
	return nil
}

func (b *bell) Quiet(_ context.Context, member string) (push.Quiet, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.quiet[member], nil
}

func (b *bell) Subscribe(_ context.Context, s push.Subscription) (push.Subscription, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s.ID = fmt.Sprintf("push-%d", len(b.list)+1)
	b.list = append(b.list, s)
	return s, nil
}

func (b *bell) Unsubscribe(_ context.Context, member, id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := len(b.list)
	b.list = slices.DeleteFunc(b.list, func(s push.Subscription) bool { return s.Member == member && s.ID == id })
	if len(b.list) == before {
		return registry.ErrNotFound
	}
	return nil
}

func (b *bell) Subscriptions(_ context.Context, member string) ([]push.Subscription, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.list), func(s push.Subscription) bool { return s.Member != member }), nil
}
