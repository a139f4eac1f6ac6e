// Package diagnose measures what a box sees of its line, its home and itself: the answers to queries.
//
// It only looks. Nothing on the box is changed, and what goes out are a few small packets, one web page that the box's
// own programs could ask for as well, or ten seconds of a line at work. Every kind ends by itself, in time and in size,
// and at once when its context does. Who may ask is not judged here.
package diagnose

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync/atomic"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// Parts are what is looked at. One that is nil is not there on this box: wire.RefusedUnsupported.
type Parts struct {
	Cloud      func(context.Context) (net.Conn, error) // TLS to the cloud's EST, with the box's certificate
	Host       string                                  // of the cloud's EST, for HTTP
	LAN        string                                  // the home's link: nothing beside it is visited
	Gateways   func() ([]netip.Addr, error)            // of the box's own line
	Neighbours func() ([]wire.Neighbour, error)
	Radios     func(context.Context) ([]policies.Radio, error)
	Firewall   func(context.Context) ([]wire.Text, error)
	Shaper     func(context.Context) ([]wire.Text, error)
	About      func() any // the box in general, for the bundle
	Log        *Log
}

// Doctor answers queries, several at once.
type Doctor struct {
	parts   Parts
	port    uint16      // of DNS
	testing atomic.Bool // the line: two at once would measure each other
}

// New makes a doctor.
func New(p Parts) *Doctor { return &Doctor{parts: p, port: 53} }

// work is one query while it is answered. say is for one goroutine.
type work struct {
	*Doctor
	args json.RawMessage
	say  func(data any) error
}

// Measure answers a query: pieces by say, the last one as its result. Errors wrap a [wire.Refusal] where one fits.
func (d *Doctor) Measure(ctx context.Context, q wire.Query, say func(data any) error) (last any, err error) {
	w := work{Doctor: d, args: q.Args, say: say}
	kinds := map[wire.QueryKind]func(work, context.Context) (any, error){
		wire.QueryPing: work.ping, wire.QueryTraceroute: work.traceroute, wire.QueryDNS: work.dns, wire.QueryHTTP: work.http,
		wire.QuerySpeed: work.speed, wire.QueryNeighbours: work.neighbours, wire.QueryStations: work.stations,
		wire.QuerySurvey: work.survey, wire.QueryFirewall: work.firewall, wire.QueryShaper: work.shaper,
		wire.QueryLog: work.log, wire.QueryBundle: work.bundle,
	}
	kind := kinds[q.Kind]
	if kind == nil {
		return nil, fmt.Errorf("%w: this box does not know how", wire.RefusedUnsupported)
	}
	return kind(w, ctx)
}

// read takes the arguments; keys that are not known are refused: a newer cloud must not think that they were heeded.
func (w work) read(into any) error {
	if len(w.args) == 0 {
		return nil
	}
	in := json.NewDecoder(bytes.NewReader(w.args))
	in.DisallowUnknownFields()
	err := in.Decode(into)
	if err == nil {
		if _, end := in.Token(); !errors.Is(end, io.EOF) {
			err = errors.New("something follows them")
		}
	}
	if err != nil {
		return fmt.Errorf("%w: %w", wire.RefusedArgs, err)
	}
	return nil
}

// none takes arguments where none are wanted.
func (w work) none() error { return w.read(&struct{}{}) }

// wrong is a mistake in the arguments.
func wrong(format string, args ...any) error {
	return fmt.Errorf("%w: %s", wire.RefusedArgs, fmt.Sprintf(format, args...))
}

// within takes a number of the arguments, or what stands for none.
func within(name string, value *int, absent, least, most int) error {
	if *value == 0 {
		*value = absent
	}
	if *value < least || *value > most {
		return wrong("%s is not %d to %d", name, least, most)
	}
	return nil
}

var errLacking = fmt.Errorf("%w: this box has no such part", wire.RefusedUnsupported)
