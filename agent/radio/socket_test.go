package radio

import (
	"context"
	"net"
	"path/filepath"
	"testing"
	"time"
)

// Who waits for a hostapd that hangs gives up as soon as there is something more urgent.
func TestAskGivesUp(t *testing.T) {
	var waited time.Duration
	for range 5 { // a machine that does much else may come late to one
		if waited = waits(t); waited < replyTime-time.Second {
			return
		}
	}
	t.Errorf("an error after %s, want it at once", waited)
}

// waits is how long somebody goes on to ask a hostapd that hangs once they are not to any more.
func waits(t *testing.T) time.Duration {
	t.Helper()
	far := filepath.Join(t.TempDir(), "wlan0")
	hung, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: far, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer hung.Close()
	s, err := (&ends{folder: t.TempDir()}).dial(far)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	ctx, cancel := context.WithCancel(t.Context())
	asked := make(chan time.Time, 1)
	go func() {
		buffer := make([]byte, 100)
		_, _ = hung.Read(buffer) // and no answer
		asked <- time.Now()
		cancel()
	}()
	if _, err := s.ask(ctx, "PING"); err == nil {
		t.Fatal("nobody answered, and there is an answer")
	}
	return time.Since(<-asked)
}
