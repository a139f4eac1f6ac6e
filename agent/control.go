package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"text/tabwriter"
	"time"

	"github.com/carebox-project/carebox/agent/uplink"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const controlTimeout = 5 * time.Second

// status is what the control socket answers.
type status struct {
	wire.Reported
	Version    string            `json:"version"`
	Connection uplink.Connection `json:"connection"`
}

// control answers on a Unix socket that only its owner may use.
type control struct {
	path string
	ask  func() status
}

// Run serves until ctx ends. A socket that an earlier agent left is replaced; the lock on the state folder has made
// sure that none is alive.
//
// It speaks just as much HTTP as one question needs: the server and client of net/http would be a tenth of the program.
func (c *control) Run(ctx context.Context) error {
	if err := os.Remove(c.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("replacing control socket: %w", err)
	}
	listener, err := net.Listen("unix", c.path)
	if err != nil {
		return fmt.Errorf("opening control socket: %w", err)
	}
	defer context.AfterFunc(ctx, func() { listener.Close() })()
	defer listener.Close()
	if err := os.Chmod(c.path, 0o600); err != nil {
		return fmt.Errorf("closing control socket to others: %w", err)
	}
	for {
		conn, err := listener.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("serving control socket: %w", err)
		}
		// One after the other, each with a deadline: only root asks, and seldom.
		_ = c.answer(conn) // whoever asked has gone
	}
}

func (c *control) answer(conn net.Conn) error {
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(controlTimeout)); err != nil {
		return err
	}
	request, err := http.ReadRequest(bufio.NewReader(io.LimitReader(conn, 8<<10)))
	if err != nil {
		return err
	}
	response := http.Response{StatusCode: http.StatusNotFound, ProtoMajor: 1, ProtoMinor: 1, Close: true, Header: http.Header{}}
	if request.Method == http.MethodGet && request.URL.Path == "/status" {
		body, err := json.Marshal(c.ask())
		if err != nil {
			return err
		}
		response.StatusCode, response.ContentLength = http.StatusOK, int64(len(body))
		response.Header.Set("Content-Type", "application/json")
		response.Body = io.NopCloser(bytes.NewReader(body))
	}
	return response.Write(conn)
}

// askStatus asks the running agent. An error means that there is none.
func askStatus(ctx context.Context, path string) (status, error) {
	ctx, cancel := context.WithTimeout(ctx, controlTimeout)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", path)
	if err != nil {
		return status{}, fmt.Errorf("asking the agent: %w", err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(controlTimeout)); err != nil {
		return status{}, err
	}
	if _, err := io.WriteString(conn, "GET /status HTTP/1.1\r\nHost: agent\r\n\r\n"); err != nil {
		return status{}, fmt.Errorf("asking the agent: %w", err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return status{}, fmt.Errorf("reading the agent's answer: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return status{}, fmt.Errorf("asking the agent: it answered %s", answer.Status)
	}
	var s status
	if err := json.NewDecoder(io.LimitReader(answer.Body, 2*wire.MaxReported)).Decode(&s); err != nil {
		return status{}, fmt.Errorf("reading the agent's answer: %w", err)
	}
	return s, nil
}

func statusCommand(ctx context.Context, in *invocation) error {
	path := in.flags.String("config", "", "configuration `FILE`")
	asJSON := in.flags.Bool("json", false, "print the answer as it is")
	if err := in.parse("config"); err != nil {
		return err
	}
	cfg, err := loadConfig(*path)
	if err != nil {
		return err
	}
	s, err := askStatus(ctx, cfg.control)
	if err != nil {
		return err
	}
	if *asJSON {
		return in.json(s)
	}
	return s.print(in.out)
}

// print writes the answer for a person.
func (s status) print(out io.Writer) error {
	cloud := "connected since " + s.Connection.Since.Format(time.RFC3339)
	if !s.Connection.Connected {
		cloud = "not connected since " + s.Connection.Since.Format(time.RFC3339) + ": " + s.Connection.Error
	}
	clock := "synchronised"
	if !s.Clock.Synchronised {
		clock = fmt.Sprintf("not synchronised (%s)", s.Clock.Rule)
	}
	fmt.Fprintf(out, "box %s, agent %s\ncloud     %s\nrevision  %d accepted, %d in force\nclock     %s\n",
		s.Box, s.Version, cloud, s.Accepted, s.InForce, clock)
	if s.Refused != nil {
		fmt.Fprintf(out, "refused   revision %d: %s\n", s.Refused.Revision, s.Refused.Detail)
	}
	for _, l := range s.Limitations {
		fmt.Fprintf(out, "limited   %s: %s\n", l.Code, l.Detail)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "DEVICE\tADDRESS\tPRESENT\tONLINE\tREASON\tUNTIL\tIN FORCE")
	for _, d := range s.Devices {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", d.ID, d.MAC, yes(d.Present), yes(d.Verdict.Online),
			reason(d.Verdict.Reason), until(d.Verdict.Until), yes(d.InForce)+d.Why)
	}
	return table.Flush()
}

func reason(r policies.Reason) string {
	if r.ID == "" {
		return string(r.Kind)
	}
	return string(r.Kind) + " " + r.ID
}

func until(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.Local().Format("Mon 15:04")
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no "
}
