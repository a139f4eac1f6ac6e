// Package mail sends letters to people: by SMTP, or into a folder where there is no server (tests and the demo).
//
// A letter is handed over at once and sent later, so that nobody can tell from the time of an answer whether there was a
// letter. What waits is lost when the process ends: all our letters can be asked for again.
package mail

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	smtp "github.com/wneessen/go-mail"
)

const (
	waiting  = 100 // letters at most
	patience = 30 * time.Second
	tries    = 3
)

// Config is where letters go.
type Config struct {
	Server   string // host:port, or "" for the folder. TLS is required unless it is on this machine
	From     string // address of the sender
	User     string // "" for none
	Password string
	Folder   string // takes a file a letter where there is no server
	Log      *slog.Logger
}

// Check is what is wrong with a configuration.
func (c Config) Check() error {
	if c.Server == "" {
		return nil
	}
	if _, port, err := net.SplitHostPort(c.Server); err != nil {
		return fmt.Errorf("server: %w", err)
	} else if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("server: port %q", port)
	}
	if _, err := mail.ParseAddress(c.From); err != nil {
		return fmt.Errorf("from: %w", err)
	}
	return nil
}

// Outbox sends letters.
type Outbox struct {
	Config
	letters chan letter
	pause   time.Duration // between tries
}

type letter struct{ to, subject, text string }

// New makes an outbox that sends while Run runs.
func New(c Config) *Outbox {
	return &Outbox{Config: c, letters: make(chan letter, waiting), pause: 5 * time.Second}
}

// Send hands a letter over. False: too many wait already.
func (o *Outbox) Send(to, subject, text string) bool {
	select {
	case o.letters <- letter{to, subject, text}:
		return true
	default:
		o.Log.Warn("lost a letter: too many wait")
		return false
	}
}

// Run sends letters until ctx ends.
func (o *Outbox) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case l := <-o.letters:
			if err := o.deliver(ctx, l); err != nil {
				o.Log.Error("lost a letter", "error", err) // without the address
			}
		}
	}
}

func (o *Outbox) deliver(ctx context.Context, l letter) error {
	for try := 1; ; try++ {
		err := o.once(ctx, l)
		if err == nil || try == tries {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(o.pause):
		}
	}
}

func (o *Outbox) once(ctx context.Context, l letter) error {
	if o.Server == "" {
		return o.file(l)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	m := smtp.NewMsg()
	if err := m.From(o.From); err != nil {
		return fmt.Errorf("writing sender: %w", err)
	}
	if err := m.To(l.to); err != nil {
		return fmt.Errorf("writing recipient: %w", smtp.ErrNoRcptAddresses)
	}
	m.Subject(l.subject)
	m.SetDate()
	m.SetMessageID()
	m.SetBodyString(smtp.TypeTextPlain, l.text)
	client, err := o.client()
	if err != nil {
		return fmt.Errorf("preparing for mail server: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, m); err != nil {
		return fmt.Errorf("sending by %q: %w", o.Server, err)
	}
	return nil
}

func (o *Outbox) client() (*smtp.Client, error) {
	host, text, err := net.SplitHostPort(o.Server)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return nil, err
	}
	policy := smtp.TLSMandatory
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		policy = smtp.TLSOpportunistic
	}
	options := []smtp.Option{smtp.WithPort(port), smtp.WithTLSPolicy(policy), smtp.WithTimeout(patience)}
	if port == 465 { // TLS from the first byte
		options = append(options, smtp.WithSSL())
	}
	if o.User != "" {
		options = append(options, smtp.WithSMTPAuth(smtp.SMTPAuthAutoDiscover), smtp.WithUsername(o.User), smtp.WithPassword(o.Password))
	}
	return smtp.NewClient(host, options...)
}

// file writes a letter as a person reads it; the name rises with time.
func (o *Outbox) file(l letter) error {
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return fmt.Errorf("making folder for letters: %w", err)
	}
	name := fmt.Sprintf("%020d-%s.txt", time.Now().UnixNano(), uuid.NewString()[:8])
	text := strings.Join([]string{"To: " + l.to, "Subject: " + l.subject, "", l.text}, "\n")
	draft := filepath.Join(o.Folder, "."+name)
	if err := os.WriteFile(draft, []byte(text), 0o600); err != nil {
		return fmt.Errorf("writing letter: %w", err)
	}
	if err := os.Rename(draft, filepath.Join(o.Folder, name)); err != nil { // nobody reads half a letter
		return fmt.Errorf("writing letter: %w", err)
	}
	return nil
}
