package registry_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies/wire"
)

// TestADatabaseRestartLosesNothingThatWasAnswered ends all connections again and again, as a server that stops does,
// while changes are made: each is answered or refused, and every answered one is there, once.
func TestADatabaseRestartLosesNothingThatWasAnswered(t *testing.T) {
	database := postgres(t)
	c := newCloud(t, database)
	b := c.arrive("box-1", 0)
	ctx, stop := context.WithCancel(t.Context())
	var killer sync.WaitGroup
	killer.Go(func() { kill(ctx, t, database) })

	base, answered := int64(1), 0
	for i := range 60 {
		state, err := c.registry.Change(t.Context(), "h1", base, named(fmt.Sprintf("p-%d", i)))
		var stale *registry.Stale
		switch {
		case err == nil:
			if state.Asked.Revision != base+1 {
				t.Errorf("revision %d from %d", state.Asked.Revision, base)
			}
			base = state.Asked.Revision
			answered++
		case errors.As(err, &stale): // one that was refused in doubt had been stored
			base = stale.State.Asked.Revision
		case !errors.Is(err, registry.ErrUnavailable):
			t.Fatal(err)
		}
		if i%10 == 0 {
			b.say(wire.UpReported, wire.Reported{Box: "box-1", InForce: int64(i)})
		}
	}
	b.say(wire.UpReported, wire.Reported{Box: "box-1", InForce: 12345})
	stop()
	killer.Wait()
	c.until("h1", func(s registry.State) bool { return s.Box.Reported != nil && s.Box.Reported.InForce == 12345 })
	b.say(wire.UpHeartbeat, wire.Heartbeat{Revision: 1})
	state := c.until("h1", func(s registry.State) bool { return s.Asked.Revision >= base })
	b.gets(state.Asked.Revision)
	if n := len(state.Asked.Policy.People); n < answered || int64(n) != state.Asked.Revision-1 {
		t.Errorf("%d changes were answered, revision %d has %d", answered, state.Asked.Revision, n)
	}
	t.Logf("%d of 60 changes were answered", answered)
}

// kill ends the connections of one test, 20 times a second.
func kill(ctx context.Context, t *testing.T, database string) {
	u, err := url.Parse(database)
	if err != nil {
		t.Error(err)
		return
	}
	q := u.Query()
	name := q.Get("application_name")
	q.Set("application_name", "killer")
	u.RawQuery = q.Encode()
	db, err := sql.Open("pgx", u.String())
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = db.Close() }()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		_, err := db.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", name)
		if err != nil {
			t.Error(err)
			return
		}
	}
}
