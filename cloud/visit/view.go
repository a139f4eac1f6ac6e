package visit

import (
	"context"
	"fmt"

	"github.com/carebox-project/carebox/cloud/registry"
)

// View is a visit as staff sees it.
type View struct {
	Visit
	TechnicianName string   `json:"technicianName,omitempty"` // for those who see everybody's
	Seconds        int      `json:"seconds"`                  // from the scan until the box was in service, 0 before
	Missing        []string `json:"missing"`                  // what its end asks for still, see Visit.Missing
	Exceptions     []Item   `json:"exceptions"`               // skipped, or accepted as they are
	Devices        []Seen   `json:"devices"`                  // one of which may be the TV; none once somebody belongs to the home
	Joined         bool     `json:"joined"`                   // the home has a member
}

// View is the visit with what follows from it.
func (v Visit) View() View {
	view := View{Visit: v, Seconds: v.Seconds(), Missing: v.Missing(), Exceptions: v.Exceptions(), Devices: v.Seen}
	if view.Devices == nil {
		view.Devices = []Seen{}
	}
	return view
}

// KeepInvited notes the newest way in for the first member. ErrNotFound, ErrOver.
func (o *Office) KeepInvited(ctx context.Context, id string, in Invited, who Who) (Visit, error) {
	for range tries {
		v, err := o.find(ctx, id, who)
		if err != nil {
			return Visit{}, err
		}
		if v.State.Over() {
			return Visit{}, ErrOver
		}
		v.Invited = &in
		kept, err := o.Store.KeepVisit(ctx, v, nil, nil)
		if err != nil {
			return Visit{}, err
		}
		if kept {
			v.Version++
			o.tell(v)
			return v, nil
		}
	}
	return Visit{}, fmt.Errorf("%w: visit %q moves all the time", registry.ErrUnavailable, id)
}
