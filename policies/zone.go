package policies

import (
	_ "embed" // the time zone database
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// TZVersion is the release of the embedded time zone database; cloud and box compare theirs.
const TZVersion = "2025c"

// zoneinfo is lib/time/zoneinfo.zip of the Go toolchain: stored, not compressed. A copy of our own, because
// time.LoadLocation prefers whatever database the system has.
//
//go:embed zoneinfo.zip
var zoneinfo string

// Location is the zone from the embedded database, never the system's: every box and every cloud judge alike.
// "" and "Local" are no zones. Names are exact, upper and lower case included.
func Location(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("finding zone %q: no name of a zone", name)
	}
	data, ok := zoneData(zoneinfo, name)
	if !ok {
		return nil, fmt.Errorf("finding zone %q: not in tzdata %s", name, TZVersion)
	}
	loc, err := time.LoadLocationFromTZData(name, []byte(data))
	if err != nil {
		return nil, fmt.Errorf("reading zone %q: %w", name, err)
	}
	return loc, nil
}

// Fixed sizes of the zip format (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16).
const (
	zipEnd    = 22
	zipEntry  = 46
	zipHeader = 30
)

// zoneData seeks one stored file in a zip without comment. Walking the directory in place costs no allocation, while
// archive/zip would build 600 entries each time that an agent wakes up.
func zoneData(zip, name string) (string, bool) {
	if len(zip) < zipEnd {
		return "", false
	}
	end := zip[len(zip)-zipEnd:]
	count, at := int(le16(end, 10)), int(le32(end, 16))
	for ; count > 0 && at+zipEntry <= len(zip); count-- {
		entry := zip[at:]
		nameLen, extra, comment := int(le16(entry, 28)), int(le16(entry, 30)), int(le16(entry, 32))
		if strings.HasPrefix(entry[zipEntry:], name) && nameLen == len(name) {
			return zipFile(zip, entry)
		}
		at += zipEntry + nameLen + extra + comment
	}
	return "", false
}

// zipFile is the content that a directory entry points to.
func zipFile(zip, entry string) (string, bool) {
	method, size, at := le16(entry, 10), int(le32(entry, 24)), int(le32(entry, 42))
	if method != 0 || at+zipHeader > len(zip) {
		return "", false
	}
	at += zipHeader + int(le16(zip[at:], 26)) + int(le16(zip[at:], 28))
	if at+size > len(zip) {
		return "", false
	}
	return zip[at : at+size], true
}

func le16(s string, at int) uint16 { return binary.LittleEndian.Uint16([]byte(s[at : at+2])) }

func le32(s string, at int) uint32 { return binary.LittleEndian.Uint32([]byte(s[at : at+4])) }

// NewPolicy is what a new home starts with: everything allowed. The zone is not checked here.
func NewPolicy(zone string) Policy { return Canonical(Policy{Zone: zone}) }
