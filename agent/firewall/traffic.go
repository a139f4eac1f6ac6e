package firewall

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"os"
)

const accountingFile = "/proc/sys/net/netfilter/nf_conntrack_acct"

// meter sums the bytes of flows by device.
type meter struct {
	seed     maphash.Seed
	last     map[flowKey]reading
	total    map[string]uint64 // by device id
	pass     [2]uint32         // per family
	baseline bool              // what has moved up to now does not count
}

// flowKey tells flows apart: the kernel's id alone is 32 bits of a hash.
type flowKey struct {
	six   bool
	id    uint32
	tuple uint64
}

type reading struct {
	bytes uint64
	pass  uint32
}

func newMeter() meter {
	return meter{seed: maphash.MakeSeed(), last: map[flowKey]reading{}, total: map[string]uint64{}}
}

// count takes one look at a flow of a device; id is "" for any other.
func (m *meter) count(f *flow, id string) {
	key := flowKey{f.six, f.id, maphash.Bytes(m.seed, f.tuple)}
	last, known := m.last[key]
	if id == "" && !known && !m.baseline {
		return // it began after us: all of it counts once it has a device
	}
	if !m.baseline && id != "" {
		moved := f.bytes
		if f.bytes >= last.bytes {
			moved -= last.bytes
		}
		m.total[id] += moved
	}
	m.last[key] = reading{f.bytes, m.pass[side(f.six)]}
}

// next ends a pass over a family. A flow that one pass did not see may have been missed; after two it is gone.
func (m *meter) next(six bool) {
	now := m.pass[side(six)]
	for key, r := range m.last {
		if key.six == six && r.pass+1 < now {
			delete(m.last, key)
		}
	}
	m.pass[side(six)]++
}

func side(six bool) int {
	if six {
		return 1
	}
	return 0
}

// walk visits the flows of a family and counts their bytes on the way.
func (f *Firewall) walk(six bool, visit func(*flow)) error {
	ids := make(map[uint32]string, len(f.marks.of))
	for id, n := range f.marks.of {
		ids[n] = id
	}
	err := f.flows.Walk(six, func(one *flow) {
		f.meter.count(one, ids[f.marks.number(one.mark)])
		visit(one)
	})
	if err != nil {
		f.limit("no-conntrack", "flows cannot be read, so no cut can be proved: "+err.Error())
		return err
	}
	f.meter.next(six)
	f.limit("no-conntrack", "")
	return nil
}

// Traffic is the bytes that each device has moved to and from the WAN since New, both ways, by device id. It only
// rises. Flows are counted when they are looked at: what one moves after the last look before its end is missed.
func (f *Firewall) Traffic(ctx context.Context) (map[string]uint64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.account()
	var errs []error
	for _, fam := range f.families {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("counting traffic: %w", err)
		}
		if err := f.walk(fam.six, func(*flow) {}); err != nil {
			errs = append(errs, fmt.Errorf("counting %s traffic: %w", fam, err))
		}
	}
	moved := make(map[string]uint64, len(f.marks.of))
	for id := range f.marks.of {
		moved[id] = f.meter.total[id]
	}
	return moved, errors.Join(errs...)
}

// account makes the kernel count bytes per flow, for flows that begin from now on.
func (f *Firewall) account() {
	now, err := os.ReadFile(f.accounting)
	if errors.Is(err, fs.ErrNotExist) {
		return // conntrack is not loaded yet: our first rules load it
	}
	if err == nil && !bytes.HasPrefix(now, []byte("1")) {
		err = os.WriteFile(f.accounting, []byte("1"), 0o644)
	}
	f.counting = err == nil
	if err != nil {
		f.limit("no-accounting", "bytes per device cannot be counted: "+err.Error())
		return
	}
	f.limit("no-accounting", "")
}
