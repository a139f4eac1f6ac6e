package registry

import (
	"testing"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

func TestHoursAreBelievedWhereTheyAreAllTheMinutes(t *testing.T) {
	for name, c := range map[string]struct {
		said wire.Used
		want policies.Hours
	}{
		"all":                       {wire.Used{Minutes: 42, Hours: policies.Hours{8: 12, 18: 30}}, policies.Hours{8: 12, 18: 30}},
		"none":                      {wire.Used{Minutes: 42}, policies.Hours{}},
		"some, from before it knew": {wire.Used{Minutes: 42, Hours: policies.Hours{18: 30}}, policies.Hours{}},
		"an hour that came twice":   {wire.Used{Minutes: 100, Hours: policies.Hours{2: 100}}, policies.Hours{2: 60}},
	} {
		if got := hoursOf(c.said); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
