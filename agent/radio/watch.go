package radio

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

const (
	rescan    = 2 * time.Second  // between two looks for sockets that came, went, or are another hostapd's
	quietTime = 10 * time.Second // without an event after which hostapd is asked whether it is there
)

// Watch calls changed after events of hostapd that may matter, and when hostapd has come or gone, until ctx ends. A hostapd that
// was restarted has other sockets under the same names: they are found again.
func (r *Radios) Watch(ctx context.Context, changed func()) error {
	listeners := map[string]*listener{}
	var all sync.WaitGroup
	defer all.Wait()
	for ctx.Err() == nil {
		paths, err := r.sockets()
		if err != nil {
			r.log.Debug("looking for hostapd failed", "err", err)
		}
		for name, l := range listeners {
			if l.over() || paths[name] == "" || l.inode != inode(paths[name]) {
				l.stop()
				delete(listeners, name)
				changed()
			}
		}
		for name, path := range paths {
			if listeners[name] != nil {
				continue
			}
			l := &listener{name: name, inode: inode(path), ended: make(chan struct{})}
			if !l.start(ctx, r, path) {
				continue
			}
			listeners[name] = l
			changed()
			all.Go(func() { l.listen(ctx, r, changed) })
		}
		wait(ctx, rescan)
	}
	for _, l := range listeners {
		l.stop()
	}
	return nil
}

func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// identity tells a socket from a later one at the same path.
type identity struct {
	number uint64
	made   syscall.Timespec
}

func inode(path string) identity {
	info, err := os.Lstat(path)
	if err != nil {
		return identity{}
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || info.Mode().Type()&fs.ModeSocket == 0 {
		return identity{}
	}
	return identity{stat.Ino, stat.Ctim}
}

// listener hears the events of one BSS.
type listener struct {
	name   string
	inode  identity
	socket *socket
	ended  chan struct{}
}

// start asks for events. A far end that is not hostapd's, or is no more, gives none.
func (l *listener) start(ctx context.Context, r *Radios, path string) bool {
	s, err := r.ends.dial(path)
	if err != nil {
		return false
	}
	if err := s.order(ctx, "ATTACH"); err != nil {
		r.log.Debug("asking for events failed", "bss", l.name, "err", errors.Join(err, s.close()))
		return false
	}
	l.socket = s
	return true
}

// listen takes events until hostapd does not answer any more.
func (l *listener) listen(ctx context.Context, r *Radios, changed func()) {
	defer close(l.ended)
	asked := false
	for ctx.Err() == nil {
		if err := l.socket.conn.SetReadDeadline(time.Now().Add(quietTime)); err != nil {
			return
		}
		text, err := l.socket.read()
		var late net.Error
		switch {
		case errors.As(err, &late) && late.Timeout() && !asked:
			asked = true
			if _, err := l.socket.conn.Write([]byte("PING")); err != nil {
				return
			}
			continue
		case errors.Is(err, errReply):
			continue
		case err != nil:
			return
		}
		asked = false
		if e, ok := parseEvent(text); ok {
			r.diary.write(l.name, e, r.now())
			changed()
		}
	}
}

func (l *listener) over() bool {
	select {
	case <-l.ended:
		return true
	default:
		return false
	}
}

// stop ends listening and takes the socket away. hostapd drops who does not receive.
func (l *listener) stop() {
	_, _ = l.socket.conn.Write([]byte("DETACH")) // a hostapd that is gone has nothing to forget
	_ = l.socket.close()                         // the folder is emptied at the next start as well
	<-l.ended
}
