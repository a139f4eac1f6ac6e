package radio

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// film is a plan for the TV on the 5 GHz radio.
func film(channel int, exclusive bool) Wanted {
	p := want(channel, 80)
	p.Devices, p.Exclusive = []string{"tv"}, exclusive
	return Wanted{Plans: []policies.ChannelPlan{p}, MACs: map[string][]policies.MAC{"tv": {tv}}, Cloud: true}
}

// apply applies until something is true.
func apply(t *testing.T, r *Radios, w Wanted, ok func() bool) {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < time.Minute; {
		if err := r.Apply(t.Context(), w, time.Now()); err != nil {
			t.Fatal(err)
		}
		if ok() {
			return
		}
		wait(t.Context(), 10*time.Millisecond)
	}
	t.Fatalf("in vain: %+v", r.State())
}

func TestLook(t *testing.T) {
	h := newHostapd(t)
	h.network("wlan1", func(n *fakeNetwork) { n.joined = []policies.MAC{tv, phone} })
	r := newRadios(t, h)
	radios, err := r.Look(t.Context())
	if err != nil || len(radios) != 2 || radios[0].Name != "wlan0" || radios[1].Name != "wlan1" {
		t.Fatalf("%+v, %v", radios, err)
	}
	five := radios[1]
	if five.Band != policies.Band5 || five.Channel != 36 || five.Width != 80 || five.Country != "FR" || five.Load != 25 || five.Why != policies.SelectManual {
		t.Errorf("%+v", five)
	}
	if len(five.BSSes) != 2 || five.BSSes[1].SSID != "home-tv" || len(five.Stations) != 2 || five.Stations[0].Signal != -40 || five.Stations[0].TxRate != 130_000_000 {
		t.Errorf("%+v %+v", five.BSSes, five.Stations)
	}
	if len(five.Channels) != 8 || !slices.Equal(five.Channels[0].Widths, []int{20, 40, 80}) || !five.Channels[7].Radar {
		t.Errorf("%+v", five.Channels)
	}
	again, err := r.Look(t.Context())
	if err != nil || !again[1].Since.Equal(five.Since) || !again[1].Stations[0].Since.Equal(five.Stations[0].Since) {
		t.Errorf("instants move: %+v, %v", again[1], err)
	}
}

func TestRefusedAreKeptOffEveryNetwork(t *testing.T) {
	h := newHostapd(t)
	h.network("wlan0", func(n *fakeNetwork) { n.joined = []policies.MAC{phone} })
	h.network("wlan1-tv", func(n *fakeNetwork) { n.accept[phone] = 7 })
	r := newRadios(t, h)
	apply(t, r, Wanted{Refused: []policies.MAC{phone}}, func() bool { return r.Kept()[phone] })
	for _, name := range []string{"wlan0", "wlan1", "wlan1-tv"} {
		h.network(name, func(n *fakeNetwork) {
			if n.lets(phone) || slices.Contains(n.joined, phone) {
				t.Errorf("%s: %v", name, n)
			}
		})
	}
	if r.Next().IsZero() == (len(r.State()) == 0) {
		t.Errorf("%+v, next %s", r.State(), r.Next())
	}
	before := len(h.said())
	apply(t, r, Wanted{Refused: []policies.MAC{phone}}, func() bool { return true })
	if said := h.said(); len(said) != before {
		t.Errorf("said again: %q", said[before:])
	}
	if err := newRadios(t, h).Clear(t.Context()); err != nil { // another agent's
		t.Fatal(err)
	}
	h.network("wlan1-tv", func(n *fakeNetwork) {
		if len(n.deny) != 0 || len(n.accept) != 1 || n.accept[phone] != 7 {
			t.Errorf("cleared: %v", n)
		}
	})
}

func TestManyRefusals(t *testing.T) {
	h := newHostapd(t)
	r := newRadios(t, h)
	var many []policies.MAC
	for i := range 200 {
		many = append(many, policies.MAC("02:00:00:00:01:"+hexadecimal(i)))
	}
	last := many[199]
	h.network("wlan0", func(n *fakeNetwork) { n.joined = []policies.MAC{last} })
	apply(t, r, Wanted{Refused: many}, func() bool { return r.Kept()[last] })
	kept := r.Kept()
	if len(kept) != 200 || kept[many[150]] {
		t.Errorf("%d are known, one that is on no list is kept: %t", len(kept), kept[many[150]])
	}
	if l := r.Limitations(); len(l) != 1 || l[0].Code != "refusals-left-out" {
		t.Errorf("%+v", l)
	}
}

func hexadecimal(i int) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[i>>4&15], digits[i&15]})
}

func TestReservationOnAirAndHostapdRestarted(t *testing.T) {
	h := newHostapd(t)
	everywhere := func() {
		h.network("wlan0", func(n *fakeNetwork) { n.joined = nil })
		h.network("wlan1", func(n *fakeNetwork) { n.joined = []policies.MAC{tv, phone} })
	}
	everywhere()
	r := newRadios(t, h)
	rung := make(chan struct{}, 64)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := r.Watch(ctx, func() { rung <- struct{}{} }); err != nil {
			t.Error(err)
		}
	}()
	inForce := func() bool {
		s := r.State()
		return len(s) == 2 && s[1].State == wire.HoldInForce && s[1].Channel == 44 && s[1].Exclusive
	}
	apply(t, r, film(44, true), func() bool { // the phone obeys the request to go
		if slices.ContainsFunc(h.said(), func(c string) bool { return strings.HasPrefix(c, "wlan1 BSS_TM_REQ "+string(phone)) }) {
			h.network("wlan1", func(n *fakeNetwork) {
				n.joined = slices.DeleteFunc(n.joined, func(mac policies.MAC) bool { return mac == phone })
			})
		}
		return inForce()
	})
	h.stop()
	if err := r.Apply(t.Context(), film(44, true), time.Now()); err != nil {
		t.Error(err)
	}
	if s := r.State(); len(s) != 1 || s[0].Why != whyAway || len(r.Limitations()) != 1 {
		t.Errorf("without hostapd: %+v, %+v", s, r.Limitations())
	}
	h.start()
	for len(rung) > 0 {
		<-rung
	}
	everywhere()
	<-rung // the new one was found
	apply(t, r, film(44, true), inForce)
	h.network("wlan1", func(n *fakeNetwork) {
		if n.lets(phone) || !n.lets(tv) || n.here != (place{44, 80}) {
			t.Errorf("afterwards: %v on %s", n, n.here)
		}
	})
	radios, err := r.Look(t.Context())
	if err != nil || radios[1].Why != policies.SelectReservation || !radios[1].BSSes[0].Exclusive {
		t.Errorf("%+v, %v", radios[1], err)
	}
	cancel()
	<-done
}

func TestHostapdRefusesTheSwitch(t *testing.T) {
	h := newHostapd(t)
	r := newRadios(t, h)
	w := film(44, false)
	w.Plans[0].Width = 0 // as of a channel that it cannot do
	for range 2 {
		if err := r.Apply(t.Context(), w, time.Now()); err != nil {
			t.Error(err)
		}
	}
	if said := h.said(); len(said) != 1 || r.memory["wlan1"].trial.refusals != 1 || r.State()[1].State != wire.HoldApplying {
		t.Errorf("said %q, %+v", said, r.State())
	}
}

func TestTVIsInvited(t *testing.T) {
	h := newHostapd(t)
	h.network("wlan0", func(n *fakeNetwork) { n.joined = []policies.MAC{tv} })
	r := newRadios(t, h)
	invited := func() bool {
		return slices.ContainsFunc(h.said(), func(c string) bool {
			return strings.HasPrefix(c, "wlan0 BSS_TM_REQ "+string(tv)+" pref=1 abridged=1 valid_int=255 neighbor=02:00:00:00:01:00,0x0000,115,44,9")
		})
	}
	apply(t, r, film(44, false), func() bool {
		s := r.State()
		return invited() && s[1].State == wire.HoldPartly && s[1].Why == whyElsewhere
	})
	before := len(h.said())
	apply(t, r, film(44, false), func() bool { return true })
	if said := h.said(); len(said) != before {
		t.Errorf("asked again at once: %q", said[before:])
	}
}

func TestHostapdThatHangsOrRaves(t *testing.T) {
	h := newHostapd(t)
	r := newRadios(t, h)
	h.mu.Lock()
	h.hung = true
	h.mu.Unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := r.Look(ctx); err == nil || !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("hung: %v", err)
	}
	for _, flood := range []string{strings.Repeat("x", 10_000), "FAIL\n", "bss[0]=wlan1\n", strings.Repeat("02:00:00:00:00:0a\n", 200)} {
		h.mu.Lock()
		h.hung, h.flood = false, flood
		h.mu.Unlock()
		if radios, _ := r.Look(t.Context()); len(radios) != 0 {
			t.Errorf("raving: %+v", radios)
		}
	}
}

// What is in a control folder beside hostapd's sockets is nobody's business, and no folder at all is a box without hostapd.
func TestStrangeControlFolders(t *testing.T) {
	h := newHostapd(t)
	if err := os.WriteFile(filepath.Join(h.folder, "note"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := newRadios(t, h)
	if radios, err := r.Look(t.Context()); err != nil || len(radios) != 2 {
		t.Errorf("%d radios, %v", len(radios), err)
	}
	r.config.Control = []string{filepath.Join(h.folder, "nothing")}
	if radios, err := r.Look(t.Context()); err != nil || len(radios) != 0 || r.Limitations()[0].Code != "hostapd-away" {
		t.Errorf("%d radios, %v, %+v", len(radios), err, r.Limitations())
	}
}

// A network without a socket hides who is on it: nobody counts as kept off, but the radio can be asked by way of the other one.
func TestHiddenNetwork(t *testing.T) {
	h := newHostapd(t)
	if err := os.Remove(filepath.Join(h.folder, "wlan1")); err != nil {
		t.Fatal(err)
	}
	r := newRadios(t, h)
	w := film(44, false)
	w.Refused = []policies.MAC{phone}
	apply(t, r, w, func() bool { return r.State()[1].State == wire.HoldInForce && r.State()[1].Channel == 44 })
	if l := r.Limitations(); len(l) != 1 || l[0].Code != "bss-hidden" || r.Kept()[phone] {
		t.Errorf("%+v, kept %v", l, r.Kept())
	}
}

func TestKernelThatSaysNothing(t *testing.T) {
	h := newHostapd(t)
	r := newRadios(t, h)
	channels := func() int {
		radios, err := r.Look(t.Context())
		if err != nil || len(radios) != 2 || radios[1].Channel != 36 {
			t.Fatalf("%+v, %v", radios, err)
		}
		return len(radios[1].Channels)
	}
	channels()
	r.kernel = fakeKernel{err: errors.New("no nl80211")}
	if n := channels(); n != 8 || len(r.Limitations()) != 0 {
		t.Errorf("after one look that failed: %d channels, %+v", n, r.Limitations())
	}
	for range maxUnread {
		channels()
	}
	if l := r.Limitations(); channels() != 0 || len(l) != 1 || l[0].Code != "no-nl80211" {
		t.Errorf("%+v", l)
	}
}
