package main

import (
	"context"
	"testing"
	"time"
)

func TestClockWatchEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- watchClock(ctx, func() { t.Error("the clock stepped by itself") })
	}()
	select {
	case err := <-done:
		t.Fatalf("ended at once: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("did not end")
	}
}

func TestTrustedClockIsSynchronised(t *testing.T) {
	if !(wallClock{trusted: true}).Synchronised() {
		t.Error("a trusted clock is not believed")
	}
}
