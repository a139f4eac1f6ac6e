package portal

import (
	_ "embed"
	"html"
	"strconv"
	"strings"
)

//go:embed style.css
var style string

// Pictures are drawn with the colour of the text around them.
var (
	//go:embed paused.svg
	pausedPicture string
	//go:embed online.svg
	onlinePicture string
	//go:embed quiet.svg
	quietPicture string
)

func picture(tone string) string {
	switch tone {
	case tonePaused:
		return pausedPicture
	case toneOnline:
		return onlinePicture
	}
	return quietPicture
}

// defaultLength is chosen where nobody chooses.
const defaultLength = "30"

// markup writes HTML. Every word goes through text: names come from the family, and pages are too few to let
// html/template make the program a tenth bigger.
type markup struct{ strings.Builder }

func (m *markup) raw(parts ...string) {
	for _, s := range parts {
		m.WriteString(s)
	}
}

func (m *markup) element(open, text, end string) {
	if text != "" {
		m.raw(open, html.EscapeString(text), end)
	}
}

// html is the whole page.
func (p page) html() []byte {
	m := &markup{}
	m.raw(`<!doctype html><html lang="`, p.language.tag, `"><head><meta charset="utf-8">`,
		`<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">`,
		`<meta http-equiv="refresh" content="`, strconv.Itoa(p.refresh), `;url=/">`)
	m.element("<title>", p.title, "</title>")
	m.raw("<style>", style, `</style></head><body class="`, p.tone, `"><main>`, picture(p.tone))
	m.element("<h1>", p.title, "</h1>")
	if p.time != "" {
		m.element(`<p class="until">`, p.time, "")
		m.element(` <span>`, p.span, "</span>")
		m.raw("</p>")
	}
	m.element(`<p class="why">`, p.reason, "</p>")
	p.help(m)
	p.news(m)
	if p.form {
		p.ask(m)
	}
	if len(p.foot) > 0 {
		m.raw("<footer>")
		for _, line := range p.foot {
			m.element("<p>", line, "</p>")
		}
		m.raw("</footer>")
	}
	m.raw("</main></body></html>\n")
	return []byte(m.String())
}

// news is how far the ask has come. A page that comes anew by itself says it aloud.
func (p page) news(m *markup) {
	if len(p.status) == 0 {
		return
	}
	m.raw(`<section class="news `, p.mood, `" role="status">`)
	for i, line := range p.status {
		if i == 0 {
			m.element("<p><strong>", line, "</strong></p>")
			continue
		}
		m.element("<p>", line, "</p>")
	}
	m.raw("</section>")
}

// ask is the form. Its radio buttons are brothers of the button, so that style alone can tell it what to say.
func (p page) ask(m *markup) {
	l := p.language
	m.raw(`<form method="post" action="/ask"><fieldset>`)
	m.element("<legend>", l.askTitle, "</legend>")
	for _, c := range l.lengths() {
		checked := ""
		if c.value == defaultLength {
			checked = " checked"
		}
		m.raw(`<input type="radio" name="minutes" id="m`, c.value, `" value="`, c.value, `"`, checked, `>`)
		m.element(`<label class="length" for="m`+c.value+`">`, c.label, "</label>")
	}
	m.element(`<p class="for" id="for">`, l.whyTitle, "</p>")
	m.raw(`<div class="whys" role="group" aria-labelledby="for">`)
	for _, c := range l.reasons() {
		m.raw(`<span><input type="radio" name="why" id="`, c.value, `" value="`, c.value, `">`)
		m.element(`<label for="`+c.value+`">`, c.label, "</label></span>")
	}
	m.raw("</div><button>")
	for _, c := range l.lengths() {
		m.element(`<span class="b`+c.value+`">`, fill(l.ask, "span", c.label), "</span>")
	}
	m.raw("</button></fieldset></form>")
}
