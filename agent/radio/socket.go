package radio

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	maxReply  = 4096            // hostapd's own buffer; what fills it has been cut off
	replyTime = 3 * time.Second // hostapd is one thread, and setting up a radio takes it a while
)

var (
	errRefused = errors.New("hostapd said FAIL")
	errReply   = errors.New("hostapd's reply is too long")
)

// ends makes the near ends of sockets. hostapd answers to the path from which it was asked, so each has one of its own; hostapd must be
// able to reach the folder.
type ends struct {
	folder string
	count  atomic.Uint64
}

// socket is a conversation with one BSS of hostapd over Unix datagrams.
type socket struct {
	conn *net.UnixConn
	near string
}

// dial makes a socket whose far end is there now: a hostapd that was killed leaves a path at which nobody listens.
func (e *ends) dial(far string) (*socket, error) {
	near := filepath.Join(e.folder, strconv.FormatUint(e.count.Add(1), 10))
	conn, err := net.DialUnix("unixgram", &net.UnixAddr{Name: near, Net: "unixgram"}, &net.UnixAddr{Name: far, Net: "unixgram"})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reaching hostapd at %q: %w", far, err), removeIfThere(near))
	}
	return &socket{conn: conn, near: near}, nil
}

func (s *socket) close() error {
	return errors.Join(s.conn.Close(), removeIfThere(s.near))
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// ask sends a command and returns what hostapd answers, or gives up at once when ctx ends: somebody may have to be cut. After an error
// the socket must be closed: a late reply would answer the next one.
func (s *socket) ask(ctx context.Context, command string) (string, error) {
	return s.askUntil(ctx, time.Now().Add(replyTime), command)
}

func (s *socket) askUntil(ctx context.Context, deadline time.Time, command string) (string, error) {
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	if err := errors.Join(ctx.Err(), s.conn.SetDeadline(deadline)); err != nil {
		return "", err
	}
	defer context.AfterFunc(ctx, func() { _ = s.conn.SetDeadline(time.Unix(1, 0)) })() // one that was closed meanwhile waits for nobody
	if _, err := s.conn.Write([]byte(command)); err != nil {
		return "", fmt.Errorf("asking hostapd %q: %w", verb(command), err)
	}
	reply, err := s.read()
	if err != nil {
		return "", fmt.Errorf("asking hostapd %q: %w", verb(command), err)
	}
	return reply, nil
}

// order sends a command that is answered by OK or FAIL.
func (s *socket) order(ctx context.Context, command string) error {
	reply, err := s.ask(ctx, command)
	if err != nil {
		return err
	}
	if strings.TrimSpace(reply) != "OK" {
		return fmt.Errorf("asking hostapd %q: %w", verb(command), errRefused)
	}
	return nil
}

// read takes one message. One that fills the buffer may be longer than it.
func (s *socket) read() (string, error) {
	buffer := make([]byte, 2*maxReply)
	n, err := s.conn.Read(buffer)
	if err != nil {
		return "", err
	}
	if n == len(buffer) {
		return "", errReply
	}
	return string(buffer[:n]), nil
}

// verb is a command without what it is about, for messages: no address of a person's device belongs in a log.
func verb(command string) string {
	words := strings.Fields(command)
	if len(words) > 1 && strings.HasSuffix(words[0], "_ACL") {
		return words[0] + " " + words[1]
	}
	if len(words) == 0 {
		return ""
	}
	return words[0]
}
