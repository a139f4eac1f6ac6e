package guides_test

import (
	"testing"

	"github.com/carebox-project/carebox/policies/guides"
)

func terms(t *testing.T) guides.Vocabulary {
	t.Helper()
	v, err := guides.Terms()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestGuidesHoldTogether(t *testing.T) {
	all, err := guides.All()
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range all {
		if g.ID != guides.Listed()[i] {
			t.Errorf("the file %s holds the guide %s", guides.Listed()[i], g.ID)
		}
		for _, p := range guides.Check(g, terms(t)) {
			t.Error(p)
		}
	}
}
