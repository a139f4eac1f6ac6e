// Command carebox-agent makes one home box agree with its family's policy, online or not.
//
// This file is the doorway: the subcommand, flags, the logger, signals, the exit code. 0 is success, 1 a failure, 2 a mistake of the
// caller: wrong usage or a policy with problems.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

const usage = `usage: carebox-agent COMMAND [flags]

  run      -config FILE [-log text|json]              make the box agree with its policy, until a signal
  status   -config FILE [-json]                       ask the running agent
  clear    -config FILE                               take away every rule of ours; the agent must be stopped
  check    -policy FILE [-json]                       say every problem of a policy
  timeline -policy FILE -from T -to T [-json]         say when each device is online (RFC 3339)
  version
`

// errUsage is a mistake of the caller that has been explained already.
var errUsage = errors.New("usage")

func main() {
	// The first signal ends the work, the second one the process.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(dispatch(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func dispatch(ctx context.Context, args []string, out, errs io.Writer) int {
	commands := map[string]func(context.Context, *invocation) error{
		"run": runCommand, "status": statusCommand, "clear": clearCommand, "check": checkCommand, "timeline": timelineCommand,
		"version": func(context.Context, *invocation) error {
			_, err := fmt.Fprintln(out, agentVersion())
			return err
		},
	}
	if len(args) == 0 || commands[args[0]] == nil {
		fmt.Fprint(errs, usage)
		return 2
	}
	in := &invocation{args: args[1:], flags: flag.NewFlagSet(args[0], flag.ContinueOnError), out: out, errs: errs}
	in.flags.SetOutput(errs)
	err := commands[args[0]](ctx, in)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errUsage):
		return 2
	case errors.Is(err, flag.ErrHelp):
		return 0
	}
	fmt.Fprintf(errs, "carebox-agent %s: %v\n", args[0], err)
	return 1
}

// invocation is one command with its flags and streams.
type invocation struct {
	args      []string
	flags     *flag.FlagSet
	out, errs io.Writer
}

// parse reads the flags; those named are required.
func (in *invocation) parse(required ...string) error {
	if err := in.flags.Parse(in.args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage
	}
	if in.flags.NArg() > 0 {
		return in.mistake("unexpected argument %q", in.flags.Arg(0))
	}
	for _, name := range required {
		if in.flags.Lookup(name).Value.String() == "" {
			return in.mistake("-%s is missing", name)
		}
	}
	return nil
}

func (in *invocation) mistake(format string, args ...any) error {
	fmt.Fprintf(in.errs, "carebox-agent %s: %s\n", in.flags.Name(), fmt.Sprintf(format, args...))
	return errUsage
}

func runCommand(ctx context.Context, in *invocation) error {
	path := in.flags.String("config", "", "configuration `FILE`")
	form := in.flags.String("log", "text", "form of the log: text or json")
	if err := in.parse("config"); err != nil {
		return err
	}
	var handler slog.Handler
	switch *form {
	case "text":
		handler = slog.NewTextHandler(in.errs, nil)
	case "json":
		handler = slog.NewJSONHandler(in.errs, nil)
	default:
		return in.mistake("-log is neither text nor json")
	}
	cfg, err := loadConfig(*path)
	if err != nil {
		return err
	}
	return run(ctx, cfg, slog.New(handler))
}
