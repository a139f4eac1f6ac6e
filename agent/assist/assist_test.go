package assist

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

func TestAGrantOpensTheBoxUntilItsDeadline(t *testing.T) {
	inBubble(t, func(b *box) {
		b.expect("before any letter", wire.RefusedUnknown)
		b.send(b.grant(nil))
		b.expect("under the letter", "")
		if live := b.desk.Live(); len(live) != 1 || live[0].Name != "Julie" || !live[0].Measures || live[0].Left != 15*time.Minute {
			t.Errorf("live: %+v", live)
		}
		time.Sleep(15*time.Minute - time.Second)
		b.expect("a second before the deadline", "")
		time.Sleep(time.Second)
		b.expect("at the deadline", wire.RefusedEnded)
		b.send(b.grant(func(g *wire.Grant) { g.Issued, g.Expires = g.Issued-900, g.Expires-900 }))
		b.expect("the same letter again", wire.RefusedEnded)
		if live := b.desk.Live(); len(live) != 0 {
			t.Errorf("live: %+v", live)
		}
	})
}

// The cloud says nothing after the first letter, and somebody plays with the clock.
func TestNoClockProlongsAGrant(t *testing.T) {
	for _, step := range []time.Duration{-24 * time.Hour, 24 * time.Hour, -50 * 365 * 24 * time.Hour} {
		inBubble(t, func(b *box) {
			letter := b.grant(nil)
			b.send(letter)
			time.Sleep(10 * time.Minute)
			b.set(func() { b.step = step })
			b.expect(fmt.Sprint("clock stepped by ", step), "")
			b.send(letter)
			b.expect("the same letter after the step", "")
			time.Sleep(5*time.Minute - time.Second)
			b.expect("a second before the deadline", "")
			time.Sleep(time.Second)
			b.expect("at the deadline", wire.RefusedEnded)
			b.send(letter)
			b.expect("the same letter after the deadline", wire.RefusedEnded)
			b.stop()
			b.start()
			b.send(letter)
			b.expect("the same letter after a restart", wire.RefusedEnded)
		})
	}
}

func TestALetterThatComesLateIsShorter(t *testing.T) {
	inBubble(t, func(b *box) {
		letter := b.grant(nil)
		time.Sleep(14 * time.Minute)
		b.send(letter)
		b.expect("with a minute left", "")
		time.Sleep(time.Minute)
		b.expect("when it has expired", wire.RefusedEnded)
	})
	inBubble(t, func(b *box) {
		letter := b.grant(nil)
		time.Sleep(15 * time.Minute)
		b.send(letter)
		b.expect("expired on its way", wire.RefusedUnknown)
	})
	inBubble(t, func(b *box) { // a clock that is a day behind gives no more than the letter's own life
		b.set(func() { b.step = -24 * time.Hour })
		b.send(b.grant(nil))
		time.Sleep(15*time.Minute - time.Second)
		b.expect("before the deadline", "")
		time.Sleep(time.Second)
		b.expect("at the deadline", wire.RefusedEnded)
	})
}

// A restart of the agent gives nothing back, and a power cut no more than a minute, whatever the clock shows then.
func TestRestartsProlongNothing(t *testing.T) {
	for name, restart := range map[string]func(*box){
		"the agent":                     func(b *box) { b.stop(); b.start() },
		"the kernel":                    func(b *box) { b.powerCut(0) },
		"the kernel, in 1970":           func(b *box) { b.powerCut(-50 * 365 * 24 * time.Hour) },
		"the kernel, behind":            func(b *box) { b.powerCut(-24 * time.Hour) },
		"the kernel, both times behind": func(b *box) { b.set(func() { b.step = -24 * time.Hour }); b.powerCut(-24 * time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(b *box) {
				letter := b.grant(nil)
				b.send(letter)
				time.Sleep(10 * time.Minute)
				restart(b)
				b.expect("before the letter comes again", wire.RefusedUnknown)
				b.send(letter)
				b.expect("when it has come again", "")
				time.Sleep(5*time.Minute - time.Second)
				b.expect("before the deadline", "")
				time.Sleep(time.Second + keepEvery)
				b.expect("after the deadline", wire.RefusedEnded)
			})
		})
	}
}

func TestLaterRevisionsNarrowAndEnd(t *testing.T) {
	rev := func(n int64, change func(*wire.Grant)) func(*wire.Grant) {
		return func(g *wire.Grant) {
			g.Revision = n
			if change != nil {
				change(g)
			}
		}
	}
	inBubble(t, func(b *box) {
		first := b.grant(nil)
		b.send(first)
		b.send(b.grant(rev(2, func(g *wire.Grant) { g.Scope = "see diagnose change" })))
		b.send(b.grant(rev(2, func(g *wire.Grant) { g.Expires++ })))
		b.expect("after letters that would allow more", "")
		if g := b.desk.knows("g1"); g.Revision != 1 || g.Life() != 15*time.Minute || g.Scope != "see diagnose" {
			t.Errorf("what is remembered: %+v", g)
		}
		time.Sleep(time.Minute)
		b.send(b.grant(rev(3, func(g *wire.Grant) { g.Scope = "see"; g.Expires -= 60 })))
		b.expect("narrowed to what is no measuring", wire.RefusedScope)
		b.send(first)
		b.expect("the first letter again", wire.RefusedScope)
		b.send(b.grant(rev(4, func(g *wire.Grant) { g.Expires -= 120 })))
		b.expect("widened again", wire.RefusedScope)
		b.stop()
		b.start()
		b.send(first)
		b.expect("the first letter after a restart", wire.RefusedUnknown)
	})
	inBubble(t, func(b *box) { // an older one changes nothing, not even what is remembered
		b.send(b.grant(nil), b.grant(rev(5, nil)), b.grant(rev(4, nil)))
		if g := b.desk.knows("g1"); g.Revision != 5 {
			t.Errorf("what is remembered: %+v", g)
		}
	})
	inBubble(t, func(b *box) { // a shorter one holds
		b.send(b.grant(nil), b.grant(rev(2, func(g *wire.Grant) { g.Expires -= 600 })))
		time.Sleep(5*time.Minute - time.Second)
		b.expect("before the new deadline", "")
		time.Sleep(time.Second)
		b.expect("at the new deadline", wire.RefusedEnded)
	})
	for name, again := range map[string]func(*box){
		"": func(*box) {}, ", after a restart": func(b *box) { b.stop(); b.start() }, ", after a power cut": func(b *box) { b.powerCut(-24 * time.Hour) },
	} {
		inBubble(t, func(b *box) {
			first := b.grant(nil)
			b.send(first, b.grant(rev(2, func(g *wire.Grant) { g.Ended = true })))
			b.expect("ended", wire.RefusedEnded)
			again(b)
			b.send(first)
			b.expect("the first letter again"+name, wire.RefusedEnded)
			b.send(b.grant(rev(3, nil)))
			b.expect("a later revision"+name, wire.RefusedEnded)
			b.send(b.grant(func(g *wire.Grant) { g.ID = "g2" }))
			if got := b.ask("g2"); got != "" {
				t.Errorf("another letter%s: %q", name, got)
			}
		})
	}
	inBubble(t, func(b *box) { // the end comes first
		b.send(b.grant(rev(2, func(g *wire.Grant) { g.Ended = true })), b.grant(nil))
		b.expect("a letter that was overtaken", wire.RefusedEnded)
	})
}

func TestForgedLettersOpenNothing(t *testing.T) {
	inBubble(t, func(b *box) {
		whole := b.grant(nil)
		other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
		forged, err := wire.SignGrant(other, wire.Grant{
			ID: "g1", Home: "home:h1", Actor: wire.Actor{Sub: "staff:eve", Iss: "carebox"}, Box: "box-1", Scope: "diagnose",
			Issued: time.Now().Unix(), Expires: time.Now().Unix() + 900, Revision: 1,
		})
		if err != nil {
			t.Fatal(err)
		}
		longer := bytes.Replace(whole, []byte(`"rev":1`), []byte(`"rev":9`), 1)
		b.send(nil, []byte("x"), whole[:80], forged, longer, bytes.Repeat([]byte("x"), 1<<20))
		b.expect("forged letters", wire.RefusedUnknown)
		b.send(b.grant(func(g *wire.Grant) { g.Box = "box-2" }))
		b.expect("a letter for another box", wire.RefusedUnknown)
		b.send(whole)
		for _, change := range []func(*wire.Grant){
			func(g *wire.Grant) { g.Home = "home:h2" },
			func(g *wire.Grant) { g.Actor.Sub = "staff:eve" },
			func(g *wire.Grant) { g.Actor.Iss = "elsewhere" },
		} {
			b.send(b.grant(func(g *wire.Grant) { g.Revision = 2; g.Ended = true; change(g) }))
		}
		b.expect("somebody else's letters of the same id", "")
		if lines := strings.Count(b.log.String(), "level=WARN"); lines > 8 {
			t.Errorf("%d lines were logged", lines)
		}
	})
}

// With the cloud away somebody ends the session at the box. The letter that comes when the link is back opens nothing.
func TestEndedAtTheBox(t *testing.T) {
	inBubble(t, func(b *box) {
		letter := b.grant(nil)
		b.send(letter)
		b.send(b.grant(func(g *wire.Grant) { g.ID = "g2"; g.Actor.Sub = "member:camille"; g.Name = "Camille" }))
		if b.desk.End("nobody's") || !b.desk.End("g1") || b.desk.End("g1") {
			t.Error("ending does not say what it did")
		}
		b.expect("ended at the box", wire.RefusedEnded)
		if got := b.ask("g2"); got != "" {
			t.Errorf("the other grant: %q", got)
		}
		told := b.desk.Untold()
		if b.told != 1 || len(told) != 1 || told[0].Grant != "g1" || told[0].By != wire.EndedByBox || !told[0].At.Equal(time.Now()) {
			t.Errorf("told %d times: %+v", b.told, told)
		}
		b.powerCut(-24 * time.Hour)
		b.send(letter)
		b.expect("the letter when the link is back", wire.RefusedEnded)
		b.send(b.grant(func(g *wire.Grant) { g.Revision = 2; g.Scope = "diagnose"; g.Expires -= 60 }))
		b.expect("a narrower one", wire.RefusedEnded)
		if told := b.desk.Untold(); len(told) != 1 {
			t.Errorf("untold after a power cut: %+v", told)
		}
		b.send(b.grant(func(g *wire.Grant) { g.Revision = 3; g.Ended = true }))
		if told := b.desk.Untold(); len(told) != 0 {
			t.Errorf("untold when the cloud knows: %+v", told)
		}
		b.expect("when the cloud knows", wire.RefusedEnded)
	})
}

func TestWhatCannotBeRememberedIsNotTaken(t *testing.T) {
	inBubble(t, func(b *box) {
		b.store.breaks(true)
		letter := b.grant(nil)
		b.send(letter)
		b.expect("with a full disk", wire.RefusedUnknown)
		b.store.breaks(false)
		b.send(letter)
		b.expect("with room again", "")
		b.store.breaks(true)
		if !b.desk.End("g1") {
			t.Error("it was not ended")
		}
		b.expect("ended with a full disk", wire.RefusedEnded)
	})
	inBubble(t, func(b *box) {
		letter := b.grant(nil)
		b.send(letter)
		time.Sleep(time.Minute)
		b.stop()
		b.store.body, b.store.damaged = nil, true
		b.start()
		b.send(letter)
		b.expect("a letter of before the loss", wire.RefusedUnknown)
		b.send(b.grant(func(g *wire.Grant) { g.ID = "g2" }))
		if got := b.ask("g2"); got != "" {
			t.Errorf("a letter of after it: %q", got)
		}
	})
}

// Memory is bounded, and forgets nothing that could come again.
func TestManyLetters(t *testing.T) {
	inBubble(t, func(b *box) {
		ended := b.grant(nil)
		b.send(ended, b.grant(func(g *wire.Grant) { g.Revision = 2; g.Ended = true }))
		for i := range 2 * maxLetters {
			b.send(b.grant(func(g *wire.Grant) { g.ID = fmt.Sprint("check-", i); g.Expires = g.Issued + 300 }))
			time.Sleep(time.Minute)
			if n := b.desk.remembers(); n > maxLetters {
				t.Fatalf("%d letters are remembered", n)
			}
		}
		b.stop()
		b.step = -30 * 24 * time.Hour
		b.start()
		b.send(ended)
		if got := b.ask("g1"); got == "" {
			t.Error("a letter that was ended and forgotten came again, with the clock set back")
		}
	})
	inBubble(t, func(b *box) { // where all that is remembered could still come again, nothing is forgotten for another one
		long := func(i int, ended bool) []byte {
			return b.grant(func(g *wire.Grant) {
				g.ID, g.Expires = fmt.Sprint("long-", i), g.Issued+4*3600
				if ended {
					g.Revision, g.Ended = 2, true
				}
			})
		}
		first := long(0, false)
		for i := range maxLetters + 9 {
			b.send(long(i, true))
		}
		b.send(first)
		if got := b.ask("long-0"); got != wire.RefusedEnded || b.desk.remembers() != maxLetters {
			t.Errorf("a letter that was ended came again: %q", got)
		}
		b.send(b.grant(nil))
		b.expect("one too many", wire.RefusedUnknown)
		time.Sleep(5 * time.Hour)
		b.send(b.grant(nil))
		b.expect("when those have expired", "")
	})
	inBubble(t, func(b *box) {
		for i := range maxLive + 1 {
			b.send(b.grant(func(g *wire.Grant) { g.ID = fmt.Sprint("g", i) }))
		}
		if n := len(b.desk.Live()); n != maxLive {
			t.Errorf("%d are live", n)
		}
	})
	inBubble(t, func(b *box) { // whatever a family asks its box, who helps them finds room
		for i := range maxLive {
			b.send(b.grant(func(g *wire.Grant) { g.ID, g.Actor.Sub = fmt.Sprint("f", i), "member:camille" }))
		}
		if n := len(b.desk.Live()); n != maxFamily {
			t.Errorf("%d of the family are live", n)
		}
		b.send(b.grant(nil))
		b.expect("who helps, beside a family that measures", "")
	})
}

func TestAnIdleBoxWritesNothing(t *testing.T) {
	inBubble(t, func(b *box) {
		b.send(b.grant(nil))
		time.Sleep(time.Hour)
		synctest.Wait()
		saves := b.store.saved()
		if saves < 10 || saves > 20 {
			t.Errorf("%d saves in a session of 15 minutes", saves)
		}
		time.Sleep(48 * time.Hour)
		synctest.Wait()
		if b.store.saved() != saves {
			t.Errorf("%d saves while nobody is here", b.store.saved()-saves)
		}
	})
}

// knows is what is remembered of a grant.
func (d *Desk) knows(id string) wire.Grant {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.book.Letters[id].Grant
}
