package mirror

import (
	"encoding/binary"
	"fmt"
)

// Limits of frames, in bytes without their head.
const (
	headLength = 16
	maxPart    = 256 << 10
	maxKey     = 2 << 20
	maxParts   = maxKey / maxPart
	maxDelta   = 64 << 10

	kindKey   = 1
	kindDelta = 2
)

// Frame is a piece of the picture: kind, part, parts, 0, then generation, epoch and seq of four bytes each (big endian),
// then deflate-raw of JSON, which nobody here looks into.
type Frame struct {
	Key         bool
	Part, Parts int // of a key frame
	Generation  uint32
	Epoch, Seq  uint32
	Bytes       []byte // the whole frame
}

// ParseFrame reads a frame's head. Errors are ErrMessage.
func ParseFrame(b []byte) (Frame, error) {
	if len(b) < headLength || b[3] != 0 {
		return Frame{}, fmt.Errorf("%w: no frame", ErrMessage)
	}
	f := Frame{
		Key: b[0] == kindKey, Part: int(b[1]), Parts: int(b[2]), Generation: binary.BigEndian.Uint32(b[4:]),
		Epoch: binary.BigEndian.Uint32(b[8:]), Seq: binary.BigEndian.Uint32(b[12:]), Bytes: b,
	}
	length := len(b) - headLength
	switch {
	case f.Key && f.Seq == 0 && f.Part < f.Parts && f.Parts <= maxParts && length <= maxPart:
	case b[0] == kindDelta && f.Seq > 0 && f.Part == 0 && f.Parts == 1 && length <= maxDelta:
	default:
		return Frame{}, fmt.Errorf("%w: a frame of %d bytes", ErrMessage, len(b))
	}
	return f, nil
}
