package policies

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Validate reports every problem of a policy, up to MaxProblems, nil if there is none. It judges what [Canonical]
// makes of the policy, so a policy made in Go may leave defaults out and write MACs as they come.
func Validate(p Policy) Problems {
	p = Canonical(p)
	j := judge{people: map[string]bool{}, devices: map[string]bool{}}
	j.home(p)
	if j.counts(p) {
		j.names(p)
		j.rules(p)
	}
	if j.problems == nil && Weight(p, 2*Horizon) > MaxWeight {
		j.problem(CodeTooMuch, "", "There are too many rules for too many people and devices at once.")
	}
	if data, err := Marshal(p); j.problems == nil && (err != nil || len(data) > MaxBytes) {
		j.problem(CodeSize, "", fmt.Sprintf("The policy has %d bytes; %d are the most.", len(data), MaxBytes))
	}
	return j.problems
}

// judge collects problems and remembers who may be referred to.
type judge struct {
	problems        Problems
	people, devices map[string]bool
}

func (j *judge) problem(code, field, detail string) { j.problems.add(code, field, detail) }

func (j *judge) home(p Policy) {
	if _, err := Location(p.Zone); err != nil {
		j.problem(CodeZone, "zone", shown(p.Zone)+" is no time zone such as Europe/Paris.")
	}
	word(j, "unknown", p.Unknown, []UnknownRule{UnknownAllow, UnknownQuarantine, UnknownRefuse})
	word(j, "effect", p.Effect, []Effect{EffectNoInternet, EffectNoWiFi})
	word(j, "clock", p.Clock, []ClockRule{"", ClockKeepLast, ClockAllow})
}

func word[T ~string](j *judge, field string, value T, known []T) {
	if slices.Contains(known, value) {
		return
	}
	list := make([]string, 0, len(known))
	for _, k := range known {
		if k != "" {
			list = append(list, string(k))
		}
	}
	j.problem(CodeWord, field, shown(string(value))+" is not one of "+strings.Join(list, ", ")+".")
}

// counts reports whether the lists are short enough to be looked into.
func (j *judge) counts(p Policy) bool {
	before := len(j.problems)
	j.count("people", len(p.People), MaxDevices)
	j.count("devices", len(p.Devices), MaxDevices)
	j.count("schedules", len(p.Schedules), MaxRules)
	j.count("exceptions", len(p.Exceptions), MaxRules)
	j.count("overrides", len(p.Overrides), MaxRules)
	j.count("budgets", len(p.Budgets), MaxRules)
	j.count("reservations", len(p.Reservations), MaxReservations)
	return len(j.problems) == before
}

func (j *judge) count(field string, n, most int) {
	if n > most {
		j.problem(CodeTooMany, field, fmt.Sprintf("There are %d; %d are the most.", n, most))
	}
}

func (j *judge) names(p Policy) {
	for i, person := range p.People {
		at := fmt.Sprintf("people[%d]", i)
		j.id(j.people, at, person.ID)
		j.name(at, person.Name)
	}
	macs := map[MAC]string{}
	for i, d := range p.Devices {
		at := fmt.Sprintf("devices[%d]", i)
		j.id(j.devices, at, d.ID)
		j.name(at, d.Name)
		if d.Kind != "" && !plainID(d.Kind) {
			j.problem(CodeWord, at+".kind", "A kind is one word, such as phone.")
		}
		if d.Person != "" && !j.people[d.Person] {
			j.problem(CodeReference, at+".person", "There is no person "+shown(d.Person)+".")
		}
		word(j, at+".effect", d.Effect, []Effect{"", EffectNoInternet, EffectNoWiFi})
		j.macs(macs, at+".macs", d.MACs)
	}
}

// id checks an identifier and enters it into those of its list.
func (j *judge) id(taken map[string]bool, at, id string) {
	switch {
	case id == "":
		j.problem(CodeIDMissing, at+".id", "An id is missing.")
	case !plainID(id):
		j.problem(CodeID, at+".id", fmt.Sprintf("An id has 1 to %d characters of A-Z a-z 0-9 . _ and -.", MaxID))
	case taken[id]:
		j.problem(CodeIDTwice, at+".id", "The id "+shown(id)+" is taken.")
	default:
		taken[id] = true
	}
}

func plainID(id string) bool {
	if len(id) < 1 || len(id) > MaxID {
		return false
	}
	for _, c := range []byte(id) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return true
}

func (j *judge) name(at, name string) {
	if strings.TrimSpace(name) == "" {
		j.problem(CodeNameMissing, at+".name", "A name is missing.")
		return
	}
	j.label(at+".name", name)
}

// label checks a name that may be left out. One of blanks alone would be a word that nobody can read.
func (j *judge) label(field, name string) {
	long := !utf8.ValidString(name) || utf8.RuneCountInString(name) > MaxName
	if long || strings.ContainsFunc(name, unicode.IsControl) || name != "" && strings.TrimSpace(name) == "" {
		j.problem(CodeName, field, fmt.Sprintf("A name has 1 to %d characters, no control characters.", MaxName))
	}
}

// macs checks the addresses of one device; taken maps an address to the field that had it first.
func (j *judge) macs(taken map[MAC]string, at string, macs []MAC) {
	if len(macs) == 0 {
		j.problem(CodeMACMissing, at, "A device has at least one address.")
	}
	if len(macs) > MaxMACs {
		j.count(at, len(macs), MaxMACs)
		return
	}
	for i, m := range macs {
		field := fmt.Sprintf("%s[%d]", at, i)
		_, err := ParseMAC(string(m))
		first, twice := taken[m]
		switch {
		case err != nil:
			j.problem(CodeMAC, field, shown(string(m))+" is no address such as 02:00:00:00:00:0a.")
		case m == "00:00:00:00:00:00":
			j.problem(CodeMACZero, field, "This address is all zero.")
		case strings.ContainsRune("13579bdf", rune(m[1])):
			j.problem(CodeMulticast, field, "This address stands for many devices, not for one.")
		case twice:
			j.problem(CodeMACTwice, field, "This address is also "+first+".")
		default:
			taken[m] = field
		}
	}
}

func (j *judge) target(at string, t Target) {
	named := 0
	for _, is := range []bool{t.Device != "", t.Person != "", t.Home} {
		if is {
			named++
		}
	}
	if named != 1 {
		j.problem(CodeTarget, at, "A rule is for exactly one device, one person or the home.")
		return
	}
	if t.Device != "" && !j.devices[t.Device] {
		j.problem(CodeReference, at+".device", "There is no device "+shown(t.Device)+".")
	}
	if t.Person != "" && !j.people[t.Person] {
		j.problem(CodeReference, at+".person", "There is no person "+shown(t.Person)+".")
	}
}

func (j *judge) days(at string, days []Day) {
	if len(days) == 0 {
		j.problem(CodeDayMissing, at, "At least one day is needed.")
	}
	seen := map[Day]bool{}
	for i, d := range days {
		field := fmt.Sprintf("%s[%d]", at, i)
		if _, ok := d.weekday(); !ok {
			j.problem(CodeDay, field, shown(string(d))+" is no day such as Monday.")
		} else if seen[d] {
			j.problem(CodeDayTwice, field, string(d)+" is here twice.")
		}
		seen[d] = true
	}
}

// window checks a start and a duration, both members of at.
func (j *judge) window(at, start string, duration int) {
	if _, ok := clock(start); !ok {
		j.problem(CodeTime, at+".start", shown(start)+" is no time from 00:00 to 23:59.")
	}
	if most := int(MaxWindow / time.Second); duration < 1 || duration > most {
		j.problem(CodeDuration, at+".duration", fmt.Sprintf("A duration is 1 to %d seconds.", most))
	}
}
