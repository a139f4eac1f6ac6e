package radio

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/carebox-project/carebox/policies"
)

// bss is one BSS as its own socket describes it.
type bss struct {
	name     string
	status   status
	door     door
	stations []station // those that left a moment ago included
}

// sockets are the paths at which hostapd may be found now, by the name of the interface.
func (r *Radios) sockets() (map[string]string, error) {
	out := map[string]string{}
	for _, path := range r.config.Control {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("looking for hostapd: %w", err)
		}
		if !info.IsDir() {
			out[filepath.Base(path)] = path
			continue
		}
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, fmt.Errorf("looking for hostapd: %w", err)
		}
		for _, e := range entries {
			if e.Type()&fs.ModeSocket != 0 && validName(e.Name()) {
				out[e.Name()] = filepath.Join(path, e.Name())
			}
		}
	}
	return out, nil
}

// ask reads all of one BSS. ok is false where the socket is not one of hostapd's, or nobody listens any more.
func (r *Radios) ask(ctx context.Context, name, path string) (b bss, ok bool, err error) {
	s, err := r.ends.dial(path)
	if err != nil { // a path of a hostapd that was killed: that it is away is seen by who misses the radio
		r.log.Debug("a control socket is dead", "bss", name, "err", err)
		return bss{}, false, nil
	}
	defer func() { err = errors.Join(err, s.close()) }()
	text, err := s.ask(ctx, "STATUS")
	if err != nil {
		return bss{}, false, err
	}
	b = bss{name: name, status: parseStatus(text)}
	if !b.status.configured || !slices.ContainsFunc(b.status.bsses, func(n network) bool { return n.name == name }) {
		return bss{}, false, nil
	}
	if b.stations, err = stations(ctx, s, name); err != nil {
		return bss{}, false, err
	}
	deny, err := s.ask(ctx, "DENY_ACL SHOW")
	if err != nil {
		return bss{}, false, err
	}
	accept, err := s.ask(ctx, "ACCEPT_ACL SHOW")
	if err != nil {
		return bss{}, false, err
	}
	denied, allDenied := parseList(deny)
	accepted, allAccepted := parseList(accept)
	b.door = door{accept: accepted, deny: denied, whole: allDenied && allAccepted}
	return b, true, nil
}

// stations asks for one after the other, as hostapd_cli's all_sta does.
func stations(ctx context.Context, s *socket, name string) ([]station, error) {
	var out []station
	for command := "STA-FIRST"; len(out) < maxStations; {
		text, err := s.ask(ctx, command)
		if err != nil {
			return nil, err
		}
		st, ok := parseStation(text)
		if !ok || slices.ContainsFunc(out, func(known station) bool { return known.mac == st.mac }) {
			break
		}
		st.bss = name
		out = append(out, st)
		command = "STA-NEXT " + string(st.mac)
	}
	return out, nil
}

// see looks at everything.
func (r *Radios) see(ctx context.Context) ([]view, error) {
	paths, err := r.sockets()
	if err != nil {
		return nil, err
	}
	radios := map[string][]bss{}
	var failed error
	for name, path := range paths {
		b, ok, err := r.ask(ctx, name, path)
		failed = errors.Join(failed, err)
		if ok && err == nil {
			radio := b.status.bsses[0].name
			radios[radio] = append(radios[radio], b)
		}
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	phys := r.hardware(ctx)
	var out []view
	for name, list := range radios {
		out = append(out, r.merge(name, list, phys))
	}
	slices.SortStableFunc(out, func(a, b view) int { return strings.Compare(a.radio.Name, b.radio.Name) })
	if failed == nil { // who only did not answer in time has not gone
		r.forget(out)
		r.missed(out)
	}
	r.lacks(len(out) == 0, "hostapd-away", "no control socket of hostapd answers: channels and lists stay as they are")
	return out, failed
}

// hardware is what the kernel says, or said a moment ago: one that is slow for once has not lost its radios.
func (r *Radios) hardware(ctx context.Context) map[string]*phy {
	phys, err := r.kernel.look(ctx)
	if err == nil {
		r.phys, r.unread = phys, 0
	} else if r.unread++; r.unread >= maxUnread {
		r.phys = nil
	}
	if err != nil {
		r.log.Debug("the kernel was not read", "err", err)
	}
	r.lacks(r.unread >= maxUnread, "no-nl80211", "the kernel tells nothing of the radios: channels, widths and radar are not known")
	return r.phys
}

const maxUnread = 3 // looks at the kernel that may fail one after the other

// missed notes what hides behind the control sockets.
func (r *Radios) missed(views []view) {
	full, hidden := false, false
	for _, v := range views {
		hidden = hidden || len(v.doors) < len(v.status.bsses)
		for _, d := range v.doors {
			full = full || !d.whole
		}
	}
	r.lacks(full, "list-full", "an access list of hostapd is longer than it tells: it is left alone")
	r.lacks(hidden, "bss-hidden", "a network of hostapd has no control socket: nobody can be kept off it")
}

// merge makes one radio of its BSSes and of what the kernel says of it.
func (r *Radios) merge(name string, list []bss, phys map[string]*phy) view {
	now := r.now()
	slices.SortStableFunc(list, func(a, b bss) int { return strings.Compare(a.name, b.name) })
	first := list[max(0, slices.IndexFunc(list, func(b bss) bool { return b.name == name }))]
	v := view{status: first.status, doors: map[string]door{}, phy: phyOf(first.status, name, phys)}
	for _, b := range list {
		for _, st := range b.stations {
			if st.authorised {
				v.stations = append(v.stations, st)
				b.door.joined = append(b.door.joined, st.mac)
			}
		}
		v.doors[b.name] = b.door
	}
	band, channel := channelOf(first.status.frequency)
	v.radio = policies.Radio{Name: name, Band: band, Channel: channel, Width: first.status.width, State: stateOf(first.status.state)}
	if v.radio.State == policies.RadioDown {
		v.radio.Channel, v.radio.Width = 0, 0
	}
	r.fill(&v, r.remember(name), now)
	return v
}

func stateOf(hostapd string) policies.RadioState {
	switch hostapd {
	case stateUp:
		return policies.RadioUp
	case stateCheck:
		return policies.RadioCheck
	}
	return policies.RadioDown
}

// phyOf is the kernel's radio of a hostapd that may be too old to name it.
func phyOf(s status, name string, phys map[string]*phy) *phy {
	if p := phys[s.phy]; p != nil {
		return p
	}
	for _, p := range phys {
		if slices.Contains(p.interfaces, name) {
			return p
		}
	}
	return nil
}

// Look reads what the radios are now, in the order of their names. A radio that hostapd does not serve is not there.
func (r *Radios) Look(ctx context.Context) ([]policies.Radio, error) {
	views, err := r.see(ctx)
	out := make([]policies.Radio, 0, len(views))
	for _, v := range views {
		out = append(out, v.radio)
	}
	if len(out) > 0 && ctx.Err() == nil {
		err = nil // one BSS that did not answer does not hide the others
	}
	return out, err
}
