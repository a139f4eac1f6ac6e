package portal

import (
	"strconv"
	"strings"
)

// maxTags is how many languages of a request are looked at. Browsers send a handful.
const maxTags = 16

// choose picks French or English by an Accept-Language (RFC 9110, clause 12.5.4), whatever it holds; English where
// neither is wanted.
func choose(header string) *language {
	best, weight := &english, 0.0
	for i, tag := range strings.SplitN(header, ",", maxTags+1) {
		name, params, _ := strings.Cut(tag, ";")
		main, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(name)), "-")
		known := map[string]*language{"fr": &french, "en": &english}[main]
		if q := quality(params); i < maxTags && known != nil && q > weight {
			best, weight = known, q
		}
	}
	return best
}

// quality reads "q=0.8"; nothing there is 1, what cannot be read is 0.
func quality(params string) float64 {
	value, is := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(params), " ", ""), "q=")
	if !is {
		return 1
	}
	q, err := strconv.ParseFloat(value, 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}
