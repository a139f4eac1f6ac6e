package accounts_test

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/throttle"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/mobile-api/accounts/accountstest"
	"github.com/carebox-project/carebox/policies"
)

const password = "correct horse battery"

var (
	begin = time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC)
	here  = netip.MustParseAddr("192.0.2.1")
)

// desk is accounts with a clock that only the test moves.
type desk struct {
	*accounts.Accounts
	t     *testing.T
	store *accountstest.Store
	mu    sync.Mutex
	now   time.Time
}

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, store: accountstest.New(map[string]string{"h-1": "City"}), now: begin}
	d.Accounts = accounts.New(d.store, d.clock)
	return d
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) pass(t time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(t)
}

func (d *desk) create(email string) accounts.Member {
	d.t.Helper()
	m, err := d.Create(d.t.Context(), email, "Ada", password)
	if err != nil {
		d.t.Fatal(err)
	}
	return m
}

func (d *desk) signIn(email, password string, from netip.Addr) (string, error) {
	_, token, err := d.SignIn(d.t.Context(), accounts.Credentials{
		Email: email, Password: password, Kind: accounts.KindApp, Client: "Phone\x00\xff", From: from,
	})
	return token, err
}

func TestMemberSignsInHoweverTheyTypeTheirEmail(t *testing.T) {
	d := newDesk(t)
	m := d.create(" Ada@Example.ORG ")
	if m.Email != "ada@example.org" || m.Locale != accounts.LocaleEnglish {
		t.Errorf("made %+v", m)
	}
	token, err := d.signIn("ADA@example.org", password, here)
	if err != nil {
		t.Fatal(err)
	}
	session, err := d.Session(t.Context(), token)
	if err != nil || session.Member != m || session.Client != "Phone" {
		t.Errorf("session %+v: %v", session, err)
	}
	for _, secret := range []string{token, password} {
		if strings.Contains(d.store.String(), secret) {
			t.Errorf("the store has the secret %q", secret)
		}
	}
}

func TestComposedAndDecomposedAccentsAreOnePassword(t *testing.T) {
	d := newDesk(t)
	if _, err := d.Create(t.Context(), "zoe@example.org", "Zo\u00e9", "m\u00e9lange et caf\u00e9"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.signIn("zoe@example.org", "me\u0301lange et cafe\u0301", here); err != nil {
		t.Error(err)
	}
}

func TestWhatIsWrongWithAMemberIsSaidAtOnce(t *testing.T) {
	d := newDesk(t)
	d.create("ada@example.org")
	for _, c := range []struct {
		email, name, password string
		codes                 []string
	}{
		{"no address", " ", "short", []string{"email", "name", "password"}},
		{"Ada <ada@example.org>", "A", password, []string{"email"}},
		{"ada@example.org\x00", "A\x00", password, []string{"email", "name"}},
		{strings.Repeat("a", 250) + "@example.org", strings.Repeat("é", 81), strings.Repeat("x", 257), []string{"email", "name", "password"}},
		{"ada@EXAMPLE.org", "Eve", password, []string{"taken"}},
	} {
		_, err := d.Create(t.Context(), c.email, c.name, c.password)
		var problems policies.Problems
		if !errors.As(err, &problems) {
			t.Errorf("%q: %v", c.email, err)
			continue
		}
		var codes []string
		for _, p := range problems {
			codes = append(codes, p.Code)
		}
		if diff := cmp.Diff(c.codes, codes); diff != "" {
			t.Errorf("%q: %s", c.email, diff)
		}
	}
}

func TestWrongEmailAndWrongPasswordAreTheSame(t *testing.T) {
	d := newDesk(t)
	d.create("ada@example.org")
	for i, c := range [][2]string{
		{"ada@example.org", "wrong horse battery"}, {"eve@example.org", password}, {"no address", password},
		{"ada@example.org", ""}, {"ada@example.org", strings.Repeat("x", 1<<20)},
	} {
		from := netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})
		if _, err := d.signIn(c[0], c[1], from); !errors.Is(err, accounts.ErrCredentials) {
			t.Errorf("%.40q: %v", c, err)
		}
	}
}

// The cost is what an attacker measures. Medians over a few tries lie close together; without the decoy hash they are
// thousandfold apart.
func TestUnknownEmailCostsWhatAKnownOneDoes(t *testing.T) {
	d := newDesk(t)
	d.create("ada@example.org")
	fastest := map[string]time.Duration{}
	for i := range 6 {
		for _, email := range []string{"ada@example.org", "eve@example.org"} {
			began := time.Now()
			if _, err := d.signIn(email, "wrong horse battery", netip.AddrFrom4([4]byte{192, 0, byte(i), 1})); !errors.Is(err, accounts.ErrCredentials) {
				t.Fatal(err)
			}
			if took := time.Since(began); fastest[email] == 0 || took < fastest[email] {
				fastest[email] = took
			}
		}
	}
	known, unknown := fastest["ada@example.org"], fastest["eve@example.org"]
	if known > 30*unknown || unknown > 30*known { // others work on this machine, too
		t.Errorf("known %s, unknown %s", known, unknown)
	}
}

func TestGuessingIsThrottledAndLetsGoByItself(t *testing.T) {
	d := newDesk(t)
	d.create("ada@example.org")
	for i := range 5 {
		if _, err := d.signIn("ada@example.org", fmt.Sprintf("wrong password %d", i), here); !errors.Is(err, accounts.ErrCredentials) {
			t.Fatalf("guess %d: %v", i, err)
		}
	}
	var throttled *throttle.Throttled
	for range 100 { // refused ones don't make it longer
		if _, err := d.signIn("ada@example.org", password, here); !errors.As(err, &throttled) {
			t.Fatalf("the right password after five guesses: %v", err)
		}
	}
	if throttled.After <= 0 || throttled.After > 30*time.Second {
		t.Errorf("again in %s", throttled.After)
	}
	if _, err := d.signIn("ada@example.org", password, netip.MustParseAddr("198.51.100.7")); err != nil {
		t.Errorf("the member elsewhere: %v", err)
	}
	d.pass(throttled.After)
	if _, err := d.signIn("ada@example.org", password, here); err != nil {
		t.Errorf("when it said: %v", err)
	}
}

func TestGuessingManyMembersIsThrottledByAddress(t *testing.T) {
	d := newDesk(t)
	var throttled *throttle.Throttled
	tries := 0
	for ; tries < 200; tries++ { // a /64 is one customer
		from := netip.MustParseAddr(fmt.Sprintf("2001:db8::%x", tries+1))
		_, err := d.signIn(fmt.Sprintf("member%d@example.org", tries), "wrong", from)
		if errors.As(err, &throttled) {
			break
		}
	}
	if tries != 30 {
		t.Errorf("%d tries got through", tries)
	}
	if _, err := d.signIn("other@example.org", "wrong", netip.MustParseAddr("2001:db8:0:1::1")); !errors.Is(err, accounts.ErrCredentials) {
		t.Errorf("the neighbour: %v", err)
	}
}

func TestManyAddressesAgainstOneMemberLeaveAWayIn(t *testing.T) {
	d := newDesk(t)
	d.create("ada@example.org")
	var throttled *throttle.Throttled
	tries := 0
	for ; tries < 200; tries++ {
		_, err := d.signIn("ada@example.org", "wrong", netip.AddrFrom4([4]byte{198, 51, 100, byte(tries)}))
		if errors.As(err, &throttled) {
			break
		}
	}
	if tries != 50 || throttled.After > 10*time.Second {
		t.Errorf("%d tries got through, again in %v", tries, throttled)
	}
	d.pass(10 * time.Second)
	if _, err := d.signIn("ada@example.org", password, here); err != nil {
		t.Errorf("the member: %v", err)
	}
}

func TestSessionSlidesAndEndsAfterAYear(t *testing.T) {
	d := newDesk(t)
	d.create("ada@example.org")
	token, err := d.signIn("ada@example.org", password, here)
	if err != nil {
		t.Fatal(err)
	}
	for day := 0; day < 364; day += 28 {
		if _, err := d.Session(t.Context(), token); err != nil {
			t.Fatalf("day %d: %v", day, err)
		}
		d.pass(28 * 24 * time.Hour)
	}
	d.pass(24 * time.Hour)
	if _, err := d.Session(t.Context(), token); !errors.Is(err, accounts.ErrSignedOut) {
		t.Errorf("after a year: %v", err)
	}
	if token, err = d.signIn("ada@example.org", password, here); err != nil {
		t.Fatal(err)
	}
	if d.store.Sessions() != 1 {
		t.Error("the session that ended is still kept")
	}
	d.pass(30 * 24 * time.Hour)
	if _, err := d.Session(t.Context(), token); !errors.Is(err, accounts.ErrSignedOut) {
		t.Errorf("after an idle month: %v", err)
	}
}

func TestSessionsAreListedAndRevoked(t *testing.T) {
	d := newDesk(t)
	ada, eve := d.create("ada@example.org"), d.create("eve@example.org")
	token, _ := d.signIn("ada@example.org", password, here)
	d.pass(time.Hour)
	if _, err := d.signIn("ada@example.org", password, here); err != nil {
		t.Fatal(err)
	}
	sessions, err := d.Sessions(t.Context(), ada)
	if err != nil || len(sessions) != 2 || !sessions[0].Used.After(sessions[1].Used) {
		t.Fatalf("%+v: %v", sessions, err)
	}
	lost := sessions[1].ID
	for _, c := range []struct {
		member, session string
		err             error
	}{{eve.ID, lost, accounts.ErrSignedOut}, {ada.ID, "x\x00", accounts.ErrSignedOut}, {ada.ID, lost, nil}, {ada.ID, lost, accounts.ErrSignedOut}} {
		if err := d.End(t.Context(), c.member, c.session); !errors.Is(err, c.err) {
			t.Errorf("ending %q: %v", c.session, err)
		}
	}
	if _, err := d.Session(t.Context(), token); !errors.Is(err, accounts.ErrSignedOut) {
		t.Errorf("its token: %v", err)
	}
}

func TestRolesAreThreeWords(t *testing.T) {
	d := newDesk(t)
	m := d.create("ada@example.org")
	if err := d.Join(t.Context(), m.ID, accounts.Membership{Home: "h-1", Role: "guest"}); err == nil {
		t.Error("a guest joined")
	}
	if err := d.Join(t.Context(), m.ID, accounts.Membership{Home: "h-1", Role: accounts.RoleChild, Person: "leo"}); err != nil {
		t.Fatal(err)
	}
	place, err := d.Place(t.Context(), m.ID, "h-1")
	if err != nil || place.Role != accounts.RoleChild || place.Role.Decides() || place.Person != "leo" {
		t.Errorf("%+v: %v", place, err)
	}
	homes, err := d.Homes(t.Context(), m.ID)
	if diff := cmp.Diff([]accounts.Membership{{Home: "h-1", Name: "City", Role: accounts.RoleChild, Person: "leo"}}, homes); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestStoreThatIsAwayIsNoWrongPassword(t *testing.T) {
	d := newDesk(t)
	d.create("ada@example.org")
	token, _ := d.signIn("ada@example.org", password, here)
	away := errors.New("away")
	d.store.Fail(away)
	if _, err := d.signIn("ada@example.org", password, here); !errors.Is(err, away) {
		t.Error(err)
	}
	if _, err := d.Session(t.Context(), token); !errors.Is(err, away) {
		t.Error(err)
	}
}

func TestHashingWaitsItsTurn(t *testing.T) {
	d := newDesk(t)
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			if _, err := d.signIn(fmt.Sprintf("m%d@example.org", i), password, here); !errors.Is(err, accounts.ErrCredentials) {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
