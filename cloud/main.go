// Command carebox-cloud keeps the documents of every box and serves the app.
//
//	carebox-cloud serve    -config FILE
//	carebox-cloud backup   -config FILE -to FILE
//	carebox-cloud restore  -config FILE -from FILE
//	carebox-cloud staff    -config FILE -email EMAIL -role ROLE|-not|-lost
//	carebox-cloud operator-key -config FILE [-new FILE]
//	carebox-cloud boxes    import|label|show|assign|swap|retire|restock [flags]
//	carebox-cloud visits   import|verify [flags]
//	carebox-cloud dev-init -dir DIR [-boxes N] [-http ADDR] [-mqtt ADDR] [-mqtt-name NAME]... [-enrol ADDR]
//	                       [-database URL] [-zone ZONE]
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

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	err := command(ctx, os.Args[1:], os.Stdout, log)
	var problems problems
	switch {
	case errors.Is(err, flag.ErrHelp), errors.Is(err, errUsage):
		os.Exit(2) // the flags have said why
	case errors.As(err, &problems):
		for _, p := range problems {
			fmt.Fprintln(os.Stderr, p)
		}
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var errUsage = errors.New("wrong usage")

// command does what the arguments say.
func command(ctx context.Context, args []string, out io.Writer, log *slog.Logger) error {
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: carebox-cloud serve|backup|restore|staff|operator-key|boxes|visits|audit|dev-init [flags]")
		return errUsage
	}
	flags := flag.NewFlagSet("carebox-cloud "+args[0], flag.ContinueOnError)
	switch args[0] {
	case "serve":
		c, err := configured(flags, args[1:])
		if err != nil {
			return err
		}
		return run(ctx, c, log)
	case "backup":
		to := flags.String("to", "", "file to write")
		return withStore(ctx, flags, args[1:], to, backup)
	case "restore":
		from := flags.String("from", "", "file to read")
		return withStore(ctx, flags, args[1:], from, restore)
	case "staff":
		return employ(ctx, flags, args[1:])
	case "operator-key":
		return showKeys(ctx, flags, args[1:], out)
	case "boxes":
		return boxes(ctx, args[1:], out)
	case "visits":
		return visits(ctx, args[1:], out)
	case "audit":
		return account(ctx, args[1:], out)
	case "dev-init":
		return devInit(ctx, flags, args[1:], out)
	}
	fmt.Fprintf(os.Stderr, "carebox-cloud: %q is none of serve, backup, restore, staff, operator-key, boxes, visits, audit, dev-init\n", args[0])
	return errUsage
}

// configured reads flags and the configuration that they name.
func configured(flags *flag.FlagSet, args []string) (config, error) {
	file := flags.String("config", "", "configuration (JSON)")
	if err := flags.Parse(args); err != nil {
		return config{}, errors.Join(errUsage, err)
	}
	if *file == "" || flags.NArg() > 0 {
		flags.Usage()
		return config{}, errUsage
	}
	return readConfig(*file)
}
