package broker

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

const (
	mirrorUser    = "assist" // of this process's connections for support sessions
	mirrorAccount = "ASSIST" // their name space: no box is in it
	maxBehind     = 4 << 20  // bytes that wait for one listener; more are dropped, and the picture begins anew
)

// Ways of a message of a support session.
const (
	WayUp   = "up"   // from the customer's screen to those who look
	WayDown = "down" // from those who look to the customer's screen
)

var (
	mirrorSession = regexp.MustCompile(`^[0-9a-f-]{16,64}$`)
	mirrorWord    = regexp.MustCompile(`^[a-z]{1,16}$`)
)

// mirrors carry support sessions between replicas, in an account of their own. A connection of a service may listen to as
// little as a box's, so there are as many connections as it takes.
type mirrors struct {
	dial  func() (*nats.Conn, error)
	speak *nats.Conn // the first of the pool: all that is said goes here

	mu   sync.Mutex
	pool []*lane
}

type lane struct {
	conn *nats.Conn
	used int // subscriptions
}

func openMirrors(srv *server.Server, password string) (*mirrors, error) {
	m := &mirrors{dial: func() (*nats.Conn, error) {
		return nats.Connect("", nats.InProcessServer(srv), nats.UserInfo(mirrorUser, password), nats.MaxReconnects(-1),
			nats.ReconnectWait(50*time.Millisecond), nats.Name("support"), nats.ErrorHandler(nil)) // what is dropped is asked for again
	}}
	conn, err := m.dial()
	if err != nil {
		return nil, fmt.Errorf("connecting for support sessions: %w", err)
	}
	m.speak, m.pool = conn, []*lane{{conn: conn}}
	return m, nil
}

func (m *mirrors) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.pool {
		l.conn.Close()
	}
}

// connections is how many there are.
func (m *mirrors) connections() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.pool)
}

// free is a connection that may listen to one more; Release gives its place back.
func (m *mirrors) free() (*lane, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.pool {
		if l.used < maxFilters {
			l.used++
			return l, nil
		}
	}
	conn, err := m.dial()
	if err != nil {
		return nil, fmt.Errorf("connecting for support sessions: %w", err)
	}
	l := &lane{conn: conn, used: 1}
	m.pool = append(m.pool, l)
	return l, nil
}

func (m *mirrors) release(l *lane) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l.used--
}

// Relay sends a message of a support session to whoever follows it on any replica. It is lost where nobody does.
func (b *Broker) Relay(session, way, word string, message []byte) error {
	if !mirrorSession.MatchString(session) || !mirrorWord.MatchString(word) || (way != WayUp && way != WayDown) {
		return fmt.Errorf("relaying for session %q: not a name", session)
	}
	if err := b.mirrors.speak.Publish("assist."+session+"."+way+"."+word, message); err != nil {
		return fmt.Errorf("relaying for session %q: %w", session, err)
	}
	return nil
}

// Follow hands over what goes one way in a support session, one message at a time, until stopped.
func (b *Broker) Follow(session, way string, heard func(word string, message []byte)) (stop func(), err error) {
	if !mirrorSession.MatchString(session) || (way != WayUp && way != WayDown) {
		return nil, fmt.Errorf("following session %q: not a name", session)
	}
	l, err := b.mirrors.free()
	if err != nil {
		return nil, err
	}
	before := "assist." + session + "." + way + "."
	sub, err := l.conn.Subscribe(before+"*", func(m *nats.Msg) { heard(strings.TrimPrefix(m.Subject, before), m.Data) })
	if err == nil {
		err = sub.SetPendingLimits(-1, maxBehind)
	}
	if err == nil {
		err = l.conn.FlushTimeout(patience)
	}
	stop = func() {
		_ = sub.Unsubscribe() // the connection is closed, or there is none: nothing comes either
		b.mirrors.release(l)
	}
	if err != nil {
		stop()
		return nil, fmt.Errorf("following session %q: %w", session, err)
	}
	return stop, nil
}
