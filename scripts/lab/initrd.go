package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// early are the modules that the guest needs to find its root file system.
var early = []string{"virtio_pci", "virtio_net", "9pnet_virtio", "9p", "overlay"}

// writeInitrd makes the guest's first file system: this program as /init, and the modules that it loads, in order.
func writeInitrd(to, guest string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	program, err := os.ReadFile(self)
	if err != nil {
		return err
	}
	modules, err := order(guest)
	if err != nil {
		return fmt.Errorf("finding the kernel's modules: %w", err)
	}
	var a archive
	for _, folder := range []string{"modules", "proc", "sys", "dev", "host", "guest", "layer", "root"} {
		a.add(folder, 0o040755, nil)
	}
	a.add("init", 0o100755, program)
	for i, path := range modules {
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		a.add(fmt.Sprintf("modules/%02d-%s", i, filepath.Base(path)), 0o100644, data)
	}
	a.add("TRAILER!!!", 0, nil)
	return os.WriteFile(to, a.Bytes(), 0o600)
}

// order returns the files of the early modules and of all that they depend on, those first.
func order(guest string) ([]string, error) {
	version, err := os.ReadFile(filepath.Join(guest, "version"))
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(guest, "root/usr/lib/modules", strings.TrimSpace(string(version)))
	list, err := os.ReadFile(filepath.Join(folder, "modules.dep"))
	if err != nil {
		return nil, err
	}
	builtin, err := os.ReadFile(filepath.Join(folder, "modules.builtin"))
	if err != nil {
		return nil, err
	}
	needs := map[string][]string{} // by name: the module's own path and then those that it needs, nearest first
	for line := range strings.Lines(string(list)) {
		path, others, _ := strings.Cut(line, ":")
		needs[moduleName(path)] = append([]string{path}, strings.Fields(others)...)
	}
	var all []string
	for _, name := range early {
		paths, ok := needs[name]
		if !ok && !bytes.Contains(builtin, []byte("/"+name+".ko")) {
			return nil, errors.New("there is no module " + name)
		}
		for _, p := range slices.Backward(paths) {
			if p = filepath.Join(folder, p); !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	return all, nil
}

func moduleName(path string) string {
	name, _, _ := strings.Cut(filepath.Base(path), ".ko")
	return name
}

// archive is a cpio archive as the kernel reads it (Documentation/driver-api/early-userspace/buffer-format.rst, "newc").
type archive struct {
	bytes.Buffer
	inodes int
}

func (a *archive) add(name string, mode uint32, data []byte) {
	a.inodes++
	fmt.Fprintf(a, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s\x00",
		a.inodes, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name)+1, 0, name)
	a.pad()
	a.Write(data)
	a.pad()
}

func (a *archive) pad() {
	for a.Len()%4 != 0 {
		a.WriteByte(0)
	}
}
