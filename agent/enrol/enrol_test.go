package enrol

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"testing"
	"time"
)

func TestFirstStart(t *testing.T) {
	c := newCloud(t)
	e := c.box(t.TempDir())
	if err := e.Join(t.Context()); err != nil {
		t.Fatal(err)
	}
	key, err := loadKey(e.cfg.Key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := loadCertificate(e.cfg.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.check(cert, key); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(e.cfg.Key); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v, %v, want mode 0600", info.Mode(), err)
	}
	if operator, err := os.ReadFile(e.cfg.Operator); err != nil || !bytes.Equal(operator, c.operator) {
		t.Errorf("the operator's key: %q, %v", operator, err)
	}
	asked := len(c.asked)
	if err := e.Join(t.Context()); err != nil || len(c.asked) != asked {
		t.Errorf("a box that has its identity asked again: %v, %v", c.asked[asked:], err)
	}
}

// A power cut leaves some files and not others; a lost answer leaves the cloud ahead of the box. The key stays the same in
// all of them: the claim code would be spent otherwise.
func TestPowerCutAtEachStep(t *testing.T) {
	for name, cut := range map[string]func(t *testing.T, c *cloud, e *Enroller){
		"before anything": func(*testing.T, *cloud, *Enroller) {},
		"while the key was written": func(t *testing.T, _ *cloud, e *Enroller) {
			if err := os.WriteFile(e.cfg.Key+".new", []byte("-----BEGIN PRIV"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"after the key": func(t *testing.T, _ *cloud, e *Enroller) {
			if _, err := makeKey(e.cfg.Key); err != nil {
				t.Fatal(err)
			}
		},
		"the answer was lost": func(t *testing.T, c *cloud, e *Enroller) {
			c.set(func() { c.drop = true })
			if err := e.join(t.Context()); err == nil {
				t.Fatal("the lost answer arrived")
			}
		},
		"after the operator's key": func(t *testing.T, c *cloud, e *Enroller) {
			if _, err := makeKey(e.cfg.Key); err != nil {
				t.Fatal(err)
			}
			if err := e.pin(t.Context(), &caller{cfg: e.cfg}); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCloud(t)
			dir := t.TempDir()
			e := c.box(dir)
			cut(t, c, e)
			before, _ := os.ReadFile(e.cfg.Key)
			if err := c.box(dir).Join(t.Context()); err != nil {
				t.Fatal(err)
			}
			after, err := os.ReadFile(e.cfg.Key)
			if err != nil || (before != nil && !bytes.Equal(before, after)) {
				t.Errorf("the box has another key than before the cut (%v)", err)
			}
			for _, key := range c.keys {
				if k, err := loadKey(e.cfg.Key); err != nil || !k.PublicKey.Equal(key) {
					t.Errorf("the cloud signed another key than the box's (%v)", err)
				}
			}
		})
	}
}

func TestWrongCodeIsTriedAgainWithTheRightOne(t *testing.T) {
	c := newCloud(t)
	e := c.box(t.TempDir())
	if err := os.WriteFile(e.cfg.Claim, []byte("WRONG"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := e.join(t.Context()); err == nil {
		t.Fatal("a wrong code gave an identity")
	}
	if _, err := os.Stat(e.cfg.Certificate); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is a certificate: %v", err)
	}
	if err := os.WriteFile(e.cfg.Claim, []byte(rightCode), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := e.Join(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestCloudAsksToWait(t *testing.T) {
	c := newCloud(t)
	e := c.box(t.TempDir())
	c.set(func() { c.refuse = http.StatusTooManyRequests })
	var busy *busyError
	if err := e.join(t.Context()); !errors.As(err, &busy) || busy.after != time.Second {
		t.Errorf("got %v, want to wait a second", err)
	}
}

func TestCertificateOfAnotherBoxIsNotKept(t *testing.T) {
	c := newCloud(t)
	c.common = "box-2"
	e := c.box(t.TempDir())
	if err := e.join(t.Context()); err == nil {
		t.Error("took a certificate for another box")
	}
	if _, err := os.Stat(e.cfg.Certificate); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("kept it: %v", err)
	}
}

// A clock of 1970 is no reason to stay without an identity, a cloud whose certificate has ended is.
func TestClockAt1970(t *testing.T) {
	for _, sure := range []bool{false, true} {
		c := newCloud(t)
		e := c.box(t.TempDir())
		e.cfg.Now = func() time.Time { return time.Unix(60, 0) }
		e.cfg.Sure = func() bool { return sure }
		if err := e.join(t.Context()); (err == nil) == sure {
			t.Errorf("clock that is sure of 1970: %v: %v", sure, err)
		}
	}
	c := newCloud(t)
	e := c.box(t.TempDir())
	e.cfg.Now = func() time.Time { return begin.AddDate(3, 0, 0) }
	e.cfg.Sure = func() bool { return false }
	if err := e.join(t.Context()); err == nil {
		t.Error("believed a cloud whose certificate has ended")
	}
}

func TestRenewal(t *testing.T) {
	c := newCloud(t)
	e := c.box(t.TempDir())
	if err := e.Join(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ day, renewals int }{{59, 0}, {60, 1}, {61, 1}, {60 + 365, 2}} { // in the end it slept past its end
		c.set(func() { c.now = begin.AddDate(0, 0, step.day) })
		if _, err := e.renewIfDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := c.count("simplereenroll"); got != step.renewals {
			t.Errorf("on day %d of 90: %d renewals, want %d", step.day, got, step.renewals)
		}
	}
	cert, err := loadCertificate(e.cfg.Certificate)
	if err != nil || !cert.NotBefore.Equal(begin.AddDate(0, 0, 425)) {
		t.Errorf("the certificate begins %v (%v)", cert.NotBefore, err)
	}
}

func TestRevokedBoxSaysSo(t *testing.T) {
	c := newCloud(t)
	e := c.box(t.TempDir())
	if err := e.Join(t.Context()); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(e.cfg.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	c.set(func() { c.now, c.refuse = begin.AddDate(0, 0, 70), http.StatusForbidden })
	said := make(chan struct{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	go func() {
		defer close(said)
		_ = e.Run(ctx)
	}()
	for len(e.Limitations()) == 0 && ctx.Err() == nil {
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	<-said
	if got := e.Limitations(); len(got) != 1 || got[0].Code != "identity-not-renewed" {
		t.Errorf("limitations: %v", got)
	}
	if after, err := os.ReadFile(e.cfg.Certificate); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the certificate changed (%v)", err)
	}
}

func FuzzReadCertificate(f *testing.F) {
	f.Add([]byte(""))
	f.Add([]byte("MIIB"))
	f.Fuzz(func(t *testing.T, answer []byte) {
		if cert, err := readCertificate(answer); (cert == nil) == (err == nil) {
			t.Errorf("certificate %v, error %v", cert, err)
		}
	})
}
