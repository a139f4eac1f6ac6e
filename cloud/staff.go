package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/cloud/store"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// employ makes a member one of those who help families, or not any more.
func employ(ctx context.Context, flags *flag.FlagSet, args []string) error {
	email := flags.String("email", "", "email of a member")
	not := flags.Bool("not", false, "not any more")
	c, err := configured(flags, args)
	if err != nil {
		return err
	}
	if *email == "" {
		flags.Usage()
		return errUsage
	}
	data, err := store.Open(ctx, c.database)
	if err != nil {
		return err
	}
	err = accounts.New(data, time.Now).Employ(ctx, *email, !*not)
	if errors.Is(err, accounts.ErrNobody) {
		err = fmt.Errorf("nobody has the email %q", *email)
	}
	return errors.Join(err, data.Close())
}
