package diagnose

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"github.com/carebox-project/carebox/policies/wire"
)

// Echo requests and what comes back, as much of ICMP (RFC 792, RFC 4443) as ping and traceroute need. The libraries that
// speak all of it are an eighth of a megabyte, which the smallest boxes don't have.

const (
	echoPayload = 48 // bytes, so that packets are as long as those of everybody's ping
	maxPacket   = 1500
)

// came is what an answer says.
type came int

const (
	cameNothing came = iota
	cameReply        // from who was asked
	cameExpired      // from a router on the way: the packet went as far as it may
	cameRefused      // somebody says that there is no way
)

// echo is what tells one request from all others.
type echo struct{ id, seq uint16 }

// encode is a request. The kernel writes the checksum of IPv6, because only it knows the addresses.
func (e echo) encode(six bool) []byte {
	p := make([]byte, 8+echoPayload)
	p[0] = 8
	if six {
		p[0] = 128
	}
	binary.BigEndian.PutUint16(p[4:], e.id)
	binary.BigEndian.PutUint16(p[6:], e.seq)
	for i := range echoPayload {
		p[8+i] = byte(i)
	}
	if !six {
		binary.BigEndian.PutUint16(p[2:], checksum(p))
	}
	return p
}

// checksum is that of RFC 1071.
func checksum(p []byte) uint16 {
	var sum uint32
	for i := 0; i+1 < len(p); i += 2 {
		sum += uint32(binary.BigEndian.Uint16(p[i:]))
	}
	for sum>>16 != 0 {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}

// parseEcho reads a packet without its IP header: what it says, and of which request.
func parseEcho(p []byte, six bool) (came, echo) {
	if len(p) < 8 {
		return cameNothing, echo{}
	}
	says := map[byte]came{0: cameReply, 3: cameRefused, 11: cameExpired}
	if six {
		says = map[byte]came{129: cameReply, 1: cameRefused, 3: cameExpired}
	}
	what, request := says[p[0]], byte(8)
	if six {
		request = 128
	}
	if what == cameReply {
		return what, echo{binary.BigEndian.Uint16(p[4:]), binary.BigEndian.Uint16(p[6:])}
	}
	inside := quoted(p[8:], six) // what was sent comes back in the error
	if what == cameNothing || len(inside) < 8 || inside[0] != request {
		return cameNothing, echo{}
	}
	return what, echo{binary.BigEndian.Uint16(inside[4:]), binary.BigEndian.Uint16(inside[6:])}
}

// quoted is the ICMP packet behind the IP header that an error repeats, nil if there is none.
func quoted(p []byte, six bool) []byte {
	if six {
		if len(p) < 40 || p[0]>>4 != 6 || p[6] != unix.IPPROTO_ICMPV6 {
			return nil
		}
		return p[40:]
	}
	if len(p) < 20 || p[0]>>4 != 4 || p[9] != unix.IPPROTO_ICMP {
		return nil
	}
	length := int(p[0]&15) * 4
	if length < 20 || len(p) < length {
		return nil
	}
	return p[length:]
}

// prober sends requests to one address and waits for what comes back.
type prober struct {
	conn *net.IPConn
	to   netip.Addr
	id   uint16
	seq  uint16
	stop func() bool
}

// openProber ends with its context, whatever it waits for.
func openProber(ctx context.Context, to netip.Addr) (*prober, error) {
	network := "ip4:icmp"
	if to.Is6() {
		network = "ip6:ipv6-icmp"
	}
	packets, err := (&net.ListenConfig{}).ListenPacket(ctx, network, "")
	if err != nil {
		return nil, fmt.Errorf("%w: opening a socket for ICMP: %w", wire.RefusedFailed, err)
	}
	conn, ok := packets.(*net.IPConn)
	if !ok {
		return nil, errors.Join(errors.New("the socket is not one of IP"), packets.Close())
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	return &prober{conn: conn, to: to, id: uint16(rand.Uint32()), stop: stop}, nil
}

func (p *prober) close() {
	p.stop()
	_ = p.conn.Close() // nothing was promised
}

// reach sets how far the next requests may go.
func (p *prober) reach(hops int) error {
	raw, err := p.conn.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		if p.to.Is6() {
			failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_UNICAST_HOPS, hops)
			return
		}
		failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_TTL, hops)
	})
	return errors.Join(err, failed)
}

// found is what came back for a request, and after how long.
type found struct {
	what came
	from netip.Addr
	rtt  time.Duration
}

// ask sends one request and waits for its answer; cameNothing where none came in time.
func (p *prober) ask(ctx context.Context, wait time.Duration) (found, error) {
	p.seq++
	six := p.to.Is6()
	begun := time.Now()
	if err := p.conn.SetDeadline(begun.Add(wait)); err != nil {
		return found{}, err
	}
	if ctx.Err() != nil {
		return found{}, context.Cause(ctx)
	}
	mine := echo{p.id, p.seq}
	if _, err := p.conn.WriteTo(mine.encode(six), &net.IPAddr{IP: p.to.AsSlice(), Zone: p.to.Zone()}); err != nil {
		return found{}, fmt.Errorf("%w: sending to %s: %w", wire.RefusedFailed, p.to, err)
	}
	buffer := make([]byte, maxPacket)
	for {
		n, from, err := p.conn.ReadFrom(buffer)
		switch {
		case ctx.Err() != nil:
			return found{}, context.Cause(ctx)
		case errors.Is(err, os.ErrDeadlineExceeded):
			return found{}, nil
		case err != nil:
			return found{}, fmt.Errorf("%w: listening for ICMP: %w", wire.RefusedFailed, err)
		}
		what, of := parseEcho(buffer[:n], six)
		addr, ok := from.(*net.IPAddr)
		if what == cameNothing || of != mine || !ok {
			continue // somebody else's
		}
		source, _ := netip.AddrFromSlice(addr.IP)
		if source = source.Unmap(); what == cameReply && source != p.to.WithZone("") {
			continue
		}
		return found{what: what, from: source, rtt: time.Since(begun)}, nil
	}
}

// milliseconds are those of a time, to the microsecond.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
