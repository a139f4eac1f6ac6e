package guides

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/carebox-project/carebox/policies/wire"
)

// Problem is what is wrong with a guide.
type Problem struct {
	Guide, Node string
	Code        string // see the table in README.md
	Detail      string
}

func (p Problem) String() string {
	return fmt.Sprintf("%s/%s: %s: %s", p.Guide, p.Node, p.Code, p.Detail)
}

// Check says all that is wrong with a guide, in the order of its nodes.
func Check(g Guide, v Vocabulary) []Problem {
	c := checker{guide: g, terms: v, nodes: map[string]Node{}}
	c.names()
	for _, n := range g.Nodes {
		c.node(n)
	}
	if c.problems == nil { // what is reachable, and with what, means nothing where ways lead nowhere
		c.walks()
	}
	return c.problems
}

type checker struct {
	guide    Guide
	terms    Vocabulary
	nodes    map[string]Node
	problems []Problem
}

func (c *checker) wrong(node, code, detail string, values ...any) {
	c.problems = append(c.problems, Problem{c.guide.ID, node, code, fmt.Sprintf(detail, values...)})
}

var (
	idForm      = regexp.MustCompile(`^[a-z][a-z0-9-]{0,63}$`)
	placeholder = regexp.MustCompile(`\{\{(\w+)\}\}`)
)

func (c *checker) names() {
	if !idForm.MatchString(c.guide.ID) {
		c.wrong("", "id", "the guide's id %q", c.guide.ID)
	}
	c.words("", &c.guide.Title)
	for _, n := range c.guide.Nodes {
		if !idForm.MatchString(n.ID) {
			c.wrong(n.ID, "id", "a node's id %q", n.ID)
		}
		if _, twice := c.nodes[n.ID]; twice {
			c.wrong(n.ID, "id-duplicate", "two nodes have this id")
		}
		c.nodes[n.ID] = n
	}
	if _, ok := c.nodes[c.guide.Start]; !ok {
		c.wrong("", "start", "there is no node %q", c.guide.Start)
	}
}

// words holds a sentence to both languages, with the same values in both.
func (c *checker) words(node string, w *Words) {
	if w == nil {
		return
	}
	for _, text := range []string{w.EN, w.FR} {
		switch n := utf8.RuneCountInString(text); {
		case n == 0:
			c.wrong(node, "words", "a language is missing: %q, %q", w.EN, w.FR)
		case n > MaxWords:
			c.wrong(node, "words-long", "%d characters, %d are the most", n, MaxWords)
		}
	}
	if en, fr := valuesOf(w.EN), valuesOf(w.FR); !slices.Equal(en, fr) {
		c.wrong(node, "values", "English names %v, French %v", en, fr)
	}
}

func valuesOf(text string) []string {
	var names []string
	for _, found := range placeholder.FindAllStringSubmatch(text, -1) {
		names = append(names, found[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (c *checker) node(n Node) {
	c.words(n.ID, n.Say)
	c.words(n.ID, n.Hint)
	seen := map[string]bool{}
	for _, a := range n.Answers {
		c.words(n.ID, a.Say)
		if seen[a.ID] || !idForm.MatchString(a.ID) {
			c.wrong(n.ID, "answer", "an answer's id %q", a.ID)
		}
		seen[a.ID] = true
	}
	for _, w := range n.ways() {
		if _, ok := c.nodes[w.next]; !ok {
			c.wrong(n.ID, "way", "%q leads to %q, which is not there", w.answer, w.next)
		}
	}
	if extra := n.foreign(); extra != "" {
		c.wrong(n.ID, "field", "a %s has no %s", n.Kind, extra)
	}
	switch n.Kind {
	case Question:
		c.question(n)
	case Measure:
		c.measure(n)
	case Fix:
		c.fix(n)
	case Leaf:
		if n.End != Solved && n.End != Person {
			c.wrong(n.ID, "end", "a guide ends solved or with a person, not %q", n.End)
		}
	default:
		c.wrong(n.ID, "kind", "there is no kind %q", n.Kind)
	}
	if n.Kind != Measure && n.Say == nil {
		c.wrong(n.ID, "words", "it says nothing")
	}
}

// foreign is a field that only nodes of another kind have.
func (n Node) foreign() string {
	fields := []struct {
		name string
		set  bool
		of   []Kind
	}{
		{"answers", n.Answers != nil, []Kind{Question, Measure}},
		{"hint", n.Hint != nil, []Kind{Question}},
		{"unknown", n.Unknown != "", []Kind{Question}},
		{"choose", n.Choose != "" || n.Chosen != "", []Kind{Question}},
		{"fact", n.Fact != "", []Kind{Measure}},
		{"query", n.Query != "", []Kind{Measure}},
		{"fix", n.Fix != "", []Kind{Fix}},
		{"args", n.Args != nil, []Kind{Measure, Fix}},
		{"next", n.Next != "" || n.Otherwise != "", []Kind{Fix}},
		{"end", n.End != "", []Kind{Leaf}},
	}
	for _, f := range fields {
		if f.set && !slices.Contains(f.of, n.Kind) {
			return f.name
		}
	}
	return ""
}

func (c *checker) question(n Node) {
	least, most := 2, 3
	if n.Choose != "" {
		least, most = 0, 2 // beside those that are chosen from
		if _, ok := c.terms.Choices[n.Choose]; !ok {
			c.wrong(n.ID, "choose", "there is nothing %q to choose from", n.Choose)
		}
	}
	if len(n.Answers) < least || len(n.Answers) > most {
		c.wrong(n.ID, "answers", "%d answers, %d to %d are asked for", len(n.Answers), least, most)
	}
	for _, a := range n.Answers {
		if a.Say == nil || a.ID == DontKnow || a.ID == stepChosen {
			c.wrong(n.ID, "answer", "the answer %q needs words, and a name of its own", a.ID)
		}
	}
}

func (c *checker) measure(n Node) {
	term, known := c.terms.Facts[n.Fact]
	if n.Query != "" {
		term, known = c.terms.Queries[n.Query]
	}
	if !known || (n.Fact == "") == (n.Query == "") {
		c.wrong(n.ID, "check", "it looks at the fact %q and the measurement %q: one of them, and known", n.Fact, n.Query)
		return
	}
	if n.Query != "" {
		c.query(n)
	}
	var found []string
	for _, a := range n.Answers {
		found = append(found, a.ID)
		c.named(n.ID, a.Say, term.Values)
	}
	slices.Sort(found)
	if want := slices.Sorted(slices.Values(term.Outcomes)); !slices.Equal(found, want) {
		c.wrong(n.ID, "outcomes", "it knows %v, and there are %v", found, want)
	}
	c.args(n, term.Args)
}

// query holds a measurement to what a box understands.
func (c *checker) query(n Node) {
	if n.Say == nil {
		c.wrong(n.ID, "words", "a measurement says what it does")
	}
	if !slices.Contains(wire.QueryKinds[:], wire.QueryKind(n.Query)) {
		c.wrong(n.ID, "check", "no box knows the query %q", n.Query)
	}
	args, err := json.Marshal(n.Args)
	if err == nil {
		err = asked(wire.QueryKind(n.Query), args)
	}
	if err != nil {
		c.wrong(n.ID, "args", "%v", err)
	}
}

// asked reads the arguments of a query as its own type has them.
func asked(kind wire.QueryKind, args []byte) error {
	into := map[wire.QueryKind]any{
		wire.QueryPing: new(wire.PingArgs), wire.QueryDNS: new(wire.DNSArgs),
		wire.QueryHTTP: new(wire.HTTPArgs), wire.QuerySpeed: new(wire.SpeedArgs),
	}[kind]
	if into == nil {
		return fmt.Errorf("no guide makes the query %q", kind)
	}
	return strictly(args, into)
}

func (c *checker) fix(n Node) {
	change, known := c.terms.Fixes[n.Fix]
	if !known {
		c.wrong(n.ID, "fix", "there is no change %q", n.Fix)
		return
	}
	c.args(n, change.Args)
}

func (c *checker) args(n Node, want map[string]Arg) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if value, given := n.Args[name]; !given || !want[name].takes(value) {
			c.wrong(n.ID, "args", "%s is %v", name, value)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(n.Args)) {
		if _, known := want[name]; !known {
			c.wrong(n.ID, "args", "%s is not known", name)
		}
	}
}

// named holds the sentences of a check to values that it has; the subject is looked at by walks.
func (c *checker) named(node string, w *Words, values []string) {
	if w == nil {
		return
	}
	for _, name := range valuesOf(w.EN) {
		if !slices.Contains(values, name) && !slices.Contains(subjects(), name) {
			c.wrong(node, "values", "{{%s}} is not one of %v", name, values)
		}
	}
}

func subjects() []string { return []string{"device", "person"} }

// walks takes every way from the start: nothing is left out, nothing comes back to where it was, and what is spoken of has
// been chosen on each way that leads there.
func (c *checker) walks() {
	state := map[string]int{}
	var order []string
	c.visit(c.guide.Start, state, &order)
	for _, n := range c.guide.Nodes {
		if state[n.ID] == 0 {
			c.wrong(n.ID, "unreachable", "no way leads here")
		}
	}
	if c.problems != nil {
		return
	}
	slices.Reverse(order)
	bound := map[string][]string{c.guide.Start: {}}
	for _, id := range order {
		n := c.nodes[id]
		for _, w := range n.ways() {
			has := slices.Clone(bound[id])
			if w.answer == stepChosen {
				has = append(has, c.gains(n)...)
			}
			if before, been := bound[w.next]; been {
				has = slices.DeleteFunc(has, func(s string) bool { return !slices.Contains(before, s) })
			}
			bound[w.next] = has
		}
	}
	helped := map[string]bool{} // nodes are behind all that follow them in the reverse of the order
	for _, id := range slices.Backward(order) {
		n := c.nodes[id]
		helped[id] = n.End == Person || slices.ContainsFunc(n.ways(), func(w way) bool { return helped[w.next] })
	}
	for _, n := range c.guide.Nodes {
		if !helped[n.ID] && n.Kind != Leaf {
			c.wrong(n.ID, "person", "no way leads to a person from here")
		}
		c.spoken(n, bound[n.ID])
	}
}

// gains is what is known once something was chosen: of a person's own devices the person was known before.
func (c *checker) gains(n Node) []string { return []string{c.terms.Choices[n.Choose]} }

const (
	walking = 1
	walked  = 2
)

// visit goes down from a node, and puts it behind all that follow it.
func (c *checker) visit(id string, state map[string]int, order *[]string) {
	state[id] = walking
	for _, w := range c.nodes[id].ways() {
		switch state[w.next] {
		case walking:
			c.wrong(id, "loop", "%q leads back to %q", w.answer, w.next)
		case walked:
		default:
			c.visit(w.next, state, order)
		}
	}
	state[id] = walked
	*order = append(*order, id)
}

// spoken holds a node to the subjects that have been chosen.
func (c *checker) spoken(n Node, bound []string) {
	needs := cmp.Or(c.terms.Facts[n.Fact].Needs, c.terms.Fixes[n.Fix].Needs)
	if n.Choose == "own" {
		needs = "person"
	}
	if needs != "" && !slices.Contains(bound, needs) {
		c.wrong(n.ID, "subject", "no %s has been chosen on some way here", needs)
	}
	said := []*Words{n.Say, n.Hint}
	for _, a := range n.Answers {
		said = append(said, a.Say)
	}
	for _, w := range said {
		if w == nil {
			continue
		}
		for _, name := range valuesOf(w.EN) {
			subject := slices.Contains(subjects(), name)
			if subject && !slices.Contains(bound, name) || !subject && n.Kind != Measure {
				c.wrong(n.ID, "subject", "it names {{%s}}, which is not known on some way here", name)
			}
		}
	}
}
