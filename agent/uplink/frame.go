package uplink

import (
	"errors"
	"io"
	"net"
	"time"
)

// overhead is what an MQTT PUBLISH adds to its payload: the length and the bytes of the topic, and a packet id.
const overhead = 2 + 256 + 2

var errLength = errors.New("packet length is not MQTT's")

// framed reads MQTT packets off a connection and leaves out those longer than limit: their bytes are thrown away as they come, so
// that nobody can make the box find room for them. paho alone would allocate up to 256 MB on the broker's word. Each write has a deadline.
type framed struct {
	net.Conn
	limit   int
	skipped func(bytes int)

	header []byte // of the packet at hand: still to be handed on
	body   int    // bytes of the packet at hand that are still on the wire
}

func (f *framed) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if len(f.header) == 0 && f.body == 0 {
		if err := f.next(); err != nil {
			return 0, err
		}
	}
	if len(f.header) > 0 {
		n := copy(p, f.header)
		f.header = f.header[n:]
		return n, nil
	}
	n, err := f.Conn.Read(p[:min(len(p), f.body)])
	f.body -= n
	return n, err
}

// next reads fixed headers (MQTT 3.1.1, clause 2.2) up to that of a packet that is short enough.
func (f *framed) next() error {
	for {
		header, length, err := readHeader(f.Conn)
		if err != nil {
			return err
		}
		if length <= f.limit {
			f.header, f.body = header, length
			return nil
		}
		if _, err := io.CopyN(io.Discard, f.Conn, int64(length)); err != nil {
			return err
		}
		f.skipped(length)
	}
}

func readHeader(r io.Reader) (header []byte, length int, err error) {
	header = make([]byte, 1, 5)
	if _, err := io.ReadFull(r, header); err != nil {
		return nil, 0, err
	}
	for shift := 0; shift < 28; shift += 7 {
		header = header[:len(header)+1]
		last := header[len(header)-1:]
		if _, err := io.ReadFull(r, last); err != nil {
			return nil, 0, err
		}
		length |= int(last[0]&0x7f) << shift
		if last[0]&0x80 == 0 {
			return header, length, nil
		}
	}
	return nil, 0, errLength
}

func (f *framed) Write(p []byte) (int, error) {
	if err := f.SetWriteDeadline(time.Now().Add(callTimeout)); err != nil {
		return 0, err
	}
	return f.Conn.Write(p)
}
