package assist

import "github.com/carebox-project/carebox/cloud/audit"

// Verbs of a case's steps in the audit.
const (
	VerbTaken     = "case-taken"
	VerbOffered   = "case-offered"    // to another agent: detail "to"
	VerbAccepted  = "case-accepted"   // the offer of another: detail "from"
	VerbDeclined  = "case-declined"   // or taken back: detail "from", "to"
	VerbExpired   = "case-expired"    // nobody took the offer in time: detail "from", "to"
	VerbReturned  = "case-returned"   // to the queue: detail "why", and "from", who had it
	VerbPromised  = "case-promised"   // detail "at"
	VerbCallback  = "case-callback"   // the customer wants to be called: detail "at"
	VerbNoCall    = "case-no-call"    // not any more
	VerbCalled    = "case-called"     // as they had asked: detail "at", for when that was
	VerbWrappedUp = "case-wrapped-up" // detail "reason"
	VerbSolved    = "case-solved"     // the customer says so
	VerbReopened  = "case-reopened"   // the customer says that it is not solved
)

// told is a message that goes with a line of the audit.
func (m Message) told(e audit.Entry) Message {
	m.Line = &e
	return m
}

// line is what the audit is told of a step: who took it, and for whom. What was said stays in the case, where staff's notes
// are for staff and the rest is for who asked alone: the audit is read by every adult of the home.
func (k *Case) line(verb string, by audit.Actor, detail map[string]any) audit.Entry {
	via := audit.ViaSystem
	switch by.Kind {
	case audit.KindStaff:
		via = audit.ViaStaff
	case audit.KindMember:
		via = audit.ViaSelf
	}
	return audit.Entry{Home: k.Home, Case: k.ID, Via: via, Verb: verb, Said: audit.Said{Actor: by, Subject: k.Member, Detail: detail}}
}

func (a Agent) actor() audit.Actor { return audit.Actor{Kind: audit.KindStaff, ID: a.ID, Name: a.Name} }

func (c Customer) actor() audit.Actor {
	return audit.Actor{Kind: audit.KindMember, ID: c.Member, Name: c.Name}
}

// clockwork is who takes the steps that time alone takes.
func clockwork() audit.Actor { return audit.Actor{Kind: audit.KindSystem} }
