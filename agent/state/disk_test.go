package state

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"testing"
)

var errCut = errors.New("power cut")

// fakeDisk is a folder whose power is cut before a chosen step. now is what the kernel shows, durable what is on the medium; renames
// become durable with the folder's sync, bytes with the file's.
type fakeDisk struct {
	now     map[string][]byte
	durable map[string][]byte
	steps   int // until the power is cut; below 0: never
}

func newFakeDisk() *fakeDisk {
	return &fakeDisk{now: map[string][]byte{}, durable: map[string][]byte{}, steps: -1}
}

func (d *fakeDisk) String() string { return fmt.Sprintf("now %q durable %q", d.now, d.durable) }

func (d *fakeDisk) step() error {
	if d.steps == 0 {
		return errCut
	}
	d.steps--
	return nil
}

func (d *fakeDisk) read(name string) ([]byte, error) {
	data, ok := d.now[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return bytes.Clone(data), nil
}

func (d *fakeDisk) create(name string) (file, error) {
	if err := d.step(); err != nil {
		return nil, err
	}
	d.now[name] = nil
	return &fakeFile{disk: d, name: name}, nil
}

func (d *fakeDisk) rename(from, to string) error {
	if err := d.step(); err != nil {
		return err
	}
	d.now[to] = d.now[from]
	delete(d.now, from)
	return nil
}

func (d *fakeDisk) sync() error {
	if err := d.step(); err != nil {
		return err
	}
	d.durable = maps.Clone(d.now)
	return nil
}

type fakeFile struct {
	disk *fakeDisk
	name string
}

func (f *fakeFile) Write(p []byte) (int, error) {
	if err := f.disk.step(); err != nil {
		return 0, err
	}
	f.disk.now[f.name] = append(f.disk.now[f.name], p...)
	return len(p), nil
}

func (f *fakeFile) Sync() error {
	if err := f.disk.step(); err != nil {
		return err
	}
	f.disk.durable[f.name] = bytes.Clone(f.disk.now[f.name])
	return nil
}

func (f *fakeFile) Close() error { return f.disk.step() }

// TestPowerCutAtEveryStep cuts the power before each step of a save. Whether the medium kept only what was synced or all that the
// kernel showed, one of the two documents is loaded whole, and the newer one once the save has returned.
func TestPowerCutAtEveryStep(t *testing.T) {
	for _, kept := range []string{"synced only", "everything"} {
		for earlier := range 3 {
			for n := 0; ; n++ {
				d := newFakeDisk()
				s := newStore(d)
				before := ""
				for i := range earlier {
					before = fmt.Sprintf("document %d", i)
					if err := s.SaveDesired([]byte(before)); err != nil {
						t.Fatal(err)
					}
				}
				if _, _, err := s.Load(anything); err != nil {
					t.Fatal(err)
				}
				d.steps = n
				saved := s.SaveDesired([]byte("newest"))
				d.steps = -1
				if kept == "synced only" {
					d.now = maps.Clone(d.durable)
				}
				got, _ := load(t, newStore(d))
				if got != before && got != "newest" || saved == nil && got != "newest" {
					t.Fatalf("%s, %d documents, cut at step %d (save: %v): loaded %q from %v", kept, earlier, n, saved, got, d)
				}
				if saved == nil {
					break
				}
			}
		}
	}
}

// TestFailedSaveCanBeRepeated keeps the store in use after a step failed, as on a full disk.
func TestFailedSaveCanBeRepeated(t *testing.T) {
	for n := range 6 {
		d := newFakeDisk()
		s := newStore(d)
		if err := s.SaveDesired([]byte("one")); err != nil {
			t.Fatal(err)
		}
		d.steps = n
		if err := s.SaveDesired([]byte("two")); err == nil {
			t.Fatalf("step %d did not fail", n)
		}
		d.steps = -1
		if err := s.SaveDesired([]byte("three")); err != nil {
			t.Fatal(err)
		}
		if got, _ := load(t, newStore(d)); got != "three" {
			t.Errorf("failed at step %d, then saved: loaded %q", n, got)
		}
	}
}
