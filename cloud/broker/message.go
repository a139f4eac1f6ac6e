package broker

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"

	"github.com/carebox-project/carebox/policies/wire"
)

const (
	live     = "live."    // then the id of a home: its state has changed
	queue    = "registry" // each message of a box goes to one replica, the one it is connected to where there is one
	maxAhead = 32 << 20   // bytes from boxes that wait for the registry; more are dropped, and repaired by heartbeats
)

// Send publishes a message to a box. It is lost where the box is not connected.
func (b *Broker) Send(box, what string, message []byte) error {
	if !wire.ValidBox(box) {
		return fmt.Errorf("sending to box %q: not an id", box)
	}
	if err := b.conn.Publish(subject(wire.Down(box, what)), message); err != nil {
		return fmt.Errorf("sending %s to box %q: %w", what, box, err)
	}
	return nil
}

// Receive hands over what boxes say, one message at a time and in the order of each box. The box is proved. Boxes are let in
// from then on.
func (b *Broker) Receive(handle func(box, what string, message []byte)) error {
	sub, err := b.conn.QueueSubscribe(subject(wire.Up("*", "*")), queue, func(m *nats.Msg) {
		box, what, err := wire.SplitUp(strings.ReplaceAll(m.Subject, ".", "/"))
		if err == nil {
			handle(box, what, m.Data)
		}
	})
	if err != nil {
		return fmt.Errorf("listening to boxes: %w", err)
	}
	if err := sub.SetPendingLimits(-1, maxAhead); err != nil {
		return fmt.Errorf("listening to boxes: %w", err)
	}
	if err := b.flush(); err != nil {
		return err
	}
	b.door.heard.Store(true)
	return nil
}

// Announce tells all replicas, this one too, that the state of a home has changed.
func (b *Broker) Announce(home string) error {
	if home == "" || strings.ContainsAny(home, ".*> \t\r\n") {
		return fmt.Errorf("announcing home %q: not an id", home)
	}
	if err := b.conn.Publish(live+home, nil); err != nil {
		return fmt.Errorf("announcing home %q: %w", home, err)
	}
	return nil
}

// Hear hands over announcements.
func (b *Broker) Hear(heard func(home string)) error {
	if _, err := b.conn.Subscribe(live+"*", func(m *nats.Msg) { heard(m.Subject[len(live):]) }); err != nil {
		return fmt.Errorf("listening to announcements: %w", err)
	}
	return b.flush()
}

func (b *Broker) flush() error {
	if err := b.conn.FlushTimeout(patience); err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	return nil
}

// Ready sends a message through the server and waits for it, and asks what MQTT keeps its sessions in. Without an answer
// to both, boxes cannot connect: in a cluster the second needs most replicas.
func (b *Broker) Ready(ctx context.Context) error {
	inbox, token := b.conn.NewInbox(), rand.Text()
	sub, err := b.conn.SubscribeSync(inbox)
	if err != nil {
		return fmt.Errorf("asking broker: %w", err)
	}
	defer func() { _ = sub.Unsubscribe() }()
	if err := b.conn.Publish(inbox, []byte(token)); err != nil {
		return fmt.Errorf("asking broker: %w", err)
	}
	back, err := sub.NextMsgWithContext(ctx)
	if err != nil {
		return fmt.Errorf("waiting for broker: %w", err)
	}
	if string(back.Data) != token {
		return fmt.Errorf("waiting for broker: another message came back")
	}
	js, err := b.conn.JetStream(nats.Context(ctx))
	if err != nil {
		return fmt.Errorf("asking for sessions: %w", err)
	}
	if _, err := js.AccountInfo(); err != nil {
		return fmt.Errorf("asking for sessions: %w", err)
	}
	return nil
}
