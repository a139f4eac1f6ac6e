package portal

import (
	"strconv"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// Tones of a page and of its parts: a colour, a picture and a word always go together.
const (
	tonePaused  = "paused"
	toneOnline  = "online"
	toneWaiting = "waiting"
	toneQuiet   = "quiet"
)

const (
	refreshSoon = 5 // seconds: something is about to change
	refresh     = 20
	refreshSlow = 60 // while somebody may be choosing
	longSpan    = 24 * time.Hour
)

// page is what one device is told, in sentences. Nothing of it needs a script.
type page struct {
	language *language
	tone     string
	title    string
	time     string // big: when it ends
	span     string // beside it: how long that is
	reason   string
	status   []string // of what was asked: the first one is the news
	mood     string   // tone of the status
	form     bool     // more time can be asked for
	foot     []string
	refresh  int
	helpers  []helped
	ended    bool // a support session, a moment ago
}

// compose says what holds for a visitor, and how far their ask has come. Reachable is whether the cloud is.
func compose(l *language, v Visitor, a asking, reachable bool) page {
	p := page{language: l, refresh: refreshSlow}
	switch kind := v.Verdict.Reason.Kind; {
	case v.Verdict.Online:
		p.online(v, a)
		return p
	case kind == policies.KindRefused:
		p.tone, p.title, p.reason = toneQuiet, l.titleRefused, l.refused
	case v.Device == "":
		p.tone, p.title, p.reason = toneQuiet, l.titleUnknown, l.unknown
	default:
		p.paused(v)
		p.asked(v, a, reachable)
	}
	p.foot = append(p.foot, l.stillWorks)
	p.today(v)
	return p
}

// nobody is the page of a device that the box cannot tell from others yet.
func nobody(l *language) page {
	return page{language: l, tone: toneQuiet, title: l.titleNobody, reason: l.nobody, refresh: refreshSoon}
}

func (p *page) online(v Visitor, a asking) {
	l := p.language
	p.tone, p.title, p.reason = toneOnline, l.titleOnline, l.online
	now := v.Now.In(v.Zone)
	changes := v.Verdict.Changes
	switch {
	case a.phase == phaseGranted:
		p.status, p.mood = []string{fill(l.yes, "time", l.moment(a.until, now))}, toneOnline
	case v.Verdict.Reason.Kind == policies.KindBonus && v.Verdict.Until != nil:
		p.status, p.mood = []string{fill(l.bonus, "time", l.moment(*v.Verdict.Until, now))}, toneOnline
	case changes != nil && v.Sure && changes.Sub(now) < longSpan:
		p.time = fill(l.until, "time", l.moment(*changes, now))
		p.span = fill(l.in, "span", l.span(changes.Sub(now)))
	}
	p.today(v)
}

// paused says until when, and why and by whom.
func (p *page) paused(v Visitor) {
	l := p.language
	p.tone, p.title, p.reason = tonePaused, l.titlePaused, why(l, v)
	now := v.Now.In(v.Zone)
	switch back := v.back(); {
	case !back.IsZero():
		p.time = fill(l.until, "time", l.moment(back, now))
		if left := back.Sub(now); v.Sure && left > 0 && left < longSpan {
			p.span = fill(l.in, "span", l.span(left))
		}
	case v.Sure:
		p.time = l.noEnd
	}
}

// back is when the device is online again, zero if that is not foreseen. Without a clock only an override has an end.
func (v Visitor) back() time.Time {
	switch {
	case v.Verdict.Changes != nil:
		return *v.Verdict.Changes
	case !v.Sure && v.Verdict.Until != nil:
		return *v.Verdict.Until
	}
	return time.Time{}
}

func why(l *language, v Visitor) string {
	named := func(with, without string) string {
		if v.Rule == "" {
			return without
		}
		return fill(with, "rule", v.Rule)
	}
	switch v.Verdict.Reason.Kind {
	case policies.KindPause:
		if v.By != "" {
			return fill(l.pauseBy, "name", v.By)
		}
		return l.pause
	case policies.KindException:
		return named(l.specialNamed, l.special)
	case policies.KindBudget:
		return fill(l.budget, "span", l.span(v.Budget))
	}
	return named(l.hoursNamed, l.hours)
}

// asked says how far an ask has come, or lets one be made.
func (p *page) asked(v Visitor, a asking, reachable bool) {
	l, now := p.language, v.Now.In(v.Zone)
	at := l.moment(a.asked, now)
	again := fill(l.again, "at", l.at(a.again, now))
	p.refresh, p.mood = refresh, toneWaiting
	switch a.phase {
	case phaseLeaving:
		p.status = []string{fill(l.leaving, "time", at), l.offline}
		if reachable {
			p.status = []string{fill(l.sent, "time", at), l.sentMore}
		}
	case phaseSent:
		p.status = []string{fill(l.sent, "time", at), l.sentMore}
	case phaseSeen:
		p.status = []string{l.seen, l.sentMore}
		if a.by != "" {
			p.status[0] = fill(l.seenBy, "name", a.by)
		}
	case phaseSilence:
		p.status = []string{l.silence, again}
	case phaseRefused:
		p.status, p.mood = []string{l.notThisTime, again}, tonePaused
		if back := v.back(); !back.IsZero() {
			p.status[0] = fill(l.notThisTimeUntil, "at", l.at(back, now))
		}
	case phaseGranted:
		if a.fresh {
			p.status, p.mood = []string{fill(l.yes, "time", l.moment(a.until, now)), l.applying}, toneOnline
			p.refresh = refreshSoon
			return
		}
		p.offer()
	case phaseUnheard:
		p.status = []string{l.unheard, l.unheardMore}
		p.offer()
	default:
		p.offer()
	}
}

func (p *page) offer() { p.form, p.refresh = true, refreshSlow }

// today says how much of the day is used. Without a clock nobody knows which day it is.
func (p *page) today(v Visitor) {
	l := p.language
	used := fill(l.minute, "m", "0")
	if v.Used > 0 {
		used = l.span(v.Used)
	}
	switch {
	case !v.Sure || v.Verdict.Reason.Kind == policies.KindBudget && !v.Verdict.Online:
	case v.Budget > 0:
		p.foot = append(p.foot, fill(l.todayOf, "used", used, "budget", l.span(v.Budget)))
	case v.Used > 0:
		p.foot = append(p.foot, fill(l.todayUsed, "used", used))
	}
}

// choice is one that the form offers, with its words.
type choice struct {
	value, label string
}

func (l *language) lengths() []choice {
	var all []choice
	for _, n := range wire.AskMinutes {
		all = append(all, choice{strconv.Itoa(n), l.span(time.Duration(n) * time.Minute)})
	}
	return all
}

func (l *language) reasons() []choice {
	var all []choice
	for _, w := range wire.AskWhys {
		if w != "" {
			all = append(all, choice{string(w), l.whys[w]})
		}
	}
	return all
}
