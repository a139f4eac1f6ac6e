// Command rings runs `go test -json` for the test rings, counts what really ran, and says at the end whether every
// ring did its work. A ring that ran nothing has failed; so has one that skipped a test, unless the test said that it
// belongs to another ring ("kernel ring: set CAREBOX_KERNEL=1 as root") and did run there.
//
//	rings run DIR RING COMMAND…   runs go test -json …, prints failures, adds the count to DIR/RING.json
//	rings table [-all] DIR        prints a row per ring and the closing line; -all: every ring has been run
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "rings:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) >= 4 && args[0] == "run":
		return runRing(args[1], args[2], args[3:])
	case len(args) == 2 && args[0] == "table":
		return printTable(os.Stdout, args[1], false)
	case len(args) == 3 && args[0] == "table" && args[1] == "-all":
		return printTable(os.Stdout, args[2], true)
	}
	return errors.New("usage: rings run DIR RING COMMAND… | rings table [-all] DIR")
}

func runRing(dir, name string, command []string) error {
	start := time.Now()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("opening a pipe to %q: %w", command[0], err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting %q: %w", command[0], err)
	}
	c := newCount(os.Stdout, name)
	if err := c.read(pipe); err != nil {
		return errors.Join(fmt.Errorf("reading the test events of ring %s: %w", name, err), cmd.Process.Kill(), cmd.Wait())
	}
	failed := cmd.Wait()
	r := c.result()
	if failed != nil && len(r.Failed) == 0 {
		r.Failed = append(r.Failed, fmt.Sprintf("%s (%v)", command[0], failed))
	}
	r.Seconds = time.Since(start).Seconds()
	return r.add(dir, name)
}
