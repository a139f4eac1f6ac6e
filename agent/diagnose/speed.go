package diagnose

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

const (
	speedPath  = "/.well-known/carebox/speed"
	maxSpeed   = 99_000_000       // bytes sent: what the cloud takes
	speedGrace = 15 * time.Second // to connect, and for what is still on its way
	tellEvery  = time.Second
)

// speed measures the line against the cloud, in one direction. Down is counted here, up by the cloud: what has left a
// program may still wait in the box.
func (w work) speed(ctx context.Context) (any, error) {
	var args wire.SpeedArgs
	if err := w.read(&args); err != nil {
		return nil, err
	}
	if err := within("seconds", &args.Seconds, 5, 1, 10); err != nil {
		return nil, err
	}
	measure := map[string]func(*race) (wire.Speed, error){"down": (*race).down, "up": (*race).up}[args.Direction]
	switch {
	case measure == nil:
		return nil, wrong("direction is neither down nor up")
	case w.parts.Cloud == nil:
		return nil, errLacking
	case !w.testing.CompareAndSwap(false, true):
		return nil, fmt.Errorf("%w: the line is being measured", wire.RefusedBusy)
	}
	defer w.testing.Store(false)
	last := time.Duration(args.Seconds) * time.Second
	ctx, cancel := context.WithTimeout(ctx, last+speedGrace)
	defer cancel()
	conn, err := w.parts.Cloud(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: calling the cloud: %w", wire.RefusedFailed, err)
	}
	defer func() { _ = conn.Close() }() // all that was wanted has been read
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	sum, err := measure(&race{work: w, ctx: ctx, conn: conn, last: last})
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return sum, err
}

// race is one measurement.
type race struct {
	work
	ctx  context.Context // of this one call
	conn net.Conn
	last time.Duration

	begun time.Time // of the first byte, zero before
	told  time.Time
	bytes int64 // since
}

// tell takes notice of bytes that went or came, and says now and then how it goes.
func (r *race) tell(direction string, n int) error {
	now := time.Now()
	if r.begun.IsZero() {
		r.begun, r.told = now, now // these were on their way before the clock ran
		return nil
	}
	r.bytes += int64(n)
	if now.Sub(r.told) < tellEvery {
		return nil
	}
	r.told = now
	return r.say(r.so(direction, now))
}

// so is how it goes.
func (r *race) so(direction string, now time.Time) wire.Speed {
	s := wire.Speed{Direction: direction, Bytes: r.bytes, Seconds: now.Sub(r.begun).Seconds()}
	if s.Seconds > 0 {
		s.Rate = int64(float64(s.Bytes) * 8 / s.Seconds)
	}
	return s
}

func (r *race) request(method, query string, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequestWithContext(r.ctx, method, "https://"+r.parts.Host+speedPath+query, body)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", wire.RefusedFailed, err)
	}
	request.Close = true
	// A cloud that wants no more says so, and then listens no more: its answer tells better why than what became of ours.
	asked := request.Write(r.conn)
	response, err := http.ReadResponse(bufio.NewReaderSize(r.conn, 32<<10), request)
	if err != nil {
		return nil, fmt.Errorf("%w: asking the cloud: %w", wire.RefusedFailed, errors.Join(asked, err))
	}
	switch response.StatusCode {
	case http.StatusOK:
		return response, nil
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return nil, fmt.Errorf("%w: the cloud has no room for a measurement now", wire.RefusedBusy)
	}
	return nil, fmt.Errorf("%w: the cloud answered %d", wire.RefusedFailed, response.StatusCode)
}

func (r *race) down() (wire.Speed, error) {
	response, err := r.request(http.MethodGet, fmt.Sprintf("?seconds=%d", int(r.last.Seconds())), nil)
	if err != nil {
		return wire.Speed{}, err
	}
	buffer := make([]byte, 32<<10)
	for {
		n, err := response.Body.Read(buffer)
		if n > 0 {
			if err := r.tell("down", n); err != nil {
				return wire.Speed{}, err
			}
		}
		if errors.Is(err, io.EOF) || !r.begun.IsZero() && time.Since(r.begun) >= r.last {
			break
		}
		if err != nil {
			return wire.Speed{}, fmt.Errorf("%w: reading from the cloud: %w", wire.RefusedFailed, err)
		}
	}
	return r.so("down", time.Now()), nil
}

func (r *race) up() (wire.Speed, error) {
	response, err := r.request(http.MethodPost, "", &load{race: r})
	if err != nil {
		return wire.Speed{}, err
	}
	var got struct {
		Bytes   int64   `json:"bytes"`
		Seconds float64 `json:"seconds"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<10)).Decode(&got); err != nil || got.Bytes < 0 || got.Seconds < 0 {
		return wire.Speed{}, fmt.Errorf("%w: the cloud's answer is none: %w", wire.RefusedFailed, err)
	}
	sum := wire.Speed{Direction: "up", Bytes: got.Bytes, Seconds: got.Seconds}
	if got.Seconds > 0 {
		sum.Rate = int64(float64(got.Bytes) * 8 / got.Seconds)
	}
	return sum, nil
}

// load is what is sent up until the time is over.
type load struct {
	race *race
	sent int
}

func (l *load) Read(p []byte) (int, error) {
	r := l.race
	if !r.begun.IsZero() && time.Since(r.begun) >= r.last || l.sent >= maxSpeed {
		return 0, io.EOF
	}
	p = p[:min(len(p), maxSpeed-l.sent)]
	clear(p)
	l.sent += len(p)
	return len(p), r.tell("up", len(p))
}
