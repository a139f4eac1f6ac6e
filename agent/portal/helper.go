package portal

import (
	"net/http"
	"time"
)

const (
	endPath  = "/end"
	endedTo  = "/?ended" // the page, which then says so
	maxGrant = 64
)

// Helper is somebody who may do something on this box at present.
type Helper struct {
	Grant    string // names it in the form
	Name     string // "" where nobody told one
	Member   bool   // of the family, who has the box checked
	Measures bool   // may measure the box
	Left     time.Duration
}

// helped is what the page says of one helper, with the form that ends it.
type helped struct{ grant, says string }

// helpers are told on every page: whoever is in the home may know who has a hand on its box, and end it.
func (s *Server) helpers(l *language, v Visitor) []helped {
	var all []helped
	if s.parts.Helpers == nil {
		return nil
	}
	for _, h := range s.parts.Helpers() {
		all = append(all, helped{grant: h.Grant, says: h.says(l, v)})
	}
	return all
}

// says is the sentence of one helper. Without a clock, or a zone, nobody knows what a wall clock will show.
func (h Helper) says(l *language, v Visitor) string {
	forms := [2]string{l.helpSees, l.helpSeesFor}
	switch {
	case h.Member:
		forms = [2]string{l.helpMember, l.helpMemberFor}
	case h.Measures:
		forms = [2]string{l.helpMeasures, l.helpMeasuresFor}
	}
	name := h.Name
	if name == "" {
		name = l.helpNobody
	}
	if v.Zone == nil || !v.Sure {
		return fill(forms[1], "name", name, "span", l.span(h.Left))
	}
	now := v.Now.In(v.Zone)
	return fill(forms[0], "name", name, "time", l.moment(now.Add(h.Left), now))
}

// end ends a support session. What had ended before is as good.
func (s *Server) end(r request) reply {
	if !r.ours() {
		return reply{status: http.StatusForbidden}
	}
	grant := r.form.Get("grant")
	if grant == "" || len(grant) > maxGrant || s.parts.End == nil {
		return reply{status: http.StatusBadRequest}
	}
	if s.parts.End(grant) {
		s.log.Info("support session ended on the page")
	}
	return reply{status: http.StatusSeeOther, location: endedTo}
}

// help says who helps, and lets it be ended.
func (p page) help(m *markup) {
	if len(p.helpers) == 0 && !p.ended {
		return
	}
	m.raw(`<section class="news waiting" role="status">`)
	m.element("<p><strong>", p.language.helpTitle, "</strong></p>")
	if p.ended && len(p.helpers) == 0 {
		m.element("<p>", p.language.helpEnded, "</p>")
	}
	for _, h := range p.helpers {
		m.element("<p>", h.says, "</p>")
		m.element(`<form class="end" method="post" action="`+endPath+`"><input type="hidden" name="grant" value="`, h.grant, `">`)
		m.element("<button>", p.language.helpEnd, "</button></form>")
	}
	m.raw("</section>")
}
