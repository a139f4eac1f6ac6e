package policies

import (
	"maps"
	"slices"
	"time"
)

// Row is one span of one device, as commands and the HTTP API write timelines. Instants are RFC 3339 in UTC.
type Row struct {
	Device string    `json:"device"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Online bool      `json:"online"`
	Reason Reason    `json:"reason"`
}

// Rows are the spans of the policy's devices by device id, then by time: never nil, and without the unknown devices,
// which have no id to go by.
func (t Timeline) Rows() []Row {
	rows := []Row{}
	for _, id := range slices.Sorted(maps.Keys(t.Devices)) {
		for _, s := range t.Devices[id] {
			rows = append(rows, Row{id, s.From, s.To, s.Online, s.Reason})
		}
	}
	return rows
}
