// Package radio makes the radios of one box agree with the plans of its reservations, through hostapd's control sockets: the
// channel (by an announced switch, never a reload), who may join which network, and where stations are asked to go.
//
// It promises to look at the whole of what is true before each command (level, never edge), so a hostapd that was restarted
// gets its lists and its channel again; to go back by itself from a channel on which the TV or the cloud did not come
// back; and to leave the lists that somebody else gave hostapd as they were once nothing is wanted. What it did to a list
// is noted in that list, not here: a new agent finds it, and a hostapd that forgot it has nothing to undo.
//
// It never decides which channel is best, never fights radar, never reads or writes hostapd's files.
package radio

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// Config is where hostapd is found.
type Config struct {
	Control  []string         // folders of control sockets, or sockets
	Deadline time.Duration    // in which the TV and the cloud must be back after a switch; 0: a minute
	Folder   string           // of ours (0700), for the near ends of the sockets: emptied at first; "": a temporary one
	Now      func() time.Time // the clock of what is reported; nil: the kernel's
}

// Wanted is the whole wanted state.
type Wanted struct {
	Plans   []policies.ChannelPlan
	MACs    map[string][]policies.MAC // of each device of the policy, by id
	Refused []policies.MAC            // kept off every BSS
	Cloud   bool                      // the uplink is connected now
}

// RadioState is what is true of one radio.
type RadioState struct {
	Radio        string
	Reservations []string  // of its plan, none where nothing is wanted of it
	State        wire.Hold // HoldIdle without a plan
	Why          string    // a code of the README; "" if all is as asked
	Detail       string    // one sentence, for people who help
	Channel      int       // in use, 0: none; as Width and Exclusive
	Width        int
	Exclusive    bool
	Since        time.Time // of this state
	Returns      *time.Time
	Before       map[string]wire.Figures // by device id: before the newest switch or list of ours
	After        map[string]wire.Figures // and now, of those that have joined
}

// Radios are the radios of one box. Its methods are for one goroutine, except [Radios.Watch], [Radios.State], [Radios.Kept] and
// [Radios.Limitations].
type Radios struct {
	config Config
	log    *slog.Logger
	kernel kernel
	ends   ends
	diary  diary
	memory map[string]*memory
	phys   map[string]*phy // as the kernel said newest
	unread int             // looks at the kernel that failed since

	mu      sync.Mutex // of what others may ask for
	states  []RadioState
	kept    map[policies.MAC]bool
	next    time.Time
	lacking map[string]string // limitations, by code
}

// kernel is what the kernel says of each radio, by its name.
type kernel interface {
	look(ctx context.Context) (map[string]*phy, error)
}

// New makes the folder for our ends of the sockets. It talks to nobody yet: a hostapd that is not there is a limitation, not an error.
func New(config Config, log *slog.Logger) (*Radios, error) {
	config.Deadline = cmp.Or(config.Deadline, time.Minute)
	if config.Now == nil {
		config.Now = time.Now
	}
	folder := config.Folder
	var err error
	if folder == "" {
		folder, err = os.MkdirTemp("", "carebox-radio-")
	} else {
		err = errors.Join(os.MkdirAll(folder, 0o700), sweep(folder))
	}
	if err != nil {
		return nil, fmt.Errorf("making a folder for sockets: %w", err)
	}
	return &Radios{
		config: config, log: log, kernel: nl80211{}, ends: ends{folder: folder}, memory: map[string]*memory{}, lacking: map[string]string{},
	}, nil
}

// sweep removes the near ends that an agent which was killed has left.
func sweep(folder string) error {
	entries, err := os.ReadDir(folder)
	failed := []error{err}
	for _, e := range entries {
		if e.Type()&fs.ModeSocket != 0 {
			failed = append(failed, os.Remove(filepath.Join(folder, e.Name())))
		}
	}
	return errors.Join(failed...)
}

// Close takes the folder away. Nothing else may be called afterwards.
func (r *Radios) Close() error {
	if err := errors.Join(sweep(r.ends.folder), os.Remove(r.ends.folder)); err != nil {
		return fmt.Errorf("removing the folder of sockets: %w", err)
	}
	return nil
}

func (r *Radios) now() time.Time { return r.config.Now() }

// State is what was true of each radio after the newest Apply, in the order of their names.
func (r *Radios) State() []RadioState {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.states)
}

// Kept says of each address that the newest Apply was to keep off whether it is on the deny list of every BSS, on no accept list, and
// joined to none.
func (r *Radios) Kept() map[policies.MAC]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.kept)
}

// Next is when Apply has to be called again at the latest; zero: nothing is foreseen.
func (r *Radios) Next() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.next
}

// Limitations are what this box's radios lack or hide, in the order of their codes.
func (r *Radios) Limitations() []wire.Limitation {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := []wire.Limitation{}
	for _, code := range slices.Sorted(maps.Keys(r.lacking)) {
		out = append(out, wire.Limitation{Code: code, Detail: r.lacking[code]})
	}
	return out
}

// lacks notes a limitation, or that it is one no more.
func (r *Radios) lacks(yes bool, code, detail string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, known := r.lacking[code]
	switch {
	case yes && !known:
		r.log.Warn("a limitation was found", "code", code)
		r.lacking[code] = detail
	case !yes && known:
		r.log.Info("a limitation has gone", "code", code)
		delete(r.lacking, code)
	}
}

// remember is the memory of a radio.
func (r *Radios) remember(name string) *memory {
	if r.memory[name] == nil {
		r.memory[name] = &memory{}
	}
	return r.memory[name]
}
