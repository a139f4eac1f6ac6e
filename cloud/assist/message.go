package assist

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

const (
	maxText     = 4000 // characters of a message
	maxMessages = 500  // of a case
	maxPictures = 20   // of a case
	justSaid    = time.Minute
)

// From is who wrote a message.
type From string

const (
	FromCustomer From = "customer"
	FromStaff    From = "staff"
	FromSystem   From = "system" // Code says what has happened
)

// Codes of messages from the system; Text is what belongs to them.
const (
	CodeTaken     = "taken"    // Name has it now
	CodeReturned  = "returned" // it is in the queue again; Text: away, handover, promise
	CodeOffered   = "offered"  // private: Name offers it to Text
	CodeDeclined  = "declined" // private: Name does not take it
	CodeExpired   = "expired"  // private: nobody took the offer in time
	CodeHandover  = "handover" // private: the reason and what was tried
	CodePromised  = "promised" // Text is what, At of the promise stands in the case
	CodeCallback  = "callback" // the customer asks to be called
	CodeNoCall    = "no-call"  // not any more
	CodeCalled    = "called"   // Name has called them
	CodeClosed    = "closed"   // Text is the summary
	CodeSolved    = "solved"   // the customer says so
	CodeReopened  = "reopened" // the customer says that it is not solved
	CodeAskedMore = "asked"    // the customer asked again, from the screen in Text
)

// Message is a line of a case.
type Message struct {
	Number  int64 // from 1, in order
	Case    string
	At      time.Time
	From    From
	Author  string // a member's id, "" of the system
	Name    string
	Private bool // for staff alone
	Code    string
	Text    string
	Picture string // id
	// Image is kept, and Line goes into the audit, with it, all or nothing. They are not of the message that is kept.
	Image *Image
	Line  *audit.Entry
}

// Say keeps a message of the customer.
func (c *Cases) Say(ctx context.Context, who Customer, id, text string) (Message, error) {
	text, problems := words("text", text, maxText, 1)
	if problems != nil {
		return Message{}, problems
	}
	return c.sayAs(ctx, who, id, Message{Text: text})
}

func (c *Cases) sayAs(ctx context.Context, who Customer, id string, m Message) (Message, error) {
	m.From, m.Author, m.Name = FromCustomer, who.Member, who.Name
	changed, said, _, err := c.says(ctx, id, m, func(k *Case) error {
		switch {
		case k.Home != who.Home || k.Member != who.Member:
			return ErrCaseUnknown
		case !k.Open():
			return ErrCaseState
		}
		return nil
	})
	if err != nil {
		return Message{}, err
	}
	c.announce(changed)
	return said, nil
}

// says keeps a message of somebody who may say it. Whose answer was lost says it again: what was said last, just now, is not
// kept twice.
func (c *Cases) says(ctx context.Context, id string, m Message, may func(*Case) error) (k Case, said Message, again bool, err error) {
	mark, now := m.mark(), c.now()
	k, list, err := c.change(ctx, id, func(k *Case) ([]Message, error) {
		if err := may(k); err != nil {
			return nil, err
		}
		if again = k.Newest == mark && now.Sub(k.LastAt) < justSaid; again {
			return nil, nil
		}
		return []Message{m}, room(k, m)
	})
	switch {
	case err != nil:
		return Case{}, Message{}, false, err
	case !again:
		return k, list[0], false, nil
	}
	list, err = c.Store.Messages(ctx, id, true)
	if err != nil {
		return Case{}, Message{}, false, err
	}
	return k, list[k.Messages-1], true, nil // numbers have no gaps
}

// mark tells what somebody says from what others say, and from all else that they say; "" of the system.
func (m Message) mark() string {
	if m.From == FromSystem {
		return ""
	}
	var image []byte
	if m.Image != nil {
		image = m.Image.Data
	}
	data, _ := json.Marshal([]any{m.From, m.Author, m.Private, m.Text, image}) // texts and bytes can always be encoded
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Answer keeps a message of the agent who has the case, and tells the customer.
func (c *Cases) Answer(ctx context.Context, agent Agent, id, text string) (Message, error) {
	text, problems := words("text", text, maxText, 1)
	if problems != nil {
		return Message{}, problems
	}
	return c.answerAs(ctx, agent, id, Message{Text: text})
}

func (c *Cases) answerAs(ctx context.Context, agent Agent, id string, m Message) (Message, error) {
	m.From, m.Author, m.Name = FromStaff, agent.ID, agent.Name
	changed, said, again, err := c.says(ctx, id, m, func(k *Case) error { return k.HeldBy(agent.ID) })
	if err != nil {
		return Message{}, err
	}
	if !again {
		c.tell(ctx, changed, registry.WordMessage, agent.Name)
	}
	c.announce(changed)
	return said, nil
}

// Note keeps what staff tell each other: the customer does not see it. Closed cases take notes, too.
func (c *Cases) Note(ctx context.Context, agent Agent, id, text string) (Message, error) {
	text, problems := words("text", text, maxText, 1)
	if problems != nil {
		return Message{}, problems
	}
	m := Message{From: FromStaff, Author: agent.ID, Name: agent.Name, Private: true, Text: text}
	_, list, err := c.change(ctx, id, func(k *Case) ([]Message, error) { return []Message{m}, room(k, m) })
	if err != nil {
		return Message{}, err
	}
	c.announceStaff()
	return list[0], nil
}

// room is nil while a case can take another message of a person. What the system says always fits.
func room(k *Case, m Message) error {
	if k.Messages >= maxMessages || m.Picture != "" && k.Pictures >= maxPictures {
		return ErrCaseFull
	}
	return nil
}

// system is a line about what has happened.
func system(code, name, text string) Message {
	return Message{From: FromSystem, Code: code, Name: name, Text: text}
}

func private(m Message) Message {
	m.Private = true
	return m
}

// words is a text as it is kept: of least to most characters, without control characters but ends of lines.
func words(field, text string, most, least int) (string, policies.Problems) {
	text = strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ReplaceAll(plain(text), "\r\n", "\n"))
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < least || n > most {
		detail := fmt.Sprintf("This has %d to %d characters.", least, most)
		return "", policies.Problems{{Code: "length", Field: field, Detail: detail}}
	}
	return text, nil
}

// plain is a text as every database keeps it.
func plain(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "") }

func containsWord(screen, word string) bool {
	return strings.HasPrefix(screen, word) || strings.Contains(screen, word+"/") || strings.HasSuffix(screen, word)
}

// valid reports whether an id may be one of ours.
func valid(id string) bool {
	parsed, err := uuid.Parse(id)
	return err == nil && parsed.String() == id
}
