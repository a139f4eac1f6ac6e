package uplink

import (
	"bytes"
	"io"
	"net"
	"testing"
	"testing/iotest"
)

// tape is a connection that can only be read.
type tape struct {
	net.Conn
	io.Reader
}

func (t tape) Read(p []byte) (int, error) { return t.Reader.Read(p) }

func packet(first byte, body []byte) []byte {
	out := []byte{first}
	for n := len(body); ; {
		b := byte(n & 0x7f)
		if n >>= 7; n > 0 {
			b |= 0x80
		}
		out = append(out, b)
		if n == 0 {
			return append(out, body...)
		}
	}
}

func TestTooLongPacketsAreLeftOut(t *testing.T) {
	short, empty := packet(0x30, []byte("short")), packet(0xd0, nil)
	exact, long := packet(0x30, bytes.Repeat([]byte("e"), 100)), packet(0x30, bytes.Repeat([]byte("l"), 101))
	huge := packet(0x30, make([]byte, 3<<20))
	in := bytes.Join([][]byte{short, long, empty, huge, huge, exact, long}, nil)
	want := bytes.Join([][]byte{short, empty, exact}, nil)
	for name, r := range map[string]io.Reader{
		"whole": bytes.NewReader(in), "byte by byte": iotest.OneByteReader(bytes.NewReader(in)), "halves": iotest.HalfReader(bytes.NewReader(in)),
	} {
		var skipped []int
		got, err := io.ReadAll(&framed{Conn: tape{Reader: r}, limit: 100, skipped: func(n int) { skipped = append(skipped, n) }})
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: read %d bytes, %v; want %d", name, len(got), err, len(want))
		}
		if len(skipped) != 4 || skipped[0] != 101 || skipped[1] != 3<<20 {
			t.Errorf("%s: skipped %v", name, skipped)
		}
	}
}

func TestLengthOfFiveBytesIsAnError(t *testing.T) {
	f := &framed{Conn: tape{Reader: bytes.NewReader([]byte{0x30, 0xff, 0xff, 0xff, 0xff, 0x01})}, limit: 100}
	if _, err := io.ReadAll(f); err == nil {
		t.Error("no error")
	}
}

func FuzzFramed(f *testing.F) {
	f.Add(packet(0x30, []byte("short")))
	f.Add(append(packet(0x30, make([]byte, 300)), 0x30, 0x80))
	f.Fuzz(func(t *testing.T, in []byte) {
		// Whatever is on the wire, no packet beyond the limit is handed on.
		out, _ := io.ReadAll(&framed{Conn: tape{Reader: bytes.NewReader(in)}, limit: 100, skipped: func(int) {}})
		for r := bytes.NewReader(out); r.Len() > 0; {
			_, length, err := readHeader(r)
			if err != nil {
				t.Fatalf("%x became %x", in, out)
			}
			if length > 100 {
				t.Fatalf("a packet of %d bytes was handed on", length)
			}
			if _, err := io.CopyN(io.Discard, r, int64(length)); err != nil {
				return
			}
		}
	})
}
