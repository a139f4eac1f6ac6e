package portal

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// policy lets the page show itself and send its form, and nothing else.
const policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const (
	connTimeout = 10 * time.Second
	lingerTime  = time.Second
	maxRequest  = 16 << 10
	maxForm     = 1 << 10
)

// request is what is known of one request.
type request struct {
	method, host, path string
	language           string // Accept-Language
	origin             string
	ended              bool // a session just now
	form               url.Values
	self               netip.AddrPort // where it arrived
	peer               netip.Addr
}

// reply is the whole answer to one.
type reply struct {
	status   int
	kind     string // of the body
	location string
	body     []byte
}

// converse answers one request on a connection, and ends it. It speaks just as much HTTP as this takes: the server of
// net/http would be a tenth of the program.
func (s *Server) converse(conn net.Conn, peer netip.Addr) error {
	if err := conn.SetDeadline(time.Now().Add(connTimeout)); err != nil {
		return err
	}
	self, ok := address(conn.LocalAddr())
	if !ok {
		return fmt.Errorf("connection is not TCP")
	}
	in := io.LimitReader(conn, maxRequest)
	raw, err := http.ReadRequest(bufio.NewReader(in))
	if err != nil {
		return finish(conn, "", reply{status: http.StatusBadRequest})
	}
	r := request{
		method: raw.Method, host: raw.Host, path: raw.URL.Path, self: self, peer: peer,
		language: raw.Header.Get("Accept-Language"), origin: raw.Header.Get("Origin"),
		ended: raw.URL.Query().Has("ended"),
	}
	if r.method == http.MethodPost {
		body, err := io.ReadAll(io.LimitReader(raw.Body, maxForm+1))
		if err == nil && len(body) <= maxForm {
			r.form, err = url.ParseQuery(string(body))
		}
		if err != nil || len(body) > maxForm {
			return finish(conn, r.method, reply{status: http.StatusRequestEntityTooLarge})
		}
	}
	return finish(conn, r.method, s.answer(r))
}

// finish writes a reply. What the other side still sends is read for a moment: closing over it would be a reset, which
// may overtake the reply.
func finish(conn net.Conn, method string, r reply) error {
	response := http.Response{
		StatusCode: r.status, ProtoMajor: 1, ProtoMinor: 1, Close: true, ContentLength: int64(len(r.body)),
		Body: io.NopCloser(bytes.NewReader(r.body)), Request: &http.Request{Method: method},
		Header: http.Header{
			"Cache-Control":           {"no-store"},
			"Content-Security-Policy": {policy},
			"X-Content-Type-Options":  {"nosniff"},
			"Referrer-Policy":         {"same-origin"},
		},
	}
	if r.kind != "" {
		response.Header.Set("Content-Type", r.kind)
	}
	if r.location != "" {
		response.Header.Set("Location", r.location)
	}
	var out bytes.Buffer
	if err := response.Write(&out); err != nil {
		return err
	}
	if _, err := conn.Write(out.Bytes()); err != nil {
		return err
	}
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		if err := half.CloseWrite(); err != nil {
			return err
		}
		if err := conn.SetReadDeadline(time.Now().Add(lingerTime)); err != nil {
			return err
		}
		_, err := io.CopyN(io.Discard, conn, maxRequest)
		return err
	}
	return nil
}
