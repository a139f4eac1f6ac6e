package uplink

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	"github.com/carebox-project/carebox/policies/wire"
)

// authority makes certificates for a test.
type authority struct {
	t    *testing.T
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	pem  []byte
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	a.pem, _, a.cert, a.key = a.make(template, nil)
	return a
}

func (a *authority) make(template, parent *x509.Certificate) (cert, key []byte, parsed *x509.Certificate, private *ecdsa.PrivateKey) {
	a.t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	signer := a.key
	if parent == nil {
		parent, signer = template, private
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, private.Public(), signer)
	if err != nil {
		a.t.Fatal(err)
	}
	parsed, err = x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		a.t.Fatal(err)
	}
	cert = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return cert, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), parsed, private
}

func (a *authority) issue(name string, from, to time.Time) Identity {
	a.t.Helper()
	cert, key, _, _ := a.make(&x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotBefore: from, NotAfter: to,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, a.cert)
	return Identity{Authority: a.pem, Certificate: cert, Key: key}
}

// broker is the few words of MQTT that a box hears, over mutual TLS.
type broker struct {
	t        *testing.T
	listener net.Listener
	packets  chan packets.ControlPacket // what boxes sent, but for pings and heartbeats
	grant    byte                       // answer to a subscription

	mu   sync.Mutex
	conn net.Conn
	done sync.WaitGroup
}

func newBroker(t *testing.T, server Identity) *broker {
	t.Helper()
	pair, err := tls.X509KeyPair(server.Certificate, server.Key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(server.Authority)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool,
		// The test's box may live in another time.
		Time: func() time.Time {
			leaf, _ := x509.ParseCertificate(pair.Certificate[0])
			return leaf.NotBefore.Add(time.Minute)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	b := &broker{t: t, listener: listener, packets: make(chan packets.ControlPacket, 64)}
	b.done.Go(b.accept)
	t.Cleanup(func() {
		listener.Close()
		b.drop()
		b.done.Wait()
	})
	return b
}

func (b *broker) accept() {
	for {
		conn, err := b.listener.Accept()
		if err != nil {
			return
		}
		b.mu.Lock()
		b.conn = conn
		b.mu.Unlock()
		b.done.Go(func() { b.serve(conn) })
	}
}

func (b *broker) serve(conn net.Conn) {
	defer conn.Close()
	for {
		p, err := packets.ReadPacket(conn)
		if err != nil {
			return
		}
		switch p := p.(type) {
		case *packets.ConnectPacket:
			answer := packets.NewControlPacket(packets.Connack).(*packets.ConnackPacket)
			_ = answer.Write(conn)
		case *packets.SubscribePacket:
			answer := packets.NewControlPacket(packets.Suback).(*packets.SubackPacket)
			answer.MessageID, answer.ReturnCodes = p.MessageID, bytes.Repeat([]byte{b.grant}, len(p.Topics))
			_ = answer.Write(conn)
		case *packets.PingreqPacket:
			_ = packets.NewControlPacket(packets.Pingresp).Write(conn)
			continue
		case *packets.PublishPacket:
			if p.TopicName == wire.Up("box-1", wire.UpHeartbeat) { // of a test that takes its time
				continue
			}
		}
		b.packets <- p
	}
}

func (b *broker) publish(topic string, payload []byte) {
	b.t.Helper()
	p := packets.NewControlPacket(packets.Publish).(*packets.PublishPacket)
	p.TopicName, p.Payload = topic, payload
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := p.Write(b.conn); err != nil {
		b.t.Error(err)
	}
}

// drop breaks the connection.
func (b *broker) drop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.conn != nil {
		b.conn.Close()
	}
}

// next is the next packet, which must be one of type P.
func next[P packets.ControlPacket](b *broker) P {
	b.t.Helper()
	select {
	case p := <-b.packets:
		want, ok := p.(P)
		if !ok {
			b.t.Fatalf("broker got %v, want a %T", p, want)
		}
		return want
	case <-time.After(time.Minute):
		b.t.Fatalf("broker got nothing, want a %T", *new(P))
	}
	panic("unreachable")
}

func (b *broker) dialer(id Identity, now func() time.Time) Dial {
	return func(ctx context.Context) (net.Conn, error) { return DialTLS(ctx, b.listener.Addr().String(), id, now) }
}
