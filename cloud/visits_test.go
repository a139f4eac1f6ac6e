package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/visit"
	mobileapi "github.com/carebox-project/carebox/mobile-api"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const orders = `[{"ref":"C-1","customer":"Zoé","address":"1 rue du Port","day":"2026-11-23","from":"09:00","to":"11:00","technician":"e@example.org"}]`

// Two replicas, one database: the phone's requests come to either, and nothing is done twice.
func TestAPIAVisitOnAnyReplica(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		made := []enrolment.Made{{Box: "cb-0001", Model: "CB-1", Claim: enrolment.DigestCode(enrolment.NewCode())}}
		if wrong, err := c.office.Import(t.Context(), made, "test"); err != nil || wrong != nil {
			t.Fatal(wrong, err)
		}
		eve := c.signIn("Eve", 0)
		eve.arm()
		if _, err := c.data.SetStaff(t.Context(), c.member["Eve"], "technician", audit.Entry{}); err != nil {
			t.Fatal(err)
		}
		list, err := visit.Parse([]byte(orders))
		if err == nil {
			err = planOrders(t.Context(), c.data, list, &bytes.Buffer{})
		}
		if err != nil {
			t.Fatal(err)
		}
		var all []mobileapi.StaffVisit
		if status := eve.do("GET", "/api/staff/visits?from=2026-11-23", 0, "", &all); status != http.StatusOK || len(all) != 1 {
			t.Fatalf("%d: %+v", status, all)
		}
		other := *eve
		other.url = c.url[1]
		id, n := all[0].ID, 0
		take := func(kind, more string, want int) (taken mobileapi.VisitStepTaken) {
			t.Helper()
			n++
			body := fmt.Sprintf(`{"kind":%q,"at":%q%s}`, kind, time.Now().Format(time.RFC3339), more)
			path := fmt.Sprintf("/api/staff/visits/%s/steps/s%d", id, n)
			var again mobileapi.VisitStepTaken
			if status := eve.do("PUT", path, 0, body, &taken); status != want {
				t.Fatalf("%s: %d, want %d", kind, status, want)
			}
			if status := other.do("PUT", path, 0, body, &again); want == http.StatusOK && (status != want || again.Outcome != visit.OutcomeAgain) {
				t.Fatalf("%s on the other replica: %d, %s", kind, status, again.Outcome)
			}
			return taken
		}
		take("bind", `,"box":"cb-0001"`, http.StatusConflict)
		take("arrive", `,"present":["customer"]`, http.StatusOK)
		if taken := take("bind", `,"box":"cb-0001"`, http.StatusOK); taken.Visit.State != visit.StateBound {
			t.Errorf("%+v", taken.Visit)
		}
		c.claim("cb-0001", id)
		var v mobileapi.StaffVisit
		c.until("the box is in service", func() bool {
			eve.do("GET", "/api/staff/visits/"+id, 0, "", &v)
			return v.Seconds > 0
		})
		if item, _, err := c.office.Look(t.Context(), "cb-0001"); err != nil || item.State != enrolment.StateServing {
			t.Errorf("the box is %s, %v", item.State, err)
		}
		taken := take("invite", "", http.StatusOK)
		if taken.Invitation == nil || taken.Invitation.Code == "" {
			t.Error("no way in for the customer")
		}
		body := fmt.Sprintf(`{"kind":"invite","at":%q}`, time.Now().Format(time.RFC3339))
		if status := eve.do("PUT", "/api/staff/visits/"+id+"/steps/last", 0, body, &taken); status != http.StatusOK {
			t.Fatalf("a way in that nothing replaces: %d", status)
		}
		if status := eve.do("GET", "/api/homes/"+id, 0, "", nil); status != http.StatusNotFound {
			t.Errorf("the technician reads the home: %d", status)
		}
		for _, name := range v.Missing {
			if item, is := strings.CutPrefix(name, "item:"); is {
				take("decide", fmt.Sprintf(`,"item":%q,"decision":"skip","reason":"later"`, item), http.StatusOK)
			}
		}
		if taken := take("finish", `,"reason":"no pen"`, http.StatusOK); taken.Visit.State != visit.StateFinished {
			t.Errorf("%+v", taken.Visit)
		}
		if status := eve.do("POST", "/api/me/homes", 0, fmt.Sprintf(`{"code":%q}`, taken.Invitation.Code), nil); status != http.StatusNotFound {
			t.Errorf("the technician enters the home that they have left: %d", status)
		}
		var file json.RawMessage
		if status := other.do("GET", "/api/staff/visits/"+id+"/report", 0, "", &file); status != http.StatusOK {
			t.Fatalf("report: %d", status)
		}
		report, err := visit.Verify(c.key.Public().(ed25519.PublicKey), file)
		if err != nil || report.Visit.Order.Ref != "C-1" || report.Seconds < 1 {
			t.Errorf("%+v, %v", report, err)
		}
	})
}

// claim is a box that gets its certificate and says what is true in its home.
func (c *apiCloud) claim(box, home string) {
	c.t.Helper()
	now := time.Now().UTC()
	grant := enrolment.Grant{Serial: "a1", Box: box, Key: "k", Issued: now, Until: now.Add(90 * 24 * time.Hour)}
	if kept, err := c.data.ClaimItem(c.t.Context(), grant); err != nil || !kept {
		c.t.Fatal(kept, err)
	}
	said := wire.Reported{
		Box: box, At: now, Accepted: 1, InForce: 1, Since: now, Devices: []wire.DeviceState{}, WAN: &wire.WAN{Link: true, IPv4: true},
		Clock: wire.Clock{Synchronised: true, Rule: policies.ClockKeepLast},
	}
	message, err := json.Marshal(said)
	if err != nil {
		c.t.Fatal(err)
	}
	hello, err := json.Marshal(wire.Hello{Box: box, Schema: wire.Schema, Revision: 1, At: now})
	if err != nil {
		c.t.Fatal(err)
	}
	c.ether.say(box, wire.UpHello, hello)
	c.ether.say(box, wire.UpReported, message)
}

func TestOrdersAreImportedAndReportsProved(t *testing.T) {
	dir, access := made(t)
	config := filepath.Join(dir, "cloud.json")
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := strings.ReplaceAll(orders, "e@example.org", access["staffEmail"])
	for range 2 { // again it is planned anew
		if out, err := do(t, "visits", "import", "-config", config, write("orders.json", good)); err != nil || out != "{\"imported\":1}\n" {
			t.Errorf("%q, %v", out, err)
		}
	}
	var found problems
	_, err := do(t, "visits", "import", "-config", config, write("bad.json", orders))
	if !errors.As(err, &found) || !strings.Contains(err.Error(), "order 1, technician") {
		t.Errorf("nobody's order: %v", err)
	}
	if _, err := do(t, "visits", "import", "-config", config, write("bad.csv", "cat\n")); !errors.As(err, &found) {
		t.Errorf("no list: %v", err)
	}
	c, err := readConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	file, err := visit.Sign(c.operator, visit.Report{Report: "carebox-visit", Version: 1, Seconds: 840, Visit: visit.Visit{Serial: "cb-1"}})
	if err != nil {
		t.Fatal(err)
	}
	report, public := write("report.json", string(file)), filepath.Join(dir, "boxes", access["box"], "operator.pub")
	for _, by := range [][]string{{"-config", config}, {"-key", public}} {
		if out, err := do(t, append(append([]string{"visits", "verify"}, by...), report)...); err != nil || !strings.Contains(out, `"seconds":840`) {
			t.Errorf("%v: %q, %v", by, out, err)
		}
	}
	if _, err := do(t, "visits", "verify", "-config", config, write("changed.json", strings.Replace(string(file), "840", "60", 1))); !errors.Is(err, visit.ErrSignature) {
		t.Errorf("changed: %v", err)
	}
	for _, args := range [][]string{{"visits"}, {"visits", "dance"}, {"visits", "import"}, {"visits", "verify", report}, {"visits", "verify", "-config", config, "-key", public, report}} {
		if _, err := do(t, args...); !errors.Is(err, errUsage) {
			t.Errorf("%v: %v", args, err)
		}
	}
}
