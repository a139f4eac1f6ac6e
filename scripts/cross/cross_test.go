// Package cross holds the agents of other architectures to the one of this machine: under user emulation they must
// judge every policy of the stories alike, to the byte. Tests only; scripts/test cross runs them.
package cross

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// targets are what boxes are made of, and who runs their programs here.
var targets = []struct{ name, emulator, settings string }{
	{"arm64", "qemu-aarch64", "GOARCH=arm64"},
	{"armv7", "qemu-arm", "GOARCH=arm GOARM=7"},
	{"mipsle", "qemu-mipsel", "GOARCH=mipsle GOMIPS=softfloat"},
}

// spans cover both changes of the clock in both hemispheres, and years before and after them. The 32-bit agents pass 2038.
var spans = [][2]string{
	{"2026-03-01T00:00:00Z", "2026-04-15T00:00:00Z"},
	{"2026-10-01T00:00:00Z", "2026-11-15T00:00:00Z"},
	{"2040-01-01T00:00:00Z", "2040-01-15T00:00:00Z"},
}

// zones have every kind of clock: none that changes, half an hour, a quarter past, the date line, a change for Ramadan.
// The last is none.
var zones = []string{"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu",
	"Pacific/Apia", "America/Sao_Paulo", "Atlantic/Azores", "UTC", "Local"}

// nights crosses the hours in which clocks change, every day, with an exception in both of the change's seasons.
const nights = `{"zone":%q,"unknown":"quarantine","effect":"no-internet","people":[{"id":"leo","name":"Léo"}],
"devices":[{"id":"phone","name":"Phone","kind":"phone","macs":["02:00:00:00:00:0a"],"person":"leo"}],
"schedules":[{"id":"nights","for":{"person":"leo"},"days":["Monday","Tuesday","Wednesday","Thursday","Friday","Saturday","Sunday"],
"start":"23:30","duration":9000},{"id":"weekend","for":{"home":true},"days":["Saturday"],"start":"02:15","duration":90000}],
"exceptions":[{"id":"spring","for":{"device":"phone"},"date":"2026-03-28","windows":[{"start":"01:00","duration":7500}]},
{"id":"autumn","for":{"device":"phone"},"date":"2026-10-24","windows":[]}],
"overrides":[],"budgets":[],"reservations":[]}`

// wrong has a problem in every list.
const wrong = `{"zone":"Mars/Base","unknown":"maybe","effect":"none","people":[{"id":"","name":""}],
"devices":[{"id":"a","name":"A","kind":"tv","macs":["01:00:00:00:00:01","x"],"person":"nobody"}],
"schedules":[{"id":"s","for":{},"days":["Someday"],"start":"24:00","duration":0}],
"exceptions":[{"id":"e","for":{"home":true,"device":"a"},"date":"2026-02-30","windows":[{"start":"9","duration":-1}]}],
"overrides":[{"id":"o","for":{"device":"b"},"mode":"bonus","at":"2026-11-21T18:00:00Z"}],
"budgets":[{"id":"b","for":{"home":true},"days":[],"amount":90000}],"reservations":[{"id":"r"}]}`

func TestAgentsAgree(t *testing.T) {
	if os.Getenv("CAREBOX_CROSS") == "" {
		t.Skip("cross ring: set CAREBOX_CROSS=1")
	}
	policies := gather(t)
	native := []string{build(t, "GOARCH="+runtime.GOARCH)}
	want := map[string]string{}
	accepted := 0
	for _, file := range policies {
		want[file] = judge(t, native, file)
		if strings.Contains(want[file], "exit 0") {
			accepted++
		}
	}
	if accepted == 0 || accepted == len(policies) {
		t.Fatalf("want good and bad policies among %d, %d were accepted", len(policies), accepted)
	}
	t.Logf("%d policies, %d of them good", len(policies), accepted)
	for _, target := range targets {
		t.Run(target.name, func(t *testing.T) {
			t.Parallel()
			agent := []string{emulator(t, target.emulator), build(t, strings.Fields(target.settings)...)}
			for _, file := range policies {
				t.Run(filepath.Base(file), func(t *testing.T) {
					if diff := cmp.Diff(want[file], judge(t, agent, file)); diff != "" {
						t.Errorf("want the same as on this machine (-want +got):\n%s", diff)
					}
				})
			}
		})
	}
}

// gather writes every policy of the stories, good and bad, into files of its own and returns their paths.
func gather(t *testing.T) []string {
	t.Helper()
	var files []string
	dir := t.TempDir()
	add := func(name string, data []byte) {
		path := filepath.Join(dir, strings.ReplaceAll(name, "/", "-"))
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
	}
	root := os.DirFS("../../policies/testdata")
	err := fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		switch filepath.Ext(path) {
		case ".json":
			add(path, data)
		case ".txtar":
			for _, part := range txtar.Parse(data).Files {
				if strings.HasSuffix(part.Name, ".json") {
					add(strings.TrimSuffix(path, ".txtar")+"-"+part.Name, part.Data)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("gathering policies: %v", err)
	}
	for _, zone := range zones {
		add("in-"+zone+".json", fmt.Appendf(nil, nights, zone))
	}
	add("empty.json", nil)
	add("torn.json", []byte(`{"zone":"Europe/Paris","people":[{"id":"leo"`))
	add("not-text.json", []byte{0xff, 0xfe, 0x00})
	add("wrong.json", []byte(wrong))
	return files
}

// build makes the agent as scripts/build does and returns its path.
func build(t *testing.T, settings ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "carebox-agent")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", path, "../../agent")
	cmd.Env = append(os.Environ(), append(settings, "GOOS=linux", "CGO_ENABLED=0")...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building the agent for %q: %v\n%s", settings, err, out)
	}
	return path
}

// emulator finds qemu's program: Debian calls it -static while it has dynamic ones too.
func emulator(t *testing.T, name string) string {
	t.Helper()
	for _, candidate := range []string{name + "-static", name} {
		if path, err := exec.LookPath(candidate); err == nil {
			return path
		}
	}
	t.Fatalf("%s is missing: run scripts/setup test", name)
	return ""
}

// judge is all that an agent says about a policy, with its exit codes.
func judge(t *testing.T, agent []string, file string) string {
	t.Helper()
	var said bytes.Buffer
	ask(t, &said, append(agent, "check", "-policy", file))
	for _, span := range spans {
		ask(t, &said, append(agent, "timeline", "-policy", file, "-from", span[0], "-to", span[1], "-json"))
	}
	return said.String()
}

func ask(t *testing.T, said *bytes.Buffer, command []string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = said, said
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		said.WriteString("exit 0\n")
	case errors.As(err, &exit) && exit.Exited():
		said.WriteString(exit.String() + "\n") // "exit status 2"
	default:
		t.Errorf("running %q: %v", command, err)
	}
}
