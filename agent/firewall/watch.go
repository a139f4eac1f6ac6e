package firewall

import (
	"context"
	"time"
)

// Watch calls changed when somebody else may have damaged our rules, until ctx ends. The caller then proves and
// applies again; what it finds may also be that all is well. Calls are at least a quarter of a second apart, however
// busy the rules of others are.
func (f *Firewall) Watch(ctx context.Context, changed func()) error {
	alarm := func() {
		f.damage.Add(1)
		changed()
	}
	if f.entries != nil {
		f.poll(ctx, alarm)
		return nil
	}
	return f.listen(ctx, alarm)
}

const pollEvery = 500 * time.Millisecond

// poll compares a legacy table's size with that after our last change, without running a program.
func (f *Firewall) poll(ctx context.Context, alarm func()) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if f.grown() {
			alarm()
		}
	}
}

func (f *Firewall) grown() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.baseline
	f.note()
	return f.baseline != before
}
