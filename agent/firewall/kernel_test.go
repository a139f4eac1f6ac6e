package firewall

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// kernel is a kernel in memory: the tables of both backends and families, and flows. Its step number failAt fails,
// before or after it took effect.
type kernel struct {
	tables map[string]save // by program stem: iptables-nft, ip6tables-legacy, …
	flows  []*flow
	plain  string // what `iptables --version` says

	steps, failAt int
	late          bool
	log           []string // of restores and inserts
}

var errStep = errors.New("step failed")

const foreignRules = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n:guests - [0:0]\n" +
	"-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A FORWARD -i br-lan -j ACCEPT\n" +
	"-A FORWARD -i guest0 -j guests\n-A guests -j DROP\nCOMMIT\n"

func newKernel(t *testing.T) *kernel {
	t.Helper()
	k := &kernel{tables: map[string]save{}, plain: "iptables v1.8.9 (nf_tables)"}
	for _, stem := range []string{"iptables-nft", "ip6tables-nft", "iptables-legacy", "ip6tables-legacy"} {
		k.tables[stem] = save{}
	}
	k.tables["iptables-nft"], k.tables["ip6tables-nft"] = parsed(t, foreignRules), parsed(t, foreignRules)
	return k
}

func parsed(t *testing.T, text string) save {
	t.Helper()
	s, err := parseSave(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (k *kernel) String() string {
	var b strings.Builder
	for _, stem := range sorted(k.tables) {
		fmt.Fprintf(&b, "# %s\n%s", stem, k.tables[stem])
	}
	return b.String()
}

// start is a firewall upon this kernel, as after a restart of the agent.
func (k *kernel) start() (*Firewall, error) {
	f := &Firewall{
		cfg:   Config{LAN: "br-lan", WAN: "wan", Mark: 0x3ff00000},
		log:   slog.New(slog.NewTextHandler(io.Discard, nil)),
		look:  func(program string) (string, error) { return program, nil },
		shell: k, flows: k, own: func(uint32) bool { return true }, offload: func() bool { return false },
		places: func() (places, error) {
			return places{
				own: []netip.Addr{netip.MustParseAddr("192.168.7.1")},
				lan: []netip.Prefix{netip.MustParsePrefix("192.168.7.0/24"), netip.MustParsePrefix("2001:db8:7::/64")},
			}, nil
		},
		inserter: func(fam *family) (inserter, error) { return fakeInserter{k, fam.tool.iptables}, nil },
	}
	return f, f.start(context.Background())
}

// step does something that may be the step that fails.
func (k *kernel) step(do func() error) error {
	k.steps++
	if k.steps != k.failAt {
		return do()
	}
	if k.late {
		return errors.Join(do(), errStep)
	}
	return errStep
}

func (k *kernel) Run(_ context.Context, cmds []command) []result {
	results := make([]result, len(cmds))
	for i, c := range cmds {
		results[i].err = k.step(func() error {
			var err error
			results[i].stdout, err = k.run(c)
			return err
		})
	}
	return results
}

func (k *kernel) run(c command) (string, error) {
	if c.path == "iptables" {
		return k.plain, nil
	}
	if stem, is := strings.CutSuffix(c.path, "-save"); is {
		return k.tables[stem].String(), nil
	}
	stem, is := strings.CutSuffix(c.path, "-restore")
	if !is || c.args[0] != "--noflush" {
		return "", fmt.Errorf("what is %v", c)
	}
	k.log = append(k.log, stem)
	after := clone(k.tables[stem])
	if err := after.change(c.stdin); err != nil {
		return "", err
	}
	k.tables[stem] = after
	return "", nil
}

func clone(s save) save {
	c := save{}
	for name, t := range s {
		c[name] = table{}
		for chainName, one := range t {
			c[name][chainName] = &chain{policy: one.policy, rules: slices.Clone(one.rules)}
		}
	}
	return c
}

// change does what iptables-restore --noflush does.
func (s save) change(text string) error {
	var t table
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		verb, rest, _ := strings.Cut(line, " ")
		name, rule0, _ := strings.Cut(rest, " ")
		switch {
		case line == "COMMIT":
			if err := t.check(); err != nil {
				return err
			}
			continue
		case line[0] == '*':
			if s[line[1:]] == nil {
				s[line[1:]] = table{"INPUT": {policy: "ACCEPT"}, "FORWARD": {policy: "ACCEPT"}, "OUTPUT": {policy: "ACCEPT"}}
				if line == "*nat" {
					s["nat"] = table{"PREROUTING": {policy: "ACCEPT"}, "POSTROUTING": {policy: "ACCEPT"}}
				}
			}
			t = s[line[1:]]
			continue
		case line[0] == ':':
			t[verb[1:]] = &chain{policy: "-"}
			continue
		case t[name] == nil:
			return fmt.Errorf("no chain for %q", line)
		}
		if err := t.edit(verb, name, rule0); err != nil {
			return fmt.Errorf("%q: %w", line, err)
		}
	}
	return nil
}

func (t table) edit(verb, name, text string) error {
	c := t[name]
	switch verb {
	case "-A":
		c.rules = append(c.rules, rule{text: text})
	case "-I":
		number, rest, _ := strings.Cut(text, " ")
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > len(c.rules)+1 {
			return fmt.Errorf("no place %q", number)
		}
		c.rules = slices.Insert(c.rules, n-1, rule{text: rest})
	case "-D":
		i := slices.Index(c.texts(), text)
		if i < 0 {
			return errors.New("no such rule")
		}
		c.rules = slices.Delete(c.rules, i, i+1)
	case "-X":
		if len(c.rules) > 0 {
			return errors.New("not empty")
		}
		delete(t, name)
	default:
		return errors.New("what is that")
	}
	return nil
}

// check is what the kernel refuses at commit: a jump to nowhere.
func (t table) check() error {
	for name, c := range t {
		for _, r := range c.rules {
			to, _ := target(options(r.text))
			if (ours(to) || to == "guests") && t[to] == nil {
				return fmt.Errorf("%s jumps to %s, which is not there", name, to)
			}
		}
	}
	return nil
}

type fakeInserter struct {
	k    *kernel
	stem string
}

func (i fakeInserter) Insert(name, chain string, pos int, spec ...string) error {
	return i.k.step(func() error {
		i.k.log = append(i.k.log, "insert "+i.stem)
		after := clone(i.k.tables[i.stem])
		if err := after.change("*" + name + "\nCOMMIT\n"); err != nil {
			return err
		}
		if err := after[name].edit("-I", chain, strconv.Itoa(pos)+" "+strings.Join(spec, " ")); err != nil {
			return err
		}
		i.k.tables[i.stem] = after
		return after[name].check()
	})
}

func (k *kernel) Walk(six bool, visit func(*flow)) error {
	return k.step(func() error {
		for _, f := range slices.Clone(k.flows) {
			if f.six == six {
				visit(f)
			}
		}
		return nil
	})
}

func (k *kernel) Delete(f *flow) error {
	return k.step(func() error {
		k.flows = slices.DeleteFunc(k.flows, func(one *flow) bool { return one.id == f.id })
		return nil
	})
}

func (k *kernel) Mark(f *flow, value, mask uint32) error {
	return k.step(func() error {
		for _, one := range k.flows {
			if one.id == f.id {
				one.mark = one.mark&^mask ^ value
			}
		}
		return nil
	})
}
