package policies

import (
	"archive/zip"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// zoneinfoDigest pins what TZVersion names: both change together, by hand.
const zoneinfoDigest = "8f55634d05f8bca1f7bc7c69c5933428c69357e0bdf565e5ba224e3f88ff12e8"

func TestZoneDatabaseIsTheOneOfItsVersion(t *testing.T) {
	if digest := fmt.Sprintf("%x", sha256.Sum256([]byte(zoneinfo))); digest != zoneinfoDigest {
		t.Errorf("zoneinfo.zip is not that of %s but %s", TZVersion, digest)
	}
}

// TestZoneDatabaseIsTheToolchains compares with lib/time of the Go that runs this. One with another release is no mistake: boxes
// and clouds take a new database over together.
func TestZoneDatabaseIsTheToolchains(t *testing.T) {
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(strings.TrimSpace(string(root)), "lib", "time")
	script, err := os.ReadFile(filepath.Join(dir, "update.bash"))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^DATA=(\S+)$`).FindSubmatch(script)
	if m == nil {
		t.Fatal("the toolchain does not say which release it has")
	}
	if theirs := string(m[1]); theirs != TZVersion {
		t.Logf("ours is %s, the toolchain's %s", TZVersion, theirs)
		return
	}
	zip, err := os.ReadFile(filepath.Join(dir, "zoneinfo.zip"))
	if err != nil || string(zip) != zoneinfo {
		t.Errorf("zoneinfo.zip is not the toolchain's %s, %v", TZVersion, err)
	}
}

func TestLocationIsExact(t *testing.T) {
	wrong := []string{"", "Local", "europe/paris", "Europe", "Europe/", "Europe/Pari", "Europe/Paris ", "../etc/localtime", "\x00"}
	for _, name := range wrong {
		if loc, err := Location(name); err == nil {
			t.Errorf("%q is %v", name, loc)
		}
	}
	for _, name := range []string{"Africa/Abidjan", "Europe/Paris", "UTC", "Zulu", "America/Argentina/ComodRivadavia"} {
		if loc, err := Location(name); err != nil || loc.String() != name {
			t.Errorf("%q is %v, %v", name, loc, err)
		}
	}
}

// TestRegimesOfEveryZone doubts time.ZoneBounds for three centuries: regimes must follow each other without holes, each with
// the offset that the clock really has at its ends and every ten days.
func TestRegimesOfEveryZone(t *testing.T) {
	names := zoneNames(t)
	from, to := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2200, 12, 31, 0, 0, 0, 0, time.UTC)
	for _, name := range names {
		loc, err := Location(name)
		if err != nil {
			t.Fatal(err)
		}
		at := from.UnixNano()
		for _, r := range regimes(loc, from, to) {
			if r.from != at || r.to <= r.from {
				t.Fatalf("%s: regime %v does not follow %v", name, r, time.Unix(0, at))
			}
			for i := r.from; i < r.to; i = max(i+1, min(i+10*nanosOfDay, r.to-1)) {
				if _, offset := time.Unix(0, i).In(loc).Zone(); int64(offset)*int64(time.Second) != r.offset {
					t.Fatalf("%s: offset at %v is %d s, not %d ns", name, time.Unix(0, i).UTC(), offset, r.offset)
				}
			}
			at = r.to
		}
		if at != to.UnixNano() {
			t.Fatalf("%s: regimes end at %v", name, time.Unix(0, at))
		}
	}
}

// zoneNames reads the directory of the embedded database by archive/zip: a second opinion on our own reader.
func zoneNames(t *testing.T) []string {
	t.Helper()
	r, err := zip.NewReader(strings.NewReader(zoneinfo), int64(len(zoneinfo)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range r.File {
		content, err := fs.ReadFile(r, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if data, ok := zoneData(zoneinfo, f.Name); !ok || data != string(content) {
			t.Fatalf("%s reads otherwise than archive/zip reads it", f.Name)
		}
		names = append(names, f.Name)
	}
	if len(names) < 500 {
		t.Fatalf("only %d zones", len(names))
	}
	return names
}
