package registry

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// admit refuses what a change asks of the home's box that it cannot keep, by what the box said last, before anything
// moves. A box that has never reported, or none, admits all that is valid. Problems that stood before the change and that
// it does not touch are no reason to refuse it: a line may have become slower since, and a pause must still be possible.
func admit(before, after policies.Policy, box *Life) error {
	if box == nil || box.Reported == nil || reflect.DeepEqual(before.Reservations, after.Reservations) {
		return nil
	}
	var said wire.Reported
	if err := json.Unmarshal(box.Reported, &said); err != nil { // it could be read when it came
		return fmt.Errorf("reading the report of box %q: %w", box.ID, err)
	}
	was := map[string]policies.Reservation{}
	for _, r := range before.Reservations {
		was[r.ID] = r
	}
	old, now := policies.Refusals(before, said.Facts()), policies.Refusals(after, said.Facts())
	var found policies.Problems
	for _, r := range after.Reservations {
		touched := !reflect.DeepEqual(r, was[r.ID])
		if touched || len(old[r.ID]) == 0 {
			found = append(found, now[r.ID]...)
		}
	}
	if found == nil {
		return nil
	}
	return found
}
