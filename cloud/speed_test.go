package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/enrolment"
)

const speedPath = "/.well-known/carebox/speed"

// speedster is a client with a box's certificate, or with none.
func (w *estWorld) speedster(pair *enrolment.Pair) *http.Client {
	w.t.Helper()
	roots := x509.NewCertPool()
	authority, err := os.ReadFile(w.at("ca.pem"))
	if err != nil || !roots.AppendCertsFromPEM(authority) {
		w.t.Fatal("no authority", err)
	}
	config := &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	if pair != nil {
		cert, err := tls.X509KeyPair(pair.Certificate, pair.Key)
		if err != nil {
			w.t.Fatal(err)
		}
		config.Certificates = []tls.Certificate{cert}
	}
	c := &http.Client{Transport: &http.Transport{TLSClientConfig: config}}
	w.t.Cleanup(c.CloseIdleConnections)
	return c
}

func (w *estWorld) pairOf(p enrolment.Pair, err error) *enrolment.Pair {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	return &p
}

func (w *estWorld) call(c *http.Client, method, query string, body io.Reader) (int, []byte) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+speedPath+query, body)
	if err != nil {
		w.t.Fatal(err)
	}
	answer, err := c.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer.StatusCode, data
}

func TestABoxMeasuresItsLine(t *testing.T) {
	w := newESTWorld(t, filepath.Join(t.TempDir(), "carebox.db"))
	box := w.speedster(w.pairOf(w.authority.Box("box-7", time.Now())))
	status, data := w.call(box, "GET", "?seconds=1", nil)
	if status != 200 || len(data) == 0 || len(data) > 100_000_000 {
		t.Errorf("down: %d, %d bytes", status, len(data))
	}
	var got struct {
		Bytes   int64
		Seconds float64
	}
	status, data = w.call(box, "POST", "", bytes.NewReader(make([]byte, 5_000_000)))
	if err := json.Unmarshal(data, &got); err != nil || status != 200 || got.Bytes < 4_000_000 || got.Bytes > 5_000_000 || got.Seconds <= 0 {
		t.Errorf("up: %d, %s, %v", status, data, err)
	}
	if status, data = w.call(box, "POST", "", nil); status != 200 || !strings.Contains(string(data), `"bytes":0`) {
		t.Errorf("nothing up: %d, %s", status, data)
	}
	if status, _ = w.call(box, "POST", "", io.LimitReader(zeroes{}, 100_000_001)); status != 413 {
		t.Errorf("too much up: %d", status)
	}
	for _, query := range []string{"", "?seconds=0", "?seconds=11", "?seconds=-1", "?seconds=x"} {
		if status, _ := w.call(box, "GET", query, nil); status != 400 {
			t.Errorf("GET %q: %d", query, status)
		}
	}
}

type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestWhoMayNotMeasure(t *testing.T) {
	w := newESTWorld(t, filepath.Join(t.TempDir(), "carebox.db"))
	foreign, err := enrolment.NewAuthority(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	code := w.made("box-8")
	w.key("a", "box-8")
	if got := w.status("simpleenroll", "a", "-u 'box-8:"+code+"'"); got != "200" {
		t.Fatal(got)
	}
	enrolled := w.speedster(&enrolment.Pair{Certificate: w.read("a.pem"), Key: w.read("a.key")})
	if status, _ := w.call(enrolled, "GET", "?seconds=1", nil); status != 200 {
		t.Errorf("a box of the list: %d", status)
	}
	if err := w.office.Swap(t.Context(), "box-8", "test", "broken"); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]*http.Client{
		"without a certificate":   w.speedster(nil),
		"a foreign one":           w.speedster(w.pairOf(foreign.Box("box-7", time.Now()))),
		"one that has ended":      w.speedster(w.pairOf(w.authority.Box("box-7", time.Now().AddDate(-3, 0, 0)))),
		"a server's":              w.speedster(w.pairOf(w.authority.Server([]string{"x"}, time.Now()))),
		"one that was taken back": enrolled,
	} {
		down, _ := w.call(c, "GET", "?seconds=1", nil)
		up, _ := w.call(c, "POST", "", strings.NewReader("x"))
		if down != 403 || up != 403 {
			t.Errorf("%s: %d, %d", name, down, up)
		}
	}
}

func (w *estWorld) read(name string) []byte {
	w.t.Helper()
	data, err := os.ReadFile(w.at(name))
	if err != nil {
		w.t.Fatal(err)
	}
	return data
}

func TestMeasurementsAreLimited(t *testing.T) {
	w := newESTWorld(t, filepath.Join(t.TempDir(), "carebox.db"))
	box := w.speedster(w.pairOf(w.authority.Box("box-7", time.Now())))
	var held []io.Closer
	for range 2 {
		in, out := io.Pipe()
		r, err := http.NewRequestWithContext(t.Context(), "POST", w.server.URL+speedPath, in)
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() {
			answer, err := box.Do(r)
			if err == nil {
				err = answer.Body.Close()
			}
			done <- err
		}()
		if _, err := out.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		held = append(held, out)
		defer func() { <-done }()
	}
	busy := func() bool {
		w.ahead.Add(int64(time.Minute)) // who asks until the two have come asks too often
		status, why := w.call(box, "POST", "", nil)
		return status == 429 && strings.Contains(string(why), "at once")
	}
	for end := time.Now().Add(soon); !busy(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("a third measurement at once was always let in")
		}
	}
	other := w.speedster(w.pairOf(w.authority.Box("box-9", time.Now())))
	if status, _ := w.call(other, "POST", "", nil); status != 200 {
		t.Errorf("another box: %d", status)
	}
	for _, c := range held {
		_ = c.Close()
	}
	got := map[int]int{}
	for range 60 {
		status, _ := w.call(other, "POST", "", nil)
		got[status]++
	}
	if got[200] > 20 || got[429] < 40 {
		t.Errorf("sixty measurements were answered %v", got)
	}
}
