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
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

const controlTimeout = 5 * time.Second

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
