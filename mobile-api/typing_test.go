package mobileapi

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// hears is what a stream says after something was done.
func (p *page) hears(do func()) string {
	synctest.Wait()
	p.take()
	do()
	synctest.Wait()
	return p.take()
}

func TestWhoWritesIsToldToTheOtherSideOfACaseAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := staffed(t)
		child, adult := w.as("child"), w.as("adult")
		julie, marc := w.by(accounts.ProofPasskey, "support"), w.by(accounts.ProofPasskey, "supervisor")
		own, its := home("/cases/"+case1+"/typing"), "/api/staff/cases/"+case1
		theirs := map[string]*page{
			"child": child.watch(), "adult": adult.watch(), "julie": julie.watching("/api/staff/events"), "marc": marc.watching("/api/staff/events"),
			"tom": w.by(accounts.ProofPasskey, "technician").watching("/api/staff/events"),
		}
		says := func(reader string, do func()) string {
			t.Helper()
			for _, p := range theirs {
				synctest.Wait()
				p.take()
			}
			got := theirs[reader].hears(do)
			for name, p := range theirs {
				if text := p.take(); name != reader && text != "" {
					t.Errorf("%s hears %q", name, text)
				}
			}
			return got
		}
		const typing = "event: typing\ndata: {\"case\":\"" + case1 + "\"}\n\n"
		types := func(c *client, path string) func() {
			return func() { c.do("POST", path, "").is(http.StatusNoContent) }
		}

		if got := says("julie", types(child, own)); got != "" {
			t.Errorf("while nobody has the case: %q", got)
		}
		julie.do("POST", its+"/typing", "").refuses(http.StatusConflict, codeCaseNotYours)
		julie.do("POST", its+"/take", "").is(http.StatusOK)
		if got := says("julie", types(child, own)); got != typing {
			t.Errorf("the agent hears %q", got)
		}
		if got := says("julie", types(child, own)); got != "" {
			t.Errorf("too soon again: %q", got)
		}
		w.pass(2 * time.Second)
		if got := says("julie", types(child, own)); got != typing {
			t.Errorf("again: %q", got)
		}
		if got := says("child", types(julie, its+"/typing")); got != typing {
			t.Errorf("the customer hears %q", got)
		}
		adult.do("POST", own, "").refuses(http.StatusNotFound, codeNotFound)
		marc.do("POST", its+"/typing", "").refuses(http.StatusConflict, codeCaseNotYours)

		marc.do("PUT", "/api/staff/desk", `{}`).is(http.StatusNoContent)
		julie.do("POST", its+"/handover", `{"to":"`+w.member["supervisor"]+`","reason":"x","tried":"y"}`).is(http.StatusOK)
		marc.do("POST", its+"/handover/accept", "").is(http.StatusOK)
		w.pass(2 * time.Second)
		if got := says("marc", types(child, own)); got != typing {
			t.Errorf("who has taken over hears %q", got)
		}

		child.do("POST", home("/cases/"+case1+"/close"), `{"solved":true}`).is(http.StatusOK)
		child.do("POST", own, "").refuses(http.StatusConflict, codeCaseState)
		marc.do("POST", its+"/typing", "").refuses(http.StatusConflict, codeCaseState)
		for _, p := range theirs {
			p.close()
			<-p.ended
		}
	})
}
