package policies

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Problem is one thing that a person did wrong: a stable code, the path of the field in the policy's JSON
// (schedules[3].start) and one plain sentence.
type Problem struct {
	Code   string `json:"code"`
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// Codes of problems. They are stable: apps choose their words by them.
const (
	CodeSize        = "size"          // longer than MaxBytes
	CodeJSON        = "json"          // not one JSON value in UTF-8
	CodeType        = "type"          // a value of another JSON type, or a number that is not whole
	CodeKeyUnknown  = "key-unknown"   // upper and lower case count
	CodeKeyTwice    = "key-duplicate" // in one object
	CodeTooMany     = "too-many"      // entries in a list
	CodeTooMuch     = "too-much"      // rules for too many devices at once: Weight above MaxWeight
	CodeMore        = "more"          // the last one of a list that was cut at MaxProblems
	CodeZone        = "zone"          // not in the embedded database, "" or "Local"
	CodeWord        = "word"          // not one of the words that the field knows
	CodeIDMissing   = "id-missing"
	CodeID          = "id"
	CodeIDTwice     = "id-duplicate" // within one list
	CodeNameMissing = "name-missing"
	CodeName        = "name" // too long, control characters, not UTF-8
	CodeMACMissing  = "mac-missing"
	CodeMAC         = "mac"
	CodeMulticast   = "mac-multicast" // all ones included
	CodeMACZero     = "mac-zero"
	CodeMACTwice    = "mac-duplicate" // within the home
	CodeReference   = "reference"     // names a person or a device that the policy does not have
	CodeTarget      = "target"        // does not name exactly one of device, person, home
	CodeTargetKind  = "target-person" // a budget for something else than a person
	CodeDayMissing  = "day-missing"
	CodeDay         = "day"
	CodeDayTwice    = "day-duplicate"
	CodeTime        = "time"     // not "hh:mm"
	CodeDuration    = "duration" // not 1 second to MaxWindow
	CodeAmount      = "amount"   // not 1 second to a day
	CodeDate        = "date"     // not a date of the calendar in 2000 to 2100
	CodeDateTwice   = "date-duplicate"
	CodeInstant     = "instant"       // not in the years 2000 to 2100
	CodeNoUntil     = "until-missing" // a bonus without an end
	CodeUntil       = "until"         // not after at
)

// Codes of reservations that are wrong by themselves or against each other: Validate's.
const (
	CodeNoDevices         = "devices-missing"
	CodeDeviceTwice       = "device-duplicate"   // in one reservation
	CodeDeviceConflict    = "device-conflict"    // two reservations for one device at one time
	CodeReservationTarget = "reservation-target" // neither a band nor a floor, or no band but something about channels
	CodeBand              = "band"
	CodeChannel           = "channel"          // no number of a channel of the band
	CodeWidth             = "width"            // no width of the band
	CodeFallback          = "fallback"         // no other channel of the band, or one twice
	CodeFloor             = "floor"            // not 0 to MaxFloor
	CodeChannelConflict   = "channel-conflict" // two reservations that want different channels or widths of one band at one time
)

// Codes of reservations that a box cannot keep: those of Refusals.
const (
	CodeRadioMissing    = "radio-missing"    // the box has no radio for the band
	CodeChannelIllegal  = "channel-illegal"  // the radio does not list the channel: country, or hardware
	CodeWidthUnfit      = "width-unfit"      // the channel does not have the width, as the radio says
	CodeFallbackMissing = "fallback-missing" // the channel needs radar checks, and there is nowhere to go on radar
	CodeFallbackIllegal = "fallback-illegal" // as channel-illegal
	CodeFallbackRadar   = "fallback-radar"   // a fallback that needs a radar check itself
	CodeFloorsTooHigh   = "floors-too-high"  // more than LineShare of the line at one time, with those before it
	CodeLineUnknown     = "line-unknown"     // a floor on a line whose rate the box does not know
)

// MaxProblems is how many problems are reported at most, so that an answer stays small.
const MaxProblems = 200

// Problems is everything wrong with a policy, at once. As an error it is never empty.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Detail
		if p.Field != "" {
			lines[i] = p.Field + ": " + p.Detail
		}
	}
	return strings.Join(lines, "; ")
}

// add appends a problem up to the limit, where the list ends by saying so.
func (ps *Problems) add(code, field, detail string) {
	switch n := len(*ps); {
	case n < MaxProblems-1:
		*ps = append(*ps, Problem{Code: code, Field: field, Detail: detail})
	case n == MaxProblems-1:
		*ps = append(*ps, Problem{Code: CodeMore, Detail: "There are more problems than are listed."})
	}
}

// maxShown is how much of a wrong value a sentence repeats.
const maxShown = 40

// shown quotes a value for a sentence, shortened.
func shown(s string) string {
	if len(s) <= maxShown {
		return strconv.Quote(s)
	}
	cut := maxShown
	for cut > maxShown-utf8.UTFMax && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strconv.Quote(s[:cut]) + "…"
}
