package enrolment

import (
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"github.com/smallstep/pkcs7"

	"github.com/carebox-project/carebox/cloud/throttle"
)

const maxRequest = 16 << 10 // bytes of a request for a certificate, in base64

// EST is what boxes call to get certificates (RFC 7030), over TLS that asks for a client certificate and verifies none: which
// certificates are good here is the office's to say.
type EST struct {
	Office   *Office
	Roots    []*x509.Certificate // that boxes believe
	Operator []byte              // the public key that signs what boxes do, PEM
	Log      *slog.Logger
}

// Handler routes the operations of EST, and beside them the operator's key and what a box measures its line with.
func (e *EST) Handler() http.Handler {
	mux, test := http.NewServeMux(), newSpeed(e)
	mux.HandleFunc("GET /.well-known/carebox/speed", test.down)
	mux.HandleFunc("POST /.well-known/carebox/speed", test.up)
	mux.HandleFunc("GET /.well-known/est/cacerts", e.roots)
	mux.HandleFunc("POST /.well-known/est/simpleenroll", e.enrol)
	mux.HandleFunc("POST /.well-known/est/simplereenroll", e.renew)
	mux.HandleFunc("GET /.well-known/carebox/operator", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-pem-file")
		_, _ = w.Write(e.Operator)
	})
	return mux
}

func (e *EST) roots(w http.ResponseWriter, _ *http.Request) { e.answer(w, e.Roots...) }

func (e *EST) enrol(w http.ResponseWriter, r *http.Request) {
	box, code, ok := r.BasicAuth()
	if !ok {
		e.refuse(w, ErrClaim)
		return
	}
	request, err := readRequest(w, r)
	if err != nil {
		e.refuse(w, err)
		return
	}
	from, err := remote(r)
	if err != nil {
		e.refuse(w, err)
		return
	}
	cert, err := e.Office.Enrol(r.Context(), Claim{Box: box, Code: code, Request: request, From: from})
	if err != nil {
		e.refuse(w, err)
		return
	}
	e.answer(w, cert)
}

func (e *EST) renew(w http.ResponseWriter, r *http.Request) {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		e.refuse(w, ErrIdentity)
		return
	}
	request, err := readRequest(w, r)
	if err != nil {
		e.refuse(w, err)
		return
	}
	cert, err := e.Office.Renew(r.Context(), r.TLS.PeerCertificates[0], request)
	if err != nil {
		e.refuse(w, err)
		return
	}
	e.answer(w, cert)
}

// answer sends certificates as EST does: PKCS #7 without anything signed, in base64. Line breaks would be allowed, but not
// every client can read them; nor does every client read chunks, so the length is said.
func (e *EST) answer(w http.ResponseWriter, certs ...*x509.Certificate) {
	var der []byte
	for _, c := range certs {
		der = append(der, c.Raw...)
	}
	bag, err := pkcs7.DegenerateCertificate(der)
	if err != nil {
		e.refuse(w, err)
		return
	}
	body := base64.StdEncoding.EncodeToString(bag)
	h := w.Header()
	h.Set("Content-Type", "application/pkcs7-mime; smime-type=certs-only")
	h.Set("Content-Transfer-Encoding", "base64")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = io.WriteString(w, body)
}

// refuse says as much as a box needs and a stranger may know.
func (e *EST) refuse(w http.ResponseWriter, err error) {
	var late *throttle.Throttled
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &late):
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(late.After.Seconds()))))
		http.Error(w, "too many attempts", http.StatusTooManyRequests)
	case errors.Is(err, ErrClaim):
		w.Header().Set("WWW-Authenticate", `Basic realm="carebox", charset="UTF-8"`)
		http.Error(w, ErrClaim.Error(), http.StatusUnauthorized)
	case errors.Is(err, ErrIdentity):
		http.Error(w, ErrIdentity.Error(), http.StatusForbidden)
	case errors.As(err, &long):
		http.Error(w, ErrRequest.Error(), http.StatusRequestEntityTooLarge)
	case errors.Is(err, ErrRequest):
		http.Error(w, err.Error(), http.StatusBadRequest)
	default:
		e.Log.Error("could not answer a box", "error", err)
		w.Header().Set("Retry-After", "10")
		http.Error(w, "not now", http.StatusServiceUnavailable)
	}
}

// readRequest reads a PKCS #10 request in base64, with line breaks or without.
func readRequest(w http.ResponseWriter, r *http.Request) (*x509.CertificateRequest, error) {
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(kind) != "application/pkcs10" {
		return nil, errors.Join(ErrRequest, errors.New("the type is not application/pkcs10"))
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return nil, errors.Join(ErrRequest, err)
	}
	der, err := base64.StdEncoding.DecodeString(string(body)) // which passes over line breaks
	if err != nil {
		return nil, errors.Join(ErrRequest, errors.New("it is not base64"))
	}
	request, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil, errors.Join(ErrRequest, errors.New("it is no PKCS #10 request"))
	}
	return request, nil
}

func remote(r *http.Request) (netip.Addr, error) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, err
	}
	return netip.ParseAddr(host)
}
