package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"

	"github.com/carebox-project/carebox/cloud/store"
)

// withStore opens the configured database for one piece of work with a file.
func withStore(ctx context.Context, flags *flag.FlagSet, args []string, path *string,
	work func(context.Context, config, string) error) error {
	c, err := configured(flags, args)
	if err != nil {
		return err
	}
	if *path == "" {
		flags.Usage()
		return errUsage
	}
	return work(ctx, c, *path)
}

func backup(ctx context.Context, c config, to string) error {
	if _, err := os.Stat(c.database); !store.IsPostgres(c.database) && errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no database %q", c.database) // opening would make an empty one
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%q is there already; a backup replaces nothing", to)
	}
	data, err := store.Open(ctx, c.database)
	if err != nil {
		return err
	}
	defer func() { _ = data.Close() }() // it was only read
	return data.Backup(ctx, to)
}

func restore(ctx context.Context, c config, from string) error {
	data, err := store.Open(ctx, c.database)
	if err != nil {
		return err
	}
	err = data.Restore(ctx, from)
	return errors.Join(err, data.Close())
}
