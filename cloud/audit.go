package main

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/cloud/store"
)

// account verifies the audit, or writes it out for somebody else to verify.
func account(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 || args[0] != "verify" && args[0] != "export" {
		fmt.Fprintln(os.Stderr, "usage: carebox-cloud audit verify|export -config FILE [flags]")
		return errUsage
	}
	flags := flag.NewFlagSet("carebox-cloud audit "+args[0], flag.ContinueOnError)
	if args[0] == "export" {
		to := flags.String("to", "", "file to write, which is not there yet")
		return withAudit(ctx, flags, args[1:], func(c config, data *store.Store) error {
			if *to == "" {
				flags.Usage()
				return errUsage
			}
			return create(*to, func(w io.Writer) error { return exportAudit(ctx, data, w) })
		})
	}
	against := flags.String("against", "", "an export of before: the audit must go on from there")
	return withAudit(ctx, flags, args[1:], func(c config, data *store.Store) error {
		keys := publicKeys(c)
		var anchor audit.Head
		var err error
		if *against != "" {
			if anchor, err = readAnchor(*against, keys); err != nil {
				return err
			}
		}
		v, told := audit.NewVerifier(anchor), map[string]string{}
		head, err := data.Audit(ctx, func(l audit.Line) error {
			if err := v.Next(l); err != nil || l.Verb != assist.VerbSeen || l.Erased() {
				return err
			}
			said, err := l.Said()
			told[l.Session] = fmt.Sprint(said.Detail["sum"])
			return err
		})
		if err != nil {
			return err
		}
		lines, erased, err := v.End(head, keys...)
		if err != nil {
			return err
		}
		hollow, err := data.Hollow(ctx)
		if err == nil && hollow > 0 {
			err = fmt.Errorf("%w: line %d was emptied, and its home is not erased", audit.ErrBroken, hollow)
		}
		if err != nil {
			return err
		}
		session, err := data.Unwitnessed(ctx, told)
		if err == nil && session != "" {
			err = fmt.Errorf("%w: what was seen in session %s is not what its line tells", audit.ErrBroken, session)
		}
		if err != nil {
			return err
		}
		return json.NewEncoder(out).Encode(map[string]any{"lines": lines, "erased": erased, "head": head})
	})
}

func withAudit(ctx context.Context, flags *flag.FlagSet, args []string, work func(config, *store.Store) error) error {
	c, err := configured(flags, args)
	if err != nil {
		return err
	}
	data, err := store.Open(ctx, c.database)
	if err != nil {
		return err
	}
	return errors.Join(work(c, data), data.Close())
}

// publicKeys are the operator's, as they followed each other.
func publicKeys(c config) []ed25519.PublicKey {
	var keys []ed25519.PublicKey
	for _, key := range append([]ed25519.PrivateKey{c.operator}, c.operators...) {
		keys = append(keys, key.Public().(ed25519.PublicKey))
	}
	return keys
}

func exportAudit(ctx context.Context, data *store.Store, w io.Writer) error {
	buffered := bufio.NewWriter(w)
	to := json.NewEncoder(buffered)
	head, err := data.Audit(ctx, func(l audit.Line) error { return to.Encode(audit.Exported{Line: &l}) })
	if err == nil {
		err = to.Encode(audit.Exported{Head: &head})
	}
	return errors.Join(err, buffered.Flush())
}

// readAnchor verifies an export and gives its head.
func readAnchor(path string, keys []ed25519.PublicKey) (audit.Head, error) {
	in, err := os.Open(path)
	if err != nil {
		return audit.Head{}, err
	}
	defer func() { _ = in.Close() }() // it was only read
	head, err := audit.ReadExport(in, keys...)
	if err != nil {
		return audit.Head{}, fmt.Errorf("reading %q: %w", path, err)
	}
	return head, nil
}
