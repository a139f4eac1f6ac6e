package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// clearCommand takes away everything of ours. It needs neither keys nor a running agent: it is the way out when all else is broken. A
// running agent would put the rules back within a second, so it is told to stop first.
func clearCommand(ctx context.Context, in *invocation) error {
	path := in.flags.String("config", "", "configuration `FILE`")
	if err := in.parse("config"); err != nil {
		return err
	}
	cfg, err := loadConfig(*path)
	if err != nil {
		return err
	}
	if _, err := askStatus(ctx, cfg.control); err == nil {
		return errors.New("the agent is running and would put the rules back: stop it first")
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	k, err := cfg.kernel(ctx, slog.New(slog.NewTextHandler(in.errs, nil)))
	if err != nil {
		return err
	}
	if err := errors.Join(k.clear(ctx), k.close()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(in.out, "cleared: no chain or jump of ours is left in either backend, IPv4 and IPv6, no queue, and no list on a radio")
	return err
}
