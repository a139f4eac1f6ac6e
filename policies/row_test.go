package policies

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRowsAreSortedByDeviceThenTime(t *testing.T) {
	paris := time.FixedZone("", 3600)
	line, err := Compile(family(), nil, time.Date(2026, 11, 21, 18, 0, 0, 0, paris), time.Date(2026, 11, 22, 0, 0, 0, 0, paris))
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(line.Rows(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want := `[
 {
  "device": "phone",
  "from": "2026-11-21T17:00:00Z",
  "to": "2026-11-21T18:00:00Z",
  "online": true,
  "reason": {
   "kind": "allowed",
   "id": ""
  }
 },
 {
  "device": "phone",
  "from": "2026-11-21T18:00:00Z",
  "to": "2026-11-21T19:00:00Z",
  "online": false,
  "reason": {
   "kind": "pause",
   "id": "o1"
  }
 },
 {
  "device": "phone",
  "from": "2026-11-21T19:00:00Z",
  "to": "2026-11-21T23:00:00Z",
  "online": true,
  "reason": {
   "kind": "allowed",
   "id": ""
  }
 },
 {
  "device": "tablet",
  "from": "2026-11-21T17:00:00Z",
  "to": "2026-11-21T23:00:00Z",
  "online": true,
  "reason": {
   "kind": "allowed",
   "id": ""
  }
 },
 {
  "device": "tv",
  "from": "2026-11-21T17:00:00Z",
  "to": "2026-11-21T23:00:00Z",
  "online": true,
  "reason": {
   "kind": "allowed",
   "id": ""
  }
 }
]`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestNoDevicesAreAnEmptyArray(t *testing.T) {
	if got, err := json.Marshal(Timeline{}.Rows()); err != nil || string(got) != "[]" {
		t.Errorf("%s, %v", got, err)
	}
}
