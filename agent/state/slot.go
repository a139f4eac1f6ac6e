package state

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
)

const magic = "carebox-state 1"

var errDamaged = errors.New("is torn or damaged")

// encode is the file of a slot: one line with the form, the sequence number, the length and a SHA-256 over sequence number and
// body, then the body.
func encode(seq uint64, body []byte) []byte {
	sum := sha256.New()
	fmt.Fprintf(sum, "%d\n", seq)
	sum.Write(body)
	return append(fmt.Appendf(nil, "%s %d %d %x\n", magic, seq, len(body), sum.Sum(nil)), body...)
}

// decode is the inverse of encode and accepts nothing else.
func decode(data []byte) (uint64, []byte, error) {
	line, body, ok := bytes.Cut(data, []byte("\n"))
	if !ok {
		return 0, nil, errDamaged
	}
	number, _, _ := bytes.Cut(bytes.TrimPrefix(line, []byte(magic+" ")), []byte(" "))
	seq, err := strconv.ParseUint(string(number), 10, 64)
	if err != nil || seq == 0 || !bytes.Equal(encode(seq, body), data) {
		return 0, nil, errDamaged
	}
	return seq, body, nil
}
