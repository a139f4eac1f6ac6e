package radio

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/carebox-project/carebox/policies"
)

// list is an access list of one BSS: addresses, and the VLAN that a station is put into (0: none).
//
// hostapd's lists say nothing about whose an entry is, and an agent that was killed must find its own. So a note is put beside each
// entry of ours: the same address with the group bit, which no station can have. An address with its note was added by us; a
// note alone stands for an entry of somebody else's that we took out, and that is to be put back. hostapd forgets notes and
// entries together.
type list map[policies.MAC]int

// modeNote is the note that a BSS let everybody in before its accept list was closed.
const modeNote policies.MAC = "03:63:61:72:65:62"

// maxRefused is how many addresses are kept off at most: hostapd tells no more than 146 entries of a list, and each has its note.
const maxRefused = 64

func isNote(mac policies.MAC) bool {
	return len(mac) > 1 && strings.ContainsRune("13579bdf", rune(mac[1]))
}

func noteOf(mac policies.MAC) policies.MAC {
	if isNote(mac) || len(mac) < 2 {
		return mac
	}
	digit, err := strconv.ParseUint(string(mac[1]), 16, 8)
	if err != nil {
		return mac
	}
	return mac[:1] + policies.MAC(strconv.FormatUint(digit|1, 16)) + mac[2:]
}

// parseList takes the answer to ACCEPT_ACL SHOW and DENY_ACL SHOW: lines "02:00:00:00:00:0a VLAN_ID=0". It reports whether that is all.
func parseList(text string) (list, bool) {
	out := list{}
	for line := range strings.Lines(text) {
		first, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		mac, ok := parseAddress(first)
		if !ok {
			continue
		}
		vlan, _ := strings.CutPrefix(rest, "VLAN_ID=")
		out[mac] = number(vlan)
	}
	return out, len(text) < maxReply-len("02:00:00:00:00:0a VLAN_ID=4094\n")
}

func (l list) has(mac policies.MAC) bool {
	_, ok := l[mac]
	return ok
}

// ours reports whether an address was added by us, taken whether it was taken out by us.
func (l list) ours(mac policies.MAC) bool  { return l.has(mac) && l.has(noteOf(mac)) }
func (l list) taken(mac policies.MAC) bool { return !l.has(mac) && l.has(noteOf(mac)) }

// theirs are the entries that somebody else made, those that we took out included.
func (l list) theirs() []policies.MAC {
	var out []policies.MAC
	for _, mac := range slices.Sorted(maps.Keys(l)) {
		base := baseOf(mac)
		if mac != modeNote && !l.ours(base) {
			out = append(out, base)
		}
	}
	return out
}

// baseOf is the address of a note.
func baseOf(mac policies.MAC) policies.MAC {
	if !isNote(mac) {
		return mac
	}
	digit, err := strconv.ParseUint(string(mac[1]), 16, 8)
	if err != nil {
		return mac
	}
	return mac[:1] + policies.MAC(strconv.FormatUint(digit&^1, 16)) + mac[2:]
}

// edit is a list that is being changed, and the commands that change it.
type edit struct {
	name string // ACCEPT_ACL or DENY_ACL
	list
	commands []string
}

func (e *edit) add(mac policies.MAC, vlan int) {
	command := e.name + " ADD_MAC " + string(mac)
	if vlan != 0 {
		command += " VLAN_ID=" + strconv.Itoa(vlan)
	}
	e.commands = append(e.commands, command)
	e.list[mac] = vlan
}

func (e *edit) drop(mac policies.MAC) {
	e.commands = append(e.commands, e.name+" DEL_MAC "+string(mac))
	delete(e.list, mac)
}

// want makes sure that an address is in the list, or not.
func (e *edit) want(mac policies.MAC, in bool) {
	note := noteOf(mac)
	switch {
	case in && e.taken(mac): // theirs, to be put back
		e.add(mac, e.list[note])
		e.drop(note)
	case in && !e.has(mac):
		e.add(note, 0)
		e.add(mac, 0)
	case !in && e.ours(mac):
		e.drop(mac)
		e.drop(note)
	case !in && e.has(mac):
		e.add(note, e.list[mac])
		e.drop(mac)
	}
}
