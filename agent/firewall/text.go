package firewall

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/carebox-project/carebox/policies/wire"
)

// Text is every rule of the backend in use with its counters, others' included, as iptables-save prints it: for people who
// help. It waits for nobody and holds nobody up: which families there are never changes.
func (f *Firewall) Text(ctx context.Context) ([]wire.Text, error) {
	var cmds []command
	for _, fam := range f.families {
		cmds = append(cmds, command{path: fam.tool.save, args: []string{"-c"}})
	}
	var all []wire.Text
	var errs []error
	for i, r := range f.shell.Run(ctx, cmds) {
		if r.err != nil {
			errs = append(errs, r.err)
			continue
		}
		all = append(all, wire.Text{Name: filepath.Base(cmds[i].path), Text: r.stdout})
	}
	return all, errors.Join(errs...)
}
