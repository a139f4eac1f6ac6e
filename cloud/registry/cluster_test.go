package registry_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/broker"
	"github.com/carebox-project/carebox/cloud/porttest"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies/wire"
)

// TestAClusterOfThree makes changes on one replica for a box on another, and takes that replica away.
func TestAClusterOfThree(t *testing.T) {
	c := newCloud(t, filepath.Join(t.TempDir(), "carebox.db"))
	brokers := c.cluster(3)
	var replicas []*registry.Registry
	for _, b := range brokers {
		replicas = append(replicas, c.replica(b, c.store))
	}
	for _, b := range brokers {
		ready(t, b)
	}
	box := c.box("box-1", brokers[0].Addr(), brokers[1].Addr(), brokers[2].Addr())
	box.say(wire.UpHello, wire.Hello{Box: "box-1", Schema: wire.Schema})
	box.gets(1)
	look, err := replicas[1].Watch(t.Context(), "h1")
	must(t, err)
	_, err = replicas[2].Change(t.Context(), "h1", 1, named("leo"))
	must(t, err)
	box.gets(2)
	next(t, look)

	began := time.Now()
	brokers[0].Close()
	next(t, box.up)
	box.say(wire.UpHello, wire.Hello{Box: "box-1", Schema: wire.Schema, Revision: 2})
	_, err = replicas[1].Change(t.Context(), "h1", 2, named("mia"))
	must(t, err)
	box.say(wire.UpHeartbeat, wire.Heartbeat{Revision: 2}) // the way to the box may still have been unknown
	box.gets(3)
	t.Logf("the box was back after %v", time.Since(began))
}

func (c *cloud) cluster(n int) []*broker.Broker {
	c.t.Helper()
	routes := porttest.Free(c.t, n)
	brokers := make([]*broker.Broker, n)
	for i := range brokers {
		config := c.config("127.0.0.1:0")
		config.Cluster = &broker.Cluster{Name: "replica-" + string(rune('a'+i)), Listen: routes[i], Routes: routes}
		b, err := broker.Open(c.t.Context(), config)
		must(c.t, err)
		c.t.Cleanup(b.Close)
		brokers[i] = b
	}
	return brokers
}

func ready(t *testing.T, b *broker.Broker) {
	t.Helper()
	var err error
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		err = b.Ready(ctx)
		cancel()
		if err == nil {
			return
		}
	}
	t.Fatalf("the cluster is not ready: %v", err)
}
