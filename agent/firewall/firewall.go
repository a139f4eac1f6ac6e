// Package firewall makes the kernel's packet filter agree with who is online, and proves that it does.
//
// It owns the chains CAREBOX* of the filter and nat tables in both families, two jumps to them at the top of FORWARD and
// one at the top of PREROUTING, and a field of the conntrack mark: a number per device. Whole wanted states go in, the
// kernel's true state comes out. It never touches a foreign rule or the other bits of a mark, never flushes and appends
// (each table is replaced by one iptables-restore), and leaves the rules armed when its process ends.
//
// Every file descriptor and child belongs to the network namespace of the thread that calls a method.
package firewall

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// Config says where the home is and which bits of the conntrack mark are ours.
type Config struct {
	LAN, WAN string // links: the home's bridge, the way out
	Mark     uint32 // mask of at least 10 neighbouring bits
	Backend  string // nft | legacy; "" finds what the box uses
	Portal   uint16 // port of the box's own page, to which offline devices' plain HTTP is led; 0: nowhere
}

// Window is a time offline, From ≤ t < To, in UTC and whole seconds. A zero From has begun already, a zero To does not
// end.
type Window struct{ From, To time.Time }

// Device is one device that the policy names. Its windows are sorted and do not overlap; none means online.
type Device struct {
	ID      string
	MACs    []policies.MAC
	Windows []Window
}

// Wanted is everything that the firewall is to enforce. Unknown holds for every MAC that no device has.
type Wanted struct {
	Devices []Device
	Unknown []Window
}

// Proof is what the kernel was seen to do.
type Proof struct {
	Devices map[string]State // by device id
	Unknown State
}

// State of one device in the kernel.
type State struct {
	InForce  bool   // rules re-read and, for a device that is offline, no accepted flow left
	Why      string // why it is not in force
	Flows    int    // conntrack entries ended since the cut: deleted, or kept under a mark that the rules refuse
	Refusals uint64 // packets refused since the cut, as far as they were seen: a replaced chain counts from zero
}

// Firewall is the packet filter of the box. Its methods may be called from any goroutine; one runs at a time.
type Firewall struct {
	cfg      Config
	log      *slog.Logger
	look     func(program string) (path string, err error)
	shell    shell
	flows    conntrack
	places   func() (places, error)
	inserter func(family *family) (inserter, error)
	entries  func() (entries, error) // of a legacy table, to notice foreign changes; nil for nft
	own      func(pid uint32) bool   // whether a process was ours
	offload  func() bool             // whether the kernel has a flowtable

	accounting string // file of the sysctl

	damage atomic.Uint64 // rises whenever somebody else may have changed our rules

	mu       sync.Mutex
	families []*family
	others   []tool         // of the backend that is not used
	leftover bool           // the other backend holds chains of ours
	networks []netip.Prefix // of the LAN, when last read
	marks    marks
	wanted   Wanted
	applied  bool   // wanted is somebody's wish, not just the zero value
	trusted  uint64 // value of damage up to which the families' seen holds
	baseline entries
	records  map[string]*record
	meter    meter
	counting bool              // the kernel counts bytes per flow
	limits   map[string]string // code → detail
}

// family is our part of one address family's filter table, as last seen or believed.
type family struct {
	six      bool
	tool     tool
	want     ruleset
	seen     ruleset
	known    bool              // seen, anchored and forward hold
	anchored bool              // both jumps are first in FORWARD
	forward  []string          // rules of FORWARD when last read
	counts   map[string]uint64 // packets refused, by chain, when last read
	counted  map[string]uint64 // of these, what is in the records
	portal   portal
	closed   bool // new connections from the WAN are dropped, as far as can be judged
	routed   bool // devices have addresses that the WAN can reach: no source NAT was seen
}

func (fam *family) String() string {
	if fam.six {
		return "IPv6"
	}
	return "IPv4"
}

var linkName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]{0,14}$`)

// New finds the backend that the box uses and which families it has, and adopts the marks of chains that are already
// in the kernel. It changes no rule.
func New(ctx context.Context, cfg Config, log *slog.Logger) (*Firewall, error) {
	p := &programs{}
	f := &Firewall{
		cfg: cfg, log: log.With("part", "firewall"), look: lookPath, shell: p, flows: netlinkConntrack{}, own: p.own,
		places: func() (places, error) { return readPlaces(cfg.LAN) }, inserter: newInserter, offload: hasFlowtable, accounting: accountingFile,
	}
	if err := f.start(ctx); err != nil {
		return nil, fmt.Errorf("starting the firewall: %w", err)
	}
	return f, nil
}

func (f *Firewall) start(ctx context.Context) error {
	if !linkName.MatchString(f.cfg.LAN) || !linkName.MatchString(f.cfg.WAN) || f.cfg.LAN == f.cfg.WAN {
		return fmt.Errorf("links %q and %q are no names of two links", f.cfg.LAN, f.cfg.WAN)
	}
	var err error
	if f.marks, err = newMarks(f.cfg.Mark); err != nil {
		return err
	}
	f.records, f.limits, f.meter = map[string]*record{}, map[string]string{}, newMeter()
	if err := f.findBackend(ctx); err != nil {
		return err
	}
	if err := f.read(ctx); err != nil {
		return err
	}
	f.marks.adopt(f.families)
	f.account()
	f.meter.baseline = true
	for _, fam := range f.families {
		_ = f.walk(fam.six, func(*flow) {}) // a kernel without conntrack is a limitation, which walk has noted
	}
	f.meter.baseline = false
	return nil
}

// Limitations are what the box lacks or what bypasses the rules, as last seen, by code.
func (f *Firewall) Limitations() []wire.Limitation {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []wire.Limitation
	for code, detail := range f.limits {
		all = append(all, wire.Limitation{Code: code, Detail: detail})
	}
	slices.SortStableFunc(all, func(a, b wire.Limitation) int { return strings.Compare(a.Code, b.Code) })
	return all
}

// Marks are the devices of the wanted state, by id, as the conntrack marks of their flows say them.
func (f *Firewall) Marks() map[string]uint32 {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make(map[string]uint32, len(f.marks.of))
	for id, n := range f.marks.of {
		all[id] = f.marks.value(n)
	}
	return all
}

// Backend is where the rules are: nft or legacy.
func (f *Firewall) Backend() string { return f.families[0].tool.backend }

// limit notes a limitation, or that it is gone when detail is "".
func (f *Firewall) limit(code, detail string) {
	old, had := f.limits[code]
	switch {
	case detail == "" && had:
		delete(f.limits, code)
		f.log.Info("limitation gone", "code", code)
	case detail != "" && old != detail:
		f.limits[code] = detail
		f.log.Warn("limitation found", "code", code, "detail", detail)
	}
}

// read asks the kernel for the rules of all families at once.
func (f *Firewall) read(ctx context.Context) error {
	var cmds []command
	for _, fam := range f.families {
		cmds = append(cmds, command{path: fam.tool.save, args: []string{"-c"}})
	}
	var errs []error
	saves := make([]save, len(f.families))
	for i, r := range f.shell.Run(ctx, cmds) {
		fam := f.families[i]
		err := r.err
		if err == nil {
			saves[i], err = parseSave(r.stdout)
		}
		if err != nil {
			fam.known = fam.known && ctx.Err() != nil // that the caller had no time to look changes nothing
			errs = append(errs, fmt.Errorf("reading %s rules: %w", fam, err))
			continue
		}
		fam.takeIn(saves[i], f.cfg)
	}
	f.judge(saves)
	if p, err := f.places(); err == nil {
		f.networks = p.lan
	}
	return errors.Join(errs...)
}

// takeIn takes over what a save says of this family.
func (fam *family) takeIn(s save, cfg Config) {
	filter := s["filter"]
	fam.seen, fam.counts = ruleset{}, map[string]uint64{}
	for name, c := range filter {
		if !ours(name) {
			continue
		}
		fam.seen[name] = c.texts()
		fam.counts[name] = c.refused()
	}
	fam.forward = nil
	if c := filter["FORWARD"]; c != nil {
		fam.forward = c.texts()
	}
	fam.anchored = anchored(fam.forward, cfg.LAN)
	fam.closed = closed(filter, cfg)
	fam.routed = fam.six || !translates(s["nat"])
	fam.portal.takeIn(s["nat"])
	fam.known = true
}
