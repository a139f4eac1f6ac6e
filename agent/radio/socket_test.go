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
	go func() {
		buffer := make([]byte, 100)
		_, _ = hung.Read(buffer) // and no answer
		cancel()
	}()
	gaveUp := make(chan error, 1)
	go func() {
		_, err := s.askUntil(ctx, time.Now().Add(time.Hour), "PING")
		gaveUp <- err
	}()
	select {
	case err := <-gaveUp:
		if err == nil {
			t.Error("nobody answered, and there is an answer")
		}
	case <-time.After(time.Minute):
		t.Error("it waits on")
	}
}
