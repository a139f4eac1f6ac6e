package diagnose

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	pieceText = 10 << 10 // bytes of a text in one result: written as JSON they may be six times as many
	pieceList = 100      // entries of a list in one result
)

func (w work) firewall(ctx context.Context) (any, error) { return w.texts(ctx, w.parts.Firewall) }
func (w work) shaper(ctx context.Context) (any, error)   { return w.texts(ctx, w.parts.Shaper) }

// texts says texts piece by piece.
func (w work) texts(ctx context.Context, read func(context.Context) ([]wire.Text, error)) (any, error) {
	if err := w.none(); err != nil {
		return nil, err
	}
	if read == nil {
		return nil, errLacking
	}
	all, err := read(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", wire.RefusedFailed, err)
	}
	for _, t := range all {
		if err := w.text(t); err != nil {
			return nil, err
		}
	}
	return struct{}{}, nil
}

// text says one, however long it is, cut between lines where there are some.
func (w work) text(t wire.Text) error {
	rest := strings.ToValidUTF8(t.Text, "\ufffd")
	for {
		piece := rest[:min(len(rest), pieceText)]
		if len(piece) < len(rest) {
			piece = piece[:cutAt(piece)]
		}
		if err := w.say(wire.Text{Name: t.Name, Text: piece}); err != nil {
			return err
		}
		if rest = rest[len(piece):]; rest == "" {
			return nil
		}
	}
}

// cutAt is behind the last line of a piece, or before a character that is cut in two.
func cutAt(piece string) int {
	if at := strings.LastIndexByte(piece, '\n'); at >= 0 {
		return at + 1
	}
	at := len(piece)
	for !utf8.RuneStart(piece[at-1]) {
		at--
	}
	return at - 1
}

func (w work) neighbours(context.Context) (any, error) {
	if err := w.none(); err != nil {
		return nil, err
	}
	if w.parts.Neighbours == nil {
		return nil, errLacking
	}
	all, err := w.parts.Neighbours()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", wire.RefusedFailed, err)
	}
	for len(all) > pieceList {
		if err := w.say(wire.NeighboursAnswer{Neighbours: all[:pieceList]}); err != nil {
			return nil, err
		}
		all = all[pieceList:]
	}
	if all == nil {
		all = []wire.Neighbour{}
	}
	return wire.NeighboursAnswer{Neighbours: all}, nil
}

// radios looks at them.
func (w work) radios(ctx context.Context) ([]policies.Radio, error) {
	if err := w.none(); err != nil {
		return nil, err
	}
	if w.parts.Radios == nil {
		return nil, errLacking
	}
	all, err := w.parts.Radios(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", wire.RefusedFailed, err)
	}
	return all, nil
}

func (w work) stations(ctx context.Context) (any, error) {
	all, err := w.radios(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		list := r.Stations
		for first := true; first || len(list) > 0; first = false {
			n := min(len(list), pieceList)
			piece := wire.StationsAnswer{Radio: r.Name, Channel: r.Channel, Width: r.Width, Stations: append([]policies.Station{}, list[:n]...)}
			if err := w.say(piece); err != nil {
				return nil, err
			}
			list = list[n:]
		}
	}
	return struct{}{}, nil
}

func (w work) survey(ctx context.Context) (any, error) {
	all, err := w.radios(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		channels := append([]policies.Channel{}, r.Channels...)
		piece := wire.SurveyAnswer{Radio: r.Name, Channel: r.Channel, Width: r.Width, Load: r.Load, Channels: channels}
		if err := w.say(piece); err != nil {
			return nil, err
		}
	}
	return struct{}{}, nil
}

// bundle is everything that helps somebody to whom the box is handed on. What one part lacks is said in its place.
func (w work) bundle(ctx context.Context) (any, error) {
	if err := w.none(); err != nil {
		return nil, err
	}
	if w.parts.About != nil {
		if err := w.document("about", w.parts.About()); err != nil {
			return nil, err
		}
	}
	for _, read := range []func(context.Context) ([]wire.Text, error){w.parts.Firewall, w.parts.Shaper} {
		if err := w.section(ctx, read); err != nil {
			return nil, err
		}
	}
	if w.parts.Neighbours != nil {
		all, err := w.parts.Neighbours()
		if err := w.document("neighbours", both(all, err)); err != nil {
			return nil, err
		}
	}
	if w.parts.Log != nil {
		if err := w.document("log", w.parts.Log.lines(maxLines)); err != nil {
			return nil, err
		}
	}
	return struct{}{}, nil
}

// section says texts, and why there are no more of them.
func (w work) section(ctx context.Context, read func(context.Context) ([]wire.Text, error)) error {
	if read == nil {
		return nil
	}
	all, err := read(ctx)
	if err != nil {
		all = append(all, wire.Text{Name: "error", Text: err.Error()})
	}
	for _, t := range all {
		if err := w.text(t); err != nil {
			return err
		}
	}
	return nil
}

// both is a thing, or why there is none.
func both(thing any, err error) any {
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	return thing
}

// document says anything as JSON that can be read.
func (w work) document(name string, thing any) error {
	body, err := json.MarshalIndent(thing, "", " ")
	if err != nil {
		return fmt.Errorf("%w: %w", wire.RefusedFailed, err)
	}
	return w.text(wire.Text{Name: name, Text: string(body)})
}
