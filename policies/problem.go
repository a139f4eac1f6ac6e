package policies

import "strings"

// Problem is one thing that a person did wrong: a stable code, the path of the field in the policy's JSON
// (schedules[3].start) and one plain sentence.
type Problem struct {
	Code   string `json:"code"`
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// Problems is everything wrong with a policy, at once. As an error it is never empty.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Field + ": " + p.Detail
	}
	return strings.Join(lines, "; ")
}

// Validate reports every problem of a policy, nil if there is none.
func Validate(p Policy) Problems { panic("not written") }

// Parse reads the JSON of a policy and validates it. Its error is always a [Problems]. The policy is canonical: MACs in lower case
// with colons, days in the order of the week, lists never nil.
func Parse(data []byte) (Policy, error) { panic("not written") }

// Marshal is the canonical JSON of a policy: what Parse reads, lists never null.
func Marshal(p Policy) ([]byte, error) { panic("not written") }
