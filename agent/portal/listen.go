package portal

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// Listen opens a port on one link for both families. Bound to the link rather than to an address: nobody on the WAN
// reaches it, whatever the firewall's rules are, and the LAN's addresses may change.
func Listen(ctx context.Context, link string, port uint16) (net.Listener, error) {
	bind := func(_, _ string, raw syscall.RawConn) error {
		var failed error
		err := raw.Control(func(fd uintptr) { failed = unix.BindToDevice(int(fd), link) })
		return errors.Join(err, failed)
	}
	l, err := (&net.ListenConfig{Control: bind}).Listen(ctx, "tcp", net.JoinHostPort("", strconv.Itoa(int(port))))
	if err != nil {
		return nil, fmt.Errorf("opening port %d on link %q: %w", port, link, err)
	}
	return l, nil
}
