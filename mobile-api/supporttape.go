package mobileapi

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
)

const (
	tapeTime   = 3 * time.Second  // how long what is shown waits to be kept
	saveTime   = 4 * time.Second  // how long keeping it may take
	lookedTime = 15 * time.Second // without a word that somebody looks: nobody does, and the page says nothing
)

// wind turns the tape as the customer has switched it, and asks for the key frames that it needs: as long as somebody looks,
// because nothing is kept that nobody was shown.
func (l *supportLine) wind(now time.Time) {
	l.tape.Turn(l.session.Load().Recording)
	if now.Sub(time.Unix(0, l.looked.Load())) < lookedTime && l.tape.Wants(now) {
		l.wanted.Store(true)
	}
}

// record keeps what is on the tape, in parts, until ctx ends. The live picture never waits for it.
func (l *supportLine) record(ctx context.Context) {
	tick := time.NewTicker(tapeTime)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done(): // the page may come back, and goes on in a recording without a hole
			l.save(context.WithoutCancel(ctx))
			return
		case <-tick.C:
		case <-l.tape.Wake():
		}
		l.save(ctx)
	}
}

// save keeps all that waits. What cannot be kept is lost, and the recording goes on with a key frame.
func (l *supportLine) save(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, saveTime)
	defer cancel()
	for taken := l.tape.Take(); len(taken) > 0; taken = l.tape.Take() {
		list := make([]assist.Shown, len(taken))
		for i, t := range taken {
			list[i] = assist.Shown{At: t.At, Frame: t.Frame}
		}
		err := l.server.Care.Keep(ctx, l.ticket.Session, list)
		if err == nil {
			continue
		}
		l.tape.Lost()
		if !errors.Is(err, assist.ErrOver) && !errors.Is(err, assist.ErrRecordingFull) { // those are told to both ends
			l.log.Warn("could not keep what was shown", slog.Any("error", err))
		}
		return
	}
}
