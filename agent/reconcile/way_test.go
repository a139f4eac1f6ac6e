package reconcile

import (
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

func TestTheWayOutIsReportedAsItIsAndLookedAtOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		looks, fail := 0, error(nil)
		r := New(Config{Box: "box-1"}, Parts{WAN: func() (wire.WAN, error) {
			looks++
			return wire.WAN{Link: true, IPv4: looks > 1}, fail
		}, Page: func() string { return "http://192.168.1.1:2050/" }}, slog.New(slog.DiscardHandler))
		if first, again := r.wayOut(), r.wayOut(); looks != 1 || first == nil || *first != *again || first.IPv4 {
			t.Errorf("%d looks: %+v, %+v", looks, first, again)
		}
		if got := r.reported().Page; got != "http://192.168.1.1:2050/" || looks != 1 {
			t.Errorf("%d looks: the page is at %q", looks, got)
		}
		time.Sleep(time.Second)
		if next := r.wayOut(); looks != 2 || next == nil || !next.IPv4 {
			t.Errorf("%d looks: %+v", looks, next)
		}
		time.Sleep(time.Second)
		fail = errors.New("gone")
		if next := r.wayOut(); next != nil {
			t.Errorf("known though it could not be looked at: %+v", next)
		}
		if (&Reconciler{}).wayOut() != nil {
			t.Error("known though nobody looks")
		}
	})
}
