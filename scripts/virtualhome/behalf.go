package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

// tellOnBehalf keeps a place for the TV. The history says for whom, and who did it; the box's queues change.
func tellOnBehalf(ctx context.Context, t *telling) (f figures, err error) {
	if t.pristine, err = t.traffic(ctx); err != nil {
		return nil, err
	}
	at := time.Now()
	if err := t.behalf(ctx, http.MethodPut, "/reservations/film", film()); err != nil {
		return nil, err
	}
	s, err := t.filmKept(ctx)
	if err != nil {
		return nil, err
	}
	kept := time.Since(at)
	newest, err := t.newest(ctx)
	if err != nil {
		return nil, err
	}
	one := t.desktop.session
	if a := newest.Actor; newest.Revision != s.Asked.Revision || a.Member != one.Customer.ID || a.Act.Staff != one.Staff.ID || a.Act.Session != one.ID {
		return nil, fmt.Errorf("the history says %+v, of %+v", newest, one)
	}
	r := s.Reservation("film")
	return figures{"inForceMs": milliseconds(kept), "floorMbit": megabits(float64(r.FloorDown)), "for": newest.Actor.Name, "by": newest.Actor.Act.Name}, nil
}

// entry is what the history says of a change.
type entry struct {
	Revision int64
	Actor    struct {
		Member, Name string
		Act          struct{ Staff, Name, Session string }
	}
}

func (t *telling) newest(ctx context.Context) (entry, error) {
	var list []entry
	if err := t.family(ctx, http.MethodGet, "/history?limit=1", nil, &list); err != nil {
		return entry{}, err
	}
	if len(list) != 1 {
		return entry{}, errors.New("the history is empty")
	}
	return list[0], nil
}

// filmKept waits until the box has proved the reservation, and its queues are others than before.
func (t *telling) filmKept(ctx context.Context) (State, error) {
	if _, err := t.Client.InForce(ctx); err != nil {
		return State{}, err
	}
	s, err := t.Client.Await(ctx, "the reservation to be in force", filmInForce)
	if err != nil {
		return s, err
	}
	now, err := t.traffic(ctx)
	if err == nil && now == t.pristine {
		err = errors.New("the box's queues are as before")
	}
	return s, err
}

// takeBack has the customer take something back, and waits until the box is as it was before anybody helped.
func (t *telling) takeBack(ctx context.Context, path string) (figures, error) {
	at, s, err := t.change(ctx, http.MethodPost, path, nil)
	if err != nil {
		return nil, err
	}
	if len(s.Policy.Reservations)+len(s.Policy.Overrides) > 0 {
		return nil, fmt.Errorf("left are %+v and %+v", s.Policy.Reservations, s.Policy.Overrides)
	}
	f := figures{"inForceMs": milliseconds(time.Since(at))}
	return f, poll(ctx, "queues and marks to be as before", func() error {
		now, err := t.traffic(ctx)
		if err == nil && now != t.pristine {
			err = fmt.Errorf("before:\n%s\nnow:\n%s", t.pristine, now)
		}
		return err
	})
}

// tellUndo takes back that one change.
func tellUndo(ctx context.Context, t *telling) (figures, error) {
	newest, err := t.newest(ctx)
	if err != nil {
		return nil, err
	}
	return t.takeBack(ctx, fmt.Sprintf("/history/%d/undo", newest.Revision))
}

// tellUndoAll has the staff change two more things, and the customer take all of the visit back.
func tellUndoAll(ctx context.Context, t *telling) (figures, error) {
	if err := t.behalf(ctx, http.MethodPut, "/reservations/film", film()); err != nil {
		return nil, err
	}
	if err := t.behalf(ctx, http.MethodPost, "/pause", onPhone()); err != nil {
		return nil, err
	}
	s, err := t.filmKept(ctx)
	if err != nil {
		return nil, err
	}
	if d := s.Device("leo-phone"); d.InForce == nil || d.InForce.Verdict.Online {
		return nil, fmt.Errorf("the phone is shown as %+v", d)
	}
	f, err := t.takeBack(ctx, "/support/"+t.desktop.session.ID+"/undo")
	if err != nil {
		return nil, err
	}
	f["changes"] = 2
	return f, nil
}

// over shows that the session lets nobody do anything any more, in the cloud and at the box.
func (t *telling) over(ctx context.Context) error {
	if err := refusedWith(t.behalf(ctx, http.MethodPost, "/pause", onPhone()), "support-over"); err != nil {
		return fmt.Errorf("changing after the end: %w", err)
	}
	_, err := t.question(ctx, wire.QueryPing, pingArgs(1))
	if err := refusedWith(err, "support-over"); err != nil {
		return fmt.Errorf("measuring after the end: %w", err)
	}
	return t.onPage(ctx, false)
}

// onPage waits until the box's own page shows that somebody helps, or that nobody does.
func (t *telling) onPage(ctx context.Context, helps bool) error {
	return poll(ctx, "the box's page", func() error {
		_, text, err := t.boxPage(ctx, http.MethodGet, "/", "")
		if err == nil && strings.Contains(text, t.desktop.session.ID) != helps {
			err = fmt.Errorf("whether somebody helps is not %t: %s", helps, text)
		}
		return err
	})
}

// tellEnd ends the session while the box measures for it: that ends, and the next call is refused.
func tellEnd(ctx context.Context, t *telling) (figures, error) {
	if err := t.onPage(ctx, true); err != nil {
		return nil, err
	}
	q, err := t.question(ctx, wire.QueryPing, map[string]any{"host": silent, "count": 20})
	if err != nil {
		return nil, err
	}
	at := time.Now()
	if err := t.family(ctx, http.MethodPost, "/support/"+t.desktop.session.ID+"/end", nil, &t.desktop.session); err != nil {
		return nil, err
	}
	refused := refusedWith(t.behalf(ctx, http.MethodPost, "/pause", onPhone()), "support-over")
	if refused != nil || t.desktop.session.EndedBy != "customer" {
		return nil, fmt.Errorf("the session is %+v: %w", t.desktop.session, refused)
	}
	f := figures{"refusedMs": milliseconds(time.Since(at)), "code": "support-over"}
	if err := t.over(ctx); err != nil {
		return nil, err
	}
	f["goneFromTheBoxMs"] = milliseconds(time.Since(at))
	q, err = t.answered(ctx, q)
	if err == nil && q.State != "cancelled" {
		err = fmt.Errorf("what the box was at is %+v", q)
	}
	f["measuring"] = q.State
	return f, err
}

const silent = "192.168.7.99" // nobody of the home has it

// tellCutOff ends another session on the box's own page, from a device of the home, while the cloud is out of reach and a
// question of the staff is on its way.
func tellCutOff(ctx context.Context, t *telling) (figures, error) {
	if err := t.request(ctx); err != nil {
		return nil, err
	}
	if err := t.consent(ctx, everyScope()); err != nil {
		return nil, err
	}
	if err := t.onPage(ctx, true); err != nil { // so the box has its letter
		return nil, err
	}
	if err := t.askCutOff(ctx); err != nil {
		return nil, err
	}
	at := time.Now()
	id := t.desktop.session.ID
	status, text, err := t.boxPage(ctx, http.MethodPost, "/end", "grant="+id)
	if err != nil || status != http.StatusSeeOther {
		return nil, fmt.Errorf("ending it at the box answered %d: %s: %w", status, text, err)
	}
	if err := t.onPage(ctx, false); err != nil {
		return nil, err
	}
	f := figures{"endedMs": milliseconds(time.Since(at))}
	one, err := t.seen(ctx, id)
	if err == nil && one.State != "active" {
		err = fmt.Errorf("the cloud cannot know, and says %+v", one)
	}
	return f, err
}

// askCutOff cuts the cloud off and asks the box, which the cloud believes to be there. On a machine that is so slow that it
// does not any more, the link is mended, and cut off again.
func (t *telling) askCutOff(ctx context.Context) error {
	return poll(ctx, "a question to be on its way", func() error {
		if _, err := t.Client.Await(ctx, "the box to be there", boxThere); err != nil {
			return fatal{err}
		}
		t.desktop.links = t.links()
		if err := t.cutLink(ctx, true); err != nil {
			return fatal{err}
		}
		var err error
		if t.desktop.late, err = t.question(ctx, wire.QueryPing, pingArgs(1)); err == nil {
			return nil
		}
		if mended := t.cutLink(ctx, false); mended != nil || !strings.Contains(err.Error(), `"box-away"`) {
			return fatal{errors.Join(err, mended)}
		}
		return err
	})
}

// cutLink drops all between the cloud and the box, or lets it through again.
func (h *House) cutLink(ctx context.Context, cut bool) error {
	backend, how := h.options.Home.Backend, "-D"
	if backend == "" {
		backend = "nft"
	}
	if cut {
		how = "-I"
	}
	for _, way := range [][]string{{"INPUT", "--dport"}, {"OUTPUT", "--sport"}} {
		if err := h.Internet.Run(ctx, "iptables-"+backend, "-w", how, way[0], "-p", "tcp", way[1], "8883", "-j", "DROP"); err != nil {
			return fmt.Errorf("cutting the link: %t: %w", cut, err)
		}
	}
	return nil
}

// tellLinkBack lets the link come back: the box refuses what was on its way, and the session is dead in the cloud, too.
func tellLinkBack(ctx context.Context, t *telling) (figures, error) {
	at := time.Now()
	if err := t.cutLink(ctx, false); err != nil {
		return nil, err
	}
	err := poll(ctx, "the session to be dead", func() error {
		one, err := t.seen(ctx, t.desktop.session.ID)
		if err == nil && (one.State != "ended" || one.EndedBy != "box") {
			err = errors.Join(fmt.Errorf("it is %q", one.State), rest(ctx, 100*time.Millisecond))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	f := figures{"deadMs": milliseconds(time.Since(at)), "endedBy": "box"}
	if err := t.over(ctx); err != nil {
		return nil, err
	}
	if f["onItsWay"], err = t.lateRefused(ctx); err != nil {
		return nil, err
	}
	q, err := t.answered(ctx, t.desktop.late)
	if err == nil && len(q.Results) > 0 {
		err = fmt.Errorf("the box has answered %+v", q)
	}
	return f, err
}

// lateRefused waits until the box has refused what was on its way.
func (t *telling) lateRefused(ctx context.Context) (how string, err error) {
	err = poll(ctx, "the box to refuse what was on its way", func() error {
		if how = t.turnedAway(t.desktop.session.ID, t.desktop.links); how == "" {
			return errors.New("it has not said so")
		}
		return nil
	})
	return how, err
}

// turnedAway is how the box refused what was on its way under a session when it had come to the cloud so often: "" while it
// has not. On a machine that is so slow that both ends gave the connection up it is lost with that: the box never hears of it.
func (h *House) turnedAway(session string, links int) string {
	for line := range strings.Lines(h.Log("agent")) {
		if strings.Contains(line, "refused a query") && strings.Contains(line, session) && strings.Contains(line, "grant-ended") {
			return "grant-ended"
		}
	}
	if h.links() > links {
		return "lost"
	}
	return ""
}

// links is how often the box has come to the cloud.
func (h *House) links() int { return strings.Count(h.Log("agent"), connected) }

const connected = " msg=connected " // what the agent writes

// tellAudit has the customer read what was done with their home, and the operator prove that nobody has changed it.
func tellAudit(ctx context.Context, t *telling) (figures, error) {
	var lines []struct {
		Seq              int64
		Verb, Prev, Hash string
	}
	if err := t.family(ctx, http.MethodGet, "/audit?limit=100", nil, &lines); err != nil {
		return nil, err
	}
	of := map[string]int{}
	for _, l := range lines {
		of[l.Verb]++
	}
	for verb, least := range map[string]int{"support-asked": 3, "support-consented": 3, "support-ended": 3, "change": 3, "undo": 1, "undo-visit": 1, "query": 2} {
		if of[verb] < least {
			return nil, fmt.Errorf("the customer reads %v, and %q not %d times", of, verb, least)
		}
	}
	said, err := t.carebox(ctx, "audit", "verify", "-config", t.cloudConfig())
	if err != nil {
		return nil, err
	}
	var verified struct{ Lines int }
	if err := json.Unmarshal(said, &verified); err != nil || verified.Lines < len(lines) {
		return nil, fmt.Errorf("the verification says %s: %w", said, err)
	}
	return figures{"read": len(lines), "verified": verified.Lines, "verify": "ok"}, nil
}
