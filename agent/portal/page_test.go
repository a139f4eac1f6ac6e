package portal

import (
	"flag"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/policies"
)

var (
	update = flag.Bool("update", false, "write the goldens as they are; read the diff")
	pages  = flag.String("pages", "", "write every page into this `folder`, to be looked at")
)

// A Saturday evening in Paris.
func evening(t testing.TB) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return time.Date(2026, 11, 21, 17, 50, 0, 0, zone)
}

// look is what one page is made of.
type look struct {
	visitor Visitor
	asking  asking
	away    bool // the cloud cannot be reached
	helpers []Helper
	ended   bool
}

// looks are all states of the page by name.
func looks(t testing.TB) map[string]look {
	now := evening(t)
	after := func(d time.Duration) *time.Time { at := now.Add(d); return &at }
	visitor := func(kind policies.Kind, changes *time.Time) Visitor {
		return Visitor{
			Device: "phone", MAC: "02:00:00:00:00:0a", Zone: now.Location(), Now: now.UTC(), Sure: true,
			Verdict: policies.Verdict{Reason: policies.Reason{Kind: kind, ID: "x"}, Until: changes, Changes: changes},
		}
	}
	with := func(v Visitor, change func(*Visitor)) Visitor { change(&v); return v }
	spent := func(v *Visitor) { v.Budget, v.Used = 2*time.Hour, 2*time.Hour }
	endless := func(v *Visitor) { v.Verdict.Until, v.Verdict.Changes = nil, nil }
	paused := with(visitor(policies.KindPause, after(70*time.Minute)), func(v *Visitor) { v.By = "Camille" })
	nights := with(visitor(policies.KindSchedule, after(13*time.Hour+10*time.Minute)), func(v *Visitor) { v.Rule = "Soirs d’école" })
	online := with(visitor(policies.KindAllowed, nil), func(v *Visitor) { v.Verdict.Online = true })
	asked := now.Add(-5 * time.Minute)
	again := asked.Add(openPeriod)
	return map[string]look{
		"paused":                    {visitor: paused},
		"paused by somebody":        {visitor: with(paused, func(v *Visitor) { v.By = "" })},
		"paused without an end":     {visitor: with(paused, endless)},
		"paused until Tuesday":      {visitor: visitor(policies.KindPause, after(60*time.Hour))},
		"paused for a week":         {visitor: visitor(policies.KindPause, after(7*24*time.Hour))},
		"paused, used some":         {visitor: with(paused, func(v *Visitor) { v.Used, v.Budget = 80*time.Minute, 2*time.Hour })},
		"paused, no clock":          {visitor: with(paused, func(v *Visitor) { v.Sure, v.Verdict.Changes = false, nil })},
		"hours":                     {visitor: nights},
		"hours without a name":      {visitor: with(nights, func(v *Visitor) { v.Rule, v.Used = "", 65*time.Minute })},
		"hours, no clock":           {visitor: with(nights, func(v *Visitor) { v.Sure, v.Verdict.Until, v.Verdict.Changes = false, nil, nil })},
		"special day":               {visitor: with(visitor(policies.KindException, after(2*time.Hour)), func(v *Visitor) { v.Rule = "Fête" })},
		"special day, no name":      {visitor: visitor(policies.KindException, after(2*time.Hour))},
		"budget":                    {visitor: with(visitor(policies.KindBudget, after(6*time.Hour+10*time.Minute)), spent)},
		"refused device":            {visitor: visitor(policies.KindRefused, nil)},
		"unknown device":            {visitor: with(visitor(policies.KindUnknown, nil), func(v *Visitor) { v.Device = "" })},
		"unknown device, paused":    {visitor: with(paused, func(v *Visitor) { v.Device = "" })},
		"asked, box offline":        {visitor: paused, asking: asking{phase: phaseLeaving, asked: asked, again: again}, away: true},
		"asked":                     {visitor: paused, asking: asking{phase: phaseLeaving, asked: asked, again: again}},
		"sent":                      {visitor: paused, asking: asking{phase: phaseSent, asked: asked, again: again}},
		"seen":                      {visitor: paused, asking: asking{phase: phaseSeen, asked: asked, again: again, by: "Camille"}},
		"seen by somebody":          {visitor: paused, asking: asking{phase: phaseSeen, asked: asked, again: again}},
		"no answer yet":             {visitor: paused, asking: asking{phase: phaseSilence, asked: asked.Add(-7 * time.Minute), again: again}},
		"no answer":                 {visitor: paused, asking: asking{phase: phaseUnheard, asked: asked.Add(-15 * time.Minute)}},
		"refused":                   {visitor: nights, asking: asking{phase: phaseRefused, asked: asked, again: again, by: "Sam"}},
		"refused without an end":    {visitor: with(paused, endless), asking: asking{phase: phaseRefused, asked: asked, again: again}},
		"granted, being applied":    {visitor: paused, asking: asking{phase: phaseGranted, until: *after(30 * time.Minute), fresh: true}},
		"granted, and paused again": {visitor: paused, asking: asking{phase: phaseGranted, until: *after(30 * time.Minute)}},
		"granted":                   {visitor: online, asking: asking{phase: phaseGranted, until: *after(30 * time.Minute)}},
		"online":                    {visitor: online},
		"online until tonight": {visitor: with(online, func(v *Visitor) {
			v.Verdict.Changes, v.Used, v.Budget = after(220*time.Minute), 45*time.Minute, 2*time.Hour
		})},
		"online, extra time": {visitor: with(online, func(v *Visitor) {
			v.Verdict.Reason.Kind, v.Verdict.Until = policies.KindBonus, after(20*time.Minute)
		})},
		"support": {visitor: online, helpers: []Helper{{Grant: "g1", Name: "Julie", Measures: true, Left: 31 * time.Minute}}},
		"support, no clock": {visitor: with(online, func(v *Visitor) { v.Sure = false }), helpers: []Helper{
			{Grant: "g1", Name: "Julie", Measures: true, Left: 31 * time.Minute}, {Grant: "g2", Left: time.Minute},
			{Grant: "g3", Name: "Camille", Member: true, Measures: true, Left: 61 * time.Minute},
		}},
		"support of several": {visitor: paused, helpers: []Helper{
			{Grant: "g1", Left: 31 * time.Minute}, {Grant: "g2", Name: "Camille", Member: true, Measures: true, Left: 7 * time.Hour},
		}},
		"support ended":                {visitor: online, ended: true},
		"support ended, another stays": {visitor: online, ended: true, helpers: []Helper{{Grant: "g1", Measures: true, Left: time.Minute}}},
		"long names": {visitor: with(nights, func(v *Visitor) { v.Rule = strings.Repeat("Donaudampfschifffahrt", 4)[:80] }),
			asking: asking{phase: phaseSeen, asked: asked, again: again, by: strings.Repeat("Wolfeschlegelsteinhausen", 4)[:80]}},
	}
}

var (
	heads = regexp.MustCompile(`(?s)<head>.*</head>`)
	marks = regexp.MustCompile(`<[^>]*>`)
)

// said is what a page says, a line for each part.
func said(page []byte) string {
	text := strings.NewReplacer("</p>", "\n", "</h1>", "\n", "</legend>", "\n", "</label>", " | ", "</button>", "\n").Replace(
		heads.ReplaceAllString(string(page), ""))
	text = html.UnescapeString(marks.ReplaceAllString(text, " "))
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.FieldsFunc(line, func(c rune) bool { return c == ' ' || c == '\n' }), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// TestPages compares what every page says with testdata/fr.txt and en.txt.
func TestPages(t *testing.T) {
	all := looks(t)
	for _, l := range []*language{&french, &english} {
		var out strings.Builder
		for _, name := range sorted(all) {
			page := render(l, all[name])
			if len(page) > 15<<10 {
				t.Errorf("%s: %d bytes", name, len(page))
			}
			out.WriteString("== " + name + "\n" + said(page) + "\n")
			keep(t, l.tag+" "+name, page)
		}
		page := nobody(l).html()
		out.WriteString("== nobody\n" + said(page))
		keep(t, l.tag+" nobody", page)
		golden(t, l.tag+".txt", out.String())
	}
	golden(t, "page.html", string(render(&french, all["paused"])))
	golden(t, "sent.html", string(render(&english, all["sent"])))
}

func render(l *language, k look) []byte {
	p := compose(l, k.visitor, k.asking, !k.away)
	s := Server{parts: Parts{Helpers: func() []Helper { return k.helpers }}}
	p.helpers, p.ended = s.helpers(l, k.visitor), k.ended
	return p.html()
}

func keep(t *testing.T, name string, page []byte) {
	t.Helper()
	if *pages == "" {
		return
	}
	path := filepath.Join(*pages, strings.NewReplacer(" ", "-", ",", "").Replace(name)+".html")
	if err := os.WriteFile(path, page, 0o644); err != nil {
		t.Fatal(err)
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: -want +got\n%s", name, diff)
	}
}

// Names come from the family, and stay text.
func TestNamesAreText(t *testing.T) {
	k := looks(t)["hours"]
	k.visitor.Rule = `<script>alert("1")</script>{name}`
	page := string(render(&english, k))
	if strings.Contains(page, "<script") || !strings.Contains(page, "&lt;script&gt;alert(&#34;1&#34;)") || !strings.Contains(page, "{name}") {
		t.Error(page)
	}
}

// Both languages say everything, with the same places.
func TestLanguagesAreComplete(t *testing.T) {
	fr, en := sentences(french), sentences(english)
	for name, sentence := range en {
		if diff := cmp.Diff(places(sentence), places(fr[name])); sentence == "" || fr[name] == "" || diff != "" {
			t.Errorf("%s: %q and %q", name, sentence, fr[name])
		}
	}
}
