package enrolment

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/carebox-project/carebox/cloud/throttle"
	"github.com/carebox-project/carebox/policies/wire"
)

// Limits of a measurement of a box's line. It costs this replica's line as much as the box's.
const (
	maxSpeedSeconds = 10
	maxSpeedBytes   = 100_000_000
	speedGrace      = 10 * time.Second // to begin, and for what is still on its way
	maxTests        = 64               // at once
	maxTestsOfBox   = 2
)

var perSpeed = throttle.Limit{Burst: 20, Step: 15 * time.Second} // tests of one box

// errBusy asks a box to come again a moment later.
var errBusy = errors.New("too many measurements at once")

// Identify is the box whose certificate this is: good now, and not taken back. One that is on no list is good as it is
// at the broker. ErrIdentity.
func (o *Office) Identify(ctx context.Context, own *x509.Certificate) (string, error) {
	now, box := o.cfg.Now(), own.Subject.CommonName
	if !o.cfg.Authority.signed(own) || !wire.ValidBox(box) || now.Before(own.NotBefore) || now.After(own.NotAfter) {
		return "", ErrIdentity
	}
	grant, err := o.cfg.Store.GrantOf(ctx, hexSerial(own))
	switch {
	case errors.Is(err, ErrUnknown):
		return box, nil
	case err != nil:
		return "", err
	case !grant.Revoked.IsZero() || grant.Box != box:
		return "", ErrIdentity
	}
	return box, nil
}

// speed sends a box bytes, or counts those that it sends, so that it knows what its line carries.
type speed struct {
	est *EST

	mu     sync.Mutex
	tests  map[string]int // of each box
	all    int
	random []byte
}

func newSpeed(e *EST) *speed {
	s := &speed{est: e, tests: map[string]int{}, random: make([]byte, 64<<10)}
	_, _ = rand.Read(s.random) // never fails
	return s
}

// enter counts a test of the box that calls. leave must follow.
func (s *speed) enter(r *http.Request) (leave func(), err error) {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return nil, ErrIdentity
	}
	box, err := s.est.Office.Identify(r.Context(), r.TLS.PeerCertificates[0])
	if err != nil {
		return nil, err
	}
	if err := s.est.Office.cfg.Attempts.Take(r.Context(), perSpeed, throttle.Bucket("speed", box)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all >= maxTests || s.tests[box] >= maxTestsOfBox {
		return nil, errBusy
	}
	s.all++
	s.tests[box]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all--
		if s.tests[box]--; s.tests[box] == 0 {
			delete(s.tests, box)
		}
	}, nil
}

// down sends random bytes for as long as asked (?seconds=, 1 to 10), or 100 MB.
func (s *speed) down(w http.ResponseWriter, r *http.Request) {
	seconds, err := strconv.Atoi(r.URL.Query().Get("seconds"))
	if err != nil || seconds < 1 || seconds > maxSpeedSeconds {
		http.Error(w, "seconds are 1 to 10", http.StatusBadRequest)
		return
	}
	leave, err := s.enter(r)
	if err != nil {
		s.refuse(w, err)
		return
	}
	defer leave()
	end := time.Now().Add(time.Duration(seconds) * time.Second)
	if err := http.NewResponseController(w).SetWriteDeadline(end.Add(speedGrace)); err != nil {
		s.refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "no-store")
	for sent := 0; sent < maxSpeedBytes && time.Now().Before(end); {
		n, err := w.Write(s.random[:min(len(s.random), maxSpeedBytes-sent)])
		if err != nil {
			return // the box has heard enough
		}
		sent += n
	}
}

// arrived is what came of a box's bytes.
type arrived struct {
	Bytes   int64   `json:"bytes"`
	Seconds float64 `json:"seconds"` // from the first to the last
}

// up counts what a box sends, 100 MB at most, and says how long it took to come.
func (s *speed) up(w http.ResponseWriter, r *http.Request) {
	leave, err := s.enter(r)
	if err != nil {
		s.refuse(w, err)
		return
	}
	defer leave()
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(maxSpeedSeconds*time.Second + speedGrace)); err != nil {
		s.refuse(w, err)
		return
	}
	var got arrived
	var first, last time.Time
	body, buffer := http.MaxBytesReader(w, r.Body, maxSpeedBytes), make([]byte, 64<<10)
	for {
		n, err := body.Read(buffer)
		if n > 0 {
			if last = time.Now(); first.IsZero() {
				first = last
			} else {
				got.Bytes += int64(n) // the first piece was on its way before the clock ran
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			s.refuse(w, err)
			return
		}
	}
	got.Seconds = last.Sub(first).Seconds()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(got) // who measures sees that nothing came
}

func (s *speed) refuse(w http.ResponseWriter, err error) {
	var long *http.MaxBytesError
	switch {
	case errors.Is(err, errBusy):
		w.Header().Set("Retry-After", "10")
		http.Error(w, errBusy.Error(), http.StatusTooManyRequests)
	case errors.As(err, &long):
		http.Error(w, "more than 100 MB", http.StatusRequestEntityTooLarge)
	default:
		s.est.refuse(w, err)
	}
}
