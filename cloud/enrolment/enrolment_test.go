package enrolment

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestCodesAreReadAsPeopleWriteThem(t *testing.T) {
	code := NewCode()
	if len(code) != 19 || strings.Trim(code, codeAlphabet+"-") != "" || code == NewCode() {
		t.Errorf("code %q", code)
	}
	want := DigestCode("AB01-CDEF-0011-GHJK")
	for _, as := range []string{"ab01cdef0011ghjk", " AB01 CDEF 0011 GHJK ", "ABOI-CDEF-OOIL-GHJK", "abol cdef ooil ghjk"} {
		if got := DigestCode(as); got != want {
			t.Errorf("%q is another code", as)
		}
	}
	if !rightCode(code, DigestCode(code)) || rightCode(NewCode(), DigestCode(code)) || rightCode("", "") {
		t.Error("codes are not told apart")
	}
}

// refusing is a store that must not be asked.
type refusing struct{ store }

func TestListsAreCheckedWhole(t *testing.T) {
	o := NewOffice(Config{Store: refusing{}, Log: slog.New(slog.DiscardHandler)})
	claim := DigestCode("x")
	wrong, err := o.Import(t.Context(), []Made{
		{Box: "CB-0001", Model: "CB", MAC: "02-00-00-00-00-01", Claim: claim},
		{Box: "CB_0002", Model: "CB", Claim: claim},
		{Box: "cb-0001", Model: "CB", Claim: claim},
		{Box: "cb-3", Model: "", Claim: claim},
		{Box: "cb-4", Model: "CB", MAC: "01:00:00:00:00:00", Claim: claim},
		{Box: "cb-5", Model: "CB", Claim: "12"},
	}, "test")
	var lines []int
	for _, p := range wrong {
		lines = append(lines, p.Line)
	}
	if err != nil || len(lines) != 5 || lines[0] != 3 || lines[4] != 7 {
		t.Errorf("problems on lines %v (%v)", lines, err)
	}
}

func TestMovesThatThereAre(t *testing.T) {
	all := []State{StateMade, StateClaimed, StateServing, StateSwapped, StateRetired}
	want := map[State]string{
		StateMade: "retired", StateClaimed: "made in-service swapped retired", StateServing: "made swapped retired",
		StateSwapped: "made retired", StateRetired: "",
	}
	for _, from := range all {
		var to []string
		for _, state := range all {
			if allowed(from, state) {
				to = append(to, string(state))
			}
		}
		if got := strings.Join(to, " "); got != want[from] {
			t.Errorf("from %s to %q, want %q", from, got, want[from])
		}
	}
}

func TestLabelShowsWhatAScannerReads(t *testing.T) {
	var out bytes.Buffer
	l := Label{Box: "cb-1", Model: `CB <"one">`, MAC: "02:00:00:00:00:01", Code: "ABCD-EFGH-JKMN-PQRS"}
	if err := WriteLabels(&out, []Label{l, l}); err != nil {
		t.Fatal(err)
	}
	page := out.String()
	if strings.Count(page, "<svg") != 2 || strings.Contains(page, `<"one">`) || !strings.Contains(page, l.Code) || !strings.Contains(page, `d="M`) {
		t.Errorf("%.600s", page)
	}
	if l.Text() != "carebox:cb-1:ABCD-EFGH-JKMN-PQRS" {
		t.Error(l.Text())
	}
}

// shelf is a list of what was taken back.
type shelf struct {
	mu   sync.Mutex
	list []Revoked
	err  error
}

func (s *shelf) Revoked(context.Context, time.Time) ([]Revoked, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.list, s.err
}

func (s *shelf) put(serial, box string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, Revoked{Serial: serial, Box: box})
}

func (s *shelf) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

func TestRevocationsAreFoundAndKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{list: []Revoked{{Serial: "1", Box: "a"}}}
		r, err := OpenRevocations(t.Context(), s, time.Now, slog.New(slog.DiscardHandler))
		if err != nil || !r.Has("1") || r.Has("2") {
			t.Fatalf("at first: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cut := make(chan string, 10)
		ended := make(chan error)
		go func() { ended <- r.Run(ctx, func(box string) { cut <- box }) }()
		s.put("2", "b")
		r.Ring()
		if box := <-cut; !r.Has("2") || box != "b" {
			t.Errorf("after the bell: cut %q", box)
		}
		s.fail(errors.New("away"))
		time.Sleep(2 * lookEvery)
		if !r.Has("1") || !r.Has("2") {
			t.Error("forgot what it knew while the database was away")
		}
		s.put("3", "c")
		s.fail(nil)
		if box := <-cut; !r.Has("3") || box != "c" {
			t.Errorf("after the database was back: cut %q", box)
		}
		cancel()
		if err := <-ended; err != nil || len(cut) > 0 {
			t.Errorf("ended with %v, cut %d more", err, len(cut))
		}
	})
}

func FuzzRequest(f *testing.F) {
	f.Add("application/pkcs10", "MIIB")
	f.Add("text/plain", "")
	f.Fuzz(func(t *testing.T, kind, body string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", io.NopCloser(strings.NewReader(body)))
		r.Header.Set("Content-Type", kind)
		request, err := readRequest(httptest.NewRecorder(), r)
		if (request == nil) == (err == nil) {
			t.Fatalf("request %v, error %v", request, err)
		}
		if err == nil {
			_, _ = checkRequest(request, "box-1")
		}
	})
}
