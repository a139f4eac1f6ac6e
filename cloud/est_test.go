package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/store"
	"github.com/carebox-project/carebox/cloud/throttle"
)

// estWorld is the list of boxes on a real database, and EST in front of it on TLS.
type estWorld struct {
	t         *testing.T
	dir       string // with ca.pem
	data      *store.Store
	office    *enrolment.Office
	authority *enrolment.Authority
	server    *httptest.Server
	begun     time.Time
	ahead     atomic.Int64 // of the clock, nanoseconds: it stands, however long a test takes
	revoked   *enrolment.Revocations
}

func (w *estWorld) now() time.Time { return w.begun.Add(time.Duration(w.ahead.Load())) }

func newESTWorld(t *testing.T, database string) *estWorld {
	t.Helper()
	w := &estWorld{t: t, dir: t.TempDir(), begun: time.Now()}
	var err error
	if w.data, err = store.Open(t.Context(), database); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.data.Close() })
	w.data.Patience = soon
	if w.authority, err = enrolment.NewAuthority(time.Now()); err != nil {
		t.Fatal(err)
	}
	own, err := w.authority.Pair()
	if err != nil {
		t.Fatal(err)
	}
	w.write("ca.pem", own.Certificate)
	log := slog.New(slog.DiscardHandler)
	if w.revoked, err = enrolment.OpenRevocations(t.Context(), w.data, w.now, log); err != nil {
		t.Fatal(err)
	}
	w.office = enrolment.NewOffice(enrolment.Config{
		Store: w.data, Attempts: throttle.New(w.data, w.now), Authority: w.authority, Now: w.now, Revoked: w.revoked.Ring, Log: log,
	})
	block, _ := pem.Decode(own.Certificate)
	root, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	est := &enrolment.EST{Office: w.office, Roots: []*x509.Certificate{root}, Operator: []byte("operator"), Log: log}
	pair, err := w.authority.Server([]string{"127.0.0.1", "localhost"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	cert, err := tls.X509KeyPair(pair.Certificate, pair.Key)
	if err != nil {
		t.Fatal(err)
	}
	w.server = httptest.NewUnstartedServer(est.Handler())
	w.server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequestClientCert}
	w.server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	w.server.StartTLS()
	t.Cleanup(w.server.Close)
	return w
}

func (w *estWorld) at(name string) string { return filepath.Join(w.dir, name) }

func (w *estWorld) write(name string, data []byte) {
	w.t.Helper()
	if err := os.WriteFile(w.at(name), data, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// made puts a box on the list and returns its claim code.
func (w *estWorld) made(box string) string {
	w.t.Helper()
	code := enrolment.NewCode()
	wrong, err := w.office.Import(w.t.Context(), []enrolment.Made{
		{Box: box, Model: "CB-1", MAC: "02:00:00:00:00:01", Claim: enrolment.DigestCode(code)},
	}, "test")
	if err != nil || wrong != nil {
		w.t.Fatal(wrong, err)
	}
	return code
}

// sh runs a shell script in the world's folder, as somebody at a terminal would.
func (w *estWorld) sh(script string) (string, error) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", script)
	cmd.Dir, cmd.Env = w.dir, append(os.Environ(), "URL="+w.server.URL)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (w *estWorld) must(script string) string {
	w.t.Helper()
	out, err := w.sh(script)
	if err != nil {
		w.t.Fatalf("%s\n%s%v", script, out, err)
	}
	return out
}

// key makes a box's key and request with openssl.
func (w *estWorld) key(name, box string) {
	w.t.Helper()
	w.must(fmt.Sprintf(`openssl ecparam -name prime256v1 -genkey -noout -out %[1]s.key
openssl req -new -key %[1]s.key -subj /CN=%[2]s -outform DER | base64 > %[1]s.p10`, name, box))
}

// status asks for a certificate with curl, leaves it in name.pem, and returns the answer's status.
func (w *estWorld) status(operation, name string, flags string) string {
	w.t.Helper()
	return strings.TrimSpace(w.must(fmt.Sprintf(`
code=$(curl -sS --cacert ca.pem %[3]s -H 'Content-Type: application/pkcs10' --data-binary @%[2]s.p10 -o %[2]s.p7 -w '%%{http_code}' \
	"$URL/.well-known/est/%[1]s")
if [ "$code" = 200 ]; then base64 -d %[2]s.p7 | openssl pkcs7 -inform DER -print_certs -out %[2]s.pem; fi
echo "$code"`, operation, name, flags)))
}

func TestESTWithCurlAndOpenSSL(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		w := newESTWorld(t, database)
		code := w.made("box-7")
		w.key("a", "box-7")
		claim := "-u 'BOX-7:" + strings.ToLower(code) + "'"
		if got := w.status("simpleenroll", "a", claim); got != "200" {
			t.Fatalf("enrolling: %s", got)
		}
		w.must("openssl verify -CAfile ca.pem -purpose sslclient a.pem")
		if subject := w.must("openssl x509 -in a.pem -noout -subject"); !strings.Contains(subject, "box-7") {
			t.Errorf("subject %q", subject)
		}
		if got := w.status("simpleenroll", "a", claim); got != "200" {
			t.Errorf("the same key once more, because the answer may have been lost: %s", got)
		}
		w.key("thief", "box-7")
		if got := w.status("simpleenroll", "thief", claim); got != "401" {
			t.Errorf("another key with a code that is used: %s", got)
		}
		if got := w.status("simplereenroll", "a", "--cert a.pem --key a.key"); got != "200" {
			t.Errorf("renewing: %s", got)
		}
		if got := w.status("simplereenroll", "a", ""); got != "403" {
			t.Errorf("renewing without a certificate: %s", got)
		}
		w.must(`curl -sS --cacert ca.pem "$URL/.well-known/est/cacerts" | base64 -d | openssl pkcs7 -inform DER -print_certs | grep -q BEGIN`)
	})
}

func TestESTWithStrongSwan(t *testing.T) {
	w := newESTWorld(t, filepath.Join(t.TempDir(), "carebox.db"))
	code := w.made("box-8")
	w.must("pki --gen --type ecdsa --size 256 --outform pem > k.pem 2>/dev/null")
	w.must("pki --req --type ecdsa --in k.pem --dn CN=box-8 --outform der > k.p10 2>/dev/null")
	w.must(fmt.Sprintf(`pki --est --url "$URL" --in k.p10 --cacert ca.pem --userpass 'box-8:%s' > got.der 2> log || { cat log; exit 1; }
openssl x509 -inform DER -in got.der -out got.pem; openssl verify -CAfile ca.pem got.pem`, code))
}

func TestClaimCodesAreNotGuessed(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		w := newESTWorld(t, database)
		code := w.made("box-7")
		client := w.server.Client()
		w.key("a", "box-7")
		request, err := os.ReadFile(w.at("a.p10"))
		if err != nil {
			t.Fatal(err)
		}
		try := func(code string) int {
			r, err := http.NewRequestWithContext(t.Context(), "POST", w.server.URL+"/.well-known/est/simpleenroll", strings.NewReader(string(request)))
			if err != nil {
				t.Fatal(err)
			}
			r.SetBasicAuth("box-7", code)
			r.Header.Set("Content-Type", "application/pkcs10")
			answer, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusTooManyRequests && answer.Header.Get("Retry-After") == "" {
				t.Error("throttled without Retry-After")
			}
			return answer.StatusCode
		}
		got := map[int]int{}
		for range 1000 {
			got[try(enrolment.NewCode())]++
		}
		if got[401] != 5 || got[429] != 995 {
			t.Errorf("a thousand wrong codes were answered %v", got)
		}
		if s := try(code); s != 429 {
			t.Errorf("the right code among wrong ones, at once: %d", s)
		}
		w.ahead.Store(int64(10 * time.Minute))
		if s := try(code); s != 200 {
			t.Errorf("the right code later: %d", s)
		}
	})
}

func TestWhoIsNotRenewed(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		w := newESTWorld(t, database)
		code := w.made("box-7")
		w.key("a", "box-7")
		claim := "-u 'box-7:" + code + "'"
		if got := w.status("simpleenroll", "a", claim); got != "200" {
			t.Fatal(got)
		}
		w.must("cp a.key old.key; cp a.pem old.pem; cp a.p10 old.p10")
		own := "--cert old.pem --key old.key"

		w.must(`openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=box-7 -keyout foreign.key -out foreign.pem 2>/dev/null`)
		if got := w.status("simplereenroll", "a", "--cert foreign.pem --key foreign.key"); got != "403" {
			t.Errorf("a foreign certificate: %s", got)
		}
		w.key("other", "box-9")
		if got := w.status("simplereenroll", "other", own); got != "400" {
			t.Errorf("another box's name: %s", got)
		}
		w.ahead.Store(int64(200 * 24 * time.Hour))
		if got := w.status("simplereenroll", "a", own); got != "200" {
			t.Errorf("a certificate that has ended: %s", got)
		}
		if err := w.office.Swap(t.Context(), "box-7", "test", "broken"); err != nil {
			t.Fatal(err)
		}
		for name, flags := range map[string]string{"the old one": own, "the new one": "--cert a.pem --key a.key"} {
			if got := w.status("simplereenroll", "old", flags); got != "403" {
				t.Errorf("%s of a box that was swapped: %s", name, got)
			}
		}
		if got := w.status("simpleenroll", "old", claim); got != "401" {
			t.Errorf("the claim code of a box that was swapped: %s", got)
		}
		again, err := w.office.Restock(t.Context(), "box-7", "test", "repaired")
		if err != nil {
			t.Fatal(err)
		}
		w.key("next", "box-7")
		if got := w.status("simpleenroll", "next", "-u 'box-7:"+again+"'"); got != "200" {
			t.Errorf("the new claim code: %s", got)
		}
		if got := w.status("simplereenroll", "old", own); got != "403" {
			t.Errorf("the certificate of the life before: %s", got)
		}
		_, life, err := w.office.Look(t.Context(), "box-7")
		var states []string
		for _, e := range life {
			states = append(states, string(e.State))
		}
		if want := "made claimed swapped made claimed"; err != nil || strings.Join(states, " ") != want {
			t.Errorf("its life: %v (%v), want %s", states, err, want)
		}
	})
}
