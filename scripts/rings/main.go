// Command rings runs `go test -json` for the test rings, counts what really ran, and says at the end whether every
// ring did its work. A ring that ran nothing has failed; so has one that skipped a test, unless the test said that it
// belongs to another ring ("kernel ring: set CAREBOX_KERNEL=1 as root") and did run there.
//
// Real kernels and real browsers on a machine that does much else fail now and then for no reason of ours. Packages in
// which no more than a few tests failed are run once more, whole. If all of it passes then, what failed is shaky: named
// in the table, to be mended, and no failure.
//
//	rings run DIR RING COMMAND…   runs go test -json …, prints failures, adds the count to DIR/RING.json
//	rings table [-all] DIR        prints a row per ring and the closing line; -all: every ring has been run
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
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

// few is how many failures may be chance.
const few = 3

func runRing(dir, name string, command []string) error {
	start := time.Now()
	c := newCount(os.Stdout, name)
	ended, err := c.follow(command)
	if err != nil {
		return err
	}
	r := c.result()
	if failed := r.Failed; 0 < len(failed) && len(failed) <= few {
		again := narrow(command, c.forgetFailed())
		fmt.Printf("once more: %s\n", strings.Join(failed, ", "))
		if ended, err = c.follow(again); err != nil {
			return err
		}
		if r = c.result(); ended == nil && len(r.Failed) == 0 && r.ranAll(failed) {
			r.Shaky = failed
		} else {
			r.Failed = slices.Compact(slices.Sorted(slices.Values(append(r.Failed, failed...))))
		}
	}
	if ended != nil && len(r.Failed) == 0 {
		r.Failed = append(r.Failed, fmt.Sprintf("%s (%v)", command[0], ended))
	}
	r.Seconds = time.Since(start).Seconds()
	return r.add(dir, name)
}

// follow runs a command and counts what it tells; ended is how the command itself did.
func (c *count) follow(command []string) (ended, err error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("opening a pipe to %q: %w", command[0], err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %q: %w", command[0], err)
	}
	if err := c.read(pipe); err != nil {
		return nil, errors.Join(fmt.Errorf("reading the test events of ring %s: %w", c.ring, err), cmd.Process.Kill(), cmd.Wait())
	}
	return cmd.Wait(), nil
}

// narrow is a command of go test, which names its packages last, for these packages alone; any other command is itself.
func narrow(command, packages []string) []string {
	named := slices.IndexFunc(command, func(arg string) bool { return strings.HasPrefix(arg, "./") })
	if !slices.Contains(command, "-json") || named < 0 {
		return command
	}
	return slices.Concat(command[:named], packages)
}
