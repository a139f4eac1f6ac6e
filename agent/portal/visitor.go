package portal

import (
	"time"

	"github.com/carebox-project/carebox/policies"
)

// Visitor is a device as its page needs to know it.
type Visitor struct {
	Device  string // policy's id; "" for one that nobody has named
	MAC     policies.MAC
	Verdict policies.Verdict
	Rule    string        // name of the schedule or exception that decides, "" if it has none
	By      string        // first name of who paused it or gave it time, "" if that is not known
	Budget  time.Duration // of the owner's day, 0 for none
	Used    time.Duration // of the owner's day
	Zone    *time.Location
	Now     time.Time // the instant that was judged
	Sure    bool      // Now is the true time
}

// mayAsk reports whether more time can be asked for: by a device that has a name here, is offline and is not refused.
func (v Visitor) mayAsk() bool {
	return v.Device != "" && !v.Verdict.Online && v.Verdict.Reason.Kind != policies.KindRefused
}
