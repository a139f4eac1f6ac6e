package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
)

// Options of a house.
type Options struct {
	Bin   string   // folder of the two programs
	App   string   // folder of the app's sources, for its browser tests
	HTTP  *os.File // listener of the API, made where its users are
	Dir   string   // for a folder of all its files; "" is where temporary files go
	URL   string   // how people reach HTTP, if not by its own address
	WiFi  bool     // phone and TV have Wi-Fi instead of cables
	Boxes int      // simulated boxes to make identities for
	Home  testbed.Options
	Rate  int // of each flow from the internet in bytes per second; 0 is what no machine minds, unlimited what a line minds
	// Provider is whether the operator has an OpenID provider, that of the app's browser tests.
	Provider  bool
	Lived     bool // a family has lived here for a week; else the home is new, with three devices
	Neighbour bool // there is another home at the same operator
	// Database is the URL of a PostgreSQL database; "" is SQLite in the house's own folder.
	Database string
}

const unlimited = -1

func (o Options) rate() int {
	switch o.Rate {
	case 0:
		return 250_000
	case unlimited:
		return 0
	}
	return o.Rate
}

// House is one cloud and one virtual home, with everything that runs in them.
type House struct {
	*testbed.Home
	Air       *Air // nil without Options.WiFi
	Client    *Client
	Access    Access
	Neighbour Neighbour // empty without Options.Neighbour

	options  Options
	dir      string
	http     *os.File
	cloud    *program
	agent    *program
	provider *provider // nil without Options.Provider
	service  *testbed.Service
}

// Access is what dev-init made.
type Access struct {
	Home     string `json:"home"`
	Box      string `json:"box"`
	Email    string `json:"email"`
	Password string `json:"password"`
	URL      string `json:"http"`

	StaffEmail    string `json:"staffEmail"`
	StaffPassword string `json:"staffPassword"`
	StaffCodes    string `json:"staffCodes"` // secret that makes them
}

// NewHouse builds the home, starts cloud and agent, signs in and names the devices. It returns when that is in force.
func NewHouse(ctx context.Context, o Options) (*House, error) {
	h := &House{options: o, http: o.HTTP}
	if err := h.start(ctx); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

func (h *House) start(ctx context.Context) error {
	var err error
	if h.dir, err = os.MkdirTemp(h.options.Dir, "carebox-"); err != nil {
		return err
	}
	o := h.options.Home
	o.DHCP, o.Wireless = h.dir, h.options.WiFi
	if h.Home, err = testbed.New(ctx, o); err != nil {
		return err
	}
	if h.options.WiFi {
		if h.Air, err = newAir(ctx, h.Home, h.dir); err != nil {
			return err
		}
	}
	if h.service, err = h.Serve(ctx, h.options.rate()); err != nil {
		return err
	}
	if err := h.initialise(ctx); err != nil {
		return err
	}
	if h.options.Provider {
		if h.provider, err = newProvider(h); err != nil {
			return err
		}
	}
	if err := h.StartCloud(ctx); err != nil {
		return err
	}
	if err := h.StartAgent(ctx); err != nil {
		return err
	}
	if h.Client, err = SignIn(ctx, h.Access); err != nil {
		return err
	}
	return h.furnish(ctx)
}

// initialise makes identities and points both configurations at this house.
func (h *House) initialise(ctx context.Context) error {
	mqtt := testbed.InternetIPv4.String()
	args := []string{"dev-init", "-dir", h.dir, "-mqtt", mqtt + ":8883", "-mqtt-name", mqtt, "-enrol", mqtt + ":8443"}
	if h.options.Lived {
		args = append(args, "-home", "Chez Martin", "-age", age.String())
	}
	if h.options.Boxes > 0 {
		args = append(args, "-boxes", fmt.Sprint(h.options.Boxes))
	}
	out, err := exec.CommandContext(ctx, filepath.Join(h.options.Bin, "carebox-cloud"), args...).Output()
	if err != nil {
		return fmt.Errorf("making identities: %w", withOutput(err))
	}
	if err := json.Unmarshal(out, &h.Access); err != nil {
		return fmt.Errorf("reading what dev-init printed: %w", err)
	}
	l, err := net.FileListener(h.http)
	if err != nil {
		return err
	}
	h.Access.URL = "http://" + l.Addr().String()
	if err := l.Close(); err != nil {
		return err
	}
	url := cmp.Or(h.options.URL, h.Access.URL)
	if err := amend(h.cloudConfig(), map[string]any{"http": "fd", "url": url, "proxies": []string{"127.0.0.1/32"}}); err != nil {
		return err
	}
	if h.options.Lived {
		if err := h.lived(ctx); err != nil {
			return err
		}
	}
	if h.options.Neighbour {
		if err := h.settle(ctx); err != nil {
			return err
		}
	}
	if h.options.Database != "" {
		if err := h.move(ctx); err != nil {
			return fmt.Errorf("moving to the other database: %w", err)
		}
	}
	config := map[string]any{
		"clock":   "trusted", // the machine that carries the namespaces keeps it
		"lan":     testbed.LAN,
		"wan":     testbed.WAN,
		"state":   filepath.Join(h.dir, "agent"),
		"control": filepath.Join(h.dir, "agent.sock"),
		"leases":  filepath.Join(h.dir, testbed.Leases),
		"backend": h.options.Home.Backend,
		// Without a rate the home's line is as fast as the machine: this is then what its family believes to have bought.
		"lineDown": fmt.Sprint(cmp.Or(h.options.Home.Down, 100_000_000)),
		"lineUp":   fmt.Sprint(cmp.Or(h.options.Home.Up, 20_000_000)),
	}
	if h.Air != nil {
		config["hostapd"] = h.Air.Point.Control
	}
	return amend(h.agentConfig(), config)
}

// move takes what dev-init made from SQLite to the database of the options, as an operator who grows would.
func (h *House) move(ctx context.Context) error {
	cloud, backup := filepath.Join(h.options.Bin, "carebox-cloud"), filepath.Join(h.dir, "backup")
	if out, err := exec.CommandContext(ctx, cloud, "backup", "-config", h.cloudConfig(), "-to", backup).CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	if err := amend(h.cloudConfig(), map[string]any{"database": h.options.Database}); err != nil {
		return err
	}
	if out, err := exec.CommandContext(ctx, cloud, "restore", "-config", h.cloudConfig(), "-from", backup).CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

func (h *House) cloudConfig() string { return filepath.Join(h.dir, "cloud.json") }

func (h *House) agentConfig() string {
	return filepath.Join(h.dir, "boxes", h.Access.Box, "agent.json")
}

// amend sets keys of a JSON file.
func amend(file string, with map[string]any) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	all := map[string]any{}
	if err := json.Unmarshal(data, &all); err != nil {
		return fmt.Errorf("reading %q: %w", file, err)
	}
	for k, v := range with {
		all[k] = v
	}
	if data, err = json.MarshalIndent(all, "", "  "); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o600)
}

// StartCloud starts the cloud on the internet of the virtual home and waits until it is ready.
func (h *House) StartCloud(ctx context.Context) error {
	cmd := h.Internet.Command(context.WithoutCancel(ctx), filepath.Join(h.options.Bin, "carebox-cloud"),
		"serve", "-config", h.cloudConfig())
	cmd.ExtraFiles = []*os.File{h.http}
	var err error
	if h.cloud, err = start(cmd, filepath.Join(h.dir, "cloud.log")); err != nil {
		return err
	}
	return h.cloud.await(ctx, "the cloud to be ready", func() error { return ready(ctx, h.Access.URL) })
}

// StartAgent starts the agent in the virtual box.
func (h *House) StartAgent(ctx context.Context) error {
	cmd := h.Box.Command(context.WithoutCancel(ctx), filepath.Join(h.options.Bin, "carebox-agent"), "run", "-config", h.agentConfig())
	var err error
	h.agent, err = start(cmd, filepath.Join(h.dir, "agent.log"))
	return err
}

// KillAgent ends the agent as a crash would.
func (h *House) KillAgent() error { return h.agent.end(syscall.SIGKILL) }

// KillCloud ends the cloud as a crash would.
func (h *House) KillCloud() error { return h.cloud.end(syscall.SIGKILL) }

// Log is what a program has written, for the error of a test.
func (h *House) Log(name string) string {
	data, _ := os.ReadFile(filepath.Join(h.dir, name+".log")) // an absent log is an empty one
	return string(data)
}

// leave puts all logs into a folder for who wants to know what went wrong; "" is nowhere.
func (h *House) leave(dir string) error {
	logs, err := filepath.Glob(filepath.Join(h.dir, "*.log"))
	if dir == "" || err != nil {
		return err
	}
	for _, from := range logs {
		data, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(from)), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Close ends everything and leaves nothing behind.
func (h *House) Close() error {
	var errs []error
	for _, p := range []*program{h.agent, h.cloud} {
		if p != nil {
			errs = append(errs, p.end(syscall.SIGTERM))
		}
	}
	if h.provider != nil {
		errs = append(errs, h.provider.close())
	}
	if h.service != nil {
		h.service.Close()
	}
	if h.Air != nil {
		errs = append(errs, h.Air.Close())
	}
	if h.Home != nil {
		errs = append(errs, h.Home.Close())
	}
	if h.dir != "" {
		errs = append(errs, os.RemoveAll(h.dir))
	}
	return errors.Join(errs...)
}

func withOutput(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
	}
	return err
}

// within is how long anything in a house may take that has no deadline of its own. A house in an emulated machine is slow.
const within = 2 * time.Minute
