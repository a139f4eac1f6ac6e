package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// modules makes a guest with a kernel whose modules depend on each other as they do.
func modules(t *testing.T, dep, builtin string) string {
	t.Helper()
	guest := t.TempDir()
	folder := filepath.Join(guest, "root/usr/lib/modules/6.1")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		filepath.Join(guest, "version"): "6.1\n", filepath.Join(folder, "modules.dep"): dep, filepath.Join(folder, "modules.builtin"): builtin,
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return guest
}

func TestModulesAreInTheOrderInWhichTheyLoad(t *testing.T) {
	guest := modules(t, "a/9p.ko.xz: a/9pnet.ko a/netfs.ko a/fscache.ko\na/9pnet.ko:\na/netfs.ko: a/fscache.ko\na/fscache.ko:\n"+
		"b/9pnet_virtio.ko: a/9pnet.ko\nb/virtio_net.ko:\nc/overlay.ko:\n", "kernel/drivers/virtio/virtio_pci.ko\n")
	paths, err := order(guest)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range paths {
		names = append(names, moduleName(p))
	}
	want := []string{"virtio_net", "9pnet", "9pnet_virtio", "fscache", "netfs", "9p", "overlay"}
	if !slices.Equal(names, want) {
		t.Errorf("order is %q, want %q", names, want)
	}
}

func TestMissingModuleIsNamed(t *testing.T) {
	_, err := order(modules(t, "a/9p.ko:\n", ""))
	if err == nil || !strings.Contains(err.Error(), "virtio_pci") {
		t.Errorf("the error is %v", err)
	}
}

func TestArchiveIsACpioArchive(t *testing.T) {
	var a archive
	a.add("modules", 0o040755, nil)
	a.add("modules/00-x.ko", 0o100644, []byte("seven77"))
	a.add("init", 0o100755, []byte("#!"))
	a.add("TRAILER!!!", 0, nil)
	dir := t.TempDir()
	cmd := exec.Command("busybox", "cpio", "-i", "-d")
	cmd.Dir, cmd.Stdin = dir, bytes.NewReader(a.Bytes())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("unpacking: %v: %s", err, out)
	}
	for name, want := range map[string]string{"modules/00-x.ko": "seven77", "init": "#!"} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || string(got) != want {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
}
