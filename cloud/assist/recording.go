package assist

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
)

// Limits of a recording.
const (
	KeptFor      = 30 * 24 * time.Hour // after it was last switched on
	MaxRecording = 8 << 20             // bytes of all its parts, before they are sealed
	maxPiece     = 257 << 10           // bytes of one frame
	pieceHead    = 8
)

// Reasons why a recording is not there, or not read. Callers use errors.Is.
var (
	ErrRecordingGone    = errors.New("there is no such recording")
	ErrRecordingFull    = errors.New("the recording is full")
	ErrRecordingDamaged = errors.New("the recording is not what was kept")
	ErrNotHeld          = errors.New("it is for who has the case, or a supervisor")
)

// Recording is what a customer lets be kept of their own screen for a case, until a time.
type Recording struct {
	ID, Case, Home string
	Member, Name   string // whose screen it is; their name when it is read, "" for nobody any more
	Begun, Until   time.Time
	Newest         time.Time // when its newest part was kept, zero for none
	Parts, Bytes   int64
	Full           bool
	On             bool // a session goes on in which it grows
}

// Gone is a recording that was there.
type Gone struct {
	At      time.Time
	Expired bool // by itself; else its customer deleted it
}

// Tape is what a recording begins with, unless the case has one.
type Tape struct {
	ID     string
	Secret string
	Keep   time.Duration
}

// newTape makes a key of its own for each.
func newTape() *Tape {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it never fails
	return &Tape{ID: uuid.NewString(), Secret: base64.StdEncoding.EncodeToString(key), Keep: KeptFor}
}

// Shown is a piece of the picture as an agent was shown it.
type Shown struct {
	At    time.Time
	Frame []byte
}

// Part is where a part of a recording belongs: what it is sealed with.
type Part struct {
	Recording, Session string
	N                  int64
	At                 time.Time
}

// SealedPart is a part as it is kept.
type SealedPart struct {
	Part
	Sealed string
}

func (p Part) label() []byte {
	return fmt.Appendf(nil, "carebox recording 1\n%s\n%s\n%d\n%d", p.Recording, p.Session, p.N, p.At.UnixMicro())
}

// packed is frames as a part has them: for each the milliseconds since the part's beginning, its length (four bytes each, big
// endian), and itself.
func packed(list []Shown) []byte {
	size := 0
	for _, one := range list {
		size += pieceHead + len(one.Frame)
	}
	b := make([]byte, 0, size)
	for _, one := range list {
		since := min(max(one.At.Sub(list[0].At).Milliseconds(), 0), math.MaxUint32)
		b = binary.BigEndian.AppendUint32(b, uint32(since))
		b = binary.BigEndian.AppendUint32(b, uint32(len(one.Frame)))
		b = append(b, one.Frame...)
	}
	return b
}

// unpacked is the frames of a part that begins at a time. ErrRecordingDamaged.
func unpacked(b []byte, at time.Time) ([]Shown, error) {
	var list []Shown
	for len(b) > 0 {
		if len(b) < pieceHead {
			return nil, fmt.Errorf("%w: %d bytes are left over", ErrRecordingDamaged, len(b))
		}
		since, length := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
		if b = b[pieceHead:]; length > maxPiece || int(length) > len(b) {
			return nil, fmt.Errorf("%w: a piece of %d bytes", ErrRecordingDamaged, length)
		}
		list = append(list, Shown{At: at.Add(time.Duration(since) * time.Millisecond), Frame: b[:length:length]})
		b = b[length:]
	}
	return list, nil
}

// appendTold adds frames as they are handed out: for each the milliseconds since 1970 (eight bytes), its length (four, big
// endian), and itself.
func appendTold(b []byte, list []Shown) []byte {
	for _, one := range list {
		b = binary.BigEndian.AppendUint64(b, uint64(max(one.At.UnixMilli(), 0)))
		b = binary.BigEndian.AppendUint32(b, uint32(len(one.Frame)))
		b = append(b, one.Frame...)
	}
	return b
}

func sealer(secret string) (cipher.AEAD, error) {
	key, err := base64.StdEncoding.DecodeString(secret)
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("%w: its key cannot be read", ErrRecordingDamaged)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("using a recording's key: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// seal is a part as it is kept: AES-256-GCM, bound to its place.
func seal(secret string, p Part, plain []byte) (string, error) {
	box, err := sealer(secret)
	if err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(box.Seal(nil, nil, plain, p.label())), nil
}

// open reads a part. ErrRecordingDamaged.
func open(secret string, p SealedPart) ([]byte, error) {
	box, err := sealer(secret)
	if err != nil {
		return nil, err
	}
	data, err := base64.StdEncoding.DecodeString(p.Sealed)
	if err != nil {
		return nil, fmt.Errorf("%w: part %d cannot be read", ErrRecordingDamaged, p.N)
	}
	plain, err := box.Open(nil, nil, data, p.label())
	if err != nil {
		return nil, fmt.Errorf("%w: part %d was changed", ErrRecordingDamaged, p.N)
	}
	return plain, nil
}

// played is a whole recording as it is handed out. ErrRecordingDamaged.
func played(r Recording, secret string, parts []SealedPart) ([]byte, error) {
	if int64(len(parts)) != r.Parts {
		return nil, fmt.Errorf("%w: it has %d parts, and %d were kept", ErrRecordingDamaged, len(parts), r.Parts)
	}
	b := make([]byte, 0, r.Bytes+r.Bytes/8)
	for i, p := range parts {
		if p.N != int64(i)+1 {
			return nil, fmt.Errorf("%w: part %d is missing", ErrRecordingDamaged, i+1)
		}
		plain, err := open(secret, p)
		if err != nil {
			return nil, err
		}
		list, err := unpacked(plain, p.At)
		if err != nil {
			return nil, err
		}
		b = appendTold(b, list)
	}
	return b, nil
}
