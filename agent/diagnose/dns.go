package diagnose

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

// dns asks as the standard library's resolver does, whose own parser of answers is on the box already. What that does
// not tell, the code of the answer, is read off the connection.
func (w work) dns(ctx context.Context) (any, error) {
	args := wire.DNSArgs{Type: "A"}
	if err := w.read(&args); err != nil {
		return nil, err
	}
	if err := checkHost(args.Name); err != nil {
		return nil, wrong("name is none")
	}
	look := lookups[args.Type]
	if look == nil {
		return nil, wrong("type is none that is asked for here")
	}
	server := ""
	if args.Server != "" {
		addr, err := netip.ParseAddr(args.Server)
		if err != nil || addr.IsUnspecified() || addr.IsMulticast() {
			return nil, wrong("server is no address")
		}
		server = netip.AddrPortFrom(addr, w.port).String()
	}
	heard := &ear{server: server, code: -1}
	ask, cancel := context.WithTimeout(ctx, resolveTimeout)
	defer cancel()
	begun := time.Now()
	records, err := look(ask, &net.Resolver{PreferGo: true, Dial: heard.dial}, rooted(args))
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	answer := wire.DNSAnswer{RTT: milliseconds(time.Since(begun)), Answers: records, Server: heard.last()}
	if records == nil {
		answer.Answers = []wire.DNSRecord{}
	}
	answer.Code, err = heard.judge(err)
	for i := range answer.Answers {
		answer.Answers[i].Name, answer.Answers[i].Type = args.Name, args.Type
	}
	return answer, err
}

// rooted is a name to which no search domain is added. Addresses of PTR stay as they are.
func rooted(args wire.DNSArgs) string {
	if args.Type == "PTR" || strings.HasSuffix(args.Name, ".") {
		return args.Name
	}
	return args.Name + "."
}

type lookup = func(context.Context, *net.Resolver, string) ([]wire.DNSRecord, error)

// lookups are what each type of record is asked with.
var lookups = map[string]lookup{
	"A": addresses("ip4"), "AAAA": addresses("ip6"),
	"CNAME": func(ctx context.Context, r *net.Resolver, name string) ([]wire.DNSRecord, error) {
		return one(r.LookupCNAME(ctx, name))
	},
	"TXT": func(ctx context.Context, r *net.Resolver, name string) ([]wire.DNSRecord, error) {
		return data(r.LookupTXT(ctx, name))
	},
	"PTR": func(ctx context.Context, r *net.Resolver, name string) ([]wire.DNSRecord, error) {
		if _, err := netip.ParseAddr(name); err != nil {
			return nil, wrong("name is no address")
		}
		return data(r.LookupAddr(ctx, name))
	},
	"NS": func(ctx context.Context, r *net.Resolver, name string) ([]wire.DNSRecord, error) {
		list, err := r.LookupNS(ctx, name)
		var out []wire.DNSRecord
		for _, n := range list {
			out = append(out, wire.DNSRecord{Data: n.Host})
		}
		return out, err
	},
	"MX": func(ctx context.Context, r *net.Resolver, name string) ([]wire.DNSRecord, error) {
		list, err := r.LookupMX(ctx, name)
		var out []wire.DNSRecord
		for _, m := range list {
			out = append(out, wire.DNSRecord{Data: strconv.Itoa(int(m.Pref)) + " " + m.Host})
		}
		return out, err
	},
	"SRV": func(ctx context.Context, r *net.Resolver, name string) ([]wire.DNSRecord, error) {
		_, list, err := r.LookupSRV(ctx, "", "", name)
		var out []wire.DNSRecord
		for _, s := range list {
			out = append(out, wire.DNSRecord{Data: fmt.Sprintf("%d %d %d %s", s.Priority, s.Weight, s.Port, s.Target)})
		}
		return out, err
	},
}

func addresses(network string) lookup {
	return func(ctx context.Context, r *net.Resolver, name string) ([]wire.DNSRecord, error) {
		list, err := r.LookupNetIP(ctx, network, name)
		var out []wire.DNSRecord
		for _, a := range list {
			out = append(out, wire.DNSRecord{Data: a.Unmap().String()})
		}
		return out, err
	}
}

func one(text string, err error) ([]wire.DNSRecord, error) { return data([]string{text}, err) }

func data(list []string, err error) ([]wire.DNSRecord, error) {
	if err != nil {
		return nil, err
	}
	var out []wire.DNSRecord
	for _, text := range list {
		out = append(out, wire.DNSRecord{Data: text})
	}
	return out, nil
}

// ear is on the connections of one lookup.
type ear struct {
	server string // "" for the box's own

	mu   sync.Mutex
	used string
	code int // of the newest answer, -1 for none
}

func (e *ear) dial(ctx context.Context, network, own string) (net.Conn, error) {
	server := cmp.Or(e.server, own)
	e.mu.Lock()
	e.used = server
	e.mu.Unlock()
	conn, err := (&net.Dialer{}).DialContext(ctx, network, server)
	if err != nil {
		return nil, err
	}
	if udp, is := conn.(*net.UDPConn); is { // the resolver knows by the type that there are packets
		return &heardUDP{UDPConn: udp, ear: e}, nil
	}
	return conn, nil
}

// heardUDP notes the code of each answer (RFC 1035, clause 4.1.1).
type heardUDP struct {
	*net.UDPConn
	ear *ear
}

func (c *heardUDP) Read(p []byte) (int, error) {
	n, err := c.UDPConn.Read(p)
	if err == nil && n >= 12 && p[2]&0x80 != 0 {
		c.ear.mu.Lock()
		c.ear.code = int(p[3] & 15)
		c.ear.mu.Unlock()
	}
	return n, err
}

func (e *ear) last() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if host, _, err := net.SplitHostPort(e.used); err == nil {
		return host
	}
	return e.used
}

// judge is the code of the answer in words. That there was none is an answer, too, for who wants to know.
func (e *ear) judge(err error) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var failed *net.DNSError
	var refused wire.Refusal
	switch {
	case errors.As(err, &refused):
		return "", err
	case e.code >= 0:
		names := [...]string{"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"}
		if e.code < len(names) {
			return names[e.code], nil
		}
		return "RCODE" + strconv.Itoa(e.code), nil
	case errors.As(err, &failed) && failed.IsTimeout:
		return "TIMEOUT", nil
	case err != nil && e.used != "":
		return "UNREACHABLE", nil
	case err != nil:
		return "", fmt.Errorf("%w: %w", wire.RefusedFailed, err)
	}
	return "NOERROR", nil // from a file of the box's own
}
