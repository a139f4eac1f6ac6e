package radio

import (
	"maps"
	"slices"

	"github.com/carebox-project/carebox/policies"
)

// door is who may join one BSS as it is now.
type door struct {
	accept, deny list
	whole        bool // both lists were read to their ends
	joined       []policies.MAC
}

// guests is who may join it.
type guests struct {
	closed  bool           // only members; whoever is put out of an open BSS shows that it has to be closed
	members []policies.MAC // of a closed one
	refused []policies.MAC // nobody of these, members included
}

// exclusive reports whether the BSS is known to let nobody in who is not on its accept list, by us or by whoever set hostapd up.
//
// hostapd does not tell which lists count (macaddr_acl cannot be read), so what it did is looked at: whoever has joined without being
// on the list shows that the BSS is open.
func (d door) exclusive() bool {
	return d.accept.has(modeNote) || len(d.accept.theirs()) > 0 && !d.open()
}

// open reports whether somebody has joined who is not on the accept list.
func (d door) open() bool {
	return slices.ContainsFunc(d.joined, func(mac policies.MAC) bool { return !d.accept.has(mac) && !d.accept.taken(mac) })
}

// commands are what hostapd has to be told so that its BSS lets in whom it should, and nobody else stays. The accept list is read before
// the deny list, so who is refused has to leave it. None: the BSS is as it should be.
func (d door) commands(g guests) []string {
	deny := edit{name: "DENY_ACL", list: maps.Clone(d.deny)}
	accept := edit{name: "ACCEPT_ACL", list: maps.Clone(d.accept)}
	member := func(mac policies.MAC) bool {
		return slices.Contains(g.members, mac) && !slices.Contains(g.refused, mac)
	}
	off := func(mac policies.MAC) bool { return slices.Contains(g.refused, mac) || g.closed && !member(mac) }

	var out []string
	opens := !g.closed && d.accept.has(modeNote)
	if opens { // first, so that nobody stands before a closed door whose list is being emptied
		out = append(out, "SET macaddr_acl 0")
	}
	for _, mac := range d.accept.known() {
		theirs := !accept.ours(mac)
		accept.want(mac, theirs && !off(mac) || g.closed && member(mac))
	}
	if g.closed {
		for _, mac := range g.members {
			accept.want(mac, member(mac))
		}
	}
	for _, mac := range d.deny.known() {
		if deny.ours(mac) || deny.taken(mac) { // nothing of theirs is ever taken out of this one: a note alone is half a removal
			deny.keep(mac, slices.Contains(g.refused, mac))
		}
	}
	for _, mac := range g.refused {
		deny.keep(mac, true)
	}
	out = append(append(out, accept.commands...), deny.commands...)
	if opens {
		out = append(out, "ACCEPT_ACL DEL_MAC "+string(modeNote))
	}
	switch known := d.accept.has(modeNote); {
	case g.closed && !known && d.open(): // else it may be closed already, and must not be opened afterwards
		out = append(out, "ACCEPT_ACL ADD_MAC "+string(modeNote), "SET macaddr_acl 1")
	case g.closed && known && d.open(): // somebody opened it behind our back
		out = append(out, "SET macaddr_acl 1")
	}
	for _, mac := range d.joined { // a new entry of the deny list disconnects by itself; this is for whoever slipped in
		denied := d.deny.has(mac) && deny.has(mac) && !accept.has(mac)
		if denied || off(mac) && !slices.Contains(g.refused, mac) {
			out = append(out, "DEAUTHENTICATE "+string(mac))
		}
	}
	return out
}

// known are the addresses that a list is about, notes counted as what they are for.
func (l list) known() []policies.MAC {
	var out []policies.MAC
	for mac := range l {
		if base := baseOf(mac); mac != modeNote && !slices.Contains(out, base) {
			out = append(out, base)
		}
	}
	slices.Sort(out)
	return out
}

// keep makes sure that an address is on the deny list for us, or no longer. One that somebody else put there needs nothing of ours.
func (e *edit) keep(mac policies.MAC, in bool) {
	note := noteOf(mac)
	switch {
	case in && !e.has(mac):
		if !e.has(note) {
			e.add(note, 0)
		}
		e.add(mac, 0)
	case !in && e.has(mac) && e.has(note):
		e.drop(mac)
		e.drop(note)
	case !in && e.has(note):
		e.drop(note)
	}
}
