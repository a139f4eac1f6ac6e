// Command imports holds every package of the module to the import rules of the design: who may know whom, and where
// the heavy dependencies live. It asks `go list` and prints a line per import that breaks a rule.
//
// The rules are the tables in rule.go.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "imports:", err)
		os.Exit(1)
	}
}

func run(out io.Writer) error {
	packages, err := list()
	if err != nil {
		return err
	}
	broken := 0
	for _, p := range packages {
		for _, line := range judge(p) {
			fmt.Fprintln(out, line)
			broken++
		}
	}
	if broken > 0 {
		return fmt.Errorf("%d imports break the rules of the design", broken)
	}
	return nil
}

// list reads the packages as they are on Linux, where the agent lives: elsewhere its _linux files would go unseen.
func list() ([]pkg, error) {
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	cmd.Env = append(os.Environ(), "GOOS=linux")
	cmd.Stderr = os.Stderr
	data, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("listing packages: %w", err)
	}
	var packages []pkg
	for dec := json.NewDecoder(bytes.NewReader(data)); ; {
		var listed struct {
			ImportPath                         string
			Imports, TestImports, XTestImports []string
		}
		if err := dec.Decode(&listed); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading what go list says: %w", err)
		}
		packages = append(packages, pkg{listed.ImportPath, listed.Imports, append(listed.TestImports, listed.XTestImports...)})
	}
}
