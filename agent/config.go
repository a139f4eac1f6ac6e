package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/bits"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/carebox-project/carebox/policies/wire"
)

const (
	maxConfig   = 64 << 10 // bytes of the configuration, and of each key or certificate
	defaultMark = "0x3ff00000"
	markBits    = 10   // a number for each device of a policy, and one for the others
	maxRate     = 1e12 // bit/s of a line
)

// config is a checked configuration. Its paths hold from the working folder; what they name is read when it is needed, so that clear
// and status need no keys.
type config struct {
	box          string
	broker       string // host:port
	authority    string
	certificate  string
	key          string
	operatorKey  string
	enrol        string // address of the cloud's EST, "" where somebody else looks after certificate, key and operatorKey
	claim        string // file with the claim code, "" for a box that came with its certificate
	state        string
	control      string
	lan, wan     string
	leases       string // "" for none
	mark         uint32
	backend      string // nft | legacy; "" finds it
	clockTrusted bool
	portal       uint16 // port of the page that offline devices see, 0 for none
	lineDown     int64  // what the operator sold, bit/s, 0 unknown
	lineUp       int64
	hostapd      string // folder of hostapd's control sockets, "" where there are no radios
}

// loadConfig reads and checks a file. Its error has every problem, one a line.
func loadConfig(path string) (config, error) {
	data, err := readLimited(path, maxConfig)
	if err != nil {
		return config{}, fmt.Errorf("reading configuration: %w", err)
	}
	cfg, err := parseConfig(data, filepath.Dir(path))
	if err != nil {
		return config{}, fmt.Errorf("configuration %q has problems:\n%w", path, err)
	}
	return cfg, nil
}

// parseConfig checks the JSON of a configuration whose relative paths start at a folder.
func parseConfig(data []byte, folder string) (config, error) {
	f := form{folder: folder}
	if err := json.Unmarshal(data, &f.raw); err != nil {
		return config{}, fmt.Errorf("it is not a JSON object of strings: %w", err)
	}
	c := config{
		box:          f.need("box"),
		broker:       f.address("broker"),
		authority:    f.path("authority", true),
		certificate:  f.path("certificate", true),
		key:          f.path("key", true),
		operatorKey:  f.path("operatorKey", true),
		enrol:        f.site("enrol"),
		claim:        f.path("claim", false),
		state:        f.path("state", true),
		control:      f.path("control", true),
		lan:          f.need("lan"),
		wan:          f.need("wan"),
		leases:       f.path("leases", false),
		mark:         f.mark("mark"),
		backend:      f.word("backend", "", "nft", "legacy"),
		portal:       f.port("portal"),
		lineDown:     f.rate("lineDown"),
		lineUp:       f.rate("lineUp"),
		hostapd:      f.path("hostapd", false),
		clockTrusted: f.word("clock", "kernel", "trusted") == "trusted",
	}
	if c.box != "" && !wire.ValidBox(c.box) {
		f.problem("box", "it is not 1 to 63 small letters, digits and dashes")
	}
	if c.enrol == "" && c.claim != "" {
		f.problem("claim", "it comes with enrol, the address where it counts")
	}
	if c.lan != "" && c.lan == c.wan {
		f.problem("wan", "it is the same link as lan")
	}
	for _, key := range slices.Sorted(maps.Keys(f.raw)) {
		f.problem(key, "there is no such key")
	}
	return c, errors.Join(f.problems...)
}

// form takes the keys of a configuration one after the other; what stays is unknown.
type form struct {
	raw      map[string]string
	folder   string
	problems []error
}

func (f *form) problem(key, detail string) {
	f.problems = append(f.problems, fmt.Errorf("%s: %s", key, detail))
}

func (f *form) take(key string) string {
	value := f.raw[key]
	delete(f.raw, key)
	return value
}

func (f *form) need(key string) string {
	value := f.take(key)
	if value == "" {
		f.problem(key, "it is missing")
	}
	return value
}

func (f *form) path(key string, needed bool) string {
	value := f.take(key)
	switch {
	case value == "" && needed:
		f.problem(key, "it is missing")
	case value != "" && !filepath.IsAbs(value):
		return filepath.Join(f.folder, value)
	}
	return value
}

// word takes one of some words; the first is the default.
func (f *form) word(key string, words ...string) string {
	value := f.take(key)
	if value == "" {
		return words[0]
	}
	if !slices.Contains(words, value) {
		f.problem(key, fmt.Sprintf("%q is none of %q", value, words))
	}
	return value
}

// address takes the URL of a broker and returns its host and port.
func (f *form) address(key string) string {
	value := f.need(key)
	if value == "" {
		return ""
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "tls" || u.Hostname() == "" || u.Path != "" || u.RawQuery != "" || u.User != nil {
		f.problem(key, "it is not tls://host:port")
		return ""
	}
	port := u.Port()
	if port == "" {
		port = "8883"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// site takes the address of a web server, "" where there is none.
func (f *form) site(key string) string {
	value := f.take(key)
	u, err := url.Parse(value)
	if value != "" && (err != nil || u.Scheme != "https" || u.Hostname() == "" || u.Path != "" || u.RawQuery != "" || u.User != nil) {
		f.problem(key, "it is not https://host[:port]")
	}
	return value
}

// port takes a port that a box may open, 0 where there is none.
func (f *form) port(key string) uint16 {
	value := f.take(key)
	if value == "" {
		return 0
	}
	port, err := strconv.ParseUint(value, 10, 16)
	if err != nil || port == 0 {
		f.problem(key, fmt.Sprintf("%q is no port", value))
	}
	return uint16(port)
}

// rate takes bits per second, 0 for unknown.
func (f *form) rate(key string) int64 {
	value := f.take(key)
	if value == "" {
		return 0
	}
	rate, err := strconv.ParseInt(value, 10, 64)
	if err != nil || rate < 0 || rate > maxRate {
		f.problem(key, fmt.Sprintf("%q are no bits per second", value))
		return 0
	}
	return rate
}

func (f *form) mark(key string) uint32 {
	value := f.take(key)
	if value == "" {
		value = defaultMark
	}
	mask, err := strconv.ParseUint(value, 0, 32)
	m := uint32(mask)
	run := m >> bits.TrailingZeros32(m)
	if err != nil || m == 0 || run&(run+1) != 0 || bits.OnesCount32(m) < markBits {
		f.problem(key, fmt.Sprintf("%q is no mask of at least %d neighbouring bits", value, markBits))
	}
	return m
}

// readLimited reads a whole file that is not longer than a limit.
func readLimited(path string, limit int64) ([]byte, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%q is longer than %d bytes", path, limit)
	}
	return data, nil
}
