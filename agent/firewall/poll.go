package firewall

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// entries is the shape of the legacy filter tables of both families, then of the nat tables where they matter, zero for
// a table that is not there: struct
// ipt_getinfo of linux/netfilter_ipv4/ip_tables.h. A change that swaps rules of the same size goes unseen.
type entries [4]struct {
	name       [32]byte
	validHooks uint32
	hookEntry  [5]uint32
	underflow  [5]uint32
	count      uint32
	size       uint32
}

const getInfo = 64 // IPT_SO_GET_INFO and IP6T_SO_GET_INFO

// readEntries asks the kernel with one call per table. Asking for a nat table may load it.
func readEntries(nat bool) (entries, error) {
	var e entries
	names := []string{"filter", "filter", "nat", "nat"}
	if !nat {
		names = names[:2]
	}
	for i, name := range names {
		domain, level := unix.AF_INET, uintptr(unix.SOL_IP)
		if i%2 == 1 {
			domain, level = unix.AF_INET6, unix.SOL_IPV6
		}
		fd, err := unix.Socket(domain, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.IPPROTO_RAW)
		if err != nil {
			return entries{}, fmt.Errorf("opening a socket for the tables' sizes: %w", err)
		}
		copy(e[i].name[:], name)
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
