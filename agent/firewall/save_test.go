package firewall

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The goldens are what both backends really printed for the sample among strangers' rules; the kernel ring makes them.
func TestParseSave(t *testing.T) {
	for name, six := range map[string]bool{
		"save-nft-ipv4.txt": false, "save-nft-ipv6.txt": true, "save-legacy-ipv4.txt": false, "save-legacy-ipv6.txt": true,
	} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			s := parsed(t, string(text))
			fam := &family{six: six}
			fam.takeIn(s, Config{LAN: "br-lan", WAN: "wan"})
			if diff := cmp.Diff(rendered(t, sample(), six), fam.seen); diff != "" {
				t.Errorf("printed otherwise than rendered (-rendered +printed):\n%s", diff)
			}
			if !fam.anchored || !fam.closed || foreignMark(s, 0x3ff00000) != "" {
				t.Errorf("anchored %v, closed %v, foreign mark %q", fam.anchored, fam.closed, foreignMark(s, 0x3ff00000))
			}
			if diff := cmp.Diff(s, parsed(t, s.String()), cmp.AllowUnexported(chain{}, rule{})); diff != "" {
				t.Errorf("read again (-first +second):\n%s", diff)
			}
		})
	}
}

func TestParseSaveRefuses(t *testing.T) {
	for _, text := range []string{
		"*filter\n", "*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -j DR", "-A FORWARD -j DROP\n", ":FORWARD ACCEPT\n",
		"*filter\n-A FORWARD -j DROP\nCOMMIT\n", "*filter\n:FORWARD\nCOMMIT\n", "*filter\n:A - [0:0]\n:A - [0:0]\nCOMMIT\n",
		"*filter\n:A - [0:0]\n[x:0] -A A -j DROP\nCOMMIT\n", "*filter\n*nat\nCOMMIT\n", "*filter\nERROR\nCOMMIT\n",
	} {
		if s, err := parseSave(text); err == nil {
			t.Errorf("%q was read as %v", text, s)
		}
	}
}

func FuzzParseSave(f *testing.F) {
	goldens, err := filepath.Glob("testdata/save-*.txt")
	if err != nil || len(goldens) == 0 {
		f.Fatal("no goldens", err)
	}
	for _, name := range goldens {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseSave(text)
		if err != nil {
			return
		}
		fam := &family{}
		fam.takeIn(s, Config{LAN: "br-lan", WAN: "wan"})
		foreignMark(s, 1)
		offloads(s)
		if removal(s) == "" && len(fam.seen) > 0 {
			t.Error("chains of ours that clear would leave")
		}
	})
}

func TestOptions(t *testing.T) {
	got := options(`! -i br-lan -p tcp -m tcp --tcp-flags SYN,RST SYN -m comment --comment "a \"b\" -j ACCEPT" ` +
		`! -o wan -j LOG --log-prefix "-j DROP "`)
	want := []option{
		{true, "-i", []string{"br-lan"}}, {false, "-p", []string{"tcp"}}, {false, "-m", []string{"tcp"}},
		{false, "--tcp-flags", []string{"SYN,RST", "SYN"}}, {false, "-m", []string{"comment"}},
		{false, "--comment", []string{`a "b" -j ACCEPT`}}, {true, "-o", []string{"wan"}}, {false, "-j", []string{"LOG"}},
		{false, "--log-prefix", []string{"-j DROP "}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(option{})); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
}
