package main

import (
	"strings"
	"testing"
)

// The rules in the words of the design: who imports what, and whether that is right.
func TestJudge(t *testing.T) {
	const own = "github.com/carebox-project/carebox/"
	for _, c := range []struct {
		who, path string
		code      string // "" when right in code, else a word of the reason
		test      string // the same in a test
	}{
		// Areas.
		{"policies/wire", own + "policies", "", ""},
		{"policies", own + "agent/firewall", "may not know", "may not know"},
		{"agent/uplink", own + "policies/wire", "", ""},
		{"agent/uplink", own + "cloud/registry", "may not know", "may not know"},
		{"agent", own + "cloud/registry", "may not know", "may not know"},
		{"cloud/registry", own + "policies", "", ""},
		{"cloud/registry", own + "agent/state", "may not know", "may not know"},
		{"cloud", own + "mobile-api", "", ""},
		{"cloud/registry", own + "mobile-api", "may not know", "may not know"},
		{"cloud/store", own + "mobile-api/accounts", "may not know", "may not know"},
		{"mobile-api", own + "cloud/registry", "", ""},
		{"mobile-api/accounts", own + "policies", "", ""},
		{"mobile-api", own + "cloud/store", "may not know", "may not know"},
		{"mobile-api/accounts", own + "cloud/broker", "may not know", "may not know"},
		{"mobile-api", own + "agent/state", "may not know", "may not know"},

		// Inside an area.
		{"agent", own + "agent/firewall", "", ""},
		{"agent/firewall", own + "agent/devices", "don't know each other", ""},
		{"agent/reconcile", own + "agent/firewall", "", ""},
		{"agent/reconcile", own + "agent/devices", "", ""},
		{"agent/reconcile", own + "agent/state", "", ""},
		{"agent/reconcile", own + "agent/uplink", "don't know each other", ""},
		{"agent/uplink", own + "agent/reconcile", "don't know each other", ""},
		{"cloud", own + "cloud/store", "", ""},
		{"cloud/store", own + "cloud/registry", "", ""},
		{"cloud/registry", own + "cloud/store", "don't know each other", ""},
		{"cloud/broker", own + "cloud/store", "don't know each other", ""},
		{"mobile-api", own + "mobile-api/accounts", "", ""},
		{"mobile-api/accounts", own + "mobile-api", "don't know each other", ""},

		// Scripts and the testbed.
		{"agent/firewall", own + "agent/testbed", "only tests", ""},
		{"agent", own + "agent/testbed", "only tests", ""},
		{"scripts/virtualhome", own + "agent/testbed", "", ""},
		{"scripts/virtualhome", own + "cloud/store", "", ""},
		{"agent", own + "scripts/virtualhome", "imported by nobody", "imported by nobody"},
		{"scripts/check", own + "scripts/imports", "", ""},

		// Heavy dependencies.
		{"agent/uplink", "github.com/eclipse/paho.mqtt.golang", "", ""},
		{"agent", "github.com/eclipse/paho.mqtt.golang", "paho belongs", ""},
		{"cloud/broker", "github.com/eclipse/paho.mqtt.golang", "paho belongs", ""},
		{"mobile-api", "github.com/eclipse/paho.mqtt.golang", "paho belongs", "paho belongs"},
		{"agent/devices", "github.com/vishvananda/netlink", "", ""},
		{"agent/reconcile", "github.com/vishvananda/netlink/nl", "netlink belongs", ""},
		{"agent/testbed", "github.com/vishvananda/netns", "", ""},
		{"agent/firewall", "github.com/coreos/go-iptables/iptables", "", ""},
		{"agent/devices", "github.com/coreos/go-iptables/iptables", "iptables belongs", ""},
		{"cloud/broker", "github.com/nats-io/nats-server/v2/server", "", ""},
		{"cloud/registry", "github.com/nats-io/nats.go", "NATS belongs", ""},
		{"mobile-api", "github.com/nats-io/nats.go", "NATS belongs", "NATS belongs"},
		{"cloud/store", "database/sql", "", ""},
		{"cloud", "database/sql", "SQL belongs", ""},
		{"agent/state", "modernc.org/sqlite", "SQL belongs", "SQL belongs"},
		{"mobile-api/accounts", "database/sql/driver", "SQL belongs", "SQL belongs"},
		{"cloud/store", "github.com/jackc/pgx/v5/stdlib", "", ""},
		{"mobile-api/accounts", "github.com/labstack/echo/v4", "", ""},
		{"cloud", "github.com/labstack/echo/v4", "Echo belongs", "Echo belongs"},
		{"scripts/virtualhome", "github.com/vishvananda/netlink", "", ""},
		{"cloud/registry", "github.com/google/uuid", "", ""},
		{"agent/reconcile", "golang.org/x/sync/errgroup", "", ""},

		// Policies are pure.
		{"policies", "time", "", ""},
		{"policies", "net/netip", "", ""},
		{"policies", "net", "no network", ""},
		{"policies", "net/http", "no network", ""},
		{"policies", "os", "no network", ""},
		{"policies/wire", "log/slog", "no network", ""},
		{"policies", "github.com/google/uuid", "standard library", "standard library"},
		{"policies", "golang.org/x/sync/errgroup", "standard library", "standard library"},
		{"policies", "github.com/google/go-cmp/cmp", "standard library", ""},
		{"policies", "golang.org/x/tools/txtar", "standard library", ""},
	} {
		expect(t, c.who, c.path, c.code, judge(pkg{Path: own + c.who, Code: []string{c.path}}))
		expect(t, c.who, c.path+" in a test", c.test, judge(pkg{Path: own + c.who, Tests: []string{c.path}}))
	}
}

func expect(t *testing.T, who, path, want string, got []string) {
	t.Helper()
	switch {
	case want == "" && len(got) > 0:
		t.Errorf("%s imports %s: want it allowed, got %q", who, path, got)
	case want != "" && (len(got) != 1 || !strings.Contains(got[0], want)):
		t.Errorf("%s imports %s: want one reason with %q, got %q", who, path, want, got)
	}
}
