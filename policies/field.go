package policies

import (
	"fmt"
	"slices"
	"time"
)

// MAC is a unicast EUI-48 in lower case with colons.
type MAC string

// Day is an English weekday, "Monday" to "Sunday".
type Day string

// Date is a calendar date of the home, "2006-01-02".
type Date string

// week is every Day in the order in which a policy lists them.
func week() []Day {
	return []Day{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
}

// weekday is the Go weekday of a Day, false for any other word.
func (d Day) weekday() (time.Weekday, bool) {
	i := slices.Index(week(), d)
	return time.Weekday((i + 1) % 7), i >= 0
}

// number is the count of days since 1970-01-01, false for what is no date of the calendar.
func (d Date) number() (int64, bool) {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil || len(d) != len(time.DateOnly) {
		return 0, false
	}
	return t.Unix() / secondsOfDay, true
}

const secondsOfDay = 24 * 60 * 60

// clock is a wall-clock "hh:mm" since midnight, false unless it is one of 00:00 to 23:59.
func clock(s string) (time.Duration, bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	hour, minute := 10*int(s[0]-'0')+int(s[1]-'0'), 10*int(s[3]-'0')+int(s[4]-'0')
	if hour > 23 || minute > 59 {
		return 0, false
	}
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute, true
}

// ParseMAC reads an EUI-48 as people and devices write it: pairs with colons or dashes, fours with dots, or bare,
// in either case. It judges the form only: a multicast address is still an address.
func ParseMAC(s string) (MAC, error) {
	digits := make([]byte, 0, 12)
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f':
			digits = append(digits, c)
		case c >= 'A' && c <= 'F':
			digits = append(digits, c-'A'+'a')
		case !separates(s, i):
			return "", fmt.Errorf("reading address %s: unexpected character", shown(s))
		}
	}
	if len(digits) != 12 {
		return "", fmt.Errorf("reading address %s: not 12 hexadecimal digits", shown(s))
	}
	mac := make([]byte, 0, 17)
	for i := 0; i < 12; i += 2 {
		mac = append(mac, digits[i], digits[i+1], ':')
	}
	return MAC(mac[:17]), nil
}

// separates reports whether s[i] stands where its notation puts a separator, the same one throughout.
func separates(s string, i int) bool {
	switch {
	case len(s) == 17 && (s[i] == ':' || s[i] == '-'):
		return i%3 == 2 && s[i] == s[2]
	case len(s) == 14 && s[i] == '.':
		return i%5 == 4
	}
	return false
}
