package portal

import (
	"strconv"
	"strings"
	"time"
)

// fill puts values into the places of a sentence: pairs of a name and a value.
func fill(sentence string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}

// moment is an instant by the wall clock of now's zone, as near as it is: "19:00", "tomorrow 07:00", "Saturday 07:00".
func (l *language) moment(t, now time.Time) string {
	if midnight(t.In(now.Location()), now) {
		return l.midnight
	}
	return l.dated(t, now, [4]string{l.clock, l.tomorrow, l.later, l.date})
}

// at is the same behind a verb: "at 19:00", "on Saturday at 07:00".
func (l *language) at(t, now time.Time) string {
	if midnight(t.In(now.Location()), now) {
		return l.atMidnight
	}
	return l.dated(t, now, [4]string{l.atToday, l.atTomorrow, l.atLater, l.atDate})
}

// midnight is the end of today: nobody says "tomorrow 00:00".
func midnight(t, now time.Time) bool {
	return day(t)-day(now) == 1 && t.Hour() == 0 && t.Minute() == 0
}

func (l *language) dated(t, now time.Time, forms [4]string) string {
	t = t.In(now.Location())
	form := forms[3]
	switch days := day(t) - day(now); {
	case days == 0:
		form = forms[0]
	case days == 1:
		form = forms[1]
	case days > 1 && days < 7:
		form = forms[2]
	}
	return fill(form, "clock", t.Format("15:04"), "day", l.weekdays[t.Weekday()], "n", strconv.Itoa(t.Day()), "month", l.months[t.Month()-1])
}

// day counts the dates of the calendar.
func day(t time.Time) int64 {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)
}

// span is a length of time in whole minutes: "1 h 10". What has begun of a minute counts as one.
func (l *language) span(d time.Duration) string {
	minutes := int((d + time.Minute - 1) / time.Minute)
	h, m := minutes/60, minutes%60
	switch {
	case h == 0:
		return fill(l.minute, "m", strconv.Itoa(m))
	case m == 0:
		return fill(l.hour, "h", strconv.Itoa(h))
	}
	two := strconv.Itoa(m)
	if m < 10 {
		two = "0" + two
	}
	return fill(l.hourMinute, "h", strconv.Itoa(h), "m", two)
}
