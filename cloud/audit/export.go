package audit

import (
	"bufio"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Exported is one line of an export: a line of the audit, or its head, which is the last.
type Exported struct {
	Line *Line `json:"line,omitempty"`
	Head *Head `json:"head,omitempty"`
}

// maxExported is bytes of one line of an export.
const maxExported = 1 << 20

// ReadExport verifies an export and gives its head.
func ReadExport(in io.Reader, keys ...ed25519.PublicKey) (Head, error) {
	v := NewVerifier(Head{})
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxExported)
	for lines.Scan() {
		var e Exported
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return Head{}, fmt.Errorf("reading line %d: %w", v.last.Seq+1, err)
		}
		switch {
		case e.Line != nil && e.Head == nil:
			if err := v.Next(*e.Line); err != nil {
				return Head{}, err
			}
		case e.Head != nil && e.Line == nil:
			if lines.Scan() {
				return Head{}, fmt.Errorf("%w: something stands behind the head", ErrBroken)
			}
			_, _, err := v.End(*e.Head, keys...)
			return *e.Head, err
		default:
			return Head{}, fmt.Errorf("%w: neither a line nor a head", ErrBroken)
		}
	}
	return Head{}, errors.Join(fmt.Errorf("%w: there is no head", ErrBroken), lines.Err())
}
