package enrol

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"
)

const rightCode = "ABCD-EFGH"

var begin = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// cloud is an EST server that a test bends: the real one is shown to get on with this package by the story of a visit.
type cloud struct {
	t         *testing.T
	server    *httptest.Server
	authority *x509.Certificate
	key       *ecdsa.PrivateKey
	operator  []byte

	mu     sync.Mutex
	now    time.Time
	refuse int      // status of the next answers, 0 for none
	drop   bool     // the next answer is made, and lost
	asked  []string // operations
	keys   []any    // public keys that were signed
	common string   // what certificates call the box, "" for what it asked for
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	c := &cloud{t: t, now: begin}
	var err error
	if c.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	c.authority = c.sign(&x509.Certificate{
		Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		NotBefore: begin.AddDate(-1, 0, 0), NotAfter: begin.AddDate(20, 0, 0),
	}, c.key.Public())
	public, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	c.operator = pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	c.server = httptest.NewUnstartedServer(http.HandlerFunc(c.answer))
	c.server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert := c.sign(&x509.Certificate{
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		NotBefore: begin.AddDate(0, -1, 0), NotAfter: begin.AddDate(2, 0, 0),
	}, own.Public())
	c.server.TLS = &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{cert.Raw}, PrivateKey: own}}, ClientAuth: tls.RequestClientCert,
	}
	c.server.StartTLS()
	t.Cleanup(c.server.Close)
	return c
}

func (c *cloud) sign(form *x509.Certificate, public any) *x509.Certificate {
	c.t.Helper()
	form.SerialNumber = big.NewInt(time.Now().UnixNano())
	parent := c.authority
	if parent == nil {
		parent = form
	}
	der, err := x509.CreateCertificate(rand.Reader, form, parent, public, c.key)
	if err != nil {
		c.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		c.t.Fatal(err)
	}
	return cert
}

func (c *cloud) answer(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, filepath.Base(r.URL.Path))
	if c.refuse != 0 {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "refused", c.refuse)
		return
	}
	switch filepath.Base(r.URL.Path) {
	case "operator":
		_, _ = w.Write(c.operator)
		return
	case "simpleenroll":
		if box, code, _ := r.BasicAuth(); box != "box-1" || code != rightCode {
			http.Error(w, "wrong", http.StatusUnauthorized)
			return
		}
	case "simplereenroll":
		if len(r.TLS.PeerCertificates) == 0 || r.TLS.PeerCertificates[0].Subject.CommonName != "box-1" {
			http.Error(w, "who?", http.StatusForbidden)
			return
		}
	}
	c.certify(w, r)
}

func (c *cloud) certify(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	der, _ := base64.StdEncoding.DecodeString(string(body))
	request, err := x509.ParseCertificateRequest(der)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	name := request.Subject.CommonName
	if c.common != "" {
		name = c.common
	}
	c.keys = append(c.keys, request.PublicKey)
	cert := c.sign(&x509.Certificate{
		Subject: pkix.Name{CommonName: name}, NotBefore: c.now, NotAfter: c.now.AddDate(0, 0, 90),
	}, request.PublicKey)
	if c.drop {
		c.drop = false
		panic(http.ErrAbortHandler)
	}
	bag, err := pkcs7.DegenerateCertificate(cert.Raw)
	if err != nil {
		c.t.Error(err)
	}
	_, _ = io.WriteString(w, base64.StdEncoding.EncodeToString(bag))
}

// set changes how the cloud behaves.
func (c *cloud) set(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
}

func (c *cloud) count(operation string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, asked := range c.asked {
		if asked == operation {
			n++
		}
	}
	return n
}

// box is a box at its first start, with its label's code.
func (c *cloud) box(dir string) *Enroller {
	c.t.Helper()
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, data := range map[string][]byte{
		"ca.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.authority.Raw}), "claim": []byte(rightCode + "\n"),
	} {
		if err := os.WriteFile(at(name), data, 0o600); err != nil {
			c.t.Fatal(err)
		}
	}
	return New(Config{
		URL: c.server.URL, Box: "box-1", Claim: at("claim"), Authority: at("ca.pem"), Certificate: at("box.pem"), Key: at("box.key"),
		Operator: at("operator.pub"), Sure: func() bool { return true },
		Now: func() time.Time {
			c.mu.Lock()
			defer c.mu.Unlock()
			return c.now
		},
	}, slog.New(slog.DiscardHandler))
}
