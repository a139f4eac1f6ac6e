package firewall

import "strings"

// option is one condition or target of a rule as printed: "! -i lan" is {true, "-i", ["lan"]}.
type option struct {
	not    bool
	name   string
	values []string
}

func (o option) value() string {
	if len(o.values) == 0 {
		return ""
	}
	return o.values[0]
}

// options splits a rule. What stands before the target are conditions, what stands after it belongs to the target.
func options(rule string) []option {
	var all []option
	not := false
	ws := words(rule)
	for i := 0; i < len(ws); i++ {
		if ws[i] == "!" {
			not = true
			continue
		}
		o := option{not: not, name: ws[i]}
		not = false
		// A text may look like an option.
		if text := o.name == "--comment" || o.name == "--log-prefix"; text && i+1 < len(ws) {
			i++
			o.values = ws[i : i+1]
		}
		for i+1 < len(ws) && ws[i+1] != "!" && !strings.HasPrefix(ws[i+1], "-") {
			i++
			o.values = append(o.values, ws[i])
		}
		all = append(all, o)
	}
	return all
}

// target is where a rule sends a packet; goes is true where it does not come back. A rule may have none.
func target(rule []option) (name string, goes bool) {
	for _, o := range rule {
		if o.name == "-j" || o.name == "-g" {
			return o.value(), o.name == "-g"
		}
	}
	return "", false
}

// leadsToUs says whether a rule's target is a chain of ours.
func leadsToUs(rule string) bool {
	name, _ := target(options(rule))
	return ours(name)
}

// words splits a rule as printed into its words; quoted ones lose their quotes.
func words(rule string) []string {
	var all []string
	var word strings.Builder
	inWord, quoted := false, false
	for i := 0; i < len(rule); i++ {
		switch c := rule[i]; {
		case c == '\\' && quoted && i+1 < len(rule):
			i++
			word.WriteByte(rule[i])
		case c == '"':
			quoted, inWord = !quoted, true
		case c == ' ' && !quoted:
			if inWord {
				all = append(all, word.String())
			}
			word.Reset()
			inWord = false
		default:
			word.WriteByte(c)
			inWord = true
		}
	}
	if inWord {
		all = append(all, word.String())
	}
	return all
}
