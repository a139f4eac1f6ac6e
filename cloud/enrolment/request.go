package enrolment

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// checkRequest refuses what is not a P-256 key that signed for itself and calls itself the box, and returns the key's digest.
// Everything else in a request is passed over: the certificate says what the authority says.
func checkRequest(r *x509.CertificateRequest, box string) (string, error) {
	if err := r.CheckSignature(); err != nil {
		return "", fmt.Errorf("%w: %w", ErrRequest, err)
	}
	key, ok := r.PublicKey.(*ecdsa.PublicKey)
	if !ok || key.Curve != elliptic.P256() {
		return "", fmt.Errorf("%w: the key is not of P-256", ErrRequest)
	}
	if r.Subject.CommonName != box {
		return "", fmt.Errorf("%w: the common name is not the box's serial", ErrRequest)
	}
	return digestKey(r.RawSubjectPublicKeyInfo), nil
}

func digestKey(spki []byte) string {
	sum := sha256.Sum256(spki)
	return hex.EncodeToString(sum[:])
}

// hexSerial is a certificate's serial number as the store has it.
func hexSerial(c *x509.Certificate) string { return c.SerialNumber.Text(16) }

// sign makes a box's certificate.
func (a *Authority) sign(r *x509.CertificateRequest, box string, now time.Time, life time.Duration) (*x509.Certificate, error) {
	if a == nil {
		return nil, errors.New("signing certificate: there is no authority's key")
	}
	form := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: box}, NotBefore: now.Add(-early), NotAfter: now.Add(life),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, form, a.cert, r.PublicKey, a.key)
	if err != nil {
		return nil, fmt.Errorf("signing certificate for %q: %w", box, err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("reading certificate for %q: %w", box, err)
	}
	return cert, nil
}

// signed reports whether the authority signed a box's certificate, at whatever time.
func (a *Authority) signed(c *x509.Certificate) bool {
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	_, err := c.Verify(x509.VerifyOptions{
		Roots: roots, CurrentTime: c.NotAfter.Add(-time.Second), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	return err == nil
}
