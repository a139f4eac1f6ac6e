package firewall

import (
	"encoding/binary"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"
)

// news is one message of nf_tables with attributes by kind.
func news(family byte, attrs map[uint16][]byte) []byte {
	msg := []byte{family, 0, 0, 0}
	for _, kind := range sorted(attrs) {
		v := attrs[kind]
		msg = binary.NativeEndian.AppendUint16(msg, uint16(4+len(v)))
		msg = binary.NativeEndian.AppendUint16(msg, kind)
		msg = append(msg, v...)
		for len(msg)%4 != 0 {
			msg = append(msg, 0)
		}
	}
	return msg
}

func TestTransaction(t *testing.T) {
	rule := func(table, chain string) map[uint16][]byte {
		return map[uint16][]byte{attrTable: []byte(table + "\x00"), attrRuleChain: []byte(chain + "\x00")}
	}
	for _, c := range []struct {
		name   string
		kind   int
		family byte
		attrs  map[uint16][]byte
		want   bool
	}{
		{"rule of ours", delRule, unix.AF_INET6, rule("filter", "CAREBOX-UP-7"), true},
		{"rule in FORWARD", newRule, unix.AF_INET, rule("filter", "FORWARD"), true},
		{"rule elsewhere", delRule, unix.AF_INET, rule("filter", "INPUT"), false},
		{"another table", delRule, unix.AF_INET, rule("nat", "FORWARD"), false},
		{"jump to the page", delRule, unix.AF_INET, rule("nat", "PREROUTING"), true},
		{"the page's chain", delRule, unix.AF_INET6, rule("nat", "CAREBOX-PORTAL"), true},
		{"another family", delRule, 5, rule("filter", "FORWARD"), false},
		{"chain of ours", delChain, unix.AF_INET,
			map[uint16][]byte{attrTable: []byte("filter\x00"), attrChainName: []byte("CAREBOX-UP\x00")}, true},
		{"the whole table", delTable, unix.AF_INET, map[uint16][]byte{attrTable: []byte("filter\x00")}, true},
		{"a set's element", 12, unix.AF_INET, map[uint16][]byte{attrTable: []byte("filter\x00"), 2: []byte("FORWARD\x00")}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var tr transaction
			if tr.take(c.kind, news(c.family, c.attrs)) {
				t.Fatal("ended before its end")
			}
			if tr.take(newGeneration, news(0, map[uint16][]byte{1: {0, 0, 0, 9}, attrGenerationPID: {0, 0, 1, 2}})) != c.want {
				t.Errorf("matters: %v", !c.want)
			}
			if c.want && tr.pid != 0x102 {
				t.Errorf("by process %#x", tr.pid)
			}
		})
	}
}

// Others' changes raise the alarm after 50 ms and then at most four times a second; our own never do.
func TestAlert(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &Firewall{own: func(pid uint32) bool { return pid == 7 }}
		suspects, failed := make(chan uint32), make(chan error)
		var alarms atomic.Int64
		done := make(chan error)
		go func() { done <- f.alert(suspects, failed, func() { alarms.Add(1) }) }()
		after := func(d time.Duration, want int64) {
			t.Helper()
			time.Sleep(d) // of the bubble's clock
			synctest.Wait()
			if got := alarms.Load(); got != want {
				t.Errorf("%d alarms, not %d", got, want)
			}
		}
		suspects <- 7
		after(time.Second, 0)
		suspects <- 7
		suspects <- 8
		after(49*time.Millisecond, 0)
		after(2*time.Millisecond, 1)
		for range 100 {
			suspects <- 8
			time.Sleep(10 * time.Millisecond)
		}
		after(0, 5)
		failed <- nil
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func FuzzTransaction(f *testing.F) {
	f.Add(6, news(unix.AF_INET, map[uint16][]byte{attrTable: []byte("filter\x00"), attrRuleChain: []byte("FORWARD\x00")}))
	f.Fuzz(func(t *testing.T, kind int, msg []byte) {
		var tr transaction
		if tr.take(kind, msg) {
			t.Error("one message is no transaction that matters")
		}
	})
}
