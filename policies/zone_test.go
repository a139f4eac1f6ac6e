package policies

import (
	"archive/zip"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

// goroot is where the toolchain that builds this keeps its database.
func goroot(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(runtime.GOROOT(), "lib", "time", name))
	if err != nil {
		t.Fatalf("reading the toolchain's database: %v", err)
	}
	return data
}

func TestZoneDatabaseIsTheToolchains(t *testing.T) {
	if string(goroot(t, "zoneinfo.zip")) != zoneinfo {
		t.Error("zoneinfo.zip is not the toolchain's: copy it and set TZVersion")
	}
	m := regexp.MustCompile(`(?m)^DATA=(\S+)$`).FindSubmatch(goroot(t, "update.bash"))
	if m == nil || string(m[1]) != TZVersion {
		t.Errorf("TZVersion is %s, the toolchain's %s", TZVersion, m)
	}
}

func TestLocationIsExact(t *testing.T) {
	for _, name := range []string{"", "Local", "europe/paris", "Europe", "Europe/", "Europe/Pari", "Europe/Paris ", "../etc/localtime", "\x00"} {
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

// TestRegimesOfEveryZone leans on time.ZoneBounds for a century: regimes must follow each other without holes, each with the
// offset that the clock really has at its ends.
func TestRegimesOfEveryZone(t *testing.T) {
	names := zoneNames(t)
	from, to := time.Date(1999, 12, 1, 0, 0, 0, 0, time.UTC), time.Date(2101, 2, 1, 0, 0, 0, 0, time.UTC)
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
			for _, i := range []int64{r.from, r.from + 1, (r.from + r.to) / 2, r.to - 1} {
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
