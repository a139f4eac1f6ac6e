package state

import (
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// disk is a folder as a power cut sees it: what was not synced may be lost.
type disk interface {
	read(name string) ([]byte, error)
	create(name string) (file, error)
	rename(from, to string) error
	sync() error // of the folder: makes renames last
}

type file interface {
	io.WriteCloser
	Sync() error
}

// replace makes name hold data, or leaves it alone: there is no moment at which it holds anything else.
func replace(d disk, name string, data []byte) error {
	temporary := name + ".new"
	f, err := d.create(temporary)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := d.rename(temporary, name); err != nil {
		return err
	}
	return d.sync()
}

// folder is a real one. os.Root keeps every name inside it.
type folder struct {
	root *os.Root
	self *os.File
}

func openFolder(dir string) (*folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	self, err := root.Open(".")
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	f := &folder{root: root, self: self}
	if err := unix.Flock(int(self.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = errors.New("another agent uses it")
		}
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

func (f *folder) close() error { return errors.Join(f.self.Close(), f.root.Close()) }

func (f *folder) read(name string) ([]byte, error) {
	in, err := f.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, MaxRecord+1024))
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", name, err)
	}
	return data, nil
}

func (f *folder) create(name string) (file, error) {
	return f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
}

func (f *folder) rename(from, to string) error { return f.root.Rename(from, to) }

func (f *folder) sync() error { return f.self.Sync() }
