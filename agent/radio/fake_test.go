package radio

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// fakeHostapd speaks hostapd's protocol over real Unix datagrams: one process with its networks, which a test may end and start again.
type fakeHostapd struct {
	*testing.T
	folder string

	mu       sync.Mutex
	networks map[string]*fakeNetwork
	commands []string
	hung     bool   // takes commands and answers none
	flood    string // answers everything with this
}

// fakeNetwork is one BSS with its radio.
type fakeNetwork struct {
	fakeLists
	radio    string // first BSS of its radio
	band     policies.Band
	here     place
	state    string
	ssid     string
	monitors []*net.UnixAddr
	conn     *net.UnixConn
	done     chan struct{}
}

func newHostapd(t *testing.T) *fakeHostapd {
	h := &fakeHostapd{T: t, folder: t.TempDir(), networks: map[string]*fakeNetwork{}}
	h.start()
	t.Cleanup(h.stop)
	return h
}

// start begins anew, as after a crash: it knows nothing of before.
func (h *fakeHostapd) start() {
	h.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.networks = map[string]*fakeNetwork{
		"wlan0":    {radio: "wlan0", band: policies.Band24, here: place{6, 20}, ssid: "home"},
		"wlan1":    {radio: "wlan1", band: policies.Band5, here: place{36, 80}, ssid: "home"},
		"wlan1-tv": {radio: "wlan1", band: policies.Band5, here: place{36, 80}, ssid: "home-tv", fakeLists: fakeLists{closed: true}},
	}
	for name, n := range h.networks {
		n.accept, n.deny, n.state, n.done = list{}, list{}, stateUp, make(chan struct{})
		path := filepath.Join(h.folder, name)
		if err := removeIfThere(path); err != nil {
			h.Fatal(err)
		}
		conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
		if err != nil {
			h.Fatal(err)
		}
		n.conn = conn
		go h.serve(n, name)
	}
}

// stop leaves its paths behind, as one that was killed does.
func (h *fakeHostapd) stop() {
	h.mu.Lock()
	networks := slices.Collect(maps.Values(h.networks))
	h.mu.Unlock()
	for _, n := range networks {
		_ = n.conn.Close() // a second time is harmless
		<-n.done
	}
}

func (h *fakeHostapd) serve(n *fakeNetwork, name string) {
	defer close(n.done)
	buffer := make([]byte, 4096)
	for {
		size, from, err := n.conn.ReadFromUnix(buffer)
		if err != nil {
			return
		}
		h.mu.Lock()
		reply := h.answer(n, name, string(buffer[:size]), from)
		if h.flood != "" {
			reply = h.flood
		}
		if !h.hung {
			_, _ = n.conn.WriteToUnix([]byte(reply), from) // who asked may have gone
		}
		h.mu.Unlock()
	}
}

func (h *fakeHostapd) answer(n *fakeNetwork, name, command string, from *net.UnixAddr) string {
	words := strings.Fields(command)
	switch words[0] {
	case "PING":
		return "PONG\n"
	case "ATTACH":
		n.monitors = append(n.monitors, from)
	case "DETACH":
		n.monitors = slices.DeleteFunc(n.monitors, func(a *net.UnixAddr) bool { return a.Name == from.Name })
	case "STATUS":
		return h.status(n)
	case "STA-FIRST", "STA-NEXT":
		return n.station(command)
	case "CHAN_SWITCH":
		h.commands = append(h.commands, name+" "+command)
		return h.move(n, command)
	default:
		if command == "DENY_ACL SHOW" || command == "ACCEPT_ACL SHOW" {
			return show(map[string]list{"DENY_ACL": n.deny, "ACCEPT_ACL": n.accept}[words[0]])
		}
		h.commands = append(h.commands, name+" "+command)
		before := len(n.joined)
		if words[0] != "BSS_TM_REQ" && words[0] != "POLL_STA" && !n.do(command) {
			return "FAIL\n"
		}
		if len(n.joined) < before {
			h.tell(n, "<3>AP-STA-DISCONNECTED 02:00:00:00:00:0a")
		}
	}
	return "OK\n"
}

func (h *fakeHostapd) tell(n *fakeNetwork, event string) {
	for _, to := range n.monitors {
		_, _ = n.conn.WriteToUnix([]byte(event), to) // one that is gone hears nothing
	}
}

func show(l list) string {
	var out bytes.Buffer
	for _, mac := range slices.Sorted(maps.Keys(l)) {
		line := fmt.Sprintf("%s VLAN_ID=%d\n", mac, l[mac])
		if out.Len()+len(line) > maxReply {
			break
		}
		out.WriteString(line)
	}
	return out.String()
}

func (n *fakeNetwork) station(command string) string {
	slices.Sort(n.joined)
	for _, mac := range n.joined {
		if after, next := strings.CutPrefix(command, "STA-NEXT "); !next || string(mac) > after {
			return string(mac) + "\nflags=[AUTH][ASSOC][AUTHORIZED]\nsignal=-40\ninactive_msec=0\nconnected_time=60\ntx_rate_info=1300\n" +
				"ext_capab=04004a0201404040000120\n"
		}
	}
	return ""
}

func (h *fakeHostapd) status(n *fakeNetwork) string {
	var out strings.Builder
	second, wide := 0, 0
	if n.here.width > 20 {
		second = 1
	}
	if n.here.width == 80 {
		wide = 1
	}
	fmt.Fprintf(&out, "state=%s\nphy=phy-%s\nfreq=%d\nchannel=%d\nsecondary_channel=%d\nvht_oper_chwidth=%d\nieee80211n=1\nieee80211ac=1\nht_caps_info=006e\n",
		n.state, n.radio, frequencyOf(n.band, n.here.channel), n.here.channel, second, wide)
	i := 0
	for _, name := range slices.Sorted(maps.Keys(h.networks)) {
		if other := h.networks[name]; other.radio == n.radio {
			fmt.Fprintf(&out, "bss[%d]=%s\nbssid[%d]=02:00:00:00:01:0%d\nssid[%d]=%s\n", i, name, i, i, i, other.ssid)
			i++
		}
	}
	return out.String()
}

func (h *fakeHostapd) move(n *fakeNetwork, command string) string {
	var count, mhz, second, center, width int
	if _, err := fmt.Sscanf(command, "CHAN_SWITCH %d %d sec_channel_offset=%d center_freq1=%d bandwidth=%d", &count, &mhz, &second, &center, &width); err != nil || width == 0 {
		return "FAIL\n"
	}
	for _, other := range h.networks {
		if other.radio == n.radio {
			_, channel := channelOf(mhz)
			other.here = place{channel, width}
			h.tell(other, fmt.Sprintf("<3>AP-CSA-FINISHED freq=%d dfs=0", mhz))
		}
	}
	return "OK\n"
}

// network changes one BSS.
func (h *fakeHostapd) network(name string, change func(*fakeNetwork)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change(h.networks[name])
}

func (h *fakeHostapd) said() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.commands)
}

// fakeKernel is what the kernel would say of the fake hostapd's radios.
type fakeKernel struct{ err error }

func (k fakeKernel) look(context.Context) (map[string]*phy, error) {
	five := &phy{name: "phy-wlan1", country: "FR", surveys: map[int]survey{5180: {noise: -92, active: time.Second, busy: time.Second / 4}}}
	for mhz := 5180; mhz <= 5320; mhz += 20 {
		five.channels = append(five.channels, frequency{mhz: mhz, power: 20, radar: mhz > 5240, plus: true, minus: true, eighty: true})
	}
	two := &phy{name: "phy-wlan0", country: "FR", surveys: map[int]survey{}}
	for mhz := 2412; mhz <= 2472; mhz += 5 {
		two.channels = append(two.channels, frequency{mhz: mhz, power: 20, plus: mhz < 2457, minus: mhz > 2427})
	}
	return map[string]*phy{"phy-wlan0": two, "phy-wlan1": five}, k.err
}

// newRadios are an agent's radios at the fake hostapd.
func newRadios(t *testing.T, h *fakeHostapd) *Radios {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "ends")
	r, err := New(Config{Control: []string{h.folder}, Folder: folder, Deadline: time.Hour}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	r.kernel = fakeKernel{}
	t.Cleanup(func() {
		if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
			t.Errorf("ends of sockets are left: %v, %v", left, err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}
