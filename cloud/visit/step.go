package visit

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/carebox-project/carebox/policies"
)

// Kind is what a step does.
type Kind string

const (
	KindWay     Kind = "way"     // the technician is on the way
	KindArrive  Kind = "arrive"  // and is there, with whom
	KindBind    Kind = "bind"    // the box whose label was scanned is this order's
	KindDecide  Kind = "decide"  // an item of the checklist is skipped or accepted as it is
	KindRoom    Kind = "room"    // the verdict of a walk test
	KindNote    Kind = "note"    // a remark
	KindSwap    Kind = "swap"    // a box is taken back: another one takes its place
	KindCollect Kind = "collect" // a box is taken back: it goes to the stock
	KindMeasure Kind = "measure" // the line is measured again
	KindTV      Kind = "tv"      // a place is kept for the TV with this address
	KindInvite  Kind = "invite"  // a way in for the first member
	KindSign    Kind = "sign"    // the customer signs
	KindFinish  Kind = "finish"  // the end
	KindAbsent  Kind = "absent"  // the end where nobody was there
)

// Decisions on an item.
const (
	DecideSkip   = "skip"   // it is left out
	DecideAccept = "accept" // it is good enough
)

// Limits of a step.
const (
	maxText      = 1000 // characters of a note
	maxReason    = 200
	maxWord      = 80 // of a name
	maxPresent   = 10
	maxSignature = 120 << 10 // bytes of a drawing
	maxKept      = 50        // rooms, notes and photos of a visit
	maxOld       = 72 * time.Hour
)

// Step is one thing that was done, as a phone sends it: with a kind, only the fields of that kind.
type Step struct {
	ID   string    `json:"id"` // of the phone's making: 1 to 64 letters, digits and dashes
	Kind Kind      `json:"kind"`
	At   time.Time `json:"at"` // when it was done, by the phone's clock

	Present  []string     `json:"present,omitempty"`  // arrive: none for nobody
	Box      string       `json:"box,omitempty"`      // bind, swap, collect: what the label's QR code says, or the serial
	Scanned  time.Time    `json:"scanned,omitzero"`   // bind: when the label was read
	Item     string       `json:"item,omitempty"`     // decide
	Decision string       `json:"decision,omitempty"` // decide
	Reason   string       `json:"reason,omitempty"`   // decide, swap, collect, absent; finish without all that it asks for
	Room     *Room        `json:"room,omitempty"`     // room
	Text     string       `json:"text,omitempty"`     // note
	MAC      policies.MAC `json:"mac,omitempty"`      // tv
	Name     string       `json:"name,omitempty"`     // sign: who
	Drawing  []byte       `json:"drawing,omitempty"`  // sign: a PNG
	Slot     *Slot        `json:"slot,omitempty"`     // absent: the next time

	Received time.Time `json:"-"`
	By       string    `json:"-"` // name of who sent it
	Member   string    `json:"-"` // and who that is; known only while it is taken
	Digest   string    `json:"-"` // of what was sent
}

var (
	stepID = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)
	// label is what a QR code says: the code is for the box, and goes nowhere from here.
	label = regexp.MustCompile(`^(?i:carebox):([A-Za-z0-9-]{1,63}):[A-Za-z0-9 -]{1,80}$`)
)

// SerialOf is the serial that a label's QR code or somebody who typed it says, "" for neither.
func SerialOf(text string) string {
	text = strings.TrimSpace(text)
	if found := label.FindStringSubmatch(text); found != nil {
		text = found[1]
	}
	text = strings.ToLower(strings.ReplaceAll(text, " ", ""))
	if !serial.MatchString(text) {
		return ""
	}
	return text
}

var serial = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// fields says which fields a kind has, beside id, kind and at.
func (k Kind) fields() ([]string, bool) {
	of := map[Kind][]string{
		KindWay: {}, KindArrive: {"present"}, KindBind: {"box", "scanned"}, KindDecide: {"item", "decision", "reason"}, KindRoom: {"room"},
		KindNote: {"text"}, KindSwap: {"box", "reason"}, KindCollect: {"box", "reason"}, KindMeasure: {}, KindTV: {"mac"}, KindInvite: {},
		KindSign:   {"name", "drawing"},
		KindFinish: {"reason"}, KindAbsent: {"reason", "slot"},
	}
	list, known := of[k]
	return list, known
}

// given are the fields that a step has.
func (s *Step) given() map[string]bool {
	return map[string]bool{
		"present": len(s.Present) > 0, "box": s.Box != "", "scanned": !s.Scanned.IsZero(), "item": s.Item != "", "decision": s.Decision != "",
		"reason": s.Reason != "", "room": s.Room != nil, "text": s.Text != "", "mac": s.MAC != "", "name": s.Name != "",
		"drawing": len(s.Drawing) > 0, "slot": s.Slot != nil,
	}
}

// check brings a step into its one form and names all that is wrong with it.
func (s *Step) check() error {
	var found policies.Problems
	add := func(code, field, detail string) {
		found = append(found, policies.Problem{Code: code, Field: field, Detail: detail})
	}
	if !stepID.MatchString(s.ID) {
		add(policies.CodeID, "id", "An id is 1 to 64 letters, digits and dashes.")
	}
	own, known := s.Kind.fields()
	if !known {
		add(policies.CodeWord, "kind", fmt.Sprintf("There is no step of the kind %.40q.", string(s.Kind)))
	}
	if s.At.Year() < 2000 || s.At.Year() > 2100 {
		add(policies.CodeInstant, "at", "This is no time to be in.")
	}
	given := s.given()
	for _, field := range sorted(given) {
		if known && given[field] && !slices.Contains(own, field) {
			add(policies.CodeKeyUnknown, field, "A step of this kind has no such field.")
		}
	}
	s.checkWords(own, add)
	if s.Kind == KindRoom {
		s.Room.check(add)
	}
	if s.Kind == KindAbsent {
		if s.Slot == nil {
			add("missing", "slot", "When somebody comes again is missing.")
		} else {
			s.Slot.check("slot", add)
		}
	}
	if found != nil {
		return found
	}
	return nil
}

func (s *Step) checkWords(own []string, add func(code, field, detail string)) {
	has := func(field string) bool { return slices.Contains(own, field) }
	if has("box") {
		if s.Box = SerialOf(s.Box); s.Box == "" {
			add("serial", "box", "This is no serial, and no label of ours.")
		}
	}
	if len(s.Present) > maxPresent {
		add(policies.CodeTooMany, "present", "At most 10 people are named.")
		s.Present = nil
	}
	for i := range s.Present {
		text(&s.Present[i], limit{1, maxWord, false}, fmt.Sprintf("present[%d]", i), add)
	}
	if has("item") {
		text(&s.Item, limit{1, maxWord, false}, "item", add)
		if s.Decision != DecideSkip && s.Decision != DecideAccept {
			add(policies.CodeWord, "decision", "A decision is skip or accept.")
		}
	}
	if has("reason") {
		least := 1
		if s.Kind == KindFinish {
			least = 0
		}
		text(&s.Reason, limit{least, maxReason, false}, "reason", add)
	}
	if has("text") {
		text(&s.Text, limit{1, maxText, true}, "text", add)
	}
	if has("mac") {
		checkMAC(&s.MAC, add)
	}
	if has("name") {
		text(&s.Name, limit{1, maxWord, false}, "name", add)
		if len(s.Drawing) == 0 || len(s.Drawing) > maxSignature {
			add("drawing", "drawing", "A signature is a PNG of at most 120 KB.")
		} else if drawing, err := cleanDrawing(s.Drawing); err != nil {
			add("drawing", "drawing", "A signature is a PNG of at most 2000 by 1000 pixels.")
		} else {
			s.Drawing = drawing
		}
	}
}

func (r *Room) check(add func(code, field, detail string)) {
	if r == nil {
		add("missing", "room", "The room is missing.")
		return
	}
	text(&r.Name, limit{1, maxWord, false}, "room.name", add)
	text(&r.Note, limit{0, maxReason, false}, "room.note", add)
	if !slices.Contains([]string{"good", "fair", "poor"}, r.Verdict) {
		add(policies.CodeWord, "room.verdict", "A verdict is good, fair or poor.")
	}
	if r.Rate < 0 || r.Rate > 1e12 {
		add("range", "room.rate", "A rate is 0 to 10¹² bit/s.")
	}
	if r.Signal < -120 || r.Signal > 0 {
		add("range", "room.signal", "A signal is -120 to 0 dBm.")
	}
	r.At = time.Time{}
}

// limit is how many characters a text has, and whether it may have lines.
type limit struct {
	least, most int
	lines       bool
}

func text(s *string, l limit, field string, add func(code, field, detail string)) {
	*s = strings.TrimSpace(*s)
	bad := func(r rune) bool { return unicode.IsControl(r) && !(l.lines && r == '\n') }
	if n := utf8.RuneCountInString(*s); n < l.least || n > l.most || !utf8.ValidString(*s) || strings.ContainsFunc(*s, bad) {
		add("length", field, fmt.Sprintf("This has %d to %d characters.", l.least, l.most))
	}
}

// digest is of what a phone has sent: the same step again has the same.
func (s Step) digest() (string, error) {
	data, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("encoding step %q: %w", s.ID, err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

func sorted(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for key := range set {
		list = append(list, key)
	}
	slices.Sort(list)
	return list
}
