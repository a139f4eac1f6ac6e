package policies

import "time"

// TZVersion is the release of the embedded time zone database; cloud and box compare theirs.
const TZVersion = "2025c"

// Location is the zone from the embedded database, never the system's: every box and every cloud judge alike.
// "" and "Local" are no zones.
func Location(name string) (*time.Location, error) { panic("not written") }

// NewPolicy is what a new home starts with: everything allowed.
func NewPolicy(zone string) Policy { panic("not written") }
