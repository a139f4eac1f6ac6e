package main

// A folder in these tables stands for itself and for all below it; "=folder" stands for that very package.

const module = "github.com/carebox-project/carebox/"

// areas is who may import which other areas, tests included. The first row that holds the importer counts.
var areas = []struct {
	who      string
	may, not []string
}{
	{"policies", nil, nil},
	{"agent", []string{"policies"}, nil},
	{"=cloud", []string{"policies", "mobile-api"}, nil},
	{"cloud", []string{"policies"}, nil},
	{"mobile-api", []string{"policies", "cloud"}, []string{"cloud/store", "cloud/broker"}},
	{"scripts", []string{"policies", "agent", "cloud", "mobile-api"}, nil},
}

// hubs are the middle of the cloud: its adapters implement what they declare, so they know the hubs' types.
var hubs = []string{"cloud/registry", "cloud/enrolment", "cloud/assist", "cloud/audit", "cloud/journeys", "cloud/advice", "cloud/throttle", "cloud/visit", "cloud/keyring"}

// inside is what a package may import of its own area, tests apart. The first row that holds the importer counts; one
// without a row imports nothing of its area: adapters never know each other, only the area's main package sees all.
var inside = []struct {
	who string
	may []string
}{
	{"policies", []string{"policies"}},
	{"=agent", []string{"agent"}},
	{"agent/reconcile", []string{"agent/firewall", "agent/shaping", "agent/radio", "agent/devices", "agent/state", "agent/portal"}},
	{"=cloud", []string{"cloud"}},
	{"cloud", hubs},
	{"=mobile-api", []string{"mobile-api"}},
	{"scripts", []string{"scripts"}},
}

// onlyTests are packages for tests and scripts alone.
var onlyTests = []string{"agent/testbed"}

// homes is where heavy dependencies live. Code below scripts drives everything from outside and may use any of them.
var homes = []struct {
	what  string
	match []string // import paths
	code  []string // folders whose code may import them
	tests []string // folders whose tests may, beside
}{
	{"paho", []string{"github.com/eclipse/paho.mqtt.golang"},
		[]string{"agent/uplink"}, []string{"agent", "cloud"}},
	{"netlink", []string{"github.com/vishvananda"},
		[]string{"agent/devices", "agent/firewall", "agent/shaping", "agent/radio", "agent/testbed"}, []string{"agent"}},
	{"iptables", []string{"github.com/coreos/go-iptables"},
		[]string{"agent/firewall", "agent/shaping", "agent/testbed"}, []string{"agent"}},
	{"NATS", []string{"github.com/nats-io"},
		[]string{"cloud/broker"}, []string{"cloud"}},
	{"SQL", []string{"database/sql", "modernc.org/sqlite", "github.com/jackc/pgx/v5", "github.com/pressly/goose/v3"},
		[]string{"cloud/store"}, []string{"cloud"}},
	{"OpenID", []string{"github.com/coreos/go-oidc", "golang.org/x/oauth2"},
		[]string{"mobile-api/accounts"}, nil},
	{"Echo", []string{"github.com/labstack"},
		[]string{"mobile-api"}, nil},
}

// policies imports the standard library only, and of that nothing which reaches a network, a disk or a log.
// Its tests may compare and read archives.
var (
	impure       = []string{"=net", "net/http", "os", "log", "syscall", "database/sql"}
	policyTests  = []string{"github.com/google/go-cmp", "golang.org/x/tools/txtar"}
	policiesArea = "policies"
)
