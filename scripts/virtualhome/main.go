// Command virtualhome runs the real cloud and the real agent around a home made of network namespaces.
//
// It is what scripts/demo and scripts/bench call. It puts itself into private process and mount namespaces first (and, when
// it is not root, into a user namespace), so that nothing is left behind however it ends.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		var child *exec.ExitError
		if errors.As(err, &child) && !isolated() { // the inner process has said why
			os.Exit(max(1, child.ExitCode()))
		}
		fmt.Fprintln(os.Stderr, "virtualhome:", err)
		code := borrowed(1)
		errors.As(err, &code)
		os.Exit(int(code))
	}
}

// appFolder has the app's sources, seen from where this program is called.
const appFolder = "mobile-api/app"

// browse runs one of the app's npm scripts against a real house.
func browse(ctx context.Context, o Options, script string, env ...string) error {
	h, err := NewHouse(ctx, o)
	if err != nil {
		return err
	}
	defer h.Close()
	if err := h.Browse(ctx, os.Stdout, script, env...); err != nil {
		return err
	}
	return h.Close()
}

func run(args []string) error {
	fs := flag.NewFlagSet("virtualhome", flag.ContinueOnError)
	bin := fs.String("bin", "bin", "folder of carebox-cloud and carebox-agent")
	http := fs.String("http", "127.0.0.1:8080", "address of the app and its API")
	tellStory := fs.String("story", "", "tell this story instead of waiting for Ctrl-C: pause, tv, identity, visit, support")
	watched := fs.Bool("watch", false, "with -story support: play it in visible browsers")
	bench := fs.Bool("bench", false, "measure instead")
	screens := fs.String("screens", "", "make pictures of the app's screens into this folder instead")
	wifi := fs.Bool("wifi", false, "phone and TV have Wi-Fi: go through the laboratory's cases")
	live := fs.Bool("live", false, "with -wifi: wait for Ctrl-C instead")
	url := fs.String("url", "", "how people reach the address of -http, if not by itself")
	air := fs.Bool("air", false, "build a home with radios and run the arguments in its box instead")
	lighthouse := fs.Bool("lighthouse", false, "measure the app with Lighthouse instead")
	boxes := fs.Int("boxes", 1000, "simulated boxes beside the real one, for the measurement")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if fs.NArg() > 0 != *air {
		return fmt.Errorf("unexpected arguments %q", fs.Args())
	}
	told, err := story(*tellStory)
	switch {
	case err != nil:
		return err
	case *watched && !told.watched:
		return errors.New("only the story support has browsers to be watched")
	case *watched && !isolated():
		return watch(args, *http)
	case !isolated():
		return isolate(args, *http)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := settle(); err != nil {
		return err
	}
	o := Options{
		Bin: *bin, WiFi: *wifi, URL: *url, HTTP: inheritedListener(), App: appFolder,
		Dir: "/run", // which is this process's own by now
	}
	switch {
	case *air:
		return borrow(ctx, o.Dir, fs.Args())
	case *bench:
		return measure(ctx, o, *boxes)
	case *screens != "":
		return browse(ctx, o, "screens", "CAREBOX_SCREENS="+*screens)
	case *lighthouse:
		return browse(ctx, o, "measure")
	case *watched:
		return accompany(ctx, o, told)
	case *tellStory != "":
		return tell(ctx, o, told)
	case *wifi && !*live:
		return tell(ctx, o, laboratory())
	}
	return demonstrate(ctx, o)
}
