package firewall

import (
	"encoding/hex"
	"fmt"
	"math/bits"
	"regexp"
	"strconv"
	"strings"
)

// unknownNumber is the number of every device that nobody has named. Numbers of named devices follow it; 0 is unmarked.
const unknownNumber = 1

// marks numbers devices within our field of the conntrack mark. A number stays with its device for as long as the
// device is wanted, restarts included.
type marks struct {
	mask  uint32
	shift int
	of    map[string]uint32   // device id → number
	used  map[uint32]struct{} // numbers that some device has had: flows may still carry them
}

func newMarks(mask uint32) (marks, error) {
	shift := bits.TrailingZeros32(mask)
	if n := bits.OnesCount32(mask); n < 10 || mask>>shift != 1<<n-1 {
		return marks{}, fmt.Errorf("mark %#x is no mask of at least 10 neighbouring bits", mask)
	}
	return marks{mask: mask, shift: shift, of: map[string]uint32{}, used: map[uint32]struct{}{}}, nil
}

// number is what a conntrack mark holds in our field.
func (m *marks) number(mark uint32) uint32 { return mark & m.mask >> m.shift }

// value is a number as it stands in a conntrack mark.
func (m *marks) value(number uint32) uint32 { return number << m.shift }

// field is a number in the form of iptables-save.
func (m *marks) field(number uint32) string { return fmt.Sprintf("%#x/%#x", m.value(number), m.mask) }

// assign gives each device a number: the one it has, else the lowest that no device has had, so that a flow of a
// device that left is not taken for one of a newcomer, else the lowest free.
func (m *marks) assign(devices []Device) error {
	present := make(map[string]uint32, len(devices))
	taken := map[uint32]struct{}{}
	for _, d := range devices {
		if n, ok := m.of[d.ID]; ok {
			present[d.ID], taken[n] = n, struct{}{}
		}
	}
	for _, d := range devices {
		if _, ok := present[d.ID]; ok {
			continue
		}
		n, ok := m.lowest(m.used, taken)
		if !ok {
			n, ok = m.lowest(taken)
		}
		if !ok {
			return fmt.Errorf("numbering %d devices: mark %#x has no number left", len(devices), m.mask)
		}
		present[d.ID] = n
		taken[n], m.used[n] = struct{}{}, struct{}{}
	}
	m.of = present
	return nil
}

// lowest is the lowest number of a device that is in none of the sets.
func (m *marks) lowest(sets ...map[uint32]struct{}) (uint32, bool) {
next:
	for n := uint32(unknownNumber + 1); n <= m.mask>>m.shift; n++ {
		for _, s := range sets {
			if _, in := s[n]; in {
				continue next
			}
		}
		return n, true
	}
	return 0, false
}

var dispatch = regexp.MustCompile(`^-m mac --mac-source \S+ -m comment --comment (\S+) -g ` + chainUp + `-(\d+)$`)

// adopt takes over the numbers that chains in the kernel give to devices. Where families disagree the first one counts.
func (m *marks) adopt(families []*family) {
	for _, fam := range families {
		for _, rule := range fam.seen[chainUp] {
			part := dispatch.FindStringSubmatch(rule)
			if part == nil {
				continue
			}
			n, err := strconv.ParseUint(part[2], 10, 32)
			id, ok := decodeID(part[1])
			if err != nil || !ok || n <= unknownNumber || n > uint64(m.mask>>m.shift) {
				continue
			}
			_, had := m.of[id]
			_, taken := m.used[uint32(n)]
			if !had && !taken {
				m.of[id], m.used[uint32(n)] = uint32(n), struct{}{}
			}
		}
	}
}

// plainID is what iptables-save prints in a comment without quotes.
var plainID = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

const coded = "0x"

// encodeID is a device id as a comment in the form of iptables-save. A policy's id may be any text of 64 bytes.
func encodeID(id string) string {
	if plainID.MatchString(id) && !strings.HasPrefix(id, coded) && !strings.HasPrefix(id, "-") {
		return id
	}
	return coded + hex.EncodeToString([]byte(id))
}

func decodeID(comment string) (string, bool) {
	digits, is := strings.CutPrefix(comment, coded)
	if !is {
		return comment, plainID.MatchString(comment)
	}
	id, err := hex.DecodeString(digits)
	return string(id), err == nil && len(id) > 0
}
