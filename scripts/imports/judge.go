package main

import (
	"fmt"
	"slices"
	"strings"
)

// pkg is a package of the module: its path, the imports of its code, and those that only its tests make.
type pkg struct {
	Path        string
	Code, Tests []string
}

// judge returns a sentence for each import of the package that breaks a rule.
func judge(p pkg) []string {
	who := strings.TrimPrefix(p.Path, module)
	var broken []string
	for _, kind := range []struct {
		imports []string
		test    bool
	}{{p.Code, false}, {p.Tests, true}} {
		for _, path := range kind.imports {
			why := foreign(who, path, kind.test)
			if below, own := strings.CutPrefix(path, module); own {
				why = native(who, below, kind.test)
			}
			if why != "" {
				broken = append(broken, fmt.Sprintf("%s imports %s%s: %s", who, path, where(kind.test), why))
			}
		}
	}
	return broken
}

// native judges an import of one of our own packages: the reason why not, or "".
func native(who, path string, test bool) string {
	mine, theirs := area(who), area(path)
	switch {
	case who == path:
		return ""
	case theirs == "scripts" && mine != "scripts":
		return "scripts are imported by nobody"
	case !test && mine != "scripts" && matches(path, onlyTests):
		return "only tests and scripts may"
	case mine == theirs:
		if test || mayInside(who, path) {
			return ""
		}
		return "parts of an area don't know each other, only its main package sees all"
	}
	for _, row := range areas {
		if !matches(who, []string{row.who}) {
			continue
		}
		if matches(path, row.may) && !matches(path, row.not) {
			return ""
		}
		break
	}
	return fmt.Sprintf("%s may not know %s", who, path)
}

func mayInside(who, path string) bool {
	for _, row := range inside {
		if matches(who, []string{row.who}) {
			return matches(path, row.may)
		}
	}
	return false
}

// foreign judges an import from outside the module: the reason why not, or "".
func foreign(who, path string, test bool) string {
	if area(who) == policiesArea {
		return impurity(path, test)
	}
	for _, home := range homes {
		if !matches(path, home.match) || area(who) == "scripts" || matches(who, home.code) {
			continue
		}
		if !test || !matches(who, home.tests) {
			return fmt.Sprintf("%s belongs in %s", home.what, strings.Join(home.code, ", "))
		}
	}
	return ""
}

func impurity(path string, test bool) string {
	first, _, _ := strings.Cut(path, "/")
	standard := !strings.Contains(first, ".")
	switch {
	case test && (standard || matches(path, policyTests)):
		return ""
	case !standard:
		return "policies imports the standard library only"
	case matches(path, impure):
		return "policies knows no network, disk, process or log"
	}
	return ""
}

func area(path string) string {
	first, _, _ := strings.Cut(path, "/")
	return first
}

// matches says whether a path is in one of the folders.
func matches(path string, folders []string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool {
		if exact, ok := strings.CutPrefix(folder, "="); ok {
			return path == exact
		}
		return path == folder || strings.HasPrefix(path, folder+"/")
	})
}

func where(test bool) string {
	if test {
		return " in a test"
	}
	return ""
}
