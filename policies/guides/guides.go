// Package guides is what a family does by itself before it asks a person: decision trees as data, in French and English, and
// what is demanded of them. They live in trees/, one file each; vocabulary.json names the facts that a check may look at and
// the changes that a fix may propose.
//
// The app walks them, in TypeScript, and this package only checks: a guide must work where the internet does not, so the app
// carries these very files in the shell that a phone keeps, and every fact but the measurements is one that the app has
// already (the home's last known state). There is one place for the truth, trees/, and one rule for a step, [Guide.Next];
// testdata/walks.json holds walks that both sides take alike.
//
// A guide that [Check] has nothing to say about ends from everywhere, in "solved" or with a person.
package guides

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
)

// Listed is the order in which the guides are offered.
func Listed() []string {
	return []string{"slow-wifi", "tv-freezes", "cannot-connect", "no-internet", "child-hours", "new-phone"}
}

// Away is the guide for a box that does not answer, whatever else was asked for.
const Away = "no-internet"

// Unknown is the answer of somebody who does not know, and the outcome of a check that could not be made.
const (
	DontKnow = "dont-know"
	Unknown  = "unknown"
)

// Words say one thing in both languages. {{name}} stands for a value.
type Words struct {
	EN string `json:"en"`
	FR string `json:"fr"`
}

// Kind says what a node is.
type Kind string

const (
	Question Kind = "question" // a person answers
	Measure  Kind = "check"    // a fact or a measurement answers, and nobody is asked
	Fix      Kind = "fix"      // a change is proposed
	Leaf     Kind = "leaf"     // the end
)

// End says how a guide ends.
type End string

const (
	Solved End = "solved"
	Person End = "person"
)

// Guide is one tree.
type Guide struct {
	ID    string `json:"id"`
	Title Words  `json:"title"` // as the customer says it
	Start string `json:"start"` // a node
	Nodes []Node `json:"nodes"`
}

// Node is one step of a guide.
type Node struct {
	ID   string `json:"id"`
	Kind Kind   `json:"kind"`
	Say  *Words `json:"say,omitempty"`  // the question, what a fix does, the last word; while a check measures
	Hint *Words `json:"hint,omitempty"` // how a question can be answered

	Answers []Answer `json:"answers,omitempty"` // of a question, two or three; of a check, all its outcomes
	Unknown string   `json:"unknown,omitempty"` // of a question: where "I don't know" leads
	Choose  string   `json:"choose,omitempty"`  // of a question: devices or persons of the home are answers as well
	Chosen  string   `json:"chosen,omitempty"`  // where choosing one leads; it is the subject from then on

	Fact  string         `json:"fact,omitempty"`  // that a check looks at
	Query string         `json:"query,omitempty"` // a kind of policies/wire, that a check has the box make
	Fix   string         `json:"fix,omitempty"`   // an ordinary change
	Args  map[string]any `json:"args,omitempty"`  // of a query or a fix

	Next      string `json:"next,omitempty"`      // of a fix: once it is asked for
	Otherwise string `json:"otherwise,omitempty"` // where it cannot be made, or is not wanted

	End End `json:"end,omitempty"`
}

// Answer is one way on from a question, or what a check found in a plain sentence, which may be absent.
type Answer struct {
	ID   string `json:"id"`
	Say  *Words `json:"say,omitempty"`
	Next string `json:"next"`
}

// Node is the node of an id, false if there is none.
func (g Guide) Node(id string) (Node, bool) {
	for _, n := range g.Nodes {
		if n.ID == id {
			return n, true
		}
	}
	return Node{}, false
}

// Words of a step that stand in no list: choosing a subject, and what became of a fix.
const (
	stepChosen    = "chosen"
	stepAsked     = "asked"
	stepOtherwise = "otherwise"
)

// Next is where an answer leads, false where the node does not know it: an answer's id or [DontKnow] at a question, "chosen"
// where a subject was chosen, an outcome at a check, "asked" or "otherwise" at a fix.
func (g Guide) Next(node, answer string) (string, bool) {
	n, ok := g.Node(node)
	if !ok {
		return "", false
	}
	for _, way := range n.ways() {
		if way.answer == answer {
			return way.next, true
		}
	}
	return "", false
}

type way struct{ answer, next string }

func (n Node) ways() []way {
	var ways []way
	for _, a := range n.Answers {
		ways = append(ways, way{a.ID, a.Next})
	}
	switch {
	case n.Kind == Question:
		ways = append(ways, way{DontKnow, n.Unknown})
		if n.Choose != "" {
			ways = append(ways, way{stepChosen, n.Chosen})
		}
	case n.Kind == Fix:
		ways = append(ways, way{stepAsked, n.Next}, way{stepOtherwise, n.Otherwise})
	}
	return ways
}

//go:embed trees/*.json vocabulary.json
var files embed.FS

// All is every guide of this version, in the order of [Listed].
func All() ([]Guide, error) {
	var all []Guide
	for _, id := range Listed() {
		data, err := fs.ReadFile(files, path.Join("trees", id+".json"))
		if err != nil {
			return nil, fmt.Errorf("reading guide %q: %w", id, err)
		}
		g, err := Read(data)
		if err != nil {
			return nil, fmt.Errorf("reading guide %q: %w", id, err)
		}
		all = append(all, g)
	}
	return all, nil
}
