package registry_test

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/carebox-project/carebox/cloud/broker"
	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/keyring"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/cloud/store"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const soon = time.Minute // of a machine that does much else

// cloud is a replica with a real database and a real broker, and the boxes that call it.
type cloud struct {
	t         testing.TB
	authority *enrolment.Authority
	pool      *x509.CertPool
	key       ed25519.PrivateKey
	url       string
	store     *store.Store
	broker    *broker.Broker
	registry  *registry.Registry
}

// both runs a test on SQLite and, where CAREBOX_POSTGRES names a server, on PostgreSQL.
func both(t *testing.T, test func(t *testing.T, c *cloud)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newCloud(t, filepath.Join(t.TempDir(), "carebox.db"))) })
	t.Run("postgres", func(t *testing.T) { test(t, newCloud(t, postgres(t))) })
}

func postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv("CAREBOX_POSTGRES")
	if server == "" {
		t.Skip("database ring: set CAREBOX_POSTGRES to a URL")
	}
	db, err := sql.Open("pgx", server)
	must(t, err)
	name := fmt.Sprintf("carebox_test_%016x", rand.Uint64())
	_, err = db.Exec("CREATE SCHEMA " + name)
	must(t, err)
	t.Cleanup(func() {
		if _, err := db.Exec("DROP SCHEMA " + name + " CASCADE"); err != nil {
			t.Error(err)
		}
		_ = db.Close()
	})
	u, err := url.Parse(server)
	must(t, err)
	q := u.Query()
	q.Set("search_path", name)
	q.Set("application_name", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newCloud has home h1 with box-1 and home h2 without a box.
func newCloud(t testing.TB, database string) *cloud {
	t.Helper()
	a, err := enrolment.NewAuthority(time.Now())
	must(t, err)
	own, err := a.Pair()
	must(t, err)
	c := &cloud{t: t, authority: a, pool: x509.NewCertPool(), url: database}
	c.pool.AppendCertsFromPEM(own.Certificate)
	_, c.key, err = ed25519.GenerateKey(nil)
	must(t, err)
	c.store, err = store.Open(t.Context(), database)
	must(t, err)
	t.Cleanup(func() { _ = c.store.Close() })
	c.store.Patience = soon
	c.broker, err = broker.Open(t.Context(), c.config("127.0.0.1:0"))
	must(t, err)
	t.Cleanup(c.broker.Close)
	c.registry = c.replica(c.broker, c.store)
	must(t, c.registry.Create(t.Context(), registry.Home{ID: "h1", Name: "One"}, "Europe/Paris"))
	must(t, c.registry.Create(t.Context(), registry.Home{ID: "h2", Name: "Two"}, "Europe/Paris"))
	must(t, c.registry.Assign(t.Context(), "h1", "box-1"))
	return c
}

func (c *cloud) certificate(p enrolment.Pair, err error) tls.Certificate {
	c.t.Helper()
	must(c.t, err)
	cert, err := tls.X509KeyPair(p.Certificate, p.Key)
	must(c.t, err)
	return cert
}

func (c *cloud) config(listen string) broker.Config {
	c.t.Helper()
	return broker.Config{Revoked: func(string) bool { return false },
		Listen: listen, Certificate: c.certificate(c.authority.Server([]string{"127.0.0.1"}, time.Now())), Authority: c.pool,
		Folder: c.t.TempDir(), Log: slog.New(slog.DiscardHandler),
	}
}

// ring is the operator's one key.
func (c *cloud) ring(b *broker.Broker, s *store.Store) *keyring.Ring {
	c.t.Helper()
	ring, err := keyring.Open(c.t.Context(), keyring.Config{
		Store: s, Link: b, Keys: []ed25519.PrivateKey{c.key}, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	must(c.t, err)
	return ring
}

// replica runs a registry until the test ends.
func (c *cloud) replica(b *broker.Broker, s *store.Store) *registry.Registry {
	c.t.Helper()
	r := registry.New(registry.Config{
		Store: s, Link: b, Keys: c.ring(b, s), Log: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(),
	})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	c.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			c.t.Error(err)
		}
	})
	return r
}

// box is a box that only talks.
type box struct {
	t       testing.TB
	id      string
	client  mqtt.Client
	desired chan wire.Desired
	up      chan bool
}

func (c *cloud) box(id string, brokers ...string) *box {
	c.t.Helper()
	b := &box{t: c.t, id: id, desired: make(chan wire.Desired, 100), up: make(chan bool, 100)}
	o := mqtt.NewClientOptions().SetClientID(id).SetCleanSession(true).SetConnectTimeout(soon).SetOrderMatters(true).
		SetMaxReconnectInterval(300*time.Millisecond).SetConnectRetry(true).SetConnectRetryInterval(100*time.Millisecond).
		SetWill(wire.Up(id, wire.UpGone), "", 0, false).
		SetTLSConfig(&tls.Config{RootCAs: c.pool, Certificates: []tls.Certificate{c.certificate(c.authority.Box(id, time.Now()))}})
	for _, addr := range brokers {
		o.AddBroker("tls://" + addr)
	}
	o.SetOnConnectHandler(func(m mqtt.Client) {
		m.Subscribe(wire.Down(id, wire.DownDesired), 0, func(_ mqtt.Client, m mqtt.Message) {
			d, err := wire.Open(m.Payload(), c.key.Public().(ed25519.PublicKey), id)
			if err != nil {
				c.t.Errorf("box %s got a bad document: %v", id, err)
				return
			}
			b.desired <- d
		}).Wait()
		b.up <- true
	})
	b.client = mqtt.NewClient(o)
	b.client.Connect()
	c.t.Cleanup(func() { b.client.Disconnect(0) })
	next(c.t, b.up)
	return b
}

// arrive connects a box and says Hello as one that has accepted a revision.
func (c *cloud) arrive(id string, revision int64) *box {
	c.t.Helper()
	b := c.box(id, c.broker.Addr())
	b.say(wire.UpHello, wire.Hello{Box: id, Schema: wire.Schema, Version: "test", Revision: revision})
	return b
}

func (b *box) say(what string, v any) {
	b.t.Helper()
	data, err := json.Marshal(v)
	must(b.t, err)
	token := b.client.Publish(wire.Up(b.id, what), 0, false, data)
	if !token.WaitTimeout(soon) || token.Error() != nil {
		b.t.Fatalf("saying %s: %v", what, token.Error())
	}
}

// gets waits for a document with a revision and passes over repeats of older ones.
func (b *box) gets(revision int64) wire.Desired {
	b.t.Helper()
	for {
		d := next(b.t, b.desired)
		if d.Revision == revision {
			return d
		}
		if d.Revision > revision {
			b.t.Fatalf("box %s got revision %d, want %d", b.id, d.Revision, revision)
		}
	}
}

func next[T any](t testing.TB, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(soon):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

// until waits for a state of a home that a test wants to see.
func (c *cloud) until(home string, want func(registry.State) bool) registry.State {
	c.t.Helper()
	for end := time.Now().Add(soon); ; time.Sleep(10 * time.Millisecond) {
		s, err := c.registry.State(c.t.Context(), home)
		must(c.t, err)
		if want(s) {
			return s
		}
		if time.Now().After(end) {
			c.t.Fatalf("home %s stays at revision %d, box %+v", home, s.Asked.Revision, s.Box)
		}
	}
}

// named is an edit that adds a person.
func named(id string) registry.Edit {
	return registry.Edit{
		Actor: registry.Actor{Member: "m1", Name: "Ana", From: "app"}, Change: registry.Change{Code: "person", Subject: id},
		Apply: func(p *policies.Policy) error {
			p.People = append(p.People, policies.Person{ID: id, Name: "Person " + id})
			return nil
		},
	}
}

// eventually waits for something that no state of a home shows.
func (c *cloud) eventually(what string, is func() bool) {
	c.t.Helper()
	for end := time.Now().Add(soon); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			c.t.Fatalf("%s: not in %s", what, soon)
		}
	}
}
