package firewall

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// entries is the shape of the legacy filter tables of both families, zero for a family that has none: struct
// ipt_getinfo of linux/netfilter_ipv4/ip_tables.h. A change that swaps rules of the same size goes unseen.
type entries [2]struct {
	name       [32]byte
	validHooks uint32
	hookEntry  [5]uint32
	underflow  [5]uint32
	count      uint32
	size       uint32
}

const getInfo = 64 // IPT_SO_GET_INFO and IP6T_SO_GET_INFO

// readEntries asks the kernel with one call per family.
func readEntries() (entries, error) {
	var e entries
	for i, domain := range []int{unix.AF_INET, unix.AF_INET6} {
		level := []uintptr{unix.SOL_IP, unix.SOL_IPV6}[i]
		fd, err := unix.Socket(domain, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.IPPROTO_RAW)
		if err != nil {
			return entries{}, fmt.Errorf("opening a socket for the tables' sizes: %w", err)
		}
		copy(e[i].name[:], "filter")
		size := uint32(unsafe.Sizeof(e[i]))
		_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(fd), level, getInfo,
			uintptr(unsafe.Pointer(&e[i])), uintptr(unsafe.Pointer(&size)), 0)
		if errno != 0 {
			e[i] = entries{}[i] // no such table
		}
		if err := unix.Close(fd); err != nil {
			return entries{}, fmt.Errorf("closing a socket for the tables' sizes: %w", err)
		}
	}
	return e, nil
}

// note remembers the shape of the legacy tables as our own.
func (f *Firewall) note() {
	if f.entries == nil {
		return
	}
	now, err := f.entries()
	if err != nil {
		f.log.Warn("sizes of the legacy tables could not be read", "error", err)
		return
	}
	f.baseline = now
}
