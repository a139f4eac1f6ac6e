package firewall

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// packet is what the tracer sends through FORWARD.
type packet struct {
	in, out, mac, proto string
	state               string // of its flow, as conntrack says it
	mark                uint32 // of its flow
	at                  time.Time
}

// tracer follows packets through FORWARD of a filter table. It knows only what our rules and the tests' foreign ones
// use and fails on anything else.
type tracer struct {
	t      *testing.T
	policy string
	chains map[string][][]option
	p      packet
}

func newTracer(t *testing.T, filter table) *tracer {
	tr := &tracer{t: t, policy: filter["FORWARD"].policy, chains: map[string][][]option{}}
	for name, c := range filter {
		tr.chains[name] = [][]option{}
		for _, r := range c.rules {
			tr.chains[name] = append(tr.chains[name], options(r.text))
		}
	}
	return tr
}

// trace returns the last word on a packet (ACCEPT, DROP, tcp-reset, …) and the mark of its flow.
func (tr *tracer) trace(p packet) (verdict string, mark uint32) {
	tr.t.Helper()
	tr.p = p
	verdict = tr.chain("FORWARD", 0)
	if verdict == "" {
		verdict = tr.policy
	}
	return verdict, tr.p.mark
}

func (tr *tracer) chain(name string, depth int) string {
	rules := tr.chains[name]
	if rules == nil || depth > 8 {
		tr.t.Fatalf("no chain %q, or a loop", name)
	}
	for _, rule := range rules {
		if !tr.matches(rule) {
			continue
		}
		to, goes := target(rule)
		switch to {
		case "ACCEPT", "DROP":
			return to
		case "RETURN":
			return ""
		case "REJECT":
			return valueOf(rule, "--reject-with")
		case "CONNMARK":
			value, mask := valueMask(valueOf(rule, "--set-xmark"))
			tr.p.mark = tr.p.mark&^mask ^ value
		default:
			if verdict := tr.chain(to, depth+1); verdict != "" || goes {
				return verdict
			}
		}
	}
	return ""
}

func (tr *tracer) matches(rule []option) bool {
	for _, o := range rule {
		same := false
		switch o.name {
		case "-m", "--comment":
			continue
		case "-j", "-g":
			return true
		case "-i":
			same = o.value() == tr.p.in
		case "-o":
			same = o.value() == tr.p.out
		case "-p":
			same = o.value() == tr.p.proto
		case "--mac-source":
			same = o.value() == tr.p.mac
		case "--ctstate":
			same = strings.Contains(o.value(), tr.p.state)
		case "--mark":
			value, mask := valueMask(o.value())
			same = tr.p.mark&mask == value
		case "--datestart":
			same = !tr.p.at.Truncate(time.Second).Before(date(tr.t, o.value()))
		case "--datestop":
			same = !tr.p.at.Truncate(time.Second).After(date(tr.t, o.value()))
		default:
			tr.t.Fatalf("the tracer does not know %q", o.name)
		}
		if same == o.not {
			return false
		}
	}
	return true
}

func date(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04:05", text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func valueOf(rule []option, name string) string {
	for _, o := range rule {
		if o.name == name {
			return o.value()
		}
	}
	return ""
}

func (s save) String() string {
	var b strings.Builder
	for _, name := range sorted(s) {
		fmt.Fprintf(&b, "*%s\n", name)
		for _, c := range sorted(s[name]) {
			fmt.Fprintf(&b, ":%s %s [0:0]\n", c, s[name][c].policy)
		}
		for _, c := range sorted(s[name]) {
			for _, r := range s[name][c].rules {
				fmt.Fprintf(&b, "[%d:0] -A %s %s\n", r.packets, c, r.text)
			}
		}
		b.WriteString("COMMIT\n")
	}
	return b.String()
}
