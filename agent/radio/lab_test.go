package radio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// lab is the home of the Wi-Fi laboratory: real hostapd, real wpa_supplicant on simulated radios.
type lab struct {
	*testing.T
	radios    *Radios
	rung      chan struct{}
	phone, tv policies.MAC
	wanted    Wanted
	started   time.Time
}

// inLab runs a test with an agent's radios that nobody has touched yet.
func inLab(t *testing.T, deadline time.Duration) *lab {
	t.Helper()
	if os.Getenv("CAREBOX_WIFILAB") == "" {
		t.Skip("wifi ring: set CAREBOX_WIFILAB=1 in scripts/wifilab --run")
	}
	l := &lab{
		T: t, rung: make(chan struct{}, 1), started: time.Now(),
		phone: policies.MAC(os.Getenv("CAREBOX_PHONE_MAC")), tv: policies.MAC(os.Getenv("CAREBOX_TV_MAC")),
	}
	l.wanted = Wanted{MACs: map[string][]policies.MAC{"tv": {l.tv}, "phone": {l.phone}}, Cloud: true}
	t.Cleanup(l.cleared) // after the end of whoever booted
	l.boot(deadline)
	return l
}

// cleared takes everything of ours away, as the clear command does without a running agent.
func (l *lab) cleared() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	radios, err := New(Config{Control: []string{os.Getenv("CAREBOX_HOSTAPD")}}, slog.New(slog.DiscardHandler))
	if err != nil {
		l.Fatal(err)
	}
	if err := errors.Join(radios.Clear(ctx), radios.Close()); err != nil {
		l.Error(err)
	}
	for _, bss := range []string{"wlan0", "wlan1", "wlan1-tv"} {
		for _, which := range []string{"deny_acl", "accept_acl"} {
			if out := l.hostapd(bss, which, "SHOW"); strings.TrimSpace(out) != "" {
				l.Errorf("%s of %s after clear: %q", which, bss, out)
			}
		}
	}
}

// boot starts what an agent starts.
func (l *lab) boot(deadline time.Duration) {
	l.Helper()
	radios, err := New(Config{Control: []string{os.Getenv("CAREBOX_HOSTAPD")}, Deadline: deadline}, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		l.Fatal(err)
	}
	l.radios = radios
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = radios.Watch(ctx, func() {
			select {
			case l.rung <- struct{}{}:
			default:
			}
		})
	}()
	l.Cleanup(func() {
		cancel()
		<-done
		if err := radios.Close(); err != nil {
			l.Error(err)
		}
	})
}

// settle applies what is wanted, as the agent's loop would, until something is true.
func (l *lab) settle(what string, ok func() bool) {
	l.Helper()
	begun := time.Now()
	for time.Since(begun) < 3*time.Minute {
		if err := l.radios.Apply(l.Context(), l.wanted, time.Now()); err != nil && l.Context().Err() == nil {
			l.Log("apply: ", err)
		}
		if ok() {
			l.Logf("%-40s %6d ms", what, time.Since(begun).Milliseconds())
			return
		}
		wait := 500 * time.Millisecond
		if next := l.radios.Next(); !next.IsZero() {
			wait = min(wait, max(50*time.Millisecond, time.Until(next)))
		}
		select {
		case <-l.rung:
		case <-time.After(wait):
		}
	}
	l.Fatalf("waited in vain for %s: %+v; phone on %q, TV on %q", what, l.radios.State(), l.joined(l.phone), l.joined(l.tv))
}

func (l *lab) hostapd(bss string, words ...string) string {
	l.Helper()
	folder := os.Getenv("CAREBOX_HOSTAPD")
	out, err := exec.CommandContext(context.Background(), "hostapd_cli", append([]string{"-p", folder, "-i", bss}, words...)...).Output()
	if err != nil {
		l.Logf("hostapd_cli %q: %v", words, err)
	}
	return string(out)
}

// completed is whether a station says itself that it has joined: hostapd lists one that lost it for minutes.
func (l *lab) completed(who string) bool {
	folder, link := filepath.Split(os.Getenv(who + "_WPA"))
	out, err := exec.CommandContext(l.Context(), "wpa_cli", "-p", folder, "-i", link, "status").Output()
	return err == nil && strings.Contains(string(out), "wpa_state=COMPLETED")
}

// joined is the BSS that a station is on by hostapd's own word.
func (l *lab) joined(mac policies.MAC) string {
	for _, bss := range []string{"wlan0", "wlan1", "wlan1-tv"} {
		if strings.Contains(l.hostapd(bss, "sta", string(mac)), "[AUTHORIZED]") {
			return bss
		}
	}
	return ""
}

func (l *lab) state(radio string) RadioState {
	for _, s := range l.radios.State() {
		if s.Radio == radio {
			return s
		}
	}
	return RadioState{}
}

// holds is whether the 5 GHz radio says that a plan is kept in some way on a channel, and hostapd sends there.
func (l *lab) holds(hold wire.Hold, channel int) func() bool {
	return func() bool {
		s := l.state("wlan1")
		return s.State == hold && s.Channel == channel && strings.Contains(l.hostapd("wlan1", "status"), fmt.Sprintf("\nchannel=%d\n", channel))
	}
}

func plan(channel, width int, with func(*policies.ChannelPlan)) []policies.ChannelPlan {
	p := policies.ChannelPlan{
		Radio: "wlan1", Channel: channel, Width: width, Reservations: []string{"film"}, Devices: []string{"tv"}, Why: policies.SelectReservation,
	}
	if with != nil {
		with(&p)
	}
	return []policies.ChannelPlan{p}
}

func TestWifiFacts(t *testing.T) {
	l := inLab(t, 0)
	l.settle("both joined", func() bool { return l.joined(l.phone) != "" && l.joined(l.tv) == "wlan1" })
	radios, err := l.radios.Look(t.Context())
	if err != nil || len(radios) != 2 {
		t.Fatalf("%d radios, %v", len(radios), err)
	}
	for _, r := range radios {
		t.Logf("%+v", r)
	}
	five := radios[1]
	if five.Band != policies.Band5 || five.Channel != 36 || five.Width != 80 || five.State != policies.RadioUp || five.Country != "FR" || len(five.BSSes) != 2 {
		t.Errorf("the 5 GHz radio is %+v", five)
	}
	find := func(n int) policies.Channel {
		return five.Channels[max(0, slices.IndexFunc(five.Channels, func(c policies.Channel) bool { return c.Number == n }))]
	}
	if c := find(44); c.Number != 44 || c.Radar || !slices.Equal(c.Widths, []int{20, 40, 80}) || c.Power == 0 {
		t.Errorf("channel 44 is %+v", c)
	}
	if c := find(52); c.Number != 52 || !c.Radar {
		t.Errorf("channel 52 is %+v", c)
	}
	if c := find(140); c.Number != 140 || slices.Contains(c.Widths, 80) {
		t.Errorf("channel 140 is %+v", c)
	}
	if len(five.Stations) == 0 || five.Stations[0].Signal == 0 || five.Stations[0].TxRate == 0 {
		t.Errorf("stations are %+v", five.Stations)
	}
	if found, _ := filepath.Glob(filepath.Join(l.radios.ends.folder, "*")); len(found) > 3 {
		t.Errorf("sockets are left: %q", found)
	}
}

func TestWifiRefuse(t *testing.T) {
	l := inLab(t, 0)
	l.settle("phone joined", func() bool { return l.joined(l.phone) != "" })
	l.wanted.Refused = []policies.MAC{l.phone}
	l.settle("phone kept off", func() bool { return l.radios.Kept()[l.phone] && l.joined(l.phone) == "" })
	l.boot(0) // another agent finds what the first one did
	l.wanted.Refused = nil
	l.settle("phone back", func() bool { return l.joined(l.phone) != "" })
	if out := l.hostapd("wlan1", "deny_acl", "SHOW"); strings.TrimSpace(out) != "" {
		t.Errorf("left on the list: %q", out)
	}
}

func TestWifiFollow(t *testing.T) {
	l := inLab(t, 10*time.Second)
	l.settle("TV joined", func() bool { return l.joined(l.tv) == "wlan1" })
	l.wanted.Plans = plan(44, 80, nil)
	l.settle("44 in force", l.holds(wire.HoldInForce, 44))
	l.settle("trial over", func() bool { return l.radios.memory["wlan1"].trial == nil })
	radios, err := l.radios.Look(t.Context())
	if err != nil || radios[1].Why != policies.SelectReservation || radios[1].Channel != 44 {
		t.Errorf("%+v, %v", radios[1], err)
	}
	if s := l.state("wlan1"); s.State != wire.HoldInForce || s.Before["tv"].Signal == 0 || s.After["tv"].Rate == 0 {
		t.Errorf("%+v", s)
	}
	l.wanted.Plans = plan(36, 80, nil)
	l.settle("36 in force", l.holds(wire.HoldInForce, 36))
}

func TestWifiExclusive(t *testing.T) {
	l := inLab(t, 10*time.Second)
	l.settle("both joined", func() bool { return l.joined(l.phone) != "" && l.joined(l.tv) == "wlan1" })
	l.roam("CAREBOX_PHONE", l.phone, "wlan1")
	l.wanted.Plans = plan(36, 80, func(p *policies.ChannelPlan) { p.Exclusive = true })
	l.settle("phone off 5 GHz", func() bool { return l.state("wlan1").Exclusive && l.joined(l.phone) == "wlan0" })
	l.settle("in force", l.holds(wire.HoldInForce, 36))
	l.wanted.Refused = []policies.MAC{l.tv}
	l.settle("paused TV off", func() bool { return l.radios.Kept()[l.tv] && l.joined(l.tv) == "" })
	l.wanted.Refused = nil
	l.settle("TV back", func() bool { return l.joined(l.tv) == "wlan1" })
	l.wanted.Plans = nil
	l.settle("nothing of ours", func() bool { return strings.TrimSpace(l.hostapd("wlan1", "accept_acl", "SHOW")) == "" })
	if l.hostapd("wlan1-tv", "accept_acl", "SHOW") != "" {
		t.Error("the closed network's list was not empty before")
	}
}

// roam makes a station go to a BSS.
func (l *lab) roam(who string, mac policies.MAC, bss string) {
	l.Helper()
	point := map[string]string{"wlan0": "02:00:00:00:00:00", "wlan1": "02:00:00:00:01:00"}[bss]
	l.settle("roamed to "+bss, func() bool {
		if l.joined(mac) == bss {
			return true
		}
		folder, link := filepath.Split(os.Getenv(who + "_WPA"))
		for _, words := range [][]string{{"scan"}, {"roam", point}} {
			if out, err := exec.CommandContext(l.Context(), "wpa_cli", append([]string{"-p", folder, "-i", link}, words...)...).Output(); err != nil {
				l.Logf("wpa_cli %q: %v %q", words, err, out)
			}
		}
		return false
	})
}

// The TV does not hear the new channel: the radio goes back by itself and does not try again soon.
func TestWifiRollback(t *testing.T) {
	l := inLab(t, 8*time.Second)
	l.settle("TV joined", func() bool { return l.joined(l.tv) != "" })
	l.roam("CAREBOX_TV", l.tv, "wlan1")
	l.wanted.Plans = plan(48, 80, nil)
	l.settle("switch under way", func() bool { return l.radios.memory["wlan1"].trial != nil })
	l.knob("phy3/hwsim/group", "2")
	l.settle("rolled back", l.holds(wire.HoldRolledBack, 36))
	if s := l.state("wlan1"); s.Why != whyTV || s.Returns == nil || time.Until(*s.Returns) < 20*time.Minute {
		t.Errorf("%+v", s)
	}
	l.knob("phy3/hwsim/group", "1")
	l.settle("TV back", func() bool { return l.completed("CAREBOX_TV") })
	l.roam("CAREBOX_TV", l.tv, "wlan1")
	l.wanted.Plans = plan(44, 80, nil) // another plan is tried at once
	l.settle("44 in force", l.holds(wire.HoldInForce, 44))
	l.wanted.Cloud = true
	l.wanted.Plans = plan(40, 80, nil)
	l.settle("40 on trial", l.holds(wire.HoldInForce, 40))
	l.wanted.Cloud = false // the way out was lost with the switch
	l.settle("rolled back without cloud", l.holds(wire.HoldRolledBack, 44))
	if s := l.state("wlan1"); s.Why != whyCloud {
		t.Errorf("%+v", s)
	}
}

func (l *lab) knob(name, value string) {
	l.Helper()
	if err := os.WriteFile(filepath.Join(os.Getenv("CAREBOX_RADIO_KNOBS"), name), []byte(value), 0o600); err != nil {
		l.Fatal(err)
	}
}

// A hostapd that was killed comes back with nothing; lists and channel are there again.
func TestWifiHostapdKilled(t *testing.T) {
	l := inLab(t, 8*time.Second)
	l.settle("both joined", func() bool { return l.joined(l.phone) != "" && l.joined(l.tv) != "" })
	l.wanted.Plans, l.wanted.Refused = plan(44, 80, nil), []policies.MAC{l.phone}
	l.settle("44 in force", l.holds(wire.HoldInForce, 44))
	l.settle("phone off", func() bool { return l.radios.Kept()[l.phone] })
	l.kill("hostapd")
	l.settle("away", func() bool { return l.state("wlan1").Why == whyAway })
	beside := filepath.Dir(os.Getenv("CAREBOX_HOSTAPD"))
	cmd := exec.CommandContext(context.Background(), "hostapd", "-B", filepath.Join(beside, "radio24.conf"), filepath.Join(beside, "radio5.conf"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("starting hostapd: %v: %s", err, out)
	}
	l.settle("44 in force again", l.holds(wire.HoldInForce, 44))
	l.settle("phone off again", func() bool { return l.radios.Kept()[l.phone] })
	l.settle("TV on it", func() bool { return l.joined(l.tv) == "wlan1" })
}

// kill ends a program of the laboratory as a crash would.
func (l *lab) kill(name string) {
	l.Helper()
	found, err := filepath.Glob("/proc/[0-9]*/comm")
	if err != nil {
		l.Fatal(err)
	}
	for _, path := range found {
		comm, err := os.ReadFile(path)
		if err != nil || strings.TrimSpace(string(comm)) != name {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil {
			l.Fatal(err)
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			l.Fatal(err)
		}
	}
}

// A radar check waits for an idle radio, is made at once if the customer says so, and radar sends the radio to the fallback.
func TestWifiRadar(t *testing.T) {
	l := inLab(t, 20*time.Second)
	l.settle("TV joined", func() bool { return l.joined(l.tv) != "" })
	check := func(p *policies.ChannelPlan) { p.Check = true }
	l.wanted.Plans = plan(52, 20, check)
	if l.joined(l.tv) == "wlan1" {
		l.traffic()
		l.settle("delayed", func() bool { return l.state("wlan1").State == wire.HoldDelayed })
	}
	now := func(p *policies.ChannelPlan) { p.Check, p.Now = true, true }
	l.wanted.Plans = plan(52, 20, now)
	l.settle("checking", l.holds(wire.HoldChecking, 52))
	l.wanted.Plans = plan(44, 20, nil) // the family thinks again: nobody waits for the end of a check that nobody wants
	l.settle("44 in force", l.holds(wire.HoldInForce, 44))
	l.wanted.Plans = plan(52, 20, now)
	l.settle("52 in force", l.holds(wire.HoldInForce, 52))
	l.knob("phy1/hwsim/dfs_simulate_radar", "1")
	var radios []policies.Radio
	l.settle("radar reported", func() bool {
		var err error
		radios, err = l.radios.Look(t.Context())
		return err == nil && len(radios) == 2 && len(radios[1].Radar) > 0
	})
	if r := radios[1].Radar[0]; r.Channel != 52 || r.Until.Sub(r.At) != 30*time.Minute || time.Since(r.At) > time.Minute {
		t.Errorf("radar %+v", r)
	}
	back := time.Now().Add(30 * time.Minute)
	l.wanted.Plans = plan(40, 20, func(p *policies.ChannelPlan) { p.Why, p.Returns = policies.SelectDFS, &back })
	l.settle("moved to 40", l.holds(wire.HoldMoved, 40))
	if s := l.state("wlan1"); s.Why != whyRadar || s.Returns == nil {
		t.Errorf("%+v", s)
	}
	l.settle("TV there", func() bool { return l.joined(l.tv) == "wlan1" })
}

// traffic lets the TV say something, so that the radio is not idle.
func (l *lab) traffic() {
	cmd := exec.CommandContext(l.Context(), "ip", "netns", "exec", os.Getenv("CAREBOX_TV"), "ping", "-q", "-f", "-s", "1400", "-c", "200", "192.168.7.1")
	if out, err := cmd.CombinedOutput(); err != nil {
		l.Logf("ping: %v %s", err, out)
	}
}
