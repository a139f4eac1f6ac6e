package uplink

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"github.com/carebox-project/carebox/policies/wire"
)

const (
	keepAlive = 30 * time.Second // heartbeats make pings rare; their missing answers find a connection that is half open
	goodbye   = 250 * time.Millisecond
)

// Dial opens a TLS connection to the broker.
type Dial func(ctx context.Context) (net.Conn, error)

// session is a link over paho. A client is never used again after its connection: paho does not promise that this works.
type session struct {
	client mqtt.Client
	gone   chan error
}

// connect opens a connection, says who we are and subscribes. It returns when the broker has acknowledged all.
func connect(ctx context.Context, cfg Config, in hands) (link, error) {
	s := &session{gone: make(chan error, 1)}
	s.client = mqtt.NewClient(s.options(ctx, cfg, in.inbox))
	if err := wait(ctx, s.client.Connect()); err != nil {
		s.client.Disconnect(0)
		return nil, fmt.Errorf("connecting: %w", err)
	}
	if err := s.subscribe(ctx, in); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// hands take what comes in.
type hands struct {
	inbox Inbox // for what is too long
	by    map[string]func(message []byte)
}

// subscribe returns when the broker has granted every topic.
func (s *session) subscribe(ctx context.Context, in hands) error {
	filters := map[string]byte{}
	for topic := range in.by {
		filters[topic] = 0
	}
	token := s.client.SubscribeMultiple(filters, func(_ mqtt.Client, m mqtt.Message) {
		if hand := in.by[m.Topic()]; hand != nil {
			hand(m.Payload())
		}
	})
	err := wait(ctx, token)
	for topic, granted := range token.(*mqtt.SubscribeToken).Result() {
		if err == nil && granted != 0 {
			err = fmt.Errorf("the broker refused %q", topic)
		}
	}
	if err != nil {
		return fmt.Errorf("subscribing: %w", err)
	}
	return nil
}

func (s *session) options(ctx context.Context, cfg Config, inbox Inbox) *mqtt.ClientOptions {
	return mqtt.NewClientOptions().
		AddBroker("tls://broker"). // paho wants one; the connection is opened by us
		SetCustomOpenConnectionFn(func(*url.URL, mqtt.ClientOptions) (net.Conn, error) {
			conn, err := cfg.Dial(ctx)
			if err != nil {
				return nil, err
			}
			return &framed{Conn: conn, limit: wire.MaxDesired + overhead, skipped: inbox.Oversize}, nil
		}).
		SetClientID(cfg.Box).
		SetCleanSession(true).
		SetProtocolVersion(4).
		SetAutoReconnect(false).
		SetConnectRetry(false).
		SetKeepAlive(keepAlive).
		SetPingTimeout(callTimeout).
		SetConnectTimeout(callTimeout).
		SetWriteTimeout(callTimeout).
		SetBinaryWill(wire.Up(cfg.Box, wire.UpGone), nil, 0, false).
		SetConnectionLostHandler(func(_ mqtt.Client, err error) { s.gone <- err })
}

func (s *session) publish(topic string, payload []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	return wait(ctx, s.client.Publish(topic, 0, false, payload))
}

func (s *session) lost() <-chan error { return s.gone }

func (s *session) close() { s.client.Disconnect(uint(goodbye.Milliseconds())) }

// wait for a token no longer than ctx.
func wait(ctx context.Context, token mqtt.Token) error {
	select {
	case <-token.Done():
		return token.Error()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
