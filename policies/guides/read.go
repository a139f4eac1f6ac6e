package guides

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Limits of a guide, so that whoever reads one can bound what it costs.
const (
	MaxBytes   = 64 << 10
	MaxNodes   = 100
	MaxAnswers = 12
	MaxWords   = 400 // characters of one sentence in one language
)

// ErrGuide is what errors of [Read] wrap.
var ErrGuide = errors.New("this is no guide")

// Read reads the JSON of a guide: keys are exact, and nothing follows it. Whether it holds together is for [Check].
func Read(data []byte) (Guide, error) {
	var g Guide
	if err := strictly(data, &g); err != nil {
		return Guide{}, err
	}
	if len(g.Nodes) > MaxNodes {
		return Guide{}, fmt.Errorf("%w: %d nodes, %d are the most", ErrGuide, len(g.Nodes), MaxNodes)
	}
	for _, n := range g.Nodes {
		if len(n.Answers) > MaxAnswers {
			return Guide{}, fmt.Errorf("%w: node %q has %d answers, %d are the most", ErrGuide, n.ID, len(n.Answers), MaxAnswers)
		}
	}
	return g, nil
}

func strictly(data []byte, into any) error {
	if len(data) > MaxBytes {
		return fmt.Errorf("%w: %d bytes, %d are the most", ErrGuide, len(data), MaxBytes)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%w: %w", ErrGuide, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: something follows it", ErrGuide)
	}
	return nil
}
