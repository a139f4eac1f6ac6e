package mirror

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

// Each message as it may be, who may say it and what it needs: what is not in this table nobody may say.
var sayings = []struct {
	text  string
	role  Role // "" is both
	needs wire.Scope
}{
	{`{"type":"hello","ticket":"abc","tab":"t1","build":"b1"}`, "", ""},
	{`{"type":"beat","generation":1,"epoch":2,"seq":3,"visible":true,"buffered":4}`, RoleCustomer, wire.ScopeSee},
	{`{"type":"screen","route":"person","width":390,"height":844,"dialog":"pause"}`, RoleCustomer, wire.ScopeSee},
	{`{"type":"screen","route":"activity","width":390,"height":844,"blind":"big"}`, RoleCustomer, wire.ScopeSee},
	{`{"type":"key.want"}`, RoleAgent, wire.ScopeSee},
	{`{"type":"key.want","inline":true}`, RoleAgent, wire.ScopeSee},
	{`{"type":"point","generation":1,"epoch":2,"node":7,"fx":0.5,"fy":1}`, RoleAgent, wire.ScopeSee},
	{`{"type":"mark","generation":1,"epoch":2,"node":7,"fx":0.5,"fy":1,"shape":"ring"}`, RoleAgent, wire.ScopeSee},
	{`{"type":"mark","anchor":"pause","shape":"arrow"}`, RoleAgent, wire.ScopeSee},
	{`{"type":"clear"}`, RoleAgent, wire.ScopeSee},
	{`{"type":"show","anchor":"pause"}`, RoleAgent, wire.ScopeSee},
	{`{"type":"go","route":"person","params":{"id":"leo"}}`, RoleAgent, wire.ScopeChange},
}

func TestWhoMaySayWhat(t *testing.T) {
	for _, s := range sayings {
		for _, role := range []Role{RoleCustomer, RoleAgent} {
			m, err := Parse(role, []byte(s.text))
			if may := s.role == "" || s.role == role; may != (err == nil) {
				t.Errorf("a %s says %s: %v", role, s.text, err)
			} else if err == nil && m.Needs() != s.needs {
				t.Errorf("%s needs %q, want %q", s.text, m.Needs(), s.needs)
			}
			if err != nil && !errors.Is(err, ErrMessage) {
				t.Errorf("%s: %v is no ErrMessage", s.text, err)
			}
		}
	}
}

func TestWhatNobodyMaySay(t *testing.T) {
	long := strings.Repeat("a", 5000)
	for _, text := range []string{
		``, `null`, `[]`, `"go"`, `{}`, `{"type":"evil"}`, `{"type":"session"}`, `{"type":"over"}`, `{"type":"key.want"}{}`,
		`{"type":"key.want","secret":1}`, `{"type":"key.want","ticket":"x"}`, `{"type":"key.want","TYPE":"go"}`,
		`{"type":"go","route":"/person"}`, `{"type":"go","route":"javascript:alert(1)"}`, `{"type":"go","route":"//evil"}`,
		`{"type":"go","route":"person","params":{"id":"../x"}}`, `{"type":"go","route":"person","params":{"id":"%2e%2e"}}`,
		`{"type":"go","route":"person","params":{"__proto__":"x"}}`, `{"type":"go","route":"person","params":{"constructor":"x"}}`,
		`{"type":"go","route":"person","params":{"id":{"a":1}}}`, `{"type":"go","route":"person","url":"https://evil.example"}`,
		`{"type":"point","node":1,"fx":1.1,"fy":0}`, `{"type":"point","node":-1,"fx":0,"fy":0}`, `{"type":"point","fx":0,"fy":0}`,
		`{"type":"point","node":1,"fx":1e999,"fy":0}`, `{"type":"point","node":1,"fx":null,"fy":"0"}`,
		`{"type":"mark","node":1,"anchor":"pause","shape":"ring"}`, `{"type":"mark","shape":"ring"}`, `{"type":"mark","node":1,"shape":"<b>"}`,
		`{"type":"show","anchor":"#root > *"}`, `{"type":"show","anchor":""}`, `{"type":"show","anchor":"` + long + `"}`,
		`{"type":"hello"}`, `{"type":"hello","ticket":"a b"}`, `{"type":"hello","ticket":"a","role":"customer"}`,
		strings.Repeat(`{"a":`, 2000), `{"type":"go","route":` + strings.Repeat("[", 4000),
	} {
		if m, err := Parse(RoleAgent, []byte(text)); !errors.Is(err, ErrMessage) {
			t.Errorf("%.80s: %+v %v", text, m, err)
		}
	}
}

func TestWhatNoScreenSaysOfItself(t *testing.T) {
	for _, text := range []string{
		`{"type":"screen","route":"home","blind":"secret"}`, `{"type":"screen","route":"home","blind":true}`, `{"type":"screen","route":"home","dialog":"Léo"}`,
		`{"type":"screen","route":"/person/leo"}`, `{"type":"screen","route":"home","dialog":"<b>"}`, `{"type":"beat","blind":"big"}`,
	} {
		if m, err := Parse(RoleCustomer, []byte(text)); !errors.Is(err, ErrMessage) {
			t.Errorf("%s: %+v %v", text, m, err)
		}
	}
}

func TestPace(t *testing.T) {
	now := time.Date(2026, 11, 22, 7, 0, 0, 0, time.UTC)
	count := func(p *Pace, m Message, times int, step time.Duration) (admitted int) {
		at := now
		for range times {
			if p.Admits(m, at) {
				admitted++
			}
			at = at.Add(step)
		}
		return admitted
	}
	if n := count(NewPace(), Message{Type: WordPoint}, 1000, time.Millisecond); n < 38 || n > 41 {
		t.Errorf("%d points in a second", n)
	}
	if n := count(NewPace(), Message{Type: WordGo}, 120, time.Second); n < 55 || n > 60 {
		t.Errorf("%d screens in two minutes", n)
	}
	if NewPace().Admits(Message{Type: "evil"}, now) {
		t.Error("a message that is none was admitted")
	}
	p, sent := NewPace(), 0
	for i := range 1000 { // 100 seconds at 40 KB/s
		if p.AdmitsFrame(delta(uint32(i+1), 4000), now.Add(time.Duration(i)*100*time.Millisecond)) {
			sent += 4000
		}
	}
	if most := deltaBurst + 100*deltaRate; sent > most || sent < most*8/10 {
		t.Errorf("%d bytes of deltas in 100 s, at most %d", sent, most)
	}
}

func frame(kind, part, parts byte, seq uint32, size int) []byte {
	b := make([]byte, headLength+size)
	b[0], b[1], b[2] = kind, part, parts
	b[7], b[11], b[14], b[15] = 1, 1, byte(seq>>8), byte(seq)
	return b
}

func parsed(b []byte) Frame {
	f, err := ParseFrame(b)
	if err != nil {
		panic(err)
	}
	return f
}

func delta(seq uint32, size int) Frame { return parsed(frame(kindDelta, 0, 1, seq%60000+1, size)) }
func key(part, parts byte, size int) Frame {
	return parsed(frame(kindKey, part, parts, 0, size))
}

func TestFrames(t *testing.T) {
	for _, good := range [][]byte{frame(kindKey, 0, 1, 0, 0), frame(kindKey, 7, 8, 0, maxPart), frame(kindDelta, 0, 1, 1, maxDelta)} {
		if _, err := ParseFrame(good); err != nil {
			t.Errorf("% x: %v", good[:headLength], err)
		}
	}
	for _, bad := range [][]byte{
		nil, make([]byte, headLength-1), frame(0, 0, 1, 0, 1), frame(3, 0, 1, 1, 1), frame(kindKey, 0, 0, 0, 1), frame(kindKey, 1, 1, 0, 1),
		frame(kindKey, 0, 9, 0, 1), frame(kindKey, 0, 1, 1, 1), frame(kindKey, 0, 1, 0, maxPart+1), frame(kindDelta, 0, 1, 0, 1),
		frame(kindDelta, 0, 2, 1, 1), frame(kindDelta, 0, 1, 1, maxDelta+1), append([]byte{kindDelta, 0, 1, 1}, make([]byte, 20)...),
	} {
		if _, err := ParseFrame(bad); !errors.Is(err, ErrMessage) {
			t.Errorf("% x…: %v", bad[:min(len(bad), headLength)], err)
		}
	}
}

// drain takes all that waits, as k (key), d (delta) and t (text).
func drain(q *Queue) string {
	var found strings.Builder
	for {
		message, binary, _ := q.Next()
		switch {
		case message == nil:
			return found.String()
		case !binary:
			found.WriteByte('t')
		default:
			fmt.Fprintf(&found, "%c", map[byte]rune{kindKey: 'k', kindDelta: 'd'}[message[0]])
		}
	}
}

func TestAPictureBeginsWithAKeyFrame(t *testing.T) {
	q := NewQueue()
	q.Show(delta(1, 10))
	q.Show(key(1, 2, 10))
	if got := drain(q); got != "" || !q.Wants() {
		t.Fatalf("got %q, wants a key frame: %v", got, q.Wants())
	}
	q.Show(key(0, 2, 10))
	q.Show(key(1, 2, 10))
	q.Show(delta(1, 10))
	q.Tell([]byte("x"))
	if got := drain(q); got != "tkkd" || q.Wants() {
		t.Errorf("got %q", got)
	}
}

// 30 MB for somebody who does not read: the queue stays within its bounds, asks only when drained, and goes on in order.
func TestASlowReader(t *testing.T) {
	q, most := NewQueue(), 0
	q.Show(key(0, 1, 11_000))
	for i := range 3000 {
		q.Show(delta(uint32(i), 10_000))
		if q.waiting > most {
			most = q.waiting
		}
		if q.Wants() && len(q.frames) > 0 {
			t.Fatal("asks while it is not drained")
		}
	}
	if most > maxWaiting {
		t.Errorf("%d bytes waited", most)
	}
	if got := drain(q); got != "" || !q.Wants() {
		t.Errorf("after an overflow %.20q waits", got)
	}
	q.Show(delta(1, 10))
	q.Show(key(0, 1, 10))
	q.Show(delta(1, 10))
	if got := drain(q); got != "kd" {
		t.Errorf("got %q", got)
	}
	// A key frame is always taken whole, and what waits before it is forgotten.
	q.Show(delta(2, 60_000))
	for part := range byte(maxParts) {
		q.Show(key(part, maxParts, maxPart))
	}
	if got := drain(q); got != strings.Repeat("k", maxParts) {
		t.Errorf("of a long key frame came %q", got)
	}
}

func TestTheLastWordIsTheLast(t *testing.T) {
	q := NewQueue()
	q.Show(key(0, 1, 10))
	q.Tell([]byte("a"))
	q.Last([]byte("over"))
	q.Last([]byte("again"))
	q.Show(key(0, 1, 10))
	if !q.Tell([]byte("b")) {
		t.Error("one too many, where nothing is said any more")
	}
	if got := drain(q); got != "tt" {
		t.Errorf("got %q", got)
	}
	if _, _, done := q.Next(); !done {
		t.Error("not done")
	}
	full := NewQueue()
	for range maxTold {
		full.Tell(nil)
	}
	if full.Tell(nil) {
		t.Error("texts wait without an end")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range sayings {
		f.Add([]byte(s.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, role := range []Role{RoleCustomer, RoleAgent} {
			m, err := Parse(role, text)
			if err != nil {
				continue
			}
			again, err := Parse(role, m.Text())
			if err != nil || !bytes.Equal(again.Text(), m.Text()) || !json.Valid(m.Text()) || len(m.Text()) > 2*maxText {
				t.Fatalf("%s became %s: %v", text, m.Text(), err)
			}
		}
	})
}

func FuzzParseFrame(f *testing.F) {
	f.Add(frame(kindKey, 0, 1, 0, 3))
	f.Add(frame(kindDelta, 0, 1, 1, 3))
	f.Fuzz(func(t *testing.T, b []byte) {
		if frame, err := ParseFrame(b); err == nil && (!bytes.Equal(frame.Bytes, b) || frame.Parts > maxParts || frame.Part >= frame.Parts) {
			t.Fatalf("%+v", frame)
		}
	})
}
