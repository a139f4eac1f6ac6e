package mobileapi

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/mobile-api/accounts/accountstest"
)

// shelf is the stock in memory.
type shelf struct {
	now   func() time.Time
	mu    sync.Mutex
	items map[string]enrolment.Item
	lives map[string][]enrolment.Event
	clone enrolment.Clone
}

func (s *shelf) CloneOf(context.Context, string) (enrolment.Clone, error) { return s.clone, nil }

// String is what every box has gone through.
func (s *shelf) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprint(s.lives)
}

func (s *shelf) put(box string, state enrolment.State, by, detail string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[box] = enrolment.Item{Made: enrolment.Made{Box: box, Model: "CB-1"}, State: state, Since: s.now()}
	s.lives[box] = append(s.lives[box], enrolment.Event{At: s.now(), State: state, By: by, Detail: detail})
	return nil
}

func (s *shelf) Look(_ context.Context, box string) (enrolment.Item, []enrolment.Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lives[box] == nil {
		return enrolment.Item{}, nil, enrolment.ErrUnknown
	}
	return s.items[box], slices.Clone(s.lives[box]), nil
}

func (s *shelf) Serve(_ context.Context, box, by, detail string) error {
	return s.put(box, enrolment.StateServing, by, detail)
}

func (s *shelf) Swap(_ context.Context, box, by, detail string) error {
	if item, _, _ := s.Look(context.Background(), box); item.State == enrolment.StateSwapped {
		return enrolment.ErrMove
	}
	return s.put(box, enrolment.StateSwapped, by, detail)
}

func (s *shelf) Retire(_ context.Context, box, by, detail string) error {
	return s.put(box, enrolment.StateRetired, by, detail)
}

func (s *shelf) Restock(_ context.Context, box, by, detail string) (string, error) {
	return "ABCD-EFGH-JKMN-PQRS", s.put(box, enrolment.StateMade, by, detail)
}

// hire adds somebody of the staff, who belongs to no home.
func (w *world) hire(name string, role accounts.StaffRole) {
	w.t.Helper()
	row := accountstest.MemberRow{
		ID: uuid.NewString(), Name: name, Email: name + "@example.org", Locale: accounts.LocaleEnglish, Password: hashed(), Staff: string(role),
	}
	if _, err := w.store.AddMember(w.t.Context(), row); err != nil {
		w.t.Fatal(err)
	}
	w.member[name] = row.ID
}

func staffed(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	for _, role := range []accounts.StaffRole{accounts.StaffSupport, accounts.StaffTechnician, accounts.StaffSupervisor, accounts.StaffAdmin} {
		w.hire(string(role), role)
	}
	if err := w.stock.put("box-7", enrolment.StateClaimed, "box", ""); err != nil {
		t.Fatal(err)
	}
	w.order()
	k := assist.Case{ID: case1, Home: home1, Member: w.member["child"], Name: "child", Language: "fr", Screen: "/home", State: assist.CaseWaiting, AskedAt: begin}
	if _, _, err := w.cases.AddCase(t.Context(), k, begin, 1); err != nil {
		t.Fatal(err)
	}
	return w
}

// One row for each operation below /staff: what each role gets in a session that was begun with a second factor. In any
// other session everybody of the staff gets 403 second-factor; who is no staff finds nothing, however they came in.
var duties = []struct {
	method, path, body                     string
	support, technician, supervisor, admin int
}{
	{"POST", "/staff/cases/{case}/sessions", asking, 201, 403, 201, 201},
	{"GET", "/staff/events", "", 200, 200, 200, 200},
	{"GET", "/staff/sessions/{session}/proposals", "", 404, 403, 404, 404},
	{"POST", "/staff/sessions/{session}/proposals", proposing, 404, 403, 404, 404},
	{"GET", "/staff/sessions/{session}/queries", "", 404, 403, 404, 404},
	{"POST", "/staff/sessions/{session}/queries", ping, 404, 403, 404, 404},
	{"GET", "/staff/sessions/{session}/queries/{query}", "", 404, 403, 404, 404},
	{"DELETE", "/staff/sessions/{session}/queries/{query}", "", 404, 403, 404, 404},
	{"GET", "/staff/sessions", "", 200, 403, 200, 200},
	{"GET", "/staff/sessions/{session}", "", 404, 403, 404, 404},
	{"POST", "/staff/sessions/{session}/end", "", 404, 403, 404, 404},
	{"GET", "/staff/cases", "", 200, 403, 200, 200},
	{"PUT", "/staff/desk", `{}`, 204, 403, 204, 204},
	{"GET", "/staff/cases/{case}", "", 200, 403, 200, 200},
	{"POST", "/staff/cases/{case}/take", "", 200, 403, 200, 200},
	{"POST", "/staff/cases/{case}/messages", `{"text":"x"}`, 409, 403, 409, 409}, // it is nobody's
	{"POST", "/staff/cases/{case}/pictures", "x", 409, 403, 409, 409},
	{"POST", "/staff/cases/{case}/typing", "", 409, 403, 409, 409},
	{"GET", "/staff/cases/{case}/pictures/{picture}", "", 404, 403, 404, 404},
	{"POST", "/staff/cases/{case}/notes", `{"text":"x"}`, 201, 403, 201, 201},
	{"PUT", "/staff/cases/{case}/contact", `{"text":"x"}`, 200, 403, 200, 200},
	{"POST", "/staff/cases/{case}/handover", `{"reason":"x","tried":"y"}`, 409, 403, 409, 409},
	{"POST", "/staff/cases/{case}/handover/accept", "", 409, 403, 409, 409},
	{"POST", "/staff/cases/{case}/handover/decline", "", 409, 403, 409, 409},
	{"POST", "/staff/cases/{case}/called", "", 409, 403, 409, 409},
	{"POST", "/staff/cases/{case}/promise", `{"at":"2026-11-23T00:00:00Z","text":"x"}`, 409, 403, 409, 409},
	{"POST", "/staff/cases/{case}/wrap-up", `{"reason":"wifi","summary":"x"}`, 409, 403, 409, 409},
	{"POST", "/staff/sessions/{session}/ticket", "", 404, 403, 404, 404},
	{"GET", "/staff/cases/{case}/recordings", "", 200, 403, 200, 200},
	{"POST", "/staff/cases/{case}/recordings/{recording}/watch", "", 404, 403, 404, 404},
	{"GET", "/staff/boxes/{serial}", "", 200, 200, 200, 200},
	{"POST", "/staff/boxes/{serial}/assign", `{"home":"` + home1 + `","why":"visit"}`, 403, 200, 200, 200},
	{"POST", "/staff/boxes/{serial}/swap", `{"why":"broken"}`, 403, 200, 200, 200},
	{"POST", "/staff/boxes/{serial}/restock", `{}`, 403, 403, 200, 200},
	{"POST", "/staff/boxes/{serial}/retire", `{}`, 403, 403, 200, 200},
	{"GET", "/staff/visits", "", 403, 200, 200, 200},
	{"GET", "/staff/visits/{visit}", "", 403, 200, 200, 200},
	{"POST", "/staff/visits/{visit}/scan", `{"text":"box-7"}`, 403, 200, 200, 200},
	{"PUT", "/staff/visits/{visit}/steps/{step}", `{"kind":"way","at":"2026-11-21T18:00:00Z"}`, 403, 200, 200, 200},
	{"PUT", "/staff/visits/{visit}/photos/{photo}", shot(), 403, 200, 200, 200},
	{"GET", "/staff/visits/{visit}/photos/{photo}", "", 403, 200, 200, 200},
	{"DELETE", "/staff/visits/{visit}/photos/{photo}", "", 403, 200, 200, 200},
	{"GET", "/staff/visits/{visit}/report", "", 403, 200, 200, 200},
	{"GET", "/staff/visits/{visit}/report.pdf", "", 403, 200, 200, 200},
	{"GET", "/staff/members", "", 403, 403, 403, 200},
	{"PUT", "/staff/members", `{"email":"adult@example.org","role":"support"}`, 403, 403, 403, 200},
}

var proofs = map[accounts.Proof]bool{
	accounts.ProofPassword: false, accounts.ProofCode: false, "": false, accounts.ProofTOTP: true, accounts.ProofPasskey: true,
}

func TestEveryStaffRouteKnowsWhichRoleMay(t *testing.T) {
	for _, row := range duties {
		w := staffed(t) // of those who are refused: nothing in it changes
		before := w.stock.String() + w.visits.String() + w.cases.String()
		roles := map[string]int{"support": row.support, "technician": row.technician, "supervisor": row.supervisor, "admin": row.admin, "owner": 404}
		for name, strong := range roles {
			for proof, isStrong := range proofs {
				from := w
				if isStrong && strong/100 == 2 {
					from = staffed(t)
				}
				if isStrong && strong == http.StatusOK && row.path == "/staff/events" {
					from.ends() // so that the stream's answer does, too
				}
				a := from.by(proof, name).do(row.method, concrete(row.path), row.body)
				switch {
				case name == "owner":
					a.refuses(http.StatusNotFound, codeNotFound)
				case !isStrong:
					a.refuses(http.StatusForbidden, codeFactor)
				case strong == http.StatusForbidden:
					a.refuses(strong, codeStaffRole)
				default:
					a.is(strong)
				}
			}
		}
		if who, err := w.accounts.Staff(t.Context()); err != nil || len(who) != 4 || w.stock.String()+w.visits.String()+w.cases.String() != before {
			t.Errorf("%s %s: somebody who was refused changed something: %v", row.method, row.path, err)
		}
	}
}

func TestEveryStaffOperationHasARow(t *testing.T) {
	w, rows := newWorld(t), map[string]bool{}
	for _, row := range duties {
		rows[row.method+" "+row.path] = true
	}
	for path, item := range w.doc.Paths.Map() {
		for method := range item.Operations() {
			below := strings.HasPrefix(path, "/staff/")
			if below != rows[method+" "+path] {
				t.Errorf("%s %s: in the table %v", method, path, !below)
			}
			delete(rows, method+" "+path)
		}
	}
	for row := range rows {
		t.Errorf("%s is not in the document", row)
	}
}

func TestStaffSeeThatABoxIsCloned(t *testing.T) {
	w := staffed(t)
	const way = "/api/staff/boxes/box-7"
	var box StaffBox
	w.by(accounts.ProofTOTP, "support").do("GET", way, "").is(http.StatusOK).decode(&box)
	if box.Cloned != nil {
		t.Errorf("%+v", box.Cloned)
	}
	w.stock.clone = enrolment.Clone{
		Box: "cb-1", Since: begin, Newest: begin.Add(time.Minute), Takeovers: 4,
		Places: []enrolment.Place{{Address: netip.MustParseAddr("192.0.2.7"), Serial: "1a", First: begin, Newest: begin}},
	}
	w.by(accounts.ProofTOTP, "support").do("GET", way, "").is(http.StatusOK).decode(&box)
	if c := box.Cloned; c == nil || !c.Since.Equal(begin) || c.Takeovers != 4 || len(c.Places) != 1 || c.Places[0].Address != "192.0.2.7" {
		t.Errorf("%+v", box.Cloned)
	}
}

func TestStaffKnowWhoTheyAre(t *testing.T) {
	w := staffed(t)
	var me Me
	if w.as("support").do("GET", "/api/me", "").decode(&me); me.Member.Staff != accounts.StaffSupport {
		t.Errorf("%+v", me)
	}
	if w.as("adult").do("GET", "/api/me", "").decode(&me); len(me.Homes) != 1 {
		t.Errorf("%+v", me)
	}
}

func TestNoRoleOfStaffOpensAHome(t *testing.T) {
	w := staffed(t)
	for _, row := range access {
		if strings.Contains(row.path, "{home}") {
			w.pass(time.Second)
			w.by(accounts.ProofPasskey, "admin").at(1).do(row.method, concrete(row.path), row.body).refuses(http.StatusNotFound, codeNotFound)
		}
	}
}

func TestRolesAreGivenAndTakenAtOnce(t *testing.T) {
	w := staffed(t)
	admin, adult := w.by(accounts.ProofTOTP, "admin"), w.by(accounts.ProofPasskey, "adult")
	put := func(body string) *answer { return admin.do("PUT", "/api/staff/members", body) }
	adult.do("GET", "/api/staff/cases", "").refuses(http.StatusNotFound, codeNotFound)
	var list []StaffMember
	put(`{"email":" Adult@example.org","role":"supervisor"}`).is(http.StatusOK).decode(&list)
	if len(list) != 5 || list[1].Email != "adult@example.org" || list[1].Role != accounts.StaffSupervisor || list[1].SecondFactor {
		t.Errorf("list %+v", list)
	}
	adult.do("GET", "/api/staff/cases", "").is(http.StatusOK)
	adult.do("GET", "/api/staff/members", "").refuses(http.StatusForbidden, codeStaffRole)
	put(`{"email":"adult@example.org","role":""}`).is(http.StatusOK).decode(&list)
	adult.do("GET", "/api/staff/cases", "").refuses(http.StatusNotFound, codeNotFound)
	if len(list) != 4 || !strings.Contains(w.log.String(), "changed a role of staff") {
		t.Errorf("list %+v, log %s", list, w.log)
	}
	put(`{"email":"adult@example.org","role":"boss"}`).finds("word role")
	put(`{"email":"eve@example.org","role":"admin"}`).refuses(http.StatusNotFound, codeNotFound)
	put(`{"email":"x","role":"admin"}`).finds("email email")
	put(`{"email":"ADMIN@example.org","role":"support"}`).refuses(http.StatusConflict, codeOwnRole)
	w.hire("zo\u00e9", accounts.StaffAdmin)
	zoe := w.by(accounts.ProofPasskey, "zo\u00e9") // é in two characters is the same address
	zoe.do("PUT", "/api/staff/members", `{"email":"zoe\u0301@example.org","role":""}`).refuses(http.StatusConflict, codeOwnRole)
}

func TestBoxesGoTheirWay(t *testing.T) {
	w := staffed(t)
	boss := w.by(accounts.ProofPasskey, "supervisor")
	post := func(path, body string) *answer { return boss.do("POST", "/api/staff/boxes/"+path, body) }
	var box StaffBox
	post("BOX-7/assign", `{"home":"`+strings.ToUpper(home1)+`","why":" moved in "}`).is(http.StatusOK).decode(&box)
	last := box.Life[len(box.Life)-1]
	if box.State != enrolment.StateServing || last.By != "supervisor@example.org" || last.Detail != "moved in" || box.Code != "" {
		t.Errorf("box %+v", box)
	}
	post("box-7/restock", `{}`).is(http.StatusOK).decode(&box)
	if box.Code == "" || box.State != enrolment.StateMade || strings.Contains(w.log.String(), box.Code) {
		t.Errorf("box %+v", box)
	}
	post("box-7/swap", `{}`).is(http.StatusOK)
	post("box-7/swap", `{}`).refuses(http.StatusConflict, codeBoxState)
	post("box-7/assign", `{"home":"`+home1+`"}`).refuses(http.StatusConflict, codeBoxState)
	_ = w.stock.put("box-other", enrolment.StateMade, "box", "")
	post("box-other/assign", `{"home":"`+home1+`"}`).refuses(http.StatusConflict, codeBoxTaken)
	_ = w.stock.put("box-8", enrolment.StateMade, "box", "")
	for _, home := range []string{nowhere, "x", ""} {
		post("box-8/assign", `{"home":"`+home+`"}`).refuses(http.StatusNotFound, codeNotFound)
	}
	post("box-8/retire", `{"why":"`+strings.Repeat("é", 201)+`"}`).finds("length why")
	post("box-8/retire", `{"why":"a\u0000b"}`).finds("length why")
	for _, serial := range []string{"box-9", "%00", "..%2fbox-7", "box_7"} {
		boss.do("GET", "/api/staff/boxes/"+serial, "").refuses(http.StatusNotFound, codeNotFound)
	}
}
