package mirror

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestScreensAreThoseOfTheApp(t *testing.T) {
	source, err := os.ReadFile("../app/src/mirror/route.ts")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, list := range []string{"routeNames", "screenNames"} {
		found := regexp.MustCompile(`const ` + list + ` = \[([^\]]*)\]`).FindSubmatch(source)
		if found == nil {
			t.Fatalf("there are no %s", list)
		}
		for _, word := range regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(string(found[1]), -1) {
			names = append(names, word[1])
		}
	}
	if !slices.Equal(names, Screens()) {
		t.Errorf("the app has %q, the server %q", names, Screens())
	}
	for route, want := range map[string]string{"home": "home", "members": "members", "other": "other", "leo": "other", "": "other", "Home": "other"} {
		if got := (Message{Route: route}).Screen(); got != want {
			t.Errorf("%q is told as %q", route, got)
		}
	}
	if got := (Message{Route: "home", Blind: "big"}).Screen(); got != "" {
		t.Errorf("what is not shown is told as %q", got)
	}
	if strings.Contains(strings.Join(Screens(), ""), " ") {
		t.Error("a name has a blank")
	}
}
