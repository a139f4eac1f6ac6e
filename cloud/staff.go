package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/cloud/store"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// employ says what a member may do for the operator, or takes away what their lost phone signs in with.
func employ(ctx context.Context, flags *flag.FlagSet, args []string) error {
	email := flags.String("email", "", "email of a member")
	role := flags.String("role", "", "support, technician, supervisor or admin")
	not := flags.Bool("not", false, "no staff any more")
	lost := flags.Bool("lost", false, "their phone is lost: no codes, passkeys and sessions any more")
	c, err := configured(flags, args)
	if err != nil {
		return err
	}
	said := 0
	for _, is := range []bool{*role != "", *not, *lost} {
		if is {
			said++
		}
	}
	if *email == "" || said != 1 {
		flags.Usage()
		return errUsage
	}
	data, err := store.Open(ctx, c.database)
	if err != nil {
		return err
	}
	data.Seal(c.operator)
	who, done := accounts.New(data, time.Now), audit.Entry{
		Via: audit.ViaSystem, Verb: "staff-role", Said: audit.Said{Actor: audit.Actor{Kind: audit.KindSystem, Name: by}, Detail: map[string]any{"role": *role}},
	}
	if *lost {
		done.Verb, done.Said.Detail = "staff-lost", map[string]any{"email": *email}
		if err = who.Lost(ctx, *email); err == nil {
			err = data.AddAudit(ctx, done)
		}
	} else {
		_, err = who.Employ(ctx, *email, accounts.StaffRole(*role), done)
	}
	if errors.Is(err, accounts.ErrNobody) {
		err = fmt.Errorf("nobody has the email %q", *email)
	}
	return errors.Join(err, data.Close())
}
