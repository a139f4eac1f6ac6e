package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"github.com/carebox-project/carebox/cloud/porttest"
)

// door is a cloud's broker, and who knocks there.
type door struct {
	t       *testing.T
	dir     string
	address string
	url     string
}

func newDoor(t *testing.T) *door {
	t.Helper()
	d := &door{t: t, address: porttest.Free(t, 1)[0]}
	d.dir, _ = made(t, "-boxes", "2", "-mqtt", d.address)
	d.url, _ = serving(t, d.dir)
	return d
}

// identity is the files of a certificate and its key; "" is none.
type identity string

func (d *door) of(box string) identity { return identity(filepath.Join(d.dir, "boxes", box, "box")) }

// makes signs a certificate by an authority's files, or by itself where that is "".
func (d *door) makes(name string, by string, form x509.Certificate) identity {
	d.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		d.t.Fatal(err)
	}
	parent, signer := &form, key
	if by != "" {
		pair, err := tls.LoadX509KeyPair(by+".pem", by+".key")
		if err != nil {
			d.t.Fatal(err)
		}
		parent, signer = pair.Leaf, pair.PrivateKey.(*ecdsa.PrivateKey)
	}
	form.SerialNumber = big.NewInt(time.Now().UnixNano())
	if form.NotBefore.IsZero() {
		form.NotBefore, form.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	}
	if form.ExtKeyUsage == nil {
		form.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	der, err := x509.CreateCertificate(rand.Reader, &form, parent, key.Public(), signer)
	if err != nil {
		d.t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		d.t.Fatal(err)
	}
	at := identity(filepath.Join(d.dir, name))
	for file, block := range map[string]*pem.Block{".pem": {Type: "CERTIFICATE", Bytes: der}, ".key": {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(string(at)+file, pem.EncodeToMemory(block), 0o600); err != nil {
			d.t.Fatal(err)
		}
	}
	return at
}

// openssl knocks with openssl s_client and a CONNECT (MQTT 3.1.1) as a box: "in", "alert" of TLS, or "out" by MQTT.
func (d *door) openssl(id identity, box string) string {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), soon)
	defer cancel()
	args := []string{"s_client", "-connect", d.address, "-CAfile", filepath.Join(d.dir, "ca.pem"), "-quiet"}
	if id != "" {
		args = append(args, "-cert", string(id)+".pem", "-key", string(id)+".key")
	}
	cmd := exec.CommandContext(ctx, "openssl", args...)
	var errs strings.Builder
	cmd.Stderr = &errs
	in, err := cmd.StdinPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	connect := "\x00\x04MQTT\x04\x02\x00\x3c\x00" + string(rune(len(box))) + box
	_, _ = io.WriteString(in, "\x10"+string(rune(len(connect)))+connect) // who is sent away at once does not read it
	answer := make([]byte, 4)
	n, _ := io.ReadFull(out, answer)
	cancel()
	_ = cmd.Wait() // it was killed, or has gone
	switch {
	case string(answer[:n]) == "\x20\x02\x00\x00":
		return "in"
	case strings.Contains(errs.String(), "alert"):
		return "alert"
	}
	return "out"
}

// mqtt knocks with a plain MQTT client, from an address of its own; who is in stays until the test ends.
func (d *door) mqtt(id identity, box, from string) (mqtt.Client, string) {
	d.t.Helper()
	ca, err := os.ReadFile(filepath.Join(d.dir, "ca.pem"))
	if err != nil {
		d.t.Fatal(err)
	}
	settings := &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	settings.RootCAs.AppendCertsFromPEM(ca)
	if id != "" {
		pair, err := tls.LoadX509KeyPair(string(id)+".pem", string(id)+".key")
		if err != nil {
			d.t.Fatal(err)
		}
		// Shown whatever the server says that it takes: a stranger does not ask.
		settings.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
	}
	c := mqtt.NewClient(mqtt.NewClientOptions().AddBroker("tls://" + d.address).SetClientID(box).SetTLSConfig(settings).
		SetAutoReconnect(false).SetConnectTimeout(soon).SetDialer(&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: soon}))
	token := c.Connect()
	if !token.WaitTimeout(soon) {
		d.t.Fatal("no answer")
	}
	d.t.Cleanup(func() { c.Disconnect(0) })
	switch {
	case token.Error() == nil:
		return c, "in"
	case strings.Contains(token.Error().Error(), "tls:"):
		return c, "alert"
	}
	return c, "out"
}

// TestWhoGetsInAtTheDoor is the whole table of those who come to the broker: whatever they come with, only a box under its own
// certificate, which is good at present, gets in.
func TestWhoGetsInAtTheDoor(t *testing.T) {
	d := newDoor(t)
	ca := filepath.Join(d.dir, "ca")
	named := func(name string) x509.Certificate { return x509.Certificate{Subject: pkix.Name{CommonName: name}} }
	between := func(from, to time.Duration) x509.Certificate {
		form := named("box-1")
		form.NotBefore, form.NotAfter = time.Now().Add(from), time.Now().Add(to)
		return form
	}
	authority := named("Another authority")
	authority.IsCA, authority.BasicConstraintsValid, authority.KeyUsage = true, true, x509.KeyUsageCertSign
	authority.NotBefore, authority.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	server := named("box-1")
	server.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	d.makes("other", "", authority)

	if _, err := do(t, "boxes", "retire", "-config", filepath.Join(d.dir, "cloud.json"), "-serial", "box-00002", "-why", "stolen"); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(soon); d.openssl(d.of("box-00002"), "box-00002") == "in"; { // the running cloud looks every 2 s
		if time.Now().After(end) {
			t.Fatal("a certificate that was taken back gets in")
		}
	}
	for _, row := range []struct {
		who  string
		with identity
		as   string // the client id
		want string
	}{
		{"the box itself", d.of("box-1"), "box-1", "in"},
		{"without a certificate", "", "box-1", "alert"},
		{"with one signed by itself", d.makes("self", "", named("box-1")), "box-1", "alert"},
		{"with one of another authority", d.makes("foreign", filepath.Join(d.dir, "other"), named("box-1")), "box-1", "alert"},
		{"with one that has expired", d.makes("expired", ca, between(-48*time.Hour, -time.Hour)), "box-1", "alert"},
		{"with one that is not good yet", d.makes("early", ca, between(time.Hour, 48*time.Hour)), "box-1", "alert"},
		{"with a server's", d.makes("server", ca, server), "box-1", "alert"},
		{"with one that was taken back", d.of("box-00002"), "box-00002", "out"},
		{"with another box's", d.of("box-00001"), "box-1", "out"},
		{"with the box's, as nobody", d.of("box-1"), "", "out"},
		{"with the box's, as the cloud", d.of("box-1"), "cloud", "out"},
		{"with one for no box", d.makes("nobody", ca, named("*")), "*", "out"},
		{"with one for a topic", d.makes("topic", ca, named("box-1.up.hello")), "box-1.up.hello", "out"},
	} {
		if got := d.openssl(row.with, row.as); got != row.want {
			t.Errorf("openssl %s: %s, want %s", row.who, got, row.want)
		}
		if row.as == "" {
			continue // the library makes up a name of its own
		}
		if _, got := d.mqtt(row.with, row.as, "127.0.0.1"); got != row.want {
			t.Errorf("an MQTT client %s: %s, want %s", row.who, got, row.want)
		}
	}
}

// TestACopiedCertificateIsNoticed: two places take over from each other, and staff are told.
func TestACopiedCertificateIsNoticed(t *testing.T) {
	d := newDoor(t)
	show := func() (l life, err error) {
		out, err := do(t, "boxes", "show", "-config", filepath.Join(d.dir, "cloud.json"), "-serial", "BOX-00001")
		return l, errors.Join(err, json.Unmarshal([]byte(out), &l))
	}
	if l, err := show(); err != nil || l.Cloned != nil || l.State != "in-service" {
		t.Fatalf("%+v, %v", l, err)
	}
	// The server itself sends a client away that takes over twice within a second: they come again, as agents do.
	var l life
	for i, end := 0, time.Now().Add(2*soon); l.Cloned == nil; i++ {
		d.mqtt(d.of("box-00001"), "box-00001", fmt.Sprintf("127.0.%d.1", i%2))
		var err error
		if l, err = show(); err != nil || time.Now().After(end) {
			t.Fatalf("%+v, %v", l, err)
		}
	}
	// From now on they take turns of a minute: one of them waits, whoever it is.
	_, one := d.mqtt(d.of("box-00001"), "box-00001", "127.0.0.1")
	_, other := d.mqtt(d.of("box-00001"), "box-00001", "127.0.1.1")
	if one == "in" && other == "in" {
		t.Error("they throw each other out for ever")
	}
	if c := l.Cloned; c.Takeovers < 3 || len(c.Places) == 0 || c.Since.IsZero() || !strings.HasPrefix(c.Places[0].Address.String(), "127.0.") {
		t.Errorf("%+v", c)
	}
	// The identity that is taken back takes it along.
	if _, err := do(t, "boxes", "restock", "-config", filepath.Join(d.dir, "cloud.json"), "-serial", "box-00001"); err != nil {
		t.Fatal(err)
	}
	if l, err := show(); err != nil || l.Cloned != nil {
		t.Errorf("%+v, %v", l, err)
	}
}
