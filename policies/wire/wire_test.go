package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/policies"
)

var freeze = flag.Bool("freeze", false, "write the fixtures of the schema that is being made; never after its release")

// fixtures are the documents of schema 1 with every key in use. What a released version wrote must be read for ever.
func fixtures() map[string]any {
	at := time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC)
	until := at.Add(time.Hour)
	paused := policies.Verdict{Reason: policies.Reason{Kind: policies.KindPause, ID: "o1"}, Since: &at, Until: &until, Changes: &until}
	stranger := policies.Verdict{Online: true, Reason: policies.Reason{Kind: policies.KindUnknown, ID: "02:00:00:00:00:ff"}}
	return map[string]any{
		"desired.json": &Desired{
			Box: "box-1", Schema: 1, Revision: 7, Issued: at,
			Policy: json.RawMessage(`{"zone":"Europe/Paris","unknown":"allow","effect":"no-internet","people":[],"devices":[],` +
				`"schedules":[],"exceptions":[],"overrides":[],"budgets":[],"reservations":[]}`),
		},
		"hello.json": &Hello{
			Box: "box-1", Schema: 1, Version: "1.0.0", Revision: 6, TZ: "2025c", Capabilities: []string{"ip6tables"}, At: at,
		},
		"desired-asks.json": &Desired{
			Box: "box-1", Schema: 1, Revision: 7, Issued: at, Policy: json.RawMessage(`{"zone":"UTC"}`),
			Asks: []Answer{
				{ID: "a1", Device: "phone", State: AskSent, Minutes: 30, Asked: at.Add(-time.Minute), At: at},
				{ID: "a2", Device: "phone", State: AskSeen, By: "Camille", Minutes: 15, Asked: at.Add(-time.Minute), At: at},
				{ID: "a3", Device: "phone", State: AskGranted, By: "Camille", Minutes: 30, Until: &until, At: at},
				{ID: "a4", Device: "phone", State: AskRefused, By: "Sam", At: at},
				{ID: "a5", Device: "phone", State: AskExpired, At: at},
			},
		},
		"ask.json": &Ask{
			ID: "6b1f1b1e-8f5e-4b52-9d35-0c5f5b9f6a10", Device: "phone", MAC: "02:00:00:00:00:01", Minutes: 30, Why: WhyHomework, At: at,
		},
		"hello-ended.json": &Hello{
			Box: "box-1", Schema: 1, Version: "1.0.0", Revision: 6, TZ: "2025c", Capabilities: []string{"diagnose"}, At: at,
			Ended: []Ended{{Grant: "g1", By: EndedByBox, At: at}},
		},
		"hello-keys.json": &Hello{
			Box: "box-1", Schema: 1, Version: "1.0.0", Revision: 6, TZ: "2025c", Capabilities: []string{"diagnose"}, At: at,
			Key: Fingerprint(testKey().Public().(ed25519.PublicKey)), Next: Fingerprint(nextKey().Public().(ed25519.PublicKey)),
		},
		"succession.json": &Succession{
			Old: Fingerprint(testKey().Public().(ed25519.PublicKey)), New: nextKey().Public().(ed25519.PublicKey), Issued: at,
		},
		"grant.json": &Grant{
			ID: "0b0c6d3e-6c0f-4d5e-9f43-2c1b7b8f5a11", Home: "home:5a1b", Actor: Actor{Sub: "staff:julie", Iss: "https://carebox.example"},
			Box: "box-1", Scope: "see diagnose change", Issued: at.Unix(), Expires: at.Add(15 * time.Minute).Unix(), Revision: 2, Ended: true,
			Name: "Julie",
		},
		"query.json":  &Query{ID: "q1", Grant: "g1", Kind: QueryPing, Args: json.RawMessage(`{"host":"192.0.2.1","count":3}`), Seconds: 20},
		"result.json": &Result{Query: "q1", Grant: "g1", Seq: 1, Data: json.RawMessage(`{"seq":1,"rtt":0.25,"from":"192.0.2.1"}`)},
		"result-refused.json": &Result{
			Query: "q1", Grant: "g1", Seq: 2, Done: true, Error: RefusedEnded, Detail: "The grant has ended.",
		},
		"ended.json":     &Ended{Grant: "g1", By: EndedByBox, At: at},
		"heartbeat.json": &Heartbeat{Revision: 7, At: at},
		"reported.json": &Reported{
			Box: "box-1", At: at, Accepted: 7, InForce: 6, Since: at.Add(-time.Minute),
			Refused: &Refused{
				Revision: 8, Code: "policy", Detail: "The policy has 1 problem.", At: at,
				Problems: policies.Problems{{Code: policies.CodeTime, Field: "schedules[0].start", Detail: `"25:00" is no time from 00:00 to 23:59.`}},
			},
			Devices: []DeviceState{
				{ID: "phone", MAC: "02:00:00:00:00:01", Hostname: "phone", Present: true, Verdict: paused, Why: "a flow is left"},
				{MAC: "02:00:00:00:00:ff", Present: true, Verdict: stranger, InForce: true},
			},
			Usage:       []Used{{Person: "leo", Date: "2026-11-21", Minutes: 42, Hours: policies.Hours{8: 12, 18: 30}}},
			Clock:       Clock{Synchronised: true, Rule: policies.ClockKeepLast},
			Cut:         &Cut{Device: "phone", Revision: 6, Ruled: at, Proved: at.Add(300 * time.Millisecond), Flows: 3, Refusals: 12},
			Limitations: []Limitation{{Code: "no-ip6tables", Detail: "IPv6 is not filtered."}},
		},
		"reported-radios.json": &Reported{
			Box: "box-1", At: at, Accepted: 8, InForce: 8, Since: at.Add(-time.Minute), Devices: []DeviceState{},
			Clock:  Clock{Synchronised: true, Rule: policies.ClockKeepLast},
			Radios: []policies.Radio{radio(at)},
			Line:   &policies.Line{Down: 100_000_000, Up: 20_000_000, Source: policies.LineMeasured, At: at},
			Reservations: []ReservationState{
				{
					ID: "films", State: HoldMoved, Why: "radar", Detail: "Radar closed channel 100.", Radio: "wlan1", Channel: 36, Width: 80,
					Exclusive: true, FloorDown: 25_000_000, FloorUp: 2_000_000, Since: at, Returns: &until,
					Before: &Figures{Signal: -71, Retries: 18, Rate: 86_700_000, At: at.Add(-time.Hour)},
					After:  &Figures{Signal: -58, Retries: -1, Rate: 433_300_000, At: at},
				},
				{ID: "games", State: HoldRefused, Why: policies.CodeFloorsTooHigh, Since: at},
			},
		},
	}
}

// radio is one on its way to another channel, with something of everything.
func radio(at time.Time) policies.Radio {
	until := at.Add(time.Minute)
	return policies.Radio{
		Name: "wlan1", Band: policies.Band5, Country: "FR",
		Channels: []policies.Channel{
			{Number: 36, Frequency: 5180, Widths: []int{20, 40, 80}, Power: 23, Busy: 12, Noise: -95},
			{Number: 100, Frequency: 5500, Widths: []int{20}, Radar: true, Power: 30, Busy: -1},
		},
		Channel: 100, Width: 20, State: policies.RadioCheck, Why: policies.SelectReservation, Since: at, Until: &until, Load: -1,
		BSSes: []policies.BSS{{Interface: "wlan1", BSSID: "02:00:00:00:00:f1", SSID: "Léo's home", Exclusive: true}},
		Stations: []policies.Station{{
			MAC: "02:00:00:00:00:02", Interface: "wlan1", Signal: -58, TxRate: 433_300_000, RxRate: 390_000_000,
			Retries: 12, Failed: 1, Packets: 90_000, Since: at.Add(-time.Hour),
		}},
		Radar: []policies.Radar{{Channel: 52, At: at.Add(-time.Hour), Until: at.Add(-30 * time.Minute)}},
	}
}

func fixture(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "schema1", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// testKey is an operator's key of the tests. It signs nothing real.
func testKey() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte("carebox test key, signs nothing!"))
}

func public(t *testing.T, key ed25519.PrivateKey) ed25519.PublicKey {
	t.Helper()
	k, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		t.Fatal("the key has no public half")
	}
	return k
}

func TestFreeze(t *testing.T) {
	if !*freeze {
		return
	}
	for name, doc := range fixtures() {
		data, err := json.MarshalIndent(doc, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join("testdata", "schema1", name), append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"desired", "desired-asks"} {
		d, _ := fixtures()[name+".json"].(*Desired)
		message, err := Sign(testKey(), *d)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join("testdata", "schema1", name+".message"), message, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	g, _ := fixtures()["grant.json"].(*Grant)
	message, err := SignGrant(testKey(), *g)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("testdata", "schema1", "grant.message"), message, 0o644); err != nil {
		t.Fatal(err)
	}
	next, _ := fixtures()["succession.json"].(*Succession)
	if message, err = SignSuccession(testKey(), next.New, next.Issued); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("testdata", "schema1", "succession.message"), message, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFrozenLettersOfSupportAreRead(t *testing.T) {
	want := fixtures()
	hello, err := DecodeHello(fixture(t, "hello-ended.json"))
	same(t, want["hello-ended.json"], &hello, err)
	keys, err := DecodeHello(fixture(t, "hello-keys.json"))
	same(t, want["hello-keys.json"], &keys, err)
	next, err := OpenSuccession(fixture(t, "succession.message"), public(t, testKey()))
	same(t, want["succession.json"], &next, err)
	grant, err := OpenGrant(fixture(t, "grant.message"), public(t, testKey()), "box-1")
	same(t, want["grant.json"], &grant, err)
	query, err := DecodeQuery(fixture(t, "query.json"))
	query.Args = compact(t, query.Args)
	same(t, want["query.json"], &query, err)
	for _, name := range []string{"result.json", "result-refused.json"} {
		result, err := DecodeResult(fixture(t, name))
		result.Data = compact(t, result.Data)
		same(t, want[name], &result, err)
	}
	ended, err := DecodeEnded(fixture(t, "ended.json"))
	same(t, want["ended.json"], &ended, err)
}

// compact is JSON without the blanks of the fixtures.
func compact(t *testing.T, data json.RawMessage) json.RawMessage {
	t.Helper()
	if data == nil {
		return nil
	}
	var out bytes.Buffer
	if err := json.Compact(&out, data); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestFrozenDocumentsAreRead(t *testing.T) {
	want := fixtures()
	hello, err := DecodeHello(fixture(t, "hello.json"))
	same(t, want["hello.json"], &hello, err)
	heartbeat, err := DecodeHeartbeat(fixture(t, "heartbeat.json"))
	same(t, want["heartbeat.json"], &heartbeat, err)
	reported, err := DecodeReported(fixture(t, "reported.json"))
	same(t, want["reported.json"], &reported, err)
	radios, err := DecodeReported(fixture(t, "reported-radios.json"))
	same(t, want["reported-radios.json"], &radios, err)
	ask, err := DecodeAsk(fixture(t, "ask.json"))
	same(t, want["ask.json"], &ask, err)
	asks, err := Open(fixture(t, "desired-asks.message"), public(t, testKey()), "box-1")
	same(t, want["desired-asks.json"], &asks, err)
	desired, err := Open(fixture(t, "desired.message"), public(t, testKey()), "box-1")
	same(t, want["desired.json"], &desired, err)
	if _, err := policies.Parse(desired.Policy); err != nil {
		t.Error(err)
	}
}

// TestDocumentsAreStillWrittenSo shows that what is written now is what a reader of schema 1 expects, key by key.
func TestDocumentsAreStillWrittenSo(t *testing.T) {
	for name, doc := range fixtures() {
		data, err := json.MarshalIndent(doc, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(fixture(t, name)), string(data)+"\n"); diff != "" {
			t.Errorf("%s: -frozen +now\n%s", name, diff)
		}
	}
}

func same(t *testing.T, want, got any, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
