package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// How much of a timeline is printed at most.
const (
	maxRange = 2 * 366 * 24 * time.Hour
	maxRows  = 2_000_000 // some 300 MB of JSON
)

func checkCommand(_ context.Context, in *invocation) error {
	path := in.flags.String("policy", "", "policy `FILE`")
	asJSON := in.flags.Bool("json", false, "print the problems as a JSON array")
	if err := in.parse("policy"); err != nil {
		return err
	}
	if _, err := in.policy(*path, *asJSON); err != nil {
		return err
	}
	if *asJSON {
		return in.json(policies.Problems{})
	}
	_, err := fmt.Fprintln(in.out, "ok")
	return err
}

func timelineCommand(_ context.Context, in *invocation) error {
	path := in.flags.String("policy", "", "policy `FILE`")
	fromText := in.flags.String("from", "", "first instant, RFC 3339")
	toText := in.flags.String("to", "", "end, RFC 3339: not included")
	asJSON := in.flags.Bool("json", false, "print a JSON array")
	if err := in.parse("policy", "from", "to"); err != nil {
		return err
	}
	from, err := time.Parse(time.RFC3339, *fromText)
	if err != nil {
		return in.mistake("-from is not RFC 3339: %q", *fromText)
	}
	to, err := time.Parse(time.RFC3339, *toText)
	if err != nil {
		return in.mistake("-to is not RFC 3339: %q", *toText)
	}
	if !from.Before(to) || to.Sub(from) > maxRange {
		return in.mistake("-to is not after -from, or more than two years after it")
	}
	p, err := in.policy(*path, *asJSON)
	if err != nil {
		return err
	}
	if n := policies.Length(p, to.Sub(from)); n > maxRows {
		return in.mistake("this timeline could have %d rows, %d are the most: ask for a shorter range", n, maxRows)
	}
	t, err := policies.Compile(p, nil, from, to)
	if err != nil {
		return in.mistake("%v", err)
	}
	if *asJSON {
		return in.json(t.Rows())
	}
	return in.table(t.Rows())
}

// policy reads a policy. Its problems are printed, a line each or as JSON, and are a mistake of the caller.
func (in *invocation) policy(path string, asJSON bool) (policies.Policy, error) {
	data, err := readLimited(path, policies.MaxBytes+1)
	if err != nil {
		return policies.Policy{}, in.mistake("reading policy: %v", err)
	}
	p, err := policies.Parse(data)
	var problems policies.Problems
	if !errors.As(err, &problems) {
		return p, err
	}
	if asJSON {
		return p, errors.Join(in.json(problems), errUsage)
	}
	for _, one := range problems {
		fmt.Fprintf(in.errs, "%s: %s (%s)\n", one.Field, one.Detail, one.Code)
	}
	return p, errUsage
}

// json prints a list, one entry a line, so that it can be read and compared.
func (in *invocation) json(list any) error {
	data, err := json.MarshalIndent(list, "", " ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(in.out, "%s\n", data)
	return err
}

func (in *invocation) table(rows []policies.Row) error {
	for _, r := range rows {
		word := "offline"
		if r.Online {
			word = "online"
		}
		_, err := fmt.Fprintf(in.out, "%-20s %s  %s  %-7s %s %s\n",
			r.Device, r.From.Format(time.RFC3339), r.To.Format(time.RFC3339), word, r.Reason.Kind, r.Reason.ID)
		if err != nil {
			return err
		}
	}
	return nil
}
