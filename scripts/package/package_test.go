// Package pack holds the packages to a system: they are made, installed, started and taken away.
package pack

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

func TestInstallStartAndRemove(t *testing.T) {
	if os.Getenv("CAREBOX_CROSS") == "" {
		t.Skip("cross ring: set CAREBOX_CROSS=1")
	}
	builds, out := t.TempDir(), t.TempDir()
	for _, program := range []string{"agent", "cloud"} {
		run(t, "env", "CGO_ENABLED=0", "go", "build", "-trimpath", "-o",
			filepath.Join(builds, "linux-"+runtime.GOARCH, "carebox-"+program), "../../"+program)
	}
	run(t, "./make", out, builds)
	run(t, "./try", out)
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	if said, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, said)
	}
}
