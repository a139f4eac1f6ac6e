package guides_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/carebox-project/carebox/policies/guides"
)

// sound is a small guide without a fault: a choice, a check, a fix, a question.
const sound = `{"id":"small","title":{"en":"T","fr":"T"},"start":"which","nodes":[
{"id":"which","kind":"question","choose":"device","chosen":"look","say":{"en":"Which?","fr":"Lequel ?"},"unknown":"person"},
{"id":"look","kind":"check","fact":"present","answers":[
 {"id":"here","say":{"en":"{{device}} is here.","fr":"{{device}} est là."},"next":"extra"},
 {"id":"away","next":"names"},{"id":"unknown","next":"ask"}]},
{"id":"names","kind":"check","query":"dns","args":{"name":"example.com"},"say":{"en":"Measuring…","fr":"Mesure…"},"answers":[
 {"id":"good","say":{"en":"{{n}} ms","fr":"{{n}} ms"},"next":"ask"},{"id":"failed","next":"ask"},{"id":"unknown","next":"ask"}]},
{"id":"extra","kind":"fix","fix":"bonus","args":{"minutes":30},"say":{"en":"More for {{device}}.","fr":"Plus pour {{device}}."},
 "next":"ask","otherwise":"ask"},
{"id":"ask","kind":"question","say":{"en":"Well?","fr":"Alors ?"},"unknown":"person","answers":[
 {"id":"yes","say":{"en":"Yes","fr":"Oui"},"next":"solved"},{"id":"no","say":{"en":"No","fr":"Non"},"next":"person"}]},
{"id":"solved","kind":"leaf","end":"solved","say":{"en":"Good.","fr":"Bien."}},
{"id":"person","kind":"leaf","end":"person","say":{"en":"A person.","fr":"Une personne."}}]}`

// Each defect is the sound guide with one piece of its text changed.
var defects = []struct{ code, node, old, new string }{
	{"id", "", `"small"`, `"Small!"`},
	{"id-duplicate", "solved", `"id":"person","kind":"leaf","end":"person"`, `"id":"solved","kind":"leaf","end":"person"`},
	{"start", "", `"start":"which"`, `"start":"nowhere"`},
	{"kind", "solved", `"kind":"leaf","end":"solved"`, `"kind":"end","end":"solved"`},
	{"way", "look", `"id":"away","next":"names"`, `"id":"away","next":"nowhere"`},
	{"unreachable", "extra", `"next":"extra"`, `"next":"ask"`},
	{"loop", "ask", `"fr":"Oui"},"next":"solved"`, `"fr":"Oui"},"next":"extra"`},
	{"end", "solved", `"end":"solved"`, `"end":"sorry"`},
	{"person", "ask", `"end":"person"`, `"end":"solved"`},
	{"words", "ask", `"fr":"Alors ?"`, `"fr":""`},
	{"words", "ask", `"say":{"en":"Well?","fr":"Alors ?"},`, ``},
	{"words-long", "ask", `"Well?"`, `"` + strings.Repeat("w", 401) + `"`},
	{"values", "extra", `Plus pour {{device}}.`, `Plus pour lui.`},
	{"values", "look", `"en":"{{device}} is here.","fr":"{{device}} est là."`, `"en":"{{moon}}","fr":"{{moon}}"`},
	{"subject", "look", `"choose":"device"`, `"choose":"person"`},
	{"subject", "which", `"en":"Which?","fr":"Lequel ?"`, `"en":"{{device}}?","fr":"{{device}} ?"`},
	{"answer", "ask", `{"id":"no"`, `{"id":"yes"`},
	{"answer", "ask", `{"id":"no"`, `{"id":"dont-know"`},
	{"answers", "ask", `{"id":"yes","say":{"en":"Yes","fr":"Oui"},"next":"solved"},`, ``},
	{"choose", "which", `"choose":"device"`, `"choose":"neighbour"`},
	{"check", "look", `"fact":"present"`, `"fact":"mood"`},
	{"check", "look", `"fact":"present"`, `"query":"present"`},
	{"outcomes", "look", `"next":"names"},{"id":"unknown","next":"ask"}`, `"next":"names"}`},
	{"check", "names", `"query":"dns"`, `"query":"log"`},
	{"check", "names", `"query":"dns"`, `"query":"dns","fact":"present"`},
	{"args", "names", `"name":"example.com"`, `"name":"192.168.1.1"`},
	{"args", "names", `"name":"example.com"`, `"host":"example.com"`},
	{"words", "names", `"say":{"en":"Measuring…","fr":"Mesure…"},`, ``},
	{"fix", "extra", `"fix":"bonus"`, `"fix":"miracle"`},
	{"args", "extra", `"minutes":30`, `"minutes":30000`},
	{"args", "extra", `"minutes":30`, `"minutes":30,"euros":5`},
	{"args", "extra", `"args":{"minutes":30},`, ``},
	{"field", "solved", `"kind":"leaf","end":"solved"`, `"kind":"leaf","end":"solved","unknown":"ask"`},
}

func TestEachDefectIsFound(t *testing.T) {
	if found := guides.Check(read(t, sound), terms(t)); found != nil {
		t.Fatalf("the sound one: %v", found)
	}
	for _, d := range defects {
		if strings.Count(sound, d.old) != 1 {
			t.Fatalf("%s: %q is not there once", d.code, d.old)
		}
		found := guides.Check(read(t, strings.Replace(sound, d.old, d.new, 1)), terms(t))
		if !slices.ContainsFunc(found, func(p guides.Problem) bool { return p.Code == d.code && p.Node == d.node }) {
			t.Errorf("%s at %q was not found, but %v", d.code, d.node, found)
		}
	}
}

func read(t *testing.T, text string) guides.Guide {
	t.Helper()
	g, err := guides.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestReadRefuses(t *testing.T) {
	many := `{"id":"x","nodes":[` + strings.TrimSuffix(strings.Repeat(`{"id":"n"},`, guides.MaxNodes+1), ",") + `]}`
	wide := `{"id":"x","nodes":[{"answers":[` + strings.TrimSuffix(strings.Repeat(`{"id":"n"},`, guides.MaxAnswers+1), ",") + `]}]}`
	long := `{"id":"` + strings.Repeat("x", guides.MaxBytes) + `"}`
	for _, text := range []string{"", "[]", `{"name":"x"}`, `{"id":"x"} {}`, many, wide, long} {
		if g, err := guides.Read([]byte(text)); err == nil {
			t.Errorf("read %.60q as %v", text, g)
		}
	}
}

// What is read and has no fault ends from everywhere, in fewer steps than there are nodes.
func FuzzRead(f *testing.F) {
	f.Add([]byte(sound))
	for _, d := range defects {
		f.Add([]byte(strings.Replace(sound, d.old, d.new, 1)))
	}
	v, err := guides.Terms()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := guides.Read(data)
		if err != nil || guides.Check(g, v) != nil {
			return
		}
		at := g.Start
		for range g.Nodes {
			n, ok := g.Node(at)
			if !ok {
				t.Fatalf("no node %q", at)
			}
			if n.Kind == guides.Leaf {
				return
			}
			at = first(g, n)
		}
		t.Fatalf("it goes on and on at %q", at)
	})
}

// first is where a node leads by whatever it knows.
func first(g guides.Guide, n guides.Node) string {
	for _, answer := range []string{"chosen", "otherwise", guides.DontKnow, guides.Unknown} {
		if next, ok := g.Next(n.ID, answer); ok {
			return next
		}
	}
	next, _ := g.Next(n.ID, n.Answers[0].ID)
	return next
}

// The app takes the same walks (mobile-api/app/src/guide/walk.test.ts).
func TestWalks(t *testing.T) {
	data, err := os.ReadFile("testdata/walks.json")
	if err != nil {
		t.Fatal(err)
	}
	var walks []struct {
		Guide   string
		Answers []string
		Nodes   []string
	}
	if err := json.Unmarshal(data, &walks); err != nil {
		t.Fatal(err)
	}
	all, err := guides.All()
	if err != nil {
		t.Fatal(err)
	}
	walked := map[string]bool{}
	for _, w := range walks {
		g := all[slices.IndexFunc(all, func(g guides.Guide) bool { return g.ID == w.Guide })]
		at, nodes := g.Start, []string{g.Start}
		for _, answer := range w.Answers {
			next, ok := g.Next(at, answer)
			if !ok {
				t.Fatalf("%s: %q does not know %q", g.ID, at, answer)
			}
			at, nodes = next, append(nodes, next)
		}
		if !slices.Equal(nodes, w.Nodes) {
			t.Errorf("%s %v: %v, want %v", g.ID, w.Answers, nodes, w.Nodes)
		}
		if end, _ := g.Node(at); end.Kind != guides.Leaf {
			t.Errorf("%s %v does not end", g.ID, w.Answers)
		}
		walked[g.ID] = true
	}
	if len(walked) != len(all) {
		t.Errorf("walked through %d of %d guides", len(walked), len(all))
	}
	if next, ok := all[0].Next("nowhere", "yes"); ok {
		t.Errorf("from nowhere to %q", next)
	}
}
