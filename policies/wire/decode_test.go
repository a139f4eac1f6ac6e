package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/carebox-project/carebox/policies"
)

// errorsOf are what the decoders say to one document.
func errorsOf(data []byte) map[string]error {
	_, hello := DecodeHello(data)
	_, heartbeat := DecodeHeartbeat(data)
	_, reported := DecodeReported(data)
	_, ask := DecodeAsk(data)
	_, query := DecodeQuery(data)
	_, result := DecodeResult(data)
	_, ended := DecodeEnded(data)
	return map[string]error{
		"hello": hello, "heartbeat": heartbeat, "reported": reported, "ask": ask, "query": query, "result": result, "ended": ended,
	}
}

func TestDecodersRefuseWhatIsNoDocument(t *testing.T) {
	for _, doc := range []string{
		"", " ", "null", "[]", "7", `"box-1"`, "{", `{"revision":1}{}`, `{"revision":"1"}`, `{"at":"yesterday","revision":1}`,
		`{"revision":-1,"accepted":-1,"box":"box-1"}`, `{"revision":1e99,"accepted":1e99}`, "{\"box\":\"box-1\xff", strings.Repeat("[", 3000),
	} {
		for name, err := range errorsOf([]byte(doc)) {
			if !errors.Is(err, ErrDocument) {
				t.Errorf("%s %.40q: %v", name, doc, err)
			}
		}
	}
}

func TestDecodersRefuseTooMuch(t *testing.T) {
	for name, err := range errorsOf([]byte(`{"box":"box-1","schema":1,"detail":"` + strings.Repeat("x", 10<<20) + `"}`)) {
		if !errors.Is(err, ErrSize) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDecodersWantABox(t *testing.T) {
	for _, box := range []string{"", "Box-1", "box/1", "box+", "#", strings.Repeat("b", 64)} {
		doc, err := json.Marshal(map[string]any{"box": box, "schema": 1})
		if err != nil {
			t.Fatal(err)
		}
		errs := errorsOf(doc)
		if !errors.Is(errs["hello"], ErrDocument) || !errors.Is(errs["reported"], ErrDocument) {
			t.Errorf("%q: %v", box, errs)
		}
	}
	if _, err := DecodeHello([]byte(`{"box":"box-1","schema":0}`)); !errors.Is(err, ErrDocument) {
		t.Errorf("schema 0: %v", err)
	}
}

func TestAsksAreAnybodysToSendAndChecked(t *testing.T) {
	good := `{"id":"a","device":"d","mac":"02:00:00:00:00:01","minutes":30,"why":"game","at":"2026-11-21T18:00:00Z"}`
	if _, err := DecodeAsk([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"id":"a"`, `"id":""`}, {`"id":"a"`, `"id":"` + strings.Repeat("a", 65) + `"`}, {`"d"`, `"` + strings.Repeat("a", 65) + `"`},
		{"02:00", "02-00"}, {`02:00:00:00:00:01`, ``}, {"00:01", "00:0A"}, {"30", "31"}, {"30", "-30"}, {"game", "boredom"},
		{"2026-11-21T18:00:00Z", "0001-01-01T00:00:00Z"},
	} {
		doc := strings.Replace(good, change[0], change[1], 1)
		if _, err := DecodeAsk([]byte(doc)); !errors.Is(err, ErrDocument) {
			t.Errorf("%s: %v", doc, err)
		}
	}
}

func TestHoursAreAsLongAsAClockCanMakeThem(t *testing.T) {
	for minutes, good := range map[int]bool{-1: false, 0: true, 60: true, MaxHour: true, MaxHour + 1: false} {
		doc := fmt.Sprintf(`{"box":"box-1","usage":[{"person":"leo","date":"2026-11-21","minutes":9,"hours":[1,%d]}]}`, minutes)
		r, err := DecodeReported([]byte(doc))
		if good != (err == nil) || !good && !errors.Is(err, ErrDocument) {
			t.Errorf("%d minutes: %v", minutes, err)
		}
		if good && r.Usage[0].Hours != (policies.Hours{1, minutes}) {
			t.Errorf("%d minutes: %v", minutes, r.Usage[0].Hours)
		}
	}
}

// TestNewerWritersAreUnderstood: keys that are not known are passed over.
func TestNewerWritersAreUnderstood(t *testing.T) {
	doc := `{"box":"box-1","schema":9,"revision":1,"accepted":2,"inForce":1,"colour":{"of":["the","moon"]},` +
		`"id":"a","mac":"02:00:00:00:00:01","minutes":15,"at":"2026-11-21T18:00:00Z",` +
		`"grant":"g","query":"q","kind":"newer","seconds":5,"seq":1,"by":"box"}`
	for name, err := range errorsOf([]byte(doc)) {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, doc := range fixtures() {
		data, err := json.Marshal(doc)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if hello, err := DecodeHello(data); err == nil {
			again(t, hello, DecodeHello)
		}
		if heartbeat, err := DecodeHeartbeat(data); err == nil {
			again(t, heartbeat, DecodeHeartbeat)
		}
		if reported, err := DecodeReported(data); err == nil {
			again(t, reported, DecodeReported)
		}
		if ask, err := DecodeAsk(data); err == nil {
			again(t, ask, DecodeAsk)
		}
		if query, err := DecodeQuery(data); err == nil {
			again(t, query, DecodeQuery)
		}
		if result, err := DecodeResult(data); err == nil {
			again(t, result, DecodeResult)
		}
		if ended, err := DecodeEnded(data); err == nil {
			again(t, ended, DecodeEnded)
		}
	})
}

// again shows that a document that was read is written and read as the same, unless it grew beyond its limit.
func again[T any](t *testing.T, doc T, read func([]byte) (T, error)) {
	t.Helper()
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	back, err := read(data)
	if err != nil {
		if errors.Is(err, ErrSize) {
			return
		}
		t.Fatal(err)
	}
	if second, err := json.Marshal(back); err != nil || string(second) != string(data) {
		t.Fatalf("%s became %s, %v", data, second, err)
	}
}
