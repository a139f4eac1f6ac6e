package state

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// record is one thing kept in two slots. The slot with the higher sequence number holds the newer copy.
type record struct {
	disk   disk
	name   string
	loaded bool
	slot   int    // of the newest good copy
	seq    uint64 // of the newest good copy, 0 for none
	damage string // what was wrong with the slots when they were read, "" if nothing was
}

// copied is what one slot holds.
type copied struct {
	slot int
	seq  uint64
	body []byte
}

func (r *record) path(slot int) string { return fmt.Sprintf("%s.%d", r.name, slot) }

// load reads both slots and returns the newest body that is whole and that check accepts, nil if there is none.
func (r *record) load(check func([]byte) error) ([]byte, error) {
	copies, faults, err := r.read()
	if err != nil {
		return nil, err
	}
	r.slot, r.seq, r.loaded = 1, 0, true
	var best copied
	for _, c := range copies {
		if err := check(c.body); err != nil {
			faults = append(faults, fmt.Sprintf("%s: %v", r.path(c.slot), err))
			continue
		}
		best, r.slot, r.seq = c, c.slot, c.seq
		break
	}
	// From the second save on both slots exist: one that is gone was lost.
	if best.seq > 1 && len(copies) == 1 && len(faults) == 0 {
		faults = append(faults, r.path(1-r.slot)+": is gone")
	}
	r.damage = ""
	if len(faults) > 0 {
		used := "nothing was left to use"
		if best.seq > 0 {
			used = r.path(r.slot) + " is used"
		}
		r.damage = strings.Join(append(faults, used), "; ")
	}
	return best.body, nil
}

// read returns the whole slots, newest first, and a line for each damaged one.
func (r *record) read() (copies []copied, faults []string, err error) {
	for slot := range 2 {
		data, err := r.disk.read(r.path(slot))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("reading state %q: %w", r.path(slot), err)
		}
		seq, body, err := decode(data)
		if err != nil {
			faults = append(faults, fmt.Sprintf("%s: %v", r.path(slot), err))
			continue
		}
		copies = append(copies, copied{slot: slot, seq: seq, body: body})
	}
	slices.SortStableFunc(copies, func(a, b copied) int {
		if a.seq > b.seq {
			return -1
		}
		return 1
	})
	return copies, faults, nil
}

// save puts the body into the slot that does not hold the newest copy.
func (r *record) save(body []byte) error {
	if len(body) > MaxRecord {
		return fmt.Errorf("saving state %q: %d bytes are too many", r.name, len(body))
	}
	if !r.loaded {
		if _, err := r.load(func([]byte) error { return nil }); err != nil {
			return err
		}
	}
	slot, seq := 1-r.slot, r.seq+1
	if err := replace(r.disk, r.path(slot), encode(seq, body)); err != nil {
		return fmt.Errorf("saving state %q: %w", r.path(slot), err)
	}
	r.slot, r.seq, r.damage = slot, seq, ""
	return nil
}
