package registry_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

// BenchmarkChangeToBox is from the call of a change to the document in the box's hands.
func BenchmarkChangeToBox(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { changeToBox(b, filepath.Join(b.TempDir(), "carebox.db")) })
	b.Run("postgres", func(b *testing.B) { changeToBox(b, postgres(b)) })
}

func changeToBox(b *testing.B, database string) {
	c := newCloud(b, database)
	box := c.arrive("box-1", 0)
	box.gets(1)
	base, rules := int64(1), []policies.UnknownRule{policies.UnknownAllow, policies.UnknownQuarantine}
	for b.Loop() {
		_, err := c.registry.Change(b.Context(), "h1", base, registry.Edit{Apply: func(p *policies.Policy) error {
			p.Unknown = rules[base%2]
			return nil
		}})
		must(b, err)
		base++
		box.gets(base)
	}
	b.ReportMetric(float64(time.Duration(b.Elapsed())/time.Duration(b.N))/float64(time.Millisecond), "ms/change")
}
