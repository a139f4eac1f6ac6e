package main

import (
	"context"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
)

const carton = "cb-0009" // serial of the box that comes out of its carton

// identityStory is a box from its carton into a home, and its identity taken back.
func identityStory() []step {
	return []step{
		{"list", tellList},
		{"enrol", tellEnrol},
		{"strangers", tellStrangers},
		{"revoke", tellRevoke},
		{"restock", tellRestock},
	}
}

// tellList makes a label, and puts the box on the list.
func tellList(ctx context.Context, t *telling) (figures, error) {
	serials, list, labels := t.file("serials.csv"), t.file("list.csv"), t.file("labels.html")
	if err := os.WriteFile(serials, []byte("serial,model,mac\n"+strings.ToUpper(carton)+",CB-1,02:00:00:00:99:09\n"), 0o600); err != nil {
		return nil, err
	}
	if _, err := t.carebox(ctx, "boxes", "label", "-list", list, "-labels", labels, serials); err != nil {
		return nil, err
	}
	if _, err := t.carebox(ctx, "boxes", "import", "-config", t.cloudConfig(), list); err != nil {
		return nil, err
	}
	page, err := os.ReadFile(labels)
	if err != nil {
		return nil, err
	}
	_, after, found := strings.Cut(string(page), `font-family="monospace">`)
	code, _, ended := strings.Cut(after, "<")
	if !found || !ended {
		return nil, errors.New("the label shows no claim code")
	}
	t.code = code
	in, err := os.Open(list)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }() // it was only read
	rows, err := csv.NewReader(in).ReadAll()
	if err != nil || len(rows) != 2 || strings.Contains(strings.Join(rows[1], ","), code) {
		return nil, errors.Join(err, errors.New("the list is wrong, or tells the claim code"))
	}
	return nil, nil
}

// tellEnrol puts the blank box in place of the home's own, and lets it find its way with nothing but its label.
func tellEnrol(ctx context.Context, t *telling) (figures, error) {
	if err := t.agent.end(syscall.SIGTERM); err != nil {
		return nil, err
	}
	if err := t.unpack(); err != nil {
		return nil, err
	}
	took, err := t.plugIn(ctx)
	if err != nil {
		return nil, err
	}
	key, err := os.Stat(filepath.Join(t.boxFolder(), "box.key"))
	if err != nil || key.Mode().Perm() != 0o600 {
		return nil, errors.Join(err, errors.New("others may read the box's key"))
	}
	return figures{"inForceMs": milliseconds(took)}, nil
}

// plugIn gives the home the box, starts it with its label's code, and waits until the home's rules are in force on it.
func (t *telling) plugIn(ctx context.Context) (time.Duration, error) {
	if err := os.WriteFile(filepath.Join(t.boxFolder(), "claim"), []byte(t.code+"\n"), 0o600); err != nil {
		return 0, err
	}
	assign := []string{"boxes", "assign", "-config", t.cloudConfig(), "-serial", carton, "-home", t.Access.Home}
	if _, err := t.carebox(ctx, assign...); err != nil {
		return 0, err
	}
	at := time.Now()
	t.Access.Box = carton // whose configuration StartAgent takes
	if err := t.StartAgent(ctx); err != nil {
		return 0, err
	}
	if _, err := t.Client.Await(ctx, "the box to be in service", func(s State) error {
		if s.InForce == nil || s.InForce.Revision != s.Asked.Revision || s.Box == nil || !s.Box.Reachable {
			return fmt.Errorf("delivery is %q", s.Delivery)
		}
		return nil
	}); err != nil {
		return 0, err
	}
	for _, path := range []string{"/pause", "/resume"} { // what it said in an earlier life counts for nothing: it must obey
		if _, _, err := t.change(ctx, http.MethodPost, path, onPhone()); err != nil {
			return 0, err
		}
	}
	took := time.Since(at)
	_, err := t.carebox(ctx, assign...) // now that it has its certificate it is in service
	return took, err
}

// tellStrangers shows what somebody gets at the broker's door who is no box of ours.
func tellStrangers(ctx context.Context, t *telling) (figures, error) {
	foreign := t.file("foreign")
	out, err := exec.CommandContext(ctx, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
		"-subj", "/CN="+carton, "-keyout", foreign+".key", "-out", foreign+".pem").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("making a foreign certificate: %w: %s", err, out)
	}
	for name, with := range map[string][]string{"nobody": nil, "foreign": {"-cert", foreign + ".pem", "-key", foreign + ".key"}} {
		args := append([]string{"s_client", "-connect", testbed.InternetIPv4.String() + ":8883", "-CAfile", t.file("ca.pem"), "-quiet"}, with...)
		door := t.Box.Command(ctx, "openssl", args...)
		door.Stdin = strings.NewReader("\x10\x13\x00\x04MQTT\x04\x02\x00\x3c\x00\x07" + carton) // CONNECT
		if said, err := door.CombinedOutput(); err == nil || !strings.Contains(string(said), "alert") {
			return nil, fmt.Errorf("%s was not sent away with an alert: %q", name, said)
		}
	}
	return nil, nil
}

// tellRevoke takes the box's identity back while it is in service: it is cut off, and gets no other certificate. Its rules stay.
func tellRevoke(ctx context.Context, t *telling) (figures, error) {
	if status, err := t.renew(ctx); err != nil || status != "200" {
		return nil, fmt.Errorf("renewing what is in service: %q: %w", status, err)
	}
	at := time.Now()
	if _, err := t.carebox(ctx, "boxes", "swap", "-config", t.cloudConfig(), "-serial", carton, "-why", "stolen"); err != nil {
		return nil, err
	}
	if err := t.cutOff(ctx); err != nil {
		return nil, err
	}
	dropped := time.Since(at)
	if status, err := t.renew(ctx); err != nil || status != "403" {
		return nil, fmt.Errorf("renewing what was taken back: %q: %w", status, err)
	}
	rules, err := t.Rules(ctx)
	if err != nil || !strings.Contains(rules, "CAREBOX-UP") {
		return nil, errors.Join(err, errors.New("the home lost its rules with the box's identity"))
	}
	return figures{"droppedMs": milliseconds(dropped)}, nil
}

// renew asks for the box's next certificate as the box could, and returns the answer's status. The answer is thrown away.
func (t *telling) renew(ctx context.Context) (string, error) {
	own := filepath.Join(t.boxFolder(), "box")
	der, err := exec.CommandContext(ctx, "openssl", "req", "-new", "-key", own+".key", "-subj", "/CN="+carton, "-outform", "DER").Output()
	if err != nil {
		return "", fmt.Errorf("making a request: %w", withOutput(err))
	}
	curl := t.Box.Command(ctx, "curl", "-sS", "--cacert", t.file("ca.pem"), "--cert", own+".pem", "--key", own+".key",
		"-H", "Content-Type: application/pkcs10", "--data-binary", "@-", "-o", os.DevNull, "-w", "%{http_code}",
		"https://"+testbed.InternetIPv4.String()+":8443/.well-known/est/simplereenroll")
	curl.Stdin = strings.NewReader(base64.StdEncoding.EncodeToString(der))
	said, err := curl.Output()
	if err != nil {
		err = fmt.Errorf("asking: %w", withOutput(err))
	}
	return string(said), err
}

// tellRestock gives the box a new claim code and a life without memory, as in a warehouse.
func tellRestock(ctx context.Context, t *telling) (figures, error) {
	if err := t.agent.end(syscall.SIGTERM); err != nil {
		return nil, err
	}
	out, err := t.carebox(ctx, "boxes", "restock", "-config", t.cloudConfig(), "-serial", carton, "-why", "found")
	if err != nil {
		return nil, err
	}
	var said struct{ Code string }
	if err := json.Unmarshal(out, &said); err != nil || said.Code == "" || said.Code == t.code {
		return nil, fmt.Errorf("restock printed %q: %w", out, err)
	}
	t.code = said.Code
	if err := os.RemoveAll(t.boxFolder()); err != nil {
		return nil, err
	}
	if err := t.unpack(); err != nil {
		return nil, err
	}
	took, err := t.plugIn(ctx)
	return figures{"inForceMs": milliseconds(took)}, err
}

// unpack makes the folder of a box as its maker leaves it: a configuration, and by which authority the cloud is known.
func (t *telling) unpack() error {
	data, err := os.ReadFile(filepath.Join(t.dir, "boxes", "box-1", "agent.json"))
	if err != nil {
		return err
	}
	authority, err := os.ReadFile(t.file("ca.pem"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(t.boxFolder(), 0o700); err != nil {
		return err
	}
	for name, content := range map[string][]byte{"agent.json": data, "ca.pem": authority} {
		if err := os.WriteFile(filepath.Join(t.boxFolder(), name), content, 0o600); err != nil {
			return err
		}
	}
	return amend(filepath.Join(t.boxFolder(), "agent.json"), map[string]any{
		"box": carton, "enrol": "https://" + testbed.InternetIPv4.String() + ":8443", "claim": "claim", "state": "state",
	})
}

func (t *telling) boxFolder() string { return filepath.Join(t.dir, "boxes", carton) }

func (t *telling) file(name string) string { return filepath.Join(t.dir, name) }

// carebox runs a command of the cloud, as an operator does.
func (t *telling) carebox(ctx context.Context, args ...string) ([]byte, error) {
	out, err := exec.CommandContext(ctx, filepath.Join(t.options.Bin, "carebox-cloud"), args...).Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", strings.Join(args[:2], " "), withOutput(err))
	}
	return out, nil
}

// connected asks the agent whether it reaches the cloud.
func (t *telling) connected(ctx context.Context) (bool, error) {
	out, err := t.Box.Command(ctx, filepath.Join(t.options.Bin, "carebox-agent"), "status", "-config",
		filepath.Join(t.boxFolder(), "agent.json"), "-json").Output()
	if err != nil {
		return false, fmt.Errorf("asking the agent: %w", withOutput(err))
	}
	var s struct{ Connection struct{ Connected bool } }
	err = json.Unmarshal(out, &s)
	return s.Connection.Connected, err
}

// cutOff waits until the box's agent knows that it is cut off.
func (t *telling) cutOff(ctx context.Context) error {
	return poll(ctx, "the box to be cut off", func() error {
		connected, err := t.connected(ctx)
		if err == nil && connected {
			err = errors.New("it is connected")
		}
		return err
	})
}
