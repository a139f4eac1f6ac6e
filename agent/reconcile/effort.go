package reconcile

import (
	"reflect"
	"time"
)

// effort is something that is made true again when it is wanted otherwise, when that failed, and each minute while anything is wanted.
type effort struct {
	wanted   any       // that was made true last; nil: nothing yet
	again    time.Time // monotonic; zero: not before something else is wanted
	failures int
}

func (e *effort) due(wanted any, now time.Time) bool {
	return !reflect.DeepEqual(e.wanted, wanted) || !e.again.IsZero() && !now.Before(e.again)
}

// ended notes how it went; idle says that nothing is wanted.
func (e *effort) ended(wanted any, err error, idle bool) {
	now := time.Now()
	e.wanted = wanted
	if err != nil {
		e.again = now.Add(min(firstRetry<<min(e.failures, 10), lastEffort))
		e.failures++
		return
	}
	e.again, e.failures = time.Time{}, 0
	if !idle {
		e.again = now.Add(time.Minute)
	}
}

const lastEffort = 30 * time.Second // between attempts that fail: nobody is cut by them
