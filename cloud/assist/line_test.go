package assist_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/audit"
)

func TestWhatTimeDoesToACaseIsToldToo(t *testing.T) {
	w := newTown(t, assist.Hours{})
	ctx, k := t.Context(), w.asks(1)
	w.sits(julie)
	w.sits(marc)
	w.must(w.Take(ctx, julie, k.ID))
	w.must(w.HandOver(ctx, julie, k.ID, assist.HandOver{To: "m", Reason: "r", Tried: "t"}))
	w.pass(2 * time.Minute)
	w.sits(julie)
	w.wants("C1 taken Julie") // nobody took the offer
	w.must(w.Promise(ctx, julie, k.ID, assist.Promise{At: w.Now().Add(time.Hour), Text: "look again"}))
	w.pass(time.Hour)
	w.wants("C1 waiting")
	w.must(w.Take(ctx, marc, k.ID))
	w.pass(6 * time.Minute)
	w.wants("C1 waiting")
	w.wants("C1 waiting") // told once
	var got []string
	for _, e := range w.store.Told() {
		if e.Home != "h" || e.Case != k.ID || e.Said.Subject != "c1" || e.Session != "" {
			t.Errorf("line %+v", e)
		}
		if by := e.Said.Actor; e.Via == audit.ViaSystem && by != (audit.Actor{Kind: audit.KindSystem}) {
			t.Errorf("time is %+v", by)
		}
		got = append(got, fmt.Sprint(e.Verb, " ", e.Via, " ", e.Said.Detail["why"], " ", e.Said.Detail["from"], " ", e.Said.Detail["to"]))
	}
	want := []string{
		"case-taken staff <nil> <nil> <nil>", "case-offered staff <nil> <nil> {m Marc}", "case-expired system <nil> {j Julie} {m Marc}",
		"case-promised staff <nil> <nil> <nil>", "case-returned system promise {j Julie} <nil>", "case-taken staff <nil> <nil> <nil>",
		"case-returned system away {m Marc} <nil>",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsRefusedIsNotTold(t *testing.T) {
	w := newTown(t, assist.Hours{})
	ctx, k := t.Context(), w.asks(1)
	w.must(w.Take(ctx, julie, k.ID))
	before := len(w.store.Told())
	for name, err := range map[string]error{
		"taking another's":         second(w.Take(ctx, marc, k.ID)),
		"accepting without offer":  second(w.Accept(ctx, marc, k.ID)),
		"declining without offer":  second(w.Decline(ctx, marc, k.ID)),
		"calling without a wish":   second(w.Called(ctx, julie, k.ID)),
		"calling another's":        second(w.Called(ctx, marc, k.ID)),
		"promising for yesterday":  second(w.Promise(ctx, julie, k.ID, assist.Promise{At: noon, Text: "x"})),
		"closing another's":        second(w.WrapUp(ctx, marc, k.ID, "wifi", "x")),
		"reopening what is open":   second(w.Judge(ctx, who(1), k.ID, false)),
		"judging a stranger's":     second(w.Judge(ctx, who(2), k.ID, true)),
		"a call at no free time":   second(w.Call(ctx, who(1), k.ID, &assist.Callback{At: noon, Phone: "0199001234"})),
		"a call in a stranger's":   second(w.Call(ctx, who(2), k.ID, nil)),
		"calling where no case is": second(w.Called(ctx, julie, "x")),
	} {
		if err == nil {
			t.Errorf("%s is let through", name)
		}
	}
	if after := w.store.Told(); len(after) != before {
		t.Errorf("told %+v", after[before:])
	}
}

func second(_ assist.Case, err error) error { return err }
