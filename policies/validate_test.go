package policies

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// found lists problems as "code field".
func found(ps Problems) []string {
	var list []string
	for _, p := range ps {
		list = append(list, strings.TrimSpace(p.Code+" "+p.Field))
	}
	return list
}

// wrong changes a valid policy into one with exactly the problems that are named.
type wrong struct {
	name   string
	change func(*Policy)
	want   []string
}

func wrongs() []wrong {
	instant := func(s string) *time.Time {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			panic(err)
		}
		return &at
	}
	return []wrong{
		{"no zone", func(p *Policy) { p.Zone = "" }, []string{"zone zone"}},
		{"the machine's zone", func(p *Policy) { p.Zone = "Local" }, []string{"zone zone"}},
		{"a zone of another spelling", func(p *Policy) { p.Zone = "europe/paris" }, []string{"zone zone"}},
		{"words of the home", func(p *Policy) { p.Unknown, p.Effect, p.Clock = "deny", "none", "utc" },
			[]string{"word unknown", "word effect", "word clock"}},
		{"words of a device", func(p *Policy) { p.Devices[0].Effect, p.Devices[0].Kind = "none", "a phone" },
			[]string{"word devices[0].kind", "word devices[0].effect"}},
		{"an override's mode", func(p *Policy) { p.Overrides[0].Mode = "stop" }, []string{"word overrides[0].mode"}},
		{"no ids", func(p *Policy) { p.People[1].ID, p.Budgets[0].ID, p.Devices[2].Person = "", "", "" },
			[]string{"id-missing people[1].id", "id-missing budgets[0].id"}},
		{"no ids of rules", func(p *Policy) { p.Schedules[0].ID, p.Exceptions[0].ID, p.Overrides[0].ID = "", "", "" },
			[]string{"id-missing schedules[0].id", "id-missing exceptions[0].id", "id-missing overrides[0].id"}},
		{"wrong ids", func(p *Policy) { p.Devices[1].ID, p.Budgets[0].ID = "a tv", strings.Repeat("x", 65) },
			[]string{"id devices[1].id", "id budgets[0].id"}},
		{"an id twice", func(p *Policy) { p.Devices[2].ID = "tv" }, []string{"id-duplicate devices[2].id"}},
		{"no names", func(p *Policy) { p.People[0].Name, p.Devices[1].Name = "", " \u00a0" },
			[]string{"name-missing people[0].name", "name-missing devices[1].name"}},
		{"long names", func(p *Policy) {
			p.People[0].Name, p.Devices[1].Name = strings.Repeat("é", 81), strings.Repeat("é", 80)
		}, []string{"name people[0].name"}},
		{"names that are no text", func(p *Policy) { p.People[0].Name, p.Devices[1].Name = "a\nb", "a\xff" },
			[]string{"name people[0].name", "name devices[1].name"}},
		{"names of rules that are no text", func(p *Policy) {
			p.Schedules[0].Name, p.Exceptions[0].Name, p.Overrides[0].By = "a\nb", strings.Repeat("é", 81), " "
		}, []string{"name schedules[0].name", "name exceptions[0].name", "name overrides[0].by"}},
		{"names of rules", func(p *Policy) {
			p.Schedules[0].Name, p.Exceptions[0].Name, p.Overrides[0].By = "School nights", strings.Repeat("é", 80), "Camille"
		}, nil},
		{"no address", func(p *Policy) { p.Devices[0].MACs = nil }, []string{"mac-missing devices[0].macs"}},
		{"no addresses at all", func(p *Policy) {
			p.Devices[0].MACs = []MAC{"", "02:00:00:00:00", "02:00:00:00:00:0g", "02:00-00:00:00:01"}
		}, []string{"mac devices[0].macs[0]", "mac devices[0].macs[1]", "mac devices[0].macs[2]", "mac devices[0].macs[3]"}},
		{"addresses of many and of none", func(p *Policy) {
			p.Devices[0].MACs = []MAC{"01:00:5e:00:00:fb", "FF-FF-FF-FF-FF-FF", "00:00:00:00:00:00"}
		}, []string{"mac-multicast devices[0].macs[0]", "mac-multicast devices[0].macs[1]", "mac-zero devices[0].macs[2]"}},
		{"an address twice in one device", func(p *Policy) { p.Devices[0].MACs = []MAC{"02:00:00:00:00:0a", "02-00-00-00-00-0A"} },
			[]string{"mac-duplicate devices[0].macs[1]"}},
		{"an address in two devices", func(p *Policy) { p.Devices[2].MACs = []MAC{"0200.0000.0001"} },
			[]string{"mac-duplicate devices[2].macs[0]"}},
		{"too many addresses", func(p *Policy) { p.Devices[0].MACs = make([]MAC, 17) }, []string{"too-many devices[0].macs"}},
		{"nobody's device", func(p *Policy) { p.Devices[0].Person = "zoe" }, []string{"reference devices[0].person"}},
		{"rules for nobody", func(p *Policy) {
			p.Schedules[0].For, p.Exceptions[0].For, p.Budgets[0].For = Target{Person: "zoe"}, Target{Device: "car"}, Target{Person: "zoe"}
		}, []string{"reference schedules[0].for.person", "reference exceptions[0].for.device", "reference budgets[0].for.person"}},
		{"rules for none and for many", func(p *Policy) {
			p.Schedules[0].For, p.Exceptions[0].For = Target{}, Target{Person: "leo", Home: true}
			p.Overrides[0].For = Target{Device: "tv", Person: "leo"}
		}, []string{"target schedules[0].for", "target exceptions[0].for", "target overrides[0].for"}},
		{"a budget for the home", func(p *Policy) { p.Budgets[0].For = Target{Home: true} },
			[]string{"target-person budgets[0].for"}},
		{"a budget for a device", func(p *Policy) { p.Budgets[0].For = Target{Device: "tv"} },
			[]string{"target-person budgets[0].for"}},
		{"no days", func(p *Policy) { p.Schedules[0].Days, p.Budgets[0].Days = nil, nil },
			[]string{"day-missing schedules[0].days", "day-missing budgets[0].days"}},
		{"no such days", func(p *Policy) { p.Schedules[0].Days = []Day{"monday", "Lundi", ""} },
			[]string{"day schedules[0].days[0]", "day schedules[0].days[1]", "day schedules[0].days[2]"}},
		{"a day twice", func(p *Policy) { p.Budgets[0].Days = []Day{"Sunday", "Monday", "Sunday"} },
			[]string{"day-duplicate budgets[0].days[2]"}},
		{"times", func(p *Policy) {
			p.Schedules[0].Start = "24:00"
			for _, s := range []string{"", "7:00", "07:0", "07:60", "-7:00", "07.00", "07:00:00", "０7:0"} {
				p.Exceptions[0].Windows = append(p.Exceptions[0].Windows, Window{s, 60})
			}
		}, []string{"time schedules[0].start", "time exceptions[0].windows[1].start", "time exceptions[0].windows[2].start",
			"time exceptions[0].windows[3].start", "time exceptions[0].windows[4].start", "time exceptions[0].windows[5].start",
			"time exceptions[0].windows[6].start", "time exceptions[0].windows[7].start", "time exceptions[0].windows[8].start"}},
		{"durations", func(p *Policy) { p.Schedules[0].Duration, p.Exceptions[0].Windows[0].Duration = 0, 604801 },
			[]string{"duration schedules[0].duration", "duration exceptions[0].windows[0].duration"}},
		{"too many windows", func(p *Policy) { p.Exceptions[0].Windows = make([]Window, 33) },
			[]string{"too-many exceptions[0].windows"}},
		{"no amount", func(p *Policy) { p.Budgets[0].Amount = 0 }, []string{"amount budgets[0].amount"}},
		{"more than a day", func(p *Policy) { p.Budgets[0].Amount = 86401 }, []string{"amount budgets[0].amount"}},
		{"no such date", func(p *Policy) { p.Exceptions[0].Date = "2026-02-29" }, []string{"date exceptions[0].date"}},
		{"a date of another spelling", func(p *Policy) { p.Exceptions[0].Date = "2026-2-1" }, []string{"date exceptions[0].date"}},
		{"a date long ago", func(p *Policy) { p.Exceptions[0].Date = "1999-12-31" }, []string{"date exceptions[0].date"}},
		{"a target and date twice", func(p *Policy) {
			e := p.Exceptions[0]
			e.ID = "again"
			other := e
			other.ID, other.For = "fine", Target{Person: "leo"}
			p.Exceptions = append(p.Exceptions, e, other)
		}, []string{"date-duplicate exceptions[1].date"}},
		{"a bonus without end", func(p *Policy) { p.Overrides[0].Mode, p.Overrides[0].Until = ModeBonus, nil },
			[]string{"until-missing overrides[0].until"}},
		{"an end that is the beginning", func(p *Policy) { p.Overrides[0].Until = &p.Overrides[0].At },
			[]string{"until overrides[0].until"}},
		{"instants out of reach", func(p *Policy) {
			p.Overrides[0].At = *instant("1999-12-31T23:59:59Z")
			p.Overrides[0].Until = instant("2101-01-01T00:00:00Z")
		}, []string{"instant overrides[0].at", "instant overrides[0].until"}},
		{"no instant", func(p *Policy) { p.Overrides[0].At = time.Time{} }, []string{"instant overrides[0].at"}},
		{"too many of anything", func(p *Policy) {
			p.People, p.Devices, p.Schedules = make([]Person, 513), make([]Device, 513), make([]Schedule, 513)
			p.Exceptions, p.Overrides, p.Budgets = make([]Exception, 513), make([]Override, 513), make([]Budget, 513)
			p.Reservations = make([]Reservation, 513)
		}, []string{"too-many people", "too-many devices", "too-many schedules", "too-many exceptions",
			"too-many overrides", "too-many budgets", "too-many reservations"}},
		{"rules for the home beside rules for each device", func(p *Policy) {
			week := []Day{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
			for i := range 200 {
				id := fmt.Sprintf("d%d", i)
				p.Devices = append(p.Devices, Device{ID: id, Name: "D", MACs: []MAC{MAC(fmt.Sprintf("06:00:00:00:00:%02x", i))}})
				p.Schedules = append(p.Schedules,
					Schedule{ID: "home-" + id, For: Target{Home: true}, Days: week, Start: "08:00", Duration: 60},
					Schedule{ID: "own-" + id, For: Target{Device: id}, Days: week, Start: "09:00", Duration: 60})
			}
		}, []string{"too-much"}},
		{"a policy that is too long", func(p *Policy) {
			for i := range 500 {
				d := Device{ID: fmt.Sprintf("d%d", i), Name: strings.Repeat("<", 80)}
				d.MACs = []MAC{MAC(fmt.Sprintf("06:00:00:00:%02x:%02x", i>>8, i&255))}
				p.Devices = append(p.Devices, d)
			}
		}, []string{"size"}},
	}
}

func TestValidate(t *testing.T) {
	if ps := Validate(family()); ps != nil {
		t.Fatal(ps)
	}
	for _, tt := range append(wrongs(), wrongReservations()...) {
		t.Run(tt.name, func(t *testing.T) {
			ps := Validate(with(tt.change))
			if diff := cmp.Diff(tt.want, found(ps)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			for _, p := range ps {
				if !strings.HasSuffix(p.Detail, ".") {
					t.Errorf("%q is no sentence", p.Detail)
				}
			}
		})
	}
}

func TestProblemsOfFarTooMuchStaySmall(t *testing.T) {
	p := NewPolicy("Europe/Paris")
	p.Devices = make([]Device, MaxDevices)
	for i := range p.Devices {
		p.Devices[i].Person = strings.Repeat("ÿ", 100)
	}
	ps := Validate(p)
	if len(ps) != MaxProblems || ps[MaxProblems-1].Code != CodeMore {
		t.Errorf("%d problems, the last %v", len(ps), ps[len(ps)-1])
	}
	if data, err := json.Marshal(ps); err != nil || len(data) > 64<<10 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
}

// TestEveryCodeHasACase keeps the tables of this package from forgetting a code.
func TestEveryCodeHasACase(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "problem.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{CodeMore: true} // TestProblemsOfFarTooMuchStaySmall
	for _, tt := range append(wrongs(), wrongReservations()...) {
		for _, w := range tt.want {
			seen[strings.Fields(w)[0]] = true
		}
	}
	for _, tt := range unreadables() {
		for _, w := range tt.want {
			seen[strings.Fields(w)[0]] = true
		}
	}
	for _, tt := range unkept() {
		for _, w := range tt.want {
			seen[strings.Fields(w)[0]] = true
		}
	}
	codes := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Code") {
			return true
		}
		lit, _ := spec.Values[0].(*ast.BasicLit)
		code, err := strconv.Unquote(lit.Value)
		if err != nil || !seen[code] {
			t.Errorf("%s: no case for %q, %v", spec.Names[0].Name, code, err)
		}
		codes++
		return true
	})
	if codes < 30 {
		t.Errorf("only %d codes were found", codes)
	}
}

func TestProblemsAreAnError(t *testing.T) {
	_, err := Parse([]byte(`{"zone":"Mars","people":[{"id":"leo","name":""}]}`))
	var ps Problems
	if !errors.As(err, &ps) || len(ps) != 2 {
		t.Fatalf("%v", err)
	}
	want := `zone: "Mars" is no time zone such as Europe/Paris.; people[0].name: A name is missing.`
	if err.Error() != want {
		t.Errorf("%s", err)
	}
}
