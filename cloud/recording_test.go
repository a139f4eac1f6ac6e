package main

import (
	"bytes"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/carebox-project/carebox/cloud/store"
	mobileapi "github.com/carebox-project/carebox/mobile-api"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// piece is a frame of the picture: kind 1 is a key frame, 2 a delta; text stands for what it shows.
func piece(kind byte, generation, seq uint32, text string) []byte {
	b := make([]byte, 16, 16+len(text))
	b[0], b[2] = kind, 1
	binary.BigEndian.PutUint32(b[4:], generation)
	binary.BigEndian.PutUint32(b[8:], 1)
	binary.BigEndian.PutUint32(b[12:], seq)
	return append(b, text...)
}

func film(t *testing.T, conn *websocket.Conn, frame []byte) {
	t.Helper()
	if err := conn.Write(t.Context(), websocket.MessageBinary, frame); err != nil {
		t.Fatal(err)
	}
}

// raw is the status and the bytes of an answer.
func (v *apiVisitor) raw(method, path string) (int, []byte) {
	v.t.Helper()
	return v.rawly(method, path, "")
}

func (v *apiVisitor) rawly(method, path, body string) (int, []byte) {
	v.t.Helper()
	for {
		r, err := http.NewRequestWithContext(v.t.Context(), method, v.url+strings.Replace(path, "~", "/api/homes/"+v.home, 1), strings.NewReader(body))
		if err != nil {
			v.t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		if v.token != "" {
			r.Header.Set("Authorization", "Bearer "+v.token)
		}
		if v.support != "" {
			r.Header.Set("Support-Session", v.support)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			v.t.Fatal(err)
		}
		data, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil {
			v.t.Fatal(err)
		}
		if answer.StatusCode != http.StatusTooManyRequests {
			return answer.StatusCode, data
		}
		<-time.After(100 * time.Millisecond) // the bucket of a session lets go by itself
	}
}

// texts is what the frames of a recording show, in order.
func texts(t *testing.T, b []byte) string {
	t.Helper()
	var found []string
	for len(b) > 0 {
		length := binary.BigEndian.Uint32(b[8:])
		found = append(found, string(b[12+16:12+length]))
		b = b[12+length:]
	}
	return strings.Join(found, " ")
}

func (v *apiVisitor) recordings() (list []mobileapi.Recording) {
	v.t.Helper()
	if status := v.patiently("GET", "~/recordings", 0, "", &list); status != http.StatusOK {
		v.t.Fatalf("reading recordings: %d", status)
	}
	return list
}

// recorded is a session whose customer lets their screen be kept, or not, from its beginning.
func (c *apiCloud) recorded(family, agent *apiVisitor, record bool) mobileapi.SupportSession {
	c.t.Helper()
	var begun mobileapi.SupportSession
	body := fmt.Sprintf(`{"scopes":["see"],"minutes":10,"text":"Keep the recording until","record":%t}`, record)
	status := family.patiently("POST", "~/support/"+c.ask(family, agent, `["see"]`).ID+"/consent", 0, body, &begun)
	if status != http.StatusOK || begun.Recording.On != record || begun.Recording.Until == nil {
		c.t.Fatalf("consenting: %d, %+v", status, begun)
	}
	return begun
}

// ends are both ends of a session, the screen's at replica 0 and somebody who looks at replica 1.
func (c *apiCloud) ends(session string) (screen, looker *websocket.Conn) {
	c.t.Helper()
	looker = c.dial(1, c.browser("Julie", accounts.ProofTOTP), "/api/staff/sessions/"+session+"/ticket")
	read(c.t, looker, `"type":"session"`)
	screen = c.dial(0, c.browser("Ada", accounts.ProofPassword), "~/support/"+session+"/ticket")
	read(c.t, screen, `"key.want"`)
	return screen, looker
}

// The whole way on both databases and two replicas: nothing while it is off, what was shown while it is on, who sees it, that
// this is told, and that it is gone when its customer says so.
func TestARecordingIsTheCustomers(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada, julie, sam := c.signIn("Ada", 0), c.hire("Julie", accounts.StaffSupport, 1), c.hire("Sam", accounts.StaffSupervisor, 0)
		begun := c.recorded(ada, julie, false)
		screen, looker := c.ends(begun.ID)
		film(t, screen, piece(1, 1, 0, "before"))
		read(t, looker, "before")
		if list := ada.recordings(); len(list) != 0 {
			t.Errorf("while it is off: %+v", list)
		}
		var now mobileapi.SupportSession
		turn := func(body string) {
			t.Helper()
			if status := ada.patiently("PUT", "~/support/"+begun.ID+"/recording", 0, body, &now); status != http.StatusOK {
				t.Fatalf("%s: %d", body, status)
			}
		}
		if got := ada.code("PUT", "~/support/"+begun.ID+"/recording", 0, `{"on":true}`); got != "422 invalid" {
			t.Errorf("without the words: %s", got)
		}
		turn(`{"on":true,"text":"Keep the recording for this case until"}`)
		if until := time.Until(*now.Recording.Until); !now.Recording.On || until < 29*24*time.Hour || until > 30*24*time.Hour {
			t.Errorf("on: %+v", now.Recording)
		}
		read(t, looker, `"recording":true`)
		read(t, screen, `"recording":true`)
		read(t, screen, `"key.want"`)
		film(t, screen, piece(2, 1, 1, "late"))
		film(t, screen, piece(1, 1, 0, "key"))
		film(t, screen, piece(2, 1, 1, "delta"))
		its := "/api/staff/cases/" + begun.Case + "/recordings"
		c.until("it is kept", func() bool { list := ada.recordings(); return len(list) == 1 && list[0].Bytes == 2*(8+16)+8 })
		turn(`{"on":false}`)
		film(t, screen, piece(2, 1, 2, "after"))
		read(t, looker, "after")
		if status := ada.do("POST", "~/support/"+begun.ID+"/end", 0, "", nil); status != http.StatusOK {
			t.Fatalf("ending: %d", status)
		}
		closing(t, screen)
		id := ada.recordings()[0].ID
		for name, get := range map[string]func() (int, []byte){
			"the customer": func() (int, []byte) { return ada.raw("GET", "~/recordings/"+id) },
			"the agent":    func() (int, []byte) { return julie.raw("POST", its+"/"+id+"/watch") },
			"a supervisor": func() (int, []byte) { return sam.raw("POST", its+"/"+id+"/watch") },
		} {
			if status, data := get(); status != http.StatusOK || texts(t, data) != "key delta" {
				t.Errorf("%s sees %d %q", name, status, data)
			}
		}
		if got := c.verbs(ada); got != "recording-on recording-off recording-watched recording-watched" {
			t.Errorf("the customer reads %q", got)
		}
		var export mobileapi.Export
		if status := ada.do("GET", "~/export", 0, "", &export); status != http.StatusOK || len(export.Recordings) != 1 || export.Recordings[0].ID != id {
			t.Errorf("export: %d, %+v", status, export.Recordings)
		}
		c.spoil(database, ada, julie, its+"/"+id)
		if status := ada.do("DELETE", "~/recordings/"+id, 0, "", nil); status != http.StatusNoContent {
			t.Fatalf("deleting: %d", status)
		}
		if got := julie.code("POST", its+"/"+id+"/watch", 0, ""); got != "404 recording-gone" {
			t.Errorf("after that the agent gets %s", got)
		}
		var found mobileapi.CaseRecordings
		julie.do("GET", its, 0, "", &found)
		if len(found.List) != 0 || len(found.Gone) != 1 || found.Gone[0].Expired || len(ada.recordings()) != 0 {
			t.Errorf("after that there is %+v", found)
		}
		c.verify()
	})
}

// verbs are those of the home's audit about recordings, oldest first.
func (c *apiCloud) verbs(adult *apiVisitor) string {
	c.t.Helper()
	var lines []mobileapi.AuditLine
	adult.do("GET", "~/audit", 0, "", &lines)
	var verbs []string
	for _, l := range lines {
		if strings.HasPrefix(l.Verb, "recording-") {
			verbs = append(verbs, l.Verb)
		}
	}
	slices.Reverse(verbs)
	return strings.Join(verbs, " ")
}

// spoil sees that a recording of which anything was changed in the database is refused, whole, with a reason.
func (c *apiCloud) spoil(database string, ada, julie *apiVisitor, its string) {
	c.t.Helper()
	id := its[strings.LastIndex(its, "/")+1:]
	_, _, parts, err := c.data.Recorded(c.t.Context(), id)
	if err != nil || len(parts) == 0 || strings.Contains(parts[0].Sealed, "delta") {
		c.t.Fatalf("%+v, %v", parts, err)
	}
	driver := "sqlite"
	if store.IsPostgres(database) {
		driver = "pgx"
	}
	db, err := sql.Open(driver, database)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	change := func(sealed string) {
		c.t.Helper()
		c.until("it is changed", func() bool { // another writes just now
			_, err := db.ExecContext(c.t.Context(), "UPDATE recording_part SET sealed = $1 WHERE recording = $2 AND n = 1", sealed, id)
			return err == nil
		})
	}
	change(strings.Replace(parts[0].Sealed, parts[0].Sealed[30:34], "AA+A", 1))
	if got := julie.code("POST", its+"/watch", 0, ""); got != "409 recording-damaged" {
		c.t.Errorf("a part that was changed, for the agent: %s", got)
	}
	if got := ada.code("GET", "~/recordings/"+id, 0, ""); got != "409 recording-damaged" {
		c.t.Errorf("a part that was changed, for the customer: %s", got)
	}
	change(parts[0].Sealed)
	if status, data := ada.raw("GET", "~/recordings/"+id); status != http.StatusOK || !bytes.Contains(data, []byte("delta")) {
		c.t.Errorf("as it was: %d", status)
	}
}

// From the consent on, in parts that outlive the replica that kept them; another goes on with a key frame.
func TestARecordingOutlivesItsReplica(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada, julie := c.signIn("Ada", 0), c.hire("Julie", accounts.StaffSupport, 1)
		begun := c.recorded(ada, julie, true)
		screen, looker := c.ends(begun.ID)
		film(t, screen, piece(1, 1, 0, "first"))
		read(t, looker, "first")
		c.until("it is kept", func() bool { list := ada.recordings(); return len(list) == 1 && list[0].Bytes > 0 && list[0].On })
		data, err := store.Open(t.Context(), database)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = data.Close() })
		data.Patience = soon
		data.Seal(c.key)
		c.url[0], c.url[1] = c.serve(data), c.serve(data)
		ada.url, julie.url = c.url[0], c.url[1]
		if err := c.data.Close(); err != nil { // what is on its way there is lost
			t.Fatal(err)
		}
		c.data = data
		screen, looker = c.ends(begun.ID)
		film(t, screen, piece(1, 2, 0, "second"))
		read(t, looker, "second")
		id := ada.recordings()[0].ID
		c.until("it goes on", func() bool {
			status, data := ada.raw("GET", "~/recordings/"+id)
			return status == http.StatusOK && texts(t, data) == "first second"
		})
	})
}

// recordingReach is what each gets in each phase: before a consent, while it is kept, after the session, after the deletion;
// the last holds for the rest. Whoever is not named finds nothing.
var recordingReach = map[string]map[string][]string{
	`PUT ~/support/{session}/recording {"on":true,"text":"x"}`: {
		"ada": {"404 not-found", "200", "403 support-over"}, "julie for ada": {"403 support-scope"},
	},
	"GET ~/recordings": {"ada": {"200"}, "bob": {"200"}, "leo": {"200"}, "julie for ada": {"403 support-scope"}},
	"GET ~/recordings/{recording}": {
		"ada": {"404 recording-gone", "200", "200", "404 recording-gone"}, "bob": {"404 recording-gone"}, "leo": {"404 recording-gone"},
		"julie for ada": {"403 support-scope"},
	},
	"DELETE ~/recordings/{recording}": { // by its customer: below
		"ada": {"404 recording-gone", "", "", "404 recording-gone"}, "bob": {"404 recording-gone"}, "leo": {"404 recording-gone"},
		"julie for ada": {"403 support-scope"},
	},
	"GET /api/staff/cases/{case}/recordings": {
		"julie": {"200"}, "marc": {"403 recording-held"}, "sam": {"200"}, "amy": {"200"}, "tom": {"403 staff-role"}, "julie for ada": {"403 support-scope"},
	},
	"POST /api/staff/cases/{case}/recordings/{recording}/watch": {
		"julie": {"404 recording-gone", "200", "200", "404 recording-gone"}, "sam": {"404 recording-gone", "200", "200", "404 recording-gone"},
		"amy": {"404 recording-gone", "200", "200", "404 recording-gone"}, "marc": {"403 recording-held"}, "tom": {"403 staff-role"},
		"julie for ada": {"403 support-scope"},
	},
}

// Each operation of recordings, by everybody, before a consent, while it is kept, after the session and after the deletion.
func TestWhoReachesARecording(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada, julie := c.signIn("Ada", 0), c.hire("Julie", accounts.StaffSupport, 1)
		who := map[string]*apiVisitor{
			"ada": ada, "bob": c.join("Bob", accounts.RoleAdult), "leo": c.signIn("Léo", 1), "eve": c.signIn("Eve", 0), "julie": julie,
			"marc": c.hire("Marc", accounts.StaffSupport, 0), "sam": c.hire("Sam", accounts.StaffSupervisor, 1),
			"tom": c.hire("Tom", accounts.StaffTechnician, 0), "amy": c.hire("Amy", accounts.StaffAdmin, 1), "nobody": {t: t, url: c.url[0], home: c.home},
		}
		acting := *julie
		who["julie for ada"] = &acting
		asked := c.ask(ada, julie, `["see"]`)
		acting.support = asked.ID
		id := "00000000-0000-4000-8000-000000000000"
		judge := func(phase int) {
			t.Helper()
			for op, wants := range recordingReach {
				method, path, _ := strings.Cut(op, " ")
				path, body, _ := strings.Cut(path, " ")
				path = strings.NewReplacer("{session}", asked.ID, "{case}", asked.Case, "{recording}", id).Replace(path)
				for name, v := range who {
					want, there := wants[name]
					if !there {
						want = []string{map[bool]string{true: "401 signed-out", false: "404 not-found"}[name == "nobody"]}
					}
					if want[min(phase, len(want)-1)] == "" {
						continue
					}
					var problem mobileapi.ProblemDocument
					status, data := v.rawly(method, path, body)
					_ = json.Unmarshal(data, &problem) // a recording is none
					if got := strings.TrimSpace(fmt.Sprint(status, " ", problem.Code)); got != want[min(phase, len(want)-1)] {
						t.Errorf("phase %d, %s: %s: %q, want %q", phase, name, op, got, want)
					}
				}
			}
		}
		judge(0)
		body := `{"scopes":["see"],"minutes":10,"text":"Keep it","record":true}`
		if status := ada.patiently("POST", "~/support/"+asked.ID+"/consent", 0, body, nil); status != http.StatusOK {
			t.Fatalf("consenting: %d", status)
		}
		id = ada.recordings()[0].ID
		judge(1)
		if status := ada.patiently("POST", "~/support/"+asked.ID+"/end", 0, "", nil); status != http.StatusOK {
			t.Fatalf("ending: %d", status)
		}
		judge(2)
		if status := ada.patiently("DELETE", "~/recordings/"+id, 0, "", nil); status != http.StatusNoContent {
			t.Fatalf("deleting: %d", status)
		}
		judge(3)
	})
}

// join is somebody else of the home.
func (c *apiCloud) join(name string, role accounts.Role) *apiVisitor {
	c.t.Helper()
	who := accounts.New(c.data, time.Now)
	m, err := who.Create(c.t.Context(), strings.ToLower(name)+"@example.org", name, apiPassword)
	if err == nil {
		err = who.Join(c.t.Context(), m.ID, accounts.Membership{Home: c.home, Role: role})
	}
	if err != nil {
		c.t.Fatal(err)
	}
	c.member[name] = m.Email
	return c.signIn(name, 0)
}

// Who leaves the home takes their recording away: nobody else could delete it.
func TestARecordingGoesWithItsMember(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada, bob, julie := c.signIn("Ada", 0), c.join("Bob", accounts.RoleAdult), c.hire("Julie", accounts.StaffSupport, 1)
		begun := c.recorded(bob, julie, true)
		if list := ada.recordings(); len(list) != 0 {
			t.Errorf("another adult sees %+v", list)
		}
		if len(bob.recordings()) != 1 || begun.Customer.Name != "Bob" {
			t.Errorf("it is not Bob's: %+v", begun.Customer)
		}
		if status := bob.patiently("DELETE", "~/members/"+begun.Customer.ID, 0, "", nil); status != http.StatusNoContent {
			t.Fatalf("leaving: %d", status)
		}
		c.until("it is gone", func() bool {
			var found mobileapi.CaseRecordings
			status := julie.patiently("GET", "/api/staff/cases/"+begun.Case+"/recordings", 0, "", &found)
			return status == http.StatusOK && len(found.List) == 0 && len(found.Gone) == 1 && found.Gone[0].Expired
		})
		if got := c.verbs(ada); got != "recording-on recording-expired" {
			t.Errorf("the audit says %q", got)
		}
	})
}
