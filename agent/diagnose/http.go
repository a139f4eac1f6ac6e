package diagnose

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

const (
	maxURL      = 2 << 10
	maxPage     = 256 << 10 // of an answer, as far as it is read
	httpTimeout = 10 * time.Second
)

// http asks for one page, follows nothing, and says how far it came: a failure is an answer, too.
func (w work) http(ctx context.Context) (any, error) {
	args := wire.HTTPArgs{Method: http.MethodGet}
	if err := w.read(&args); err != nil {
		return nil, err
	}
	to, err := site(args)
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	ctx, cancel := context.WithTimeout(ctx, httpTimeout)
	defer cancel()
	addr, err := resolve(ctx, to.Hostname(), 0)
	if errors.Is(err, wire.RefusedArgs) {
		return nil, err
	}
	v := visit{method: args.Method, to: to, begun: begun}
	if err != nil {
		v.failed("resolve", err)
	} else if err := w.mayVisit(addr); err != nil {
		return nil, err
	} else {
		v.answer.Address, v.answer.Resolved = addr.String(), v.since()
		v.fetch(ctx, addr)
	}
	v.answer.Total = v.since()
	return v.answer, nil
}

// site is a URL that may be asked for.
func site(args wire.HTTPArgs) (*url.URL, error) {
	to, err := url.Parse(args.URL)
	switch {
	case args.Method != http.MethodGet && args.Method != http.MethodHead:
		return nil, wrong("method is neither GET nor HEAD")
	case err != nil || len(args.URL) > maxURL || to.Scheme != "http" && to.Scheme != "https" || to.Hostname() == "" || to.User != nil:
		return nil, wrong("url is not http://host or https://host")
	}
	return to, nil
}

// mayVisit keeps out of the home: of what is not on the internet only the way there may be asked.
func (w work) mayVisit(addr netip.Addr) error {
	if w.parts.Gateways != nil {
		gateways, err := w.parts.Gateways()
		if err == nil && slices.Contains(gateways, addr) {
			return nil
		}
	}
	if !public(addr) {
		return wrong("the address is one of a private network")
	}
	own, err := net.InterfaceAddrs()
	if err != nil {
		return err
	}
	home, err := w.home()
	if err != nil {
		return err
	}
	return outside(addr, own, home)
}

// home is the box's addresses on the home's link.
func (w work) home() ([]net.Addr, error) {
	if w.parts.LAN == "" {
		return nil, nil
	}
	link, err := net.InterfaceByName(w.parts.LAN)
	if err != nil {
		return nil, fmt.Errorf("looking for the home's link: %w", err)
	}
	return link.Addrs()
}

// outside refuses the box itself, and what is beside it in the home: with IPv6 the devices there have addresses of the
// internet, too.
func outside(addr netip.Addr, own, home []net.Addr) error {
	for _, a := range own {
		if on, is := a.(*net.IPNet); is && on.IP.Equal(addr.AsSlice()) {
			return wrong("the address is the box's own")
		}
	}
	for _, a := range home {
		if on, is := a.(*net.IPNet); is && on.Contains(addr.AsSlice()) {
			return wrong("the address is one of the home")
		}
	}
	return nil
}

// visit is one page that is asked for.
type visit struct {
	method string
	to     *url.URL
	begun  time.Time
	answer wire.HTTPAnswer
}

func (v *visit) since() float64 { return milliseconds(time.Since(v.begun)) }

func (v *visit) failed(how string, err error) {
	text := err.Error()
	v.answer.Error, v.answer.Detail = how, text[:min(len(text), maxDetail)]
}

const maxDetail = 300

// fetch connects to the address that was judged, so that no second lookup leads elsewhere.
func (v *visit) fetch(ctx context.Context, addr netip.Addr) {
	port := cmp.Or(v.to.Port(), map[string]string{"http": "80", "https": "443"}[v.to.Scheme])
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(addr.String(), port))
	if err != nil {
		v.failed("connect", err)
		return
	}
	defer func() { _ = conn.Close() }() // all that was wanted has been read
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	v.answer.Connect = v.since()
	if v.to.Scheme == "https" {
		secure := tls.Client(conn, &tls.Config{MinVersion: tls.VersionTLS12, ServerName: v.to.Hostname()})
		if err := secure.HandshakeContext(ctx); err != nil {
			v.failed(how(err), err)
			return
		}
		v.answer.TLS, conn = v.since(), secure
	}
	if err := v.talk(ctx, conn); err != nil {
		v.failed("answer", err)
	}
}

// how tells a certificate that is not believed from all else that fails under TLS.
func how(err error) string {
	var unbelieved *tls.CertificateVerificationError
	if errors.As(err, &unbelieved) {
		return "certificate"
	}
	return "tls"
}

// talk asks, and reads some of what is answered.
func (v *visit) talk(ctx context.Context, conn net.Conn) error {
	request, err := http.NewRequestWithContext(ctx, v.method, v.to.String(), nil)
	if err != nil {
		return err
	}
	request.Close = true
	request.Header.Set("User-Agent", "carebox")
	if err := request.Write(conn); err != nil {
		return err
	}
	in := bufio.NewReader(io.LimitReader(conn, maxPage))
	if _, err := in.Peek(1); err != nil {
		return err
	}
	v.answer.First = v.since()
	response, err := http.ReadResponse(in, request)
	if err != nil {
		return err
	}
	v.answer.Status = response.StatusCode
	if to := response.Header.Get("Location"); len(to) <= maxURL {
		v.answer.Location = to
	}
	v.answer.Bytes, err = io.Copy(io.Discard, response.Body)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil // as much as is read of a page
	}
	return err
}
