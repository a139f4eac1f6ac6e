package visit

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// OrderKind is what a customer wants.
type OrderKind string

const (
	OrderInstall OrderKind = "install" // a box in a home without one
	OrderSwap    OrderKind = "swap"    // another box in place of the one that is named
	OrderReturn  OrderKind = "return"  // the box that is named goes back
)

// Limits of an order.
const (
	maxOrders = 5000
	maxRooms  = 8
	maxRate   = 1_000_000_000_000 // bit/s
)

// Order is what a customer has ordered, as the operator's own system says.
type Order struct {
	Ref      string    `json:"ref"` // the operator's number, once; a visit again has /2, /3 … behind it
	Kind     OrderKind `json:"kind"`
	Customer string    `json:"customer"`
	Address  string    `json:"address"`
	Access   string    `json:"access"` // how to get in
	Email    string    `json:"email"`  // of the first member, "" if it is not known
	Locale   string    `json:"locale"` // of the report: fr, en
	Zone     string    `json:"zone"`   // IANA name
	HomeName string    `json:"homeName"`
	Serial   string    `json:"serial"`   // of the box that is kept for it, "" for any of the stock
	Replaces string    `json:"replaces"` // of the box that goes; swap and return only
	Down     int64     `json:"down"`     // bit/s that the line brings at least, 0: nothing was promised
	Up       int64     `json:"up"`
	TV       bool      `json:"tv"`    // a place is kept for a TV
	Rooms    []string  `json:"rooms"` // of the walk test
}

// Slot is when a technician comes, by the wall clock of the customer.
type Slot struct {
	Day  string `json:"day"`  // 2026-11-23
	From string `json:"from"` // 09:00
	To   string `json:"to"`
}

// Line is an order with who carries it out and when, as it is imported.
type Line struct {
	Order
	Slot
	Technician string `json:"technician"` // email
}

func (s *Slot) check(field string, add func(code, field, detail string)) {
	if _, err := time.Parse(time.DateOnly, s.Day); err != nil || len(s.Day) != len(time.DateOnly) {
		add(policies.CodeDate, field+".day", "A day is such as 2026-11-23.")
	}
	from, errFrom := time.Parse("15:04", s.From)
	to, errTo := time.Parse("15:04", s.To)
	if errFrom != nil || errTo != nil || len(s.From) != 5 || len(s.To) != 5 || !from.Before(to) {
		add(policies.CodeTime, field+".from", "A slot goes from one time of day such as 09:00 to a later one.")
	}
}

// check brings an order into its one form and names all that is wrong with it.
func (l *Line) check(add func(code, field, detail string)) {
	l.defaults()
	one := func(s *string, least, most int, field string) { text(s, limit{least, most, false}, field, add) }
	one(&l.Ref, 1, 60, "ref")
	if strings.Contains(l.Ref, "/") {
		add(policies.CodeID, "ref", "A reference has no slash.")
	}
	one(&l.Customer, 1, maxWord, "customer")
	one(&l.Address, 1, maxReason, "address")
	text(&l.Access, limit{0, maxText, true}, "access", add)
	one(&l.HomeName, 1, policies.MaxName, "homeName")
	if l.Locale != "fr" && l.Locale != "en" {
		add(policies.CodeWord, "locale", "A language is fr or en.")
	}
	if policies.Validate(policies.NewPolicy(l.Zone)) != nil {
		add(policies.CodeZone, "zone", "There is no such time zone.")
	}
	if l.Email != "" && !isEmail(l.Email) {
		add("email", "email", "This is no email address.")
	}
	if !isEmail(l.Technician) {
		add("email", "technician", "A technician is named by an email address.")
	}
	l.checkBoxes(add)
	for field, rate := range map[string]int64{"down": l.Down, "up": l.Up} {
		if rate < 0 || rate > maxRate {
			add("range", field, "A rate is 0 to 10¹² bit/s.")
		}
	}
	if len(l.Rooms) > maxRooms {
		add(policies.CodeTooMany, "rooms", "At most 8 rooms are tried.")
		l.Rooms = nil
	}
	for i := range l.Rooms {
		one(&l.Rooms[i], 1, maxWord, fmt.Sprintf("rooms[%d]", i))
		if slices.Contains(l.Rooms[:i], l.Rooms[i]) {
			add(policies.CodeIDTwice, fmt.Sprintf("rooms[%d]", i), "This room is here twice.")
		}
	}
	l.Slot.check("slot", add)
}

func (l *Line) defaults() {
	for _, d := range []struct {
		s    *string
		text string
	}{{&l.Locale, "fr"}, {&l.Zone, "Europe/Paris"}, {(*string)(&l.Kind), string(OrderInstall)}, {&l.HomeName, l.Customer}} {
		if strings.TrimSpace(*d.s) == "" {
			*d.s = d.text
		}
	}
	l.Email, l.Technician = strings.ToLower(strings.TrimSpace(l.Email)), strings.ToLower(strings.TrimSpace(l.Technician))
	if l.Rooms == nil {
		l.Rooms = []string{}
	}
}

func (l *Line) checkBoxes(add func(code, field, detail string)) {
	for field, s := range map[string]*string{"serial": &l.Serial, "replaces": &l.Replaces} {
		if *s == "" {
			continue
		}
		if *s = SerialOf(*s); *s == "" {
			add("serial", field, "This is no serial.")
		}
	}
	switch l.Kind {
	case OrderInstall:
		if l.Replaces != "" {
			add("missing", "replaces", "Only a swap and a return name a box that goes.")
		}
	case OrderSwap, OrderReturn:
		if l.Replaces == "" {
			add("missing", "replaces", "A swap and a return name the box that goes.")
		}
	default:
		add(policies.CodeWord, "kind", "An order is an install, a swap or a return.")
	}
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254
}
