package wire

import (
	"encoding/json"
	"errors"
	"fmt"
)

// DecodeHello reads what a box says first. Errors wrap [ErrSize] or [ErrDocument]. Whether the box is the one of the
// topic is the caller's to check.
func DecodeHello(data []byte) (Hello, error) {
	var h Hello
	err := decode(data, MaxHello, &h)
	switch {
	case err != nil:
	case !ValidBox(h.Box):
		err = fmt.Errorf("%w: it names no box", ErrDocument)
	case h.Schema < 1:
		err = fmt.Errorf("%w: schema %d", ErrDocument, h.Schema)
	case h.Revision < 0:
		err = fmt.Errorf("%w: revision %d", ErrDocument, h.Revision)
	case len(h.Ended) > MaxEnded:
		err = fmt.Errorf("%w: %d ended grants", ErrDocument, len(h.Ended))
	case h.Key != "" && !ValidFingerprint(h.Key), h.Next != "" && !ValidFingerprint(h.Next):
		err = fmt.Errorf("%w: its keys are none", ErrDocument)
	default:
		for _, e := range h.Ended {
			err = errors.Join(err, e.check())
		}
	}
	if err != nil {
		return Hello{}, fmt.Errorf("reading hello: %w", err)
	}
	return h, nil
}

// DecodeHeartbeat reads a box's sign of life. Errors are as those of [DecodeHello].
func DecodeHeartbeat(data []byte) (Heartbeat, error) {
	var h Heartbeat
	err := decode(data, MaxHello, &h)
	if err == nil && h.Revision < 0 {
		err = fmt.Errorf("%w: revision %d", ErrDocument, h.Revision)
	}
	if err != nil {
		return Heartbeat{}, fmt.Errorf("reading heartbeat: %w", err)
	}
	return h, nil
}

// DecodeReported reads what is in force on a box. Errors are as those of [DecodeHello]; lists that are shown are
// never nil.
func DecodeReported(data []byte) (Reported, error) {
	var r Reported
	err := decode(data, MaxReported, &r)
	switch {
	case err != nil:
	case !ValidBox(r.Box):
		err = fmt.Errorf("%w: it names no box", ErrDocument)
	case r.Accepted < 0 || r.InForce < 0:
		err = fmt.Errorf("%w: revisions %d and %d", ErrDocument, r.Accepted, r.InForce)
	default:
		err = errors.Join(r.air(), r.hours())
	}
	if err != nil {
		return Reported{}, fmt.Errorf("reading reported: %w", err)
	}
	if r.Devices == nil {
		r.Devices = []DeviceState{}
	}
	return r, nil
}

// hours checks how long somebody was online within an hour: not longer than the clock can make it.
func (r Reported) hours() error {
	for _, u := range r.Usage {
		for hour, minutes := range u.Hours {
			if minutes < 0 || minutes > MaxHour {
				return fmt.Errorf("%w: %d minutes in hour %d", ErrDocument, minutes, hour)
			}
		}
	}
	return nil
}

// decode reads one JSON object of limited size. Its errors do not repeat what the document says.
func decode(data []byte, most int, into any) error {
	if len(data) > most {
		return fmt.Errorf("%w: %d bytes", ErrSize, len(data))
	}
	if !object(data) {
		return fmt.Errorf("%w: it is no object", ErrDocument)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%w: %w", ErrDocument, err)
	}
	return nil
}

// object reports whether a document begins as one. Without it null would pass for an empty document.
func object(data []byte) bool {
	for _, c := range data {
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			return c == '{'
		}
	}
	return false
}
