package shaping

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// memory is what stood on the links before us, by link. It lives in comments of a chain to which nothing leads, beside
// our queues: both go at a reboot, and both outlive our process.
type memory map[string]tree

// held is one link of it.
type held struct {
	Link  string `json:"link"`
	Nodes tree   `json:"nodes,omitempty"` // none: the kernel's default
}

const commentPart = 200 // of the 255 bytes that a comment may have

// rules writes the memory down.
func (m memory) rules() ([]string, error) {
	if len(m) == 0 {
		return nil, nil
	}
	var all []held
	for _, link := range slices.Sorted(maps.Keys(m)) {
		all = append(all, held{link, m[link]})
	}
	data, err := json.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("writing down what was there: %w", err)
	}
	var rules []string
	text := base64.RawURLEncoding.EncodeToString(data)
	for part := range slices.Chunk([]byte(text), commentPart) {
		rules = append(rules, fmt.Sprintf("-m comment --comment %04d_%s", len(rules), part))
	}
	return rules, nil
}

var written = regexp.MustCompile(`^-m comment --comment (\d{4})_([A-Za-z0-9_-]+)$`)

// recall reads the memory from a chain. What cannot be read is an error: the links then get the kernel's default.
func recall(rules []string) (memory, error) {
	m := memory{}
	if len(rules) == 0 {
		return m, nil
	}
	var text strings.Builder
	for i, rule := range rules {
		part := written.FindStringSubmatch(rule)
		if part == nil {
			return m, fmt.Errorf("recalling what was there: rule %d is none of ours", i)
		}
		if n, err := strconv.Atoi(part[1]); err != nil || n != i {
			return m, fmt.Errorf("recalling what was there: rule %d is out of order", i)
		}
		text.WriteString(part[2])
	}
	data, err := base64.RawURLEncoding.DecodeString(text.String())
	if err != nil {
		return m, fmt.Errorf("recalling what was there: %w", err)
	}
	var all []held
	if err := json.Unmarshal(data, &all); err != nil {
		return m, fmt.Errorf("recalling what was there: %w", err)
	}
	for _, h := range all {
		m[h.Link] = h.Nodes
	}
	return m, nil
}
