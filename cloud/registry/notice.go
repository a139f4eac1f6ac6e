package registry

import (
	"context"
	"time"
)

const (
	noticeBeat = 20 * time.Second // how often it is looked for what people are told of by the clock
	// settling is how long after its start a replica calls no box gone: boxes need a minute to come back to a cloud that
	// was away itself.
	settling  = 3 * time.Minute
	goneAfter = 10 * time.Minute
	goneUntil = 24 * time.Hour // a box that has been away for longer is no news
	goneKept  = 90 * 24 * time.Hour
	goneKey   = "gone"
)

// Child is a child with a phone that can be woken.
type Child struct{ Home, Person string }

// claims lets one replica tell what all of them see. A claim is kept until a time, with its home where that is zero.
type claims interface {
	// Claim gives those of the keys that nobody has claimed in this home; none where it has thousands without an end.
	Claim(ctx context.Context, home string, keys []string, until time.Time) (fresh []string, err error)
	// Release takes a claim back. False: there is none.
	Release(ctx context.Context, home, key string) (bool, error)
	SweepClaims(ctx context.Context, now time.Time) error
	// Silent are the homes without a claim of the key whose box was heard last within a stretch of time.
	Silent(ctx context.Context, seen Between, key string) ([]string, error)
	// Returned are the homes with a claim of the key whose box was heard after an instant.
	Returned(ctx context.Context, since time.Time, key string) ([]string, error)
	Children(ctx context.Context) ([]Child, error)
}

// keepNotices tells what time alone brings: a cut that is near, a box that has been gone for long, or is back.
func (r *Registry) keepNotices(ctx context.Context) error {
	if r.Herald == nil {
		return nil
	}
	tick := time.NewTicker(noticeBeat)
	defer tick.Stop()
	settled := time.Now().Add(settling)
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-tick.C:
			err := r.lookForGone(ctx, now, !now.Before(settled))
			if err == nil {
				err = r.lookForCuts(ctx, now)
			}
			if err == nil {
				err = r.Store.SweepClaims(ctx, now)
			}
			if err != nil && ctx.Err() == nil {
				settled = now.Add(settling) // what a database that was away says of signs of life is old
				r.Log.Warn("could not look for what to tell", "error", err)
			}
		}
	}
}

// lookForGone tells once of each box that has gone, and once that it is back.
func (r *Registry) lookForGone(ctx context.Context, now time.Time, settled bool) error {
	back, err := r.Store.Returned(ctx, now.Add(-silence), goneKey)
	if err != nil {
		return err
	}
	for _, home := range back {
		if mine, err := r.Store.Release(ctx, home, goneKey); err != nil || !mine {
			return err
		}
		if err := r.tellOfBox(ctx, home, WordBack); err != nil {
			return err
		}
	}
	if !settled {
		return nil
	}
	gone, err := r.Store.Silent(ctx, Between{now.Add(-goneUntil), now.Add(-goneAfter)}, goneKey)
	if err != nil {
		return err
	}
	for _, home := range gone {
		fresh, err := r.Store.Claim(ctx, home, []string{goneKey}, now.Add(goneKept))
		if err != nil {
			return err
		}
		if len(fresh) == 0 {
			continue
		}
		if err := r.tellOfBox(ctx, home, WordGone); err != nil {
			return err
		}
	}
	return nil
}

func (r *Registry) tellOfBox(ctx context.Context, home, word string) error {
	record, err := r.Store.Home(ctx, home)
	if err != nil || record.Box == nil {
		return err
	}
	r.herald(Event{Kind: KindBox, Word: word, Home: home, Zone: record.Asked.Policy.Zone, At: record.Box.Seen})
	return nil
}
