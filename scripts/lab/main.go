// Command lab runs a program of this machine inside a virtual machine that has a Wi-Fi stack: Debian's stock kernel,
// where containers and namespaces have no radios and a build machine's own kernel often no wireless at all.
//
//	lab [-guest DIR] [-http ADDRESS] [-accel kvm|tcg] [-deadline DURATION] COMMAND…
//
// The program sees this machine's files as they are, read-only below a layer in memory, and what scripts/lab/unpack
// brought. It runs as root with the working folder and environment of its caller; its output and exit code are
// handed on. CAREBOX_OUT names a folder for what shall stay (-out). Nothing of the machine remains, however it ends.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	if os.Getpid() == 1 {
		guestMain()
		return
	}
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// run returns the exit code of the program.
func run(args []string) (int, error) {
	fs := flag.NewFlagSet("lab", flag.ContinueOnError)
	var o options
	fs.StringVar(&o.guest, "guest", "", "folder that scripts/lab/unpack made")
	fs.StringVar(&o.http, "http", "", "address here that leads to port 8080 of the machine")
	fs.StringVar(&o.out, "out", "", "folder for what the program leaves in CAREBOX_OUT; \"\": nothing stays")
	fs.StringVar(&o.accel, "accel", "", "kvm or tcg; \"\": kvm if it boots, else tcg")
	fs.DurationVar(&o.deadline, "deadline", 15*time.Minute, "of the whole run; 0: none")
	if err := fs.Parse(args); err != nil {
		return 2, err
	}
	if o.guest == "" || fs.NArg() == 0 {
		return 2, errors.New("usage: lab -guest DIR [-http ADDRESS] [-out DIR] [-accel kvm|tcg] [-deadline DURATION] COMMAND…")
	}
	wanted, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx := wanted
	if o.deadline > 0 {
		late := fmt.Errorf("the deadline of %s has passed", o.deadline)
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(wanted, o.deadline, late)
		defer cancel()
	}
	code, err := boot(ctx, o, fs.Args())
	if wanted.Err() != nil {
		return 130, nil // somebody wanted it to end
	}
	return code, err
}
