package main

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/cloud/broker"
	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/store"
	"github.com/carebox-project/carebox/cloud/throttle"
	"github.com/carebox-project/carebox/policies/wire"
)

// A desk takes the cloud's place on the virtual internet, with its broker and EST but without its judgement: what a test
// says is sent as it is, so that a box must judge alone. It is a process of its own because nobody else is in that namespace.

// deskOf names the folder of the house in which this process is to be a desk.
const deskOf = "CAREBOX_DESK"

// spoken is a message to or from a box, a line of JSON between the test and its desk.
type spoken struct {
	Box     string `json:"box"`
	What    string `json:"what"`
	Message []byte `json:"message"`
}

// newDesk serves until its input ends.
func newDesk(dir string) error {
	ctx := context.Background()
	log := slog.New(slog.DiscardHandler)
	cert, err := tls.LoadX509KeyPair(filepath.Join(dir, "server.pem"), filepath.Join(dir, "server.key"))
	if err != nil {
		return err
	}
	authority, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		return err
	}
	boxes := x509.NewCertPool()
	boxes.AppendCertsFromPEM(authority)
	// First what takes long: a box comes as soon as the broker is there, and what it says at once must be heard.
	if err := deskEST(ctx, dir, cert, authority); err != nil {
		return err
	}
	here := testbed.InternetIPv4.String()
	b, err := broker.Open(ctx, broker.Config{
		Listen: here + ":8883", Certificate: cert, Authority: boxes, Folder: filepath.Join(dir, "desk"), Log: log,
		Revoked: func(string) bool { return false },
	})
	if err != nil {
		return err
	}
	defer b.Close()
	var mu sync.Mutex
	out := json.NewEncoder(os.Stdout)
	err = b.Receive(func(box, what string, message []byte) {
		mu.Lock()
		defer mu.Unlock()
		_ = out.Encode(spoken{box, what, message}) // a test that has gone reads nothing
	})
	if err != nil {
		return err
	}
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return nil
		}
		var s spoken
		if err := json.Unmarshal(line, &s); err != nil {
			return err
		}
		if err := b.Send(s.Box, s.What, s.Message); err != nil {
			return err
		}
	}
}

// deskEST is where boxes measure their line.
func deskEST(ctx context.Context, dir string, cert tls.Certificate, authority []byte) error {
	key, err := os.ReadFile(filepath.Join(dir, "ca.key"))
	if err != nil {
		return err
	}
	issuer, err := enrolment.ReadAuthority(authority, key)
	if err != nil {
		return err
	}
	data, err := store.Open(ctx, filepath.Join(dir, "desk.db"))
	if err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	office := enrolment.NewOffice(enrolment.Config{
		Store: data, Attempts: throttle.New(data, time.Now), Authority: issuer, Now: time.Now, Log: log,
	})
	l, err := tls.Listen("tcp", testbed.InternetIPv4.String()+":8443", &tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequestClientCert, NextProtos: []string{"http/1.1"},
	})
	if err != nil {
		return err
	}
	server := &http.Server{Handler: (&enrolment.EST{Office: office, Log: log}).Handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(l) }() // until the process ends
	return nil
}

// desk is the test's side of one.
type desk struct {
	*testing.T
	house *House
	key   ed25519.PrivateKey
	cmd   *program
	in    io.WriteCloser
	heard chan spoken
}

// openDesk opens one in the cloud's place, which must have gone.
func openDesk(t *testing.T, h *House) *desk {
	t.Helper()
	d := &desk{T: t, house: h, key: operatorKey(t, h)}
	d.open()
	t.Cleanup(d.shut)
	return d
}

func operatorKey(t *testing.T, h *House) ed25519.PrivateKey {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(h.dir, "operator.key"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(ed25519.PrivateKey)
}

func (d *desk) open() {
	d.Helper()
	cmd := d.house.Internet.Command(context.WithoutCancel(d.Context()), os.Args[0])
	cmd.Env = append(os.Environ(), deskOf+"="+d.house.dir)
	var err error
	if d.in, err = cmd.StdinPipe(); err != nil {
		d.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		d.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		d.Fatal(err)
	}
	d.heard = make(chan spoken, 10_000)
	d.cmd = &program{cmd: cmd, done: make(chan struct{})}
	go func(heard chan<- spoken, p *program) {
		in := bufio.NewScanner(out)
		in.Buffer(nil, 1<<20)
		for in.Scan() {
			var s spoken
			if json.Unmarshal(in.Bytes(), &s) == nil {
				heard <- s
			}
		}
		p.err = cmd.Wait()
		close(heard)
		close(p.done)
	}(d.heard, d.cmd)
}

// shut ends the desk as a power cut would.
func (d *desk) shut() {
	if err := d.cmd.end(syscall.SIGKILL); err != nil {
		d.Error(err)
	}
}

func (d *desk) send(what string, message []byte) {
	d.Helper()
	if err := json.NewEncoder(d.in).Encode(spoken{d.house.Access.Box, what, message}); err != nil {
		d.Fatal(err)
	}
}

// hear waits until the box says what is wanted, and returns that.
func (d *desk) hear(what string, wanted func(message []byte) bool) []byte {
	d.Helper()
	message := d.await(within, what, wanted)
	if message == nil {
		d.Fatalf("the box did not say %s\n%s", what, d.house.Log("agent"))
	}
	return message
}

// await is hear for so long; nil if it was not said.
func (d *desk) await(long time.Duration, what string, wanted func(message []byte) bool) []byte {
	d.Helper()
	end := time.After(long)
	for {
		select {
		case s, ok := <-d.heard:
			if !ok {
				d.Fatalf("the desk has ended: %v", d.cmd.err)
			}
			if s.What == what && wanted(s.Message) {
				return s.Message
			}
		case <-end:
			return nil
		}
	}
}

// grant sends a letter that begins now.
func (d *desk) grant(change func(*wire.Grant)) []byte {
	d.Helper()
	now := time.Now().Unix()
	g := wire.Grant{
		ID: "g1", Home: "home:h1", Actor: wire.Actor{Sub: "staff:julie", Iss: "carebox"}, Box: d.house.Access.Box, Scope: "see diagnose",
		Issued: now, Expires: now + 900, Revision: 1, Name: "Julie",
	}
	change(&g)
	letter, err := wire.SignGrant(d.key, g)
	if err != nil {
		d.Fatal(err)
	}
	d.send(wire.DownGrant, letter)
	return letter
}

// ask puts a query and returns all of its results.
func (d *desk) ask(id, grant string, kind wire.QueryKind, args string) []wire.Result {
	d.Helper()
	d.query(id, grant, kind, args)
	var all []wire.Result
	d.hear(wire.UpResult, func(message []byte) bool {
		r, err := wire.DecodeResult(message)
		if err != nil {
			d.Errorf("%s: %v", message, err)
		}
		if r.Query != id {
			return false
		}
		all = append(all, r)
		return r.Done
	})
	return all
}

func (d *desk) query(id, grant string, kind wire.QueryKind, args string) {
	d.Helper()
	message, err := json.Marshal(wire.Query{ID: id, Grant: grant, Kind: kind, Args: json.RawMessage(args), Seconds: 30})
	if err != nil {
		d.Fatal(err)
	}
	d.send(wire.DownQuery, message)
}

// refused is how a ping under a grant ends.
func (d *desk) refused(id, grant string) wire.Refusal {
	d.Helper()
	all := d.ask(id, grant, wire.QueryPing, fmt.Sprintf(`{"host":%q,"count":1}`, testbed.InternetIPv4))
	return all[len(all)-1].Error
}

// page asks the box's own page as a device of the home does.
func page(t *testing.T, h *House, method, path, body string) (int, string) {
	t.Helper()
	status, text, err := h.boxPage(t.Context(), method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	return status, text
}
