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
	_, err = s.ask(ctx, "PING")
	if waited := time.Since(<-asked); err == nil || waited > replyTime-time.Second {
		t.Errorf("%v after %s, want an error at once", err, waited)
	}
}
