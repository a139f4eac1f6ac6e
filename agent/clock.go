package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// wallClock is the kernel's. A trusted one is kept right by somebody else, as in a container or a virtual home.
type wallClock struct{ trusted bool }

func (wallClock) Now() time.Time { return time.Now() }

// Synchronised asks the kernel whether a time service keeps its clock (adjtimex(2), STA_UNSYNC).
func (c wallClock) Synchronised() bool {
	if c.trusted {
		return true
	}
	var t unix.Timex
	_, err := unix.Adjtimex(&t)
	return err == nil && t.Status&unix.STA_UNSYNC == 0
}

// watchClock calls stepped whenever the wall clock is set, until ctx ends. A timer that never comes due is cancelled by the kernel then
// (timerfd_create(2), TFD_TIMER_CANCEL_ON_SET).
func watchClock(ctx context.Context, stepped func()) error {
	fd, err := unix.TimerfdCreate(unix.CLOCK_REALTIME, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		return fmt.Errorf("watching the clock: %w", err)
	}
	timer := os.NewFile(uintptr(fd), "timerfd")
	defer context.AfterFunc(ctx, func() { timer.Close() })()
	defer timer.Close()
	// As far as the machine's word can say: 2038 or 2262.
	never := unix.ItimerSpec{Value: unix.NsecToTimespec(min(math.MaxInt, math.MaxInt64/int64(time.Second)) * int64(time.Second))}
	expirations := make([]byte, binary.Size(uint64(0)))
	for {
		if err := unix.TimerfdSettime(fd, unix.TFD_TIMER_ABSTIME|unix.TFD_TIMER_CANCEL_ON_SET, &never, nil); err != nil {
			return fmt.Errorf("watching the clock: %w", err)
		}
		_, err := io.ReadFull(timer, expirations)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, unix.ECANCELED):
			stepped()
		case err == nil:
			return nil // never has come: steps are found within a minute all the same
		default:
			return fmt.Errorf("watching the clock: %w", err)
		}
	}
}
