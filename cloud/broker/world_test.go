package broker

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"github.com/carebox-project/carebox/cloud/enrolment"
)

const soon = 30 * time.Second

// world is an authority and what it has signed.
type world struct {
	t         *testing.T
	authority *enrolment.Authority
	pool      *x509.CertPool
}

func newWorld(t *testing.T) world {
	t.Helper()
	a, err := enrolment.NewAuthority(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	own, err := a.Pair()
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(own.Certificate)
	return world{t, a, pool}
}

func (w world) pair(p enrolment.Pair, err error) tls.Certificate {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	cert, err := tls.X509KeyPair(p.Certificate, p.Key)
	if err != nil {
		w.t.Fatal(err)
	}
	return cert
}

func (w world) box(id string) tls.Certificate { return w.pair(w.authority.Box(id, time.Now())) }

func (w world) config(listen string) Config {
	return Config{
		Listen: listen, Certificate: w.pair(w.authority.Server([]string{"127.0.0.1"}, time.Now())), Authority: w.pool,
		Folder: w.t.TempDir(), Log: slog.New(slog.DiscardHandler), Revoked: func(string) bool { return false },
	}
}

func (w world) open(c Config) *Broker {
	w.t.Helper()
	b, err := Open(w.t.Context(), c)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(b.Close)
	return b
}

// client is an MQTT client before it connects.
func (w world) client(addr, id string, cert ...tls.Certificate) *mqtt.ClientOptions {
	return mqtt.NewClientOptions().AddBroker("tls://" + addr).SetClientID(id).SetCleanSession(true).
		SetAutoReconnect(false).SetConnectTimeout(soon).SetKeepAlive(30 * time.Second).SetWriteTimeout(soon).
		SetTLSConfig(&tls.Config{RootCAs: w.pool, Certificates: cert, MinVersion: tls.VersionTLS12})
}

func try(o *mqtt.ClientOptions) (mqtt.Client, error) {
	c := mqtt.NewClient(o)
	token := c.Connect()
	if !token.WaitTimeout(soon) {
		return c, fmt.Errorf("no answer")
	}
	return c, token.Error()
}

func (w world) connect(o *mqtt.ClientOptions) mqtt.Client {
	w.t.Helper()
	c, err := try(o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { c.Disconnect(0) })
	return c
}

func done(t *testing.T, token mqtt.Token) {
	t.Helper()
	if !token.WaitTimeout(soon) || token.Error() != nil {
		t.Fatalf("mqtt: %v", token.Error())
	}
}

// heard collects what boxes say, as "box what payload".
func heard(t *testing.T, b *Broker) <-chan string {
	t.Helper()
	all := make(chan string, 100)
	if err := b.Receive(func(box, what string, m []byte) { all <- box + " " + what + " " + string(m) }); err != nil {
		t.Fatal(err)
	}
	return all
}

func next[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(soon):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

func waitFor(t *testing.T, what func() bool) {
	t.Helper()
	for end := time.Now().Add(soon); !what(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not happen")
		}
	}
}
