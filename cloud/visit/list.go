package visit

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// MaxList is bytes of a list of orders.
const MaxList = 16 << 20

// Parse reads a list of orders: a JSON array of objects, or CSV whose heading names the same keys in any order. Rooms are separated
// by ; there. What is absent is empty. Orders are checked later, all at once.
func Parse(data []byte) ([]Line, error) {
	if len(data) > MaxList {
		return nil, fmt.Errorf("reading orders: there are %d bytes", len(data))
	}
	data = bytes.TrimPrefix(bytes.TrimSpace(data), []byte("\ufeff")) // as some spreadsheets begin
	if bytes.HasPrefix(data, []byte("[")) {
		var list []Line
		in := json.NewDecoder(bytes.NewReader(data))
		in.DisallowUnknownFields()
		if err := in.Decode(&list); err != nil {
			return nil, fmt.Errorf("reading orders: %w", err)
		}
		if in.More() {
			return nil, fmt.Errorf("reading orders: something follows the list")
		}
		return list, nil
	}
	return parseCSV(data)
}

func columns() []string {
	return []string{
		"ref", "kind", "customer", "address", "access", "email", "locale", "zone", "homeName", "serial", "replaces", "down", "up", "tv", "rooms",
		"day", "from", "to", "technician",
	}
}

func parseCSV(data []byte) ([]Line, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.TrimLeadingSpace = true
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reading orders: %w", err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("reading orders: there is no heading")
	}
	for i, name := range rows[0] {
		if !slices.Contains(columns(), name) || slices.Contains(rows[0][:i], name) {
			return nil, fmt.Errorf("reading orders: the heading has the column %.40q, or has it twice", name)
		}
	}
	list := make([]Line, 0, len(rows)-1)
	for n, row := range rows[1:] {
		cell := map[string]string{}
		for i, name := range rows[0] {
			cell[name] = strings.TrimSpace(row[i])
		}
		line, err := lineOf(cell)
		if err != nil {
			return nil, fmt.Errorf("reading order %d: %w", n+1, err)
		}
		list = append(list, line)
	}
	return list, nil
}

func lineOf(cell map[string]string) (Line, error) {
	line := Line{
		Order: Order{
			Ref: cell["ref"], Kind: OrderKind(cell["kind"]), Customer: cell["customer"], Address: cell["address"], Access: cell["access"],
			Email: cell["email"], Locale: cell["locale"], Zone: cell["zone"], HomeName: cell["homeName"], Serial: cell["serial"],
			Replaces: cell["replaces"],
		},
		Slot: Slot{Day: cell["day"], From: cell["from"], To: cell["to"]}, Technician: cell["technician"],
	}
	for name, into := range map[string]*int64{"down": &line.Down, "up": &line.Up} {
		if cell[name] == "" {
			continue
		}
		n, err := strconv.ParseInt(cell[name], 10, 64)
		if err != nil {
			return Line{}, fmt.Errorf("%s %.40q is no whole number of bit/s", name, cell[name])
		}
		*into = n
	}
	switch cell["tv"] {
	case "", "false", "no", "0":
	case "true", "yes", "1":
		line.TV = true
	default:
		return Line{}, fmt.Errorf("tv %.40q is neither true nor false", cell["tv"])
	}
	for room := range strings.SplitSeq(cell["rooms"], ";") {
		if room = strings.TrimSpace(room); room != "" {
			line.Rooms = append(line.Rooms, room)
		}
	}
	return line, nil
}
