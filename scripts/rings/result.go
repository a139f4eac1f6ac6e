package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// result is what one ring did.
type result struct {
	Ring      string   `json:"ring"`
	Seconds   float64  `json:"seconds"`
	Passed    int      `json:"passed"`
	Failed    []string `json:"failed"`
	Shaky     []string `json:"shaky"` // failed, and passed when its package was run once more
	Skipped   []string `json:"skipped"`
	Elsewhere []string `json:"elsewhere"` // skipped, and said to belong to another ring
	Ran       []string `json:"ran"`       // passed or failed, parents too
}

// ranAll reports whether each of these tests ran; what a package does outside its tests is no test.
func (r result) ranAll(names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool {
		return strings.Contains(name, " ") && !slices.Contains(r.Ran, name)
	})
}

// add puts the result to what earlier runs of the same ring left in the folder.
func (r result) add(dir, ring string) error {
	path := filepath.Join(dir, ring+".json")
	sum, err := read(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	sum.Ring = ring
	sum.Seconds += r.Seconds
	sum.Passed += r.Passed
	sum.Failed = append(sum.Failed, r.Failed...)
	sum.Shaky = append(sum.Shaky, r.Shaky...)
	sum.Skipped = append(sum.Skipped, r.Skipped...)
	sum.Elsewhere = append(sum.Elsewhere, r.Elsewhere...)
	sum.Ran = append(sum.Ran, r.Ran...)
	data, err := json.Marshal(sum)
	if err != nil {
		return fmt.Errorf("encoding the result of ring %s: %w", ring, err)
	}
	return os.WriteFile(path, data, 0o600)
}

func read(path string) (result, error) {
	var r result
	data, err := os.ReadFile(path)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return r, fmt.Errorf("reading result %q: %w", path, err)
	}
	return r, nil
}

// printTable prints a row per ring in the order in which they ended, what failed, and the closing line.
// With all, a test that every ring left to another one has been skipped.
func printTable(out io.Writer, dir string, all bool) error {
	results, err := readAll(dir)
	if err != nil {
		return err
	}
	var orphans []string
	if all {
		orphans = neverRan(results)
	}
	var passed, failed int
	skipped := len(orphans)
	fmt.Fprintf(out, "\n%-10s %8s %8s %8s %8s %11s %9s\n", "ring", "passed", "failed", "skipped", "shaky", "other rings", "seconds")
	for i, r := range results {
		if r.Passed+len(r.Failed) == 0 {
			r.Failed = append(r.Failed, "ring "+r.Ring+" ran nothing")
			results[i] = r
		}
		fmt.Fprintf(out, "%-10s %8d %8d %8d %8d %11d %9.1f\n",
			r.Ring, r.Passed, len(r.Failed), len(r.Skipped), len(r.Shaky), len(r.Elsewhere), r.Seconds)
		passed, failed, skipped = passed+r.Passed, failed+len(r.Failed), skipped+len(r.Skipped)
	}
	for _, r := range results {
		list(out, r.Ring+": failed", r.Failed)
		list(out, r.Ring+": skipped", r.Skipped)
		list(out, r.Ring+": shaky, failed once and to be mended", r.Shaky)
	}
	list(out, "skipped by every ring", orphans)
	fmt.Fprintf(out, "\n%d passed, %d failed, %d skipped\n", passed, failed, skipped)
	if failed > 0 || skipped > 0 || len(results) == 0 {
		return errors.New("not everything ran and passed")
	}
	return nil
}

// readAll returns the results in the order in which the rings ended.
func readAll(dir string) ([]result, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("looking for results in %q: %w", dir, err)
	}
	written := map[string]int64{}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("looking at result %q: %w", path, err)
		}
		written[path] = info.ModTime().UnixNano()
	}
	slices.SortFunc(paths, func(a, b string) int { return int(written[a] - written[b]) })
	var results []result
	for _, path := range paths {
		r, err := read(path)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, nil
}

// neverRan returns the tests that each ring which met them left to another one.
func neverRan(results []result) []string {
	ran := map[string]bool{}
	for _, r := range results {
		for _, name := range r.Ran {
			ran[name] = true
		}
	}
	var orphans []string
	for _, r := range results {
		for _, name := range r.Elsewhere {
			if !ran[name] {
				orphans = append(orphans, name)
			}
		}
	}
	slices.Sort(orphans)
	return slices.Compact(orphans)
}

func list(out io.Writer, title string, names []string) {
	if len(names) > 0 {
		fmt.Fprintf(out, "\n%s:\n  %s\n", title, strings.Join(names, "\n  "))
	}
}
