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
	"context"
	"log/slog"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// Config is where hostapd is found.
type Config struct {
	Control  []string      // folders of control sockets, or sockets
	Deadline time.Duration // in which the TV and the cloud must be back after a switch; 0: a minute
	Folder   string        // of ours (0700), for the near ends of the sockets: emptied at first; "": a temporary one
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
}

// New checks a configuration. It talks to nobody yet: a hostapd that is not there is a limitation, not an error.
func New(config Config, log *slog.Logger) (*Radios, error) {
	return &Radios{config: config, log: log}, nil
}

// Look reads what the radios are now.
func (r *Radios) Look(ctx context.Context) ([]policies.Radio, error) { return nil, nil }

// Apply brings every radio one step closer to what is wanted of it. It sends commands and does not wait for what they cause: call it
// again at [Radios.Next], and when [Radios.Watch] rings.
func (r *Radios) Apply(ctx context.Context, w Wanted, now time.Time) error { return nil }

// Next is when Apply has to be called again at the latest; zero: nothing is foreseen.
func (r *Radios) Next() time.Time { return time.Time{} }

// State is what was true of each radio after the newest Apply, in the order of their names.
func (r *Radios) State() []RadioState { return nil }

// Kept says of each MAC that the newest Apply was to keep off whether it is on the deny list of every BSS and joined to none.
func (r *Radios) Kept() map[policies.MAC]bool { return nil }

// Watch calls changed after events of hostapd that may matter, and when hostapd has come or gone, until ctx ends.
func (r *Radios) Watch(ctx context.Context, changed func()) error { <-ctx.Done(); return nil }

// Clear takes away everything of ours from every BSS; the channel stays as it is.
func (r *Radios) Clear(ctx context.Context) error { return nil }

// Limitations are what this box's radios lack or hide.
func (r *Radios) Limitations() []wire.Limitation { return nil }
