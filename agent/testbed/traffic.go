package testbed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// Ports of the internet's services.
const (
	PortDownload = 8001 // TCP: sends without end
	PortExchange = 8002 // UDP: answers each datagram, as QUIC would go on
	PortPush     = 8003 // UDP: after one datagram sends without end, and hears nothing more
	PortUpload   = 8004 // TCP: takes all that comes
)

// Kind of a flow.
type Kind string

const (
	Download Kind = "download" // TCP, from the internet
	Exchange Kind = "exchange" // UDP both ways
	Push     Kind = "push"     // UDP one way, from the internet
	Upload   Kind = "upload"   // TCP, to the internet, as fast as it goes
)

// Service is the internet's side of the flows, until its context ends.
type Service struct {
	stop context.CancelFunc
	wait sync.WaitGroup
}

// Serve starts the internet's services. Each flow is sent at about bytesPerSecond, so that none starves the machine; 0
// sends TCP as fast as it goes, which is for lines that have a rate.
func (h *Home) Serve(ctx context.Context, bytesPerSecond int) (*Service, error) {
	ctx, stop := context.WithCancel(ctx)
	s := &Service{stop: stop}
	tcp, err := h.Internet.Listen(func() (net.Listener, error) { return net.Listen("tcp", fmt.Sprintf(":%d", PortDownload)) })
	if err != nil {
		stop()
		return nil, err
	}
	upload, err := h.Internet.Listen(func() (net.Listener, error) { return net.Listen("tcp", fmt.Sprintf(":%d", PortUpload)) })
	if err != nil {
		stop()
		return nil, errors.Join(err, tcp.Close())
	}
	exchange, err := h.Internet.listenPacket(fmt.Sprintf(":%d", PortExchange))
	if err != nil {
		stop()
		return nil, errors.Join(err, tcp.Close(), upload.Close())
	}
	push, err := h.Internet.listenPacket(fmt.Sprintf(":%d", PortPush))
	if err != nil {
		stop()
		return nil, errors.Join(err, tcp.Close(), upload.Close(), exchange.Close())
	}
	context.AfterFunc(ctx, func() { tcp.Close(); upload.Close(); exchange.Close(); push.Close() })
	s.wait.Go(func() {
		s.accept(ctx, tcp, func(c net.Conn) {
			pace(ctx, bytesPerSecond, func(b []byte) error { _, err := c.Write(b); return err })
		})
	})
	s.wait.Go(func() { s.accept(ctx, upload, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }) })
	s.wait.Go(func() { serveExchange(exchange) })
	s.wait.Go(func() { s.servePush(ctx, push, bytesPerSecond) })
	return s, nil
}

// Close ends the services and waits for them.
func (s *Service) Close() {
	s.stop()
	s.wait.Wait()
}

const datagram = 1200

// accept serves each connection until it or ctx ends.
func (s *Service) accept(ctx context.Context, l net.Listener, serve func(net.Conn)) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		s.wait.Go(func() {
			defer c.Close()
			defer context.AfterFunc(ctx, func() { c.Close() })()
			serve(c)
		})
	}
}

func serveExchange(c net.PacketConn) {
	buf := make([]byte, 2048)
	for {
		n, from, err := c.ReadFrom(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			_, _ = c.WriteTo(buf[:n], from) // a refused answer is what a test looks for at the other end
		}
	}
}

func (s *Service) servePush(ctx context.Context, c net.PacketConn, rate int) {
	buf := make([]byte, 64)
	for {
		_, from, err := c.ReadFrom(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		s.wait.Go(func() {
			pace(ctx, rate, func(b []byte) error {
				if _, err := c.WriteTo(b, from); errors.Is(err, net.ErrClosed) {
					return err
				}
				return nil // it goes on whatever comes back, as a careless sender does
			})
		})
	}
}

// pace calls send with a datagram's worth of bytes at a rate until it fails or ctx ends; at rate 0 with more at once,
// and without a pause.
func pace(ctx context.Context, bytesPerSecond int, send func([]byte) error) {
	payload := make([]byte, datagram)
	if bytesPerSecond == 0 {
		block := make([]byte, 16<<10)
		for ctx.Err() == nil && send(block) == nil {
		}
		return
	}
	const tick = 5 * time.Millisecond
	t := time.NewTicker(tick)
	defer t.Stop()
	owed := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		for owed += bytesPerSecond * int(tick) / int(time.Second); owed >= datagram; owed -= datagram {
			if send(payload) != nil {
				return
			}
		}
	}
}

// Flow is traffic between a device and the internet.
type Flow struct {
	Kind Kind
	To   netip.Addr

	conn  net.Conn
	bytes atomic.Uint64
	last  atomic.Int64 // UnixNano of the newest arrival at the device
	err   atomic.Pointer[error]
	stop  context.CancelFunc
	wait  sync.WaitGroup
}

// Bytes is what has arrived: at the device, or at the internet if it is an upload.
func (f *Flow) Bytes() uint64 {
	if f.Kind == Upload {
		return acknowledged(f.conn)
	}
	return f.bytes.Load()
}

// acknowledged is what the other end has of what was written, 0 if the connection is closed.
func acknowledged(c net.Conn) uint64 {
	raw, err := c.(*net.TCPConn).SyscallConn()
	if err != nil {
		return 0
	}
	var n uint64
	_ = raw.Control(func(fd uintptr) {
		if info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO); err == nil {
			n = info.Bytes_acked
		}
	})
	return n
}

// Last is when something last arrived at the device; zero if nothing has.
func (f *Flow) Last() time.Time {
	if n := f.last.Load(); n != 0 {
		return time.Unix(0, n)
	}
	return time.Time{}
}

// Err is why a flow ended by itself (a reset); nil while it lives.
func (f *Flow) Err() error {
	if e := f.err.Load(); e != nil {
		return *e
	}
	return nil
}

// Close ends the flow from the device's side.
func (f *Flow) Close() {
	f.stop()
	f.wait.Wait()
}

// Start opens a flow from the device to the internet's address of a family and keeps it going.
func (n *Node) Start(ctx context.Context, kind Kind, to netip.Addr) (*Flow, error) {
	port := map[Kind]uint16{Download: PortDownload, Exchange: PortExchange, Push: PortPush, Upload: PortUpload}[kind]
	network := "udp"
	if kind == Download || kind == Upload {
		network = "tcp"
	}
	dial, done := context.WithTimeout(ctx, 5*time.Second)
	defer done()
	c, err := n.Dial(dial, network, netip.AddrPortFrom(to, port).String())
	if err != nil {
		return nil, fmt.Errorf("starting %s from %q: %w", kind, n.Name, err)
	}
	ctx, stop := context.WithCancel(ctx)
	f := &Flow{Kind: kind, To: to, conn: c, stop: stop}
	context.AfterFunc(ctx, func() { c.Close() })
	f.wait.Go(func() { f.receive(c) })
	switch kind {
	case Push:
		_, err = c.Write([]byte("go"))
	case Exchange:
		f.wait.Go(func() { f.send(ctx, c) })
	case Upload:
		f.wait.Go(func() { pace(ctx, 0, func(b []byte) error { _, err := c.Write(b); return err }) })
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("starting %s from %q: %w", kind, n.Name, err)
	}
	return f, nil
}

func (f *Flow) receive(c net.Conn) {
	buf := make([]byte, 64<<10)
	for {
		n, err := c.Read(buf)
		if n > 0 {
			f.bytes.Add(uint64(n))
			f.last.Store(time.Now().UnixNano())
		}
		var refused net.Error
		switch {
		case err == nil:
		case f.Kind != Download && f.Kind != Upload && errors.As(err, &refused) && !errors.Is(err, net.ErrClosed):
			// An ICMP refusal does not end a UDP flow: the sender may come through again.
		default:
			if !errors.Is(err, net.ErrClosed) || errors.Is(err, io.EOF) {
				f.err.Store(&err)
			}
			return
		}
	}
}

// send keeps an exchange going: a datagram each 5 ms, whatever comes back.
func (f *Flow) send(ctx context.Context, c net.Conn) {
	pace(ctx, datagram*200, func(b []byte) error {
		if _, err := c.Write(b); errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	})
}
