package guides

import "fmt"

// Vocabulary is what guides may speak of; the app has a function for each of these words, which its build makes sure of.
type Vocabulary struct {
	Facts   map[string]Term   `json:"facts"`   // of the home's state, as the app has it
	Queries map[string]Term   `json:"queries"` // by the kinds of policies/wire, with what the app makes of their results
	Fixes   map[string]Change `json:"fixes"`   // ordinary changes of a policy
	Choices map[string]string `json:"choices"` // what can be chosen, and the subject that it becomes: device or person
}

// Term is a fact or a measurement.
type Term struct {
	Needs    string         `json:"needs,omitempty"`  // the subject that has to be chosen before
	Outcomes []string       `json:"outcomes"`         // each that it may have
	Values   []string       `json:"values,omitempty"` // that its sentences may name
	Args     map[string]Arg `json:"args,omitempty"`
}

// Change is what a fix asks for.
type Change struct {
	Needs string         `json:"needs,omitempty"`
	Args  map[string]Arg `json:"args,omitempty"`
}

// Arg is a number within bounds, or one of some words.
type Arg struct {
	From float64  `json:"from"`
	To   float64  `json:"to"`
	Of   []string `json:"of,omitempty"`
}

// Terms is the vocabulary of this version.
func Terms() (Vocabulary, error) {
	var v Vocabulary
	data, err := files.ReadFile("vocabulary.json")
	if err == nil {
		err = strictly(data, &v)
	}
	if err != nil {
		return Vocabulary{}, fmt.Errorf("reading the vocabulary of guides: %w", err)
	}
	return v, nil
}

func (a Arg) takes(value any) bool {
	switch v := value.(type) {
	case float64:
		return len(a.Of) == 0 && v >= a.From && v <= a.To && v == float64(int64(v))
	case string:
		for _, word := range a.Of {
			if word == v {
				return true
			}
		}
	}
	return false
}
