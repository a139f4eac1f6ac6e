package wire

import (
	"strings"
	"testing"
)

func TestTopicsOfABox(t *testing.T) {
	if got := Up("box-1", UpHello); got != "box/box-1/up/hello" {
		t.Error(got)
	}
	if got := Down("box-1", DownDesired); got != "box/box-1/down/desired" {
		t.Error(got)
	}
	box, what, err := SplitUp(Up("box-1", UpReported))
	if box != "box-1" || what != UpReported || err != nil {
		t.Error(box, what, err)
	}
	for _, topic := range []string{"", "box", "box/box-1/up", "box/box-1/down/desired", "box//up/hello", "box/+/up/hello",
		"box/box-1/up/hello/more", "home/box-1/up/hello", "box/BOX/up/hello", "/box/box-1/up/hello"} {
		if _, _, err := SplitUp(topic); err == nil {
			t.Errorf("%q passed", topic)
		}
	}
}

func TestBoxIDsFitIntoTopicsAndCertificates(t *testing.T) {
	for _, id := range []string{"a", "7", "box-1", strings.Repeat("b", 63)} {
		if !ValidBox(id) {
			t.Errorf("%q was refused", id)
		}
	}
	for _, id := range []string{"", "-a", "a b", "a/b", "a+", "a#", "a.b", "A", "é", "a\n", strings.Repeat("b", 64)} {
		if ValidBox(id) {
			t.Errorf("%q passed", id)
		}
	}
}
