package visit

import "context"

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
	return o.change(ctx, id, who, func(v *Visit) (bool, error) {
		if v.State.Over() {
			return false, ErrOver
		}
		v.Invited = &in
		return o.Store.KeepVisit(ctx, *v, nil, nil)
	})
}
