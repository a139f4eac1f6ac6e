package firewall

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNewMarks(t *testing.T) {
	for _, bad := range []uint32{0, 1, 0x1ff, 0x3ff01, 0xf0f0f0f0, 0x1ff00000} {
		if _, err := newMarks(bad); err == nil {
			t.Errorf("mask %#x was taken", bad)
		}
	}
	for _, good := range []uint32{0x3ff, 0x3ff00000, 0xffc00000, 0xffffffff} {
		m, err := newMarks(good)
		if err != nil {
			t.Error(err)
		}
		if got := m.number(0xffffffff); m.value(got) != good {
			t.Errorf("mask %#x: all bits are number %#x", good, got)
		}
	}
}

func devices(ids ...string) []Device {
	var all []Device
	for _, id := range ids {
		all = append(all, Device{ID: id})
	}
	return all
}

func TestAssign(t *testing.T) {
	m, err := newMarks(0x3ff)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		ids  []string
		want map[string]uint32
	}{
		{[]string{"b", "a"}, map[string]uint32{"b": 2, "a": 3}},
		{[]string{"a", "c"}, map[string]uint32{"a": 3, "c": 4}}, // 2 was b's: its flows may still be there
		{[]string{"b", "a"}, map[string]uint32{"b": 5, "a": 3}}, // b comes back as another
		{[]string{"a"}, map[string]uint32{"a": 3}},
	} {
		if err := m.assign(devices(step.ids...)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(step.want, m.of); diff != "" {
			t.Errorf("%v (-want +got):\n%s", step.ids, diff)
		}
	}
}

func TestAssignFull(t *testing.T) {
	m, err := newMarks(0x3ff)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i := range 1022 {
		ids = append(ids, fmt.Sprint(i))
	}
	if err := m.assign(devices(ids...)); err != nil {
		t.Fatal(err)
	}
	if err := m.assign(devices(append(ids, "one more")...)); err == nil {
		t.Error("a device too many was numbered")
	}
	if err := m.assign(devices(append(ids[1:], "other")...)); err != nil {
		t.Fatal(err)
	}
	if got := m.of["other"]; got != 2 {
		t.Errorf("the number that came free is 2, not %d", got)
	}
}

// What the kernel says twice or not rightly is not adopted; where families disagree the first counts.
func TestAdopt(t *testing.T) {
	m, err := newMarks(0x3ff)
	if err != nil {
		t.Fatal(err)
	}
	rule := func(id string, n int64) string {
		return fmt.Sprintf("-m mac --mac-source 02:00:00:00:00:0a -m comment --comment %s -g CAREBOX-UP-%d", id, n)
	}
	m.adopt([]*family{
		{seen: ruleset{chainUp: {rule("a", 7), rule("b", 7), rule("c", 1), rule("d", 1024), rule("0xzz", 9),
			rule("e", 99999999999), "-g CAREBOX-UP-1"}}},
		{seen: ruleset{chainUp: {rule("a", 8), rule("0x41", 9), rule("f", 7)}}},
	})
	if diff := cmp.Diff(map[string]uint32{"a": 7, "A": 9}, m.of); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
}

func TestID(t *testing.T) {
	for _, id := range []string{"leo-phone", "7", "-x", "0x", "0x41", "Léo's \"phone\"\n-j ACCEPT", "a b"} {
		comment := encodeID(id)
		if !plainID.MatchString(comment) {
			t.Errorf("id %q is not plain as %q", id, comment)
		}
		if back, ok := decodeID(comment); !ok || back != id {
			t.Errorf("id %q came back as %q", id, back)
		}
	}
}
