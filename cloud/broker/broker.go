// Package broker carries messages between boxes and the cloud's services: a NATS server inside this process with its
// MQTT gateway on mutual TLS.
//
// A box is who its certificate says. It connects under its own id only, publishes what boxes say of themselves and reads
// what is sent to it; nothing else is allowed to it, its will included. Services talk to the server in memory, under a
// password of this process. The broker keeps nothing that matters: a message is lost where nobody is connected.
package broker

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/carebox-project/carebox/cloud/enrolment"
)

const (
	maxPayload     = 512 << 10
	maxConnections = 60_000
	maxFilters     = 16       // subscriptions of one connection
	maxUnsent      = 16 << 20 // bytes that wait for one connection; more, and it is cut
	maxDisk        = 1 << 30  // of what MQTT itself keeps: sessions, a few retained messages
	patience       = 20 * time.Second
)

// Config is what a broker stands on.
type Config struct {
	Listen      string // address of the MQTT listener
	Certificate tls.Certificate
	Authority   *x509.CertPool           // signs boxes, and the other replicas
	Folder      string                   // of this replica alone, for what MQTT keeps
	Cluster     *Cluster                 // nil: a replica alone
	Revoked     func(serial string) bool // hexadecimal: whether a certificate was taken back
	Cloned      func(enrolment.Clone)    // an identity is used in several places; nil for nobody to tell
	Log         *slog.Logger
}

// Broker is a running server.
type Broker struct {
	server  *server.Server
	options *server.Options // as the server completed them
	conn    *nats.Conn
	mirrors *mirrors
	log     *slog.Logger
	porch   *porch
	door    *doorkeeper
}

// Open starts a broker and waits until it listens. Ready tells when boxes can connect, once somebody receives: a replica of a
// cluster first finds most of the others.
func Open(ctx context.Context, c Config) (*Broker, error) {
	if err := c.Cluster.Check(); err != nil {
		return nil, err
	}
	log := newJournal(c.Log)
	password := rand.Text()
	porch := newPorch(c)
	door := &doorkeeper{password: password, revoked: c.Revoked, meet: porch.meet, log: c.Log}
	options, err := c.options(door)
	if err != nil {
		return nil, err
	}
	srv, err := server.NewServer(options)
	if err != nil {
		return nil, fmt.Errorf("preparing broker: %w", err)
	}
	srv.SetLoggerV2(log, false, false, false)
	b := &Broker{server: srv, options: options, log: c.Log, porch: porch, door: door}
	srv.Start()
	if err := b.wait(ctx, log); err != nil {
		b.Close()
		return nil, err
	}
	// Only now: a server that starts with accounts gives none of them what MQTT keeps its sessions in.
	support, _ := srv.LookupOrRegisterAccount(mirrorAccount)
	door.support.Store(support)
	if b.mirrors, err = openMirrors(srv, password); err != nil {
		b.Close()
		return nil, err
	}
	b.conn, err = nats.Connect("", nats.InProcessServer(srv), nats.UserInfo(insider, password), nats.MaxReconnects(-1),
		nats.ReconnectWait(50*time.Millisecond), nats.Name("registry"), nats.ErrorHandler(b.failed))
	if err != nil {
		b.Close()
		return nil, fmt.Errorf("connecting to broker: %w", err)
	}
	if err := porch.open(b.conn); err != nil {
		b.Close()
		return nil, err
	}
	c.Log.Info("started", "address", b.Addr())
	return b, nil
}

// Close tells boxes goodbye and stops.
func (b *Broker) Close() {
	b.porch.close()
	if b.mirrors != nil {
		b.mirrors.close()
	}
	if b.conn != nil {
		b.conn.Close()
	}
	b.server.Shutdown()
	b.server.WaitForShutdown()
}

// Addr is the address of the MQTT listener.
func (b *Broker) Addr() string {
	return net.JoinHostPort(b.options.MQTT.Host, strconv.Itoa(b.options.MQTT.Port))
}

// Boxes is how many boxes are connected to this replica.
func (b *Broker) Boxes() int { return max(b.server.NumClients()-1-b.mirrors.connections(), 0) }

// Cut ends a box's connections to this replica. It may come back if its certificate is good.
func (b *Broker) Cut(box string) error {
	list, err := b.server.Connz(&server.ConnzOptions{Username: true, User: box})
	if err != nil {
		return fmt.Errorf("looking for connections of box %q: %w", box, err)
	}
	for _, c := range list.Conns {
		if err := b.server.DisconnectClientByID(c.Cid); err != nil {
			return fmt.Errorf("cutting box %q off: %w", box, err)
		}
	}
	return nil
}

func (b *Broker) failed(_ *nats.Conn, _ *nats.Subscription, err error) {
	b.log.Warn("lost messages of boxes", "error", err)
}

func (c Config) options(door *doorkeeper) (*server.Options, error) {
	host, port, err := split(c.Listen)
	if err != nil {
		return nil, err
	}
	o := &server.Options{}
	// The only way to this setting: no box of ours publishes at QoS 2, and each such message would wait on disk.
	if err := o.ProcessConfigString("mqtt { reject_qos2_publish: true }"); err != nil {
		return nil, fmt.Errorf("preparing broker: %w", err)
	}
	o.ServerName, o.DontListen, o.NoSigs = "carebox", true, true
	o.MaxPayload, o.MaxConn, o.MaxSubs, o.MaxPending = maxPayload, maxConnections, maxFilters, maxUnsent
	o.WriteDeadline = 5 * time.Second
	o.JetStream, o.StoreDir, o.JetStreamMaxStore, o.JetStreamMaxMemory = true, c.Folder, maxDisk, 64<<20
	o.CustomClientAuthentication = door
	o.MQTT.Host, o.MQTT.Port = host, port
	o.MQTT.TLSTimeout, o.MQTT.AuthTimeout = 10, 10 // a herd that comes back takes some seconds
	o.MQTT.TLSConfig = &tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{c.Certificate},
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: c.Authority,
	}
	return o, c.join(o)
}

// wait returns when every listener is there.
func (b *Broker) wait(ctx context.Context, log *journal) error {
	for end := time.Now().Add(patience); !b.server.ReadyForConnections(100 * time.Millisecond); {
		select {
		case fatal := <-log.fatal:
			return fmt.Errorf("starting broker: %s", fatal)
		case <-ctx.Done():
			return fmt.Errorf("starting broker: %w", ctx.Err())
		default:
		}
		if time.Now().After(end) {
			return errors.New("starting broker: it did not begin to listen")
		}
	}
	return nil
}

func split(address string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, fmt.Errorf("reading address %q: %w", address, err)
	}
	port, err = strconv.Atoi(text)
	if err != nil || port < 0 || port > 65535 {
		return "", 0, fmt.Errorf("reading address %q: port %q", address, text)
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	return host, port, nil
}
