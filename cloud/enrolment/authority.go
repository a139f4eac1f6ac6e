package enrolment

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

// early is how far certificates reach back: clocks differ.
const early = 24 * time.Hour

// Authority signs certificates.
type Authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// Pair is a certificate and its key, both PEM.
type Pair struct{ Certificate, Key []byte }

// NewAuthority makes an authority with a key of its own, good for twenty years.
func NewAuthority(now time.Time) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making key: %w", err)
	}
	form := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "Carebox authority"},
		NotBefore: now.Add(-early), NotAfter: now.AddDate(20, 0, 0),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("signing authority: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("reading authority: %w", err)
	}
	return &Authority{cert: cert, key: key}, nil
}

// ReadAuthority takes the certificate and key (PEM) of an authority that signs boxes: where the root is kept offline, the
// issuing one below it.
func ReadAuthority(certificate, key []byte) (*Authority, error) {
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return nil, fmt.Errorf("reading authority: %w", err)
	}
	secret, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("reading authority: its key is not ECDSA")
	}
	if !pair.Leaf.IsCA {
		return nil, errors.New("reading authority: its certificate may not sign others")
	}
	return &Authority{cert: pair.Leaf, key: secret}, nil
}

// GrantOf is what is kept of a box's certificate that was made together with its key.
func GrantOf(p Pair, now time.Time) (Grant, error) {
	block, _ := pem.Decode(p.Certificate)
	if block == nil {
		return Grant{}, errors.New("reading certificate: no PEM in it")
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return Grant{}, fmt.Errorf("reading certificate: %w", err)
	}
	return Grant{Serial: hexSerial(cert), Box: cert.Subject.CommonName, Key: digestKey(cert.RawSubjectPublicKeyInfo), Issued: now, Until: cert.NotAfter}, nil
}

// Pair is the authority's own certificate and key.
func (a *Authority) Pair() (Pair, error) { return pair(a.cert.Raw, a.key) }

// Server makes a key and a certificate for these names and addresses, good for two years.
func (a *Authority) Server(names []string, now time.Time) (Pair, error) {
	form := &x509.Certificate{
		Subject: pkix.Name{CommonName: "Carebox cloud"}, NotAfter: now.AddDate(2, 0, 0),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			form.IPAddresses = append(form.IPAddresses, ip)
		} else {
			form.DNSNames = append(form.DNSNames, name)
		}
	}
	return a.issue(form, now)
}

// Box makes a key and a certificate for a box, good for two years.
func (a *Authority) Box(id string, now time.Time) (Pair, error) {
	if !wire.ValidBox(id) {
		return Pair{}, fmt.Errorf("making certificate for box %q: not an id", id)
	}
	return a.issue(&x509.Certificate{
		Subject: pkix.Name{CommonName: id}, NotAfter: now.AddDate(2, 0, 0),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, now)
}

func (a *Authority) issue(form *x509.Certificate, now time.Time) (Pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Pair{}, fmt.Errorf("making key: %w", err)
	}
	form.SerialNumber, form.NotBefore, form.KeyUsage = serial(), now.Add(-early), x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, form, a.cert, key.Public(), a.key)
	if err != nil {
		return Pair{}, fmt.Errorf("signing certificate for %q: %w", form.Subject.CommonName, err)
	}
	return pair(der, key)
}

func pair(der []byte, key *ecdsa.PrivateKey) (Pair, error) {
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Pair{}, fmt.Errorf("encoding key: %w", err)
	}
	return Pair{
		Certificate: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		Key:         pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}),
	}, nil
}

func serial() *big.Int {
	random := make([]byte, 16)
	_, _ = rand.Read(random) // never fails
	random[0] &= 0x7f
	return new(big.Int).SetBytes(random)
}
