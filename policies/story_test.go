package policies

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the answers of the stories and goldens as they are; read the diff")

// TestStories reads testdata/stories: the name of a file is the sentence that it proves. A story has policy.json, perhaps
// usage.json, and questions whose answers follow:
//
//	timeline FROM TO           all spans of all devices, "?" being one that nobody has named
//	offline DEVICE FROM TO     the spans offline of one device
//	verdict DEVICE|MAC AT      one verdict
//	live AT                    the reservations that hold, and when that changes
//
// Instants are RFC 3339 with any offset; answers are in the home's wall clock.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/stories/*.txtar")
	if err != nil || len(files) < 15 {
		t.Fatalf("only %d stories, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.ReplaceAll(strings.TrimSuffix(filepath.Base(file), ".txtar"), "-", " ")
		t.Run(name, func(t *testing.T) { tell(t, file) })
	}
}

func tell(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var s story
	asked := 0
	for i, f := range archive.Files {
		switch f.Name {
		case "policy.json":
			s.policy, err = Parse(f.Data)
			if err != nil {
				t.Fatal(err)
			}
			s.loc, err = Location(s.policy.Zone)
		case "usage.json":
			err = json.Unmarshal(f.Data, &s.usage)
		default:
			asked++
			got := s.answer(t, strings.Fields(f.Name))
			if diff := cmp.Diff(string(f.Data), got); diff != "" && !*update {
				t.Errorf("%s: -want +got\n%s", f.Name, diff)
			}
			archive.Files[i].Data = []byte(got)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if asked == 0 {
		t.Error("the story asks nothing")
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

type story struct {
	policy Policy
	usage  Usage
	loc    *time.Location
}

func (s story) answer(t *testing.T, question []string) string {
	t.Helper()
	word, last := question[0], len(question)-1
	if word == "verdict" {
		at := instant(t, question[last])
		if mac, err := ParseMAC(question[1]); err == nil {
			return s.verdict(DecideUnknown(s.policy, mac, s.usage, at))
		}
		return s.verdict(Decide(s.policy, question[1], s.usage, at))
	}
	if word == "live" {
		return s.live(instant(t, question[last]))
	}
	line, err := Compile(s.policy, s.usage, instant(t, question[last-1]), instant(t, question[last]))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	switch word {
	case "timeline":
		for _, d := range s.policy.Devices {
			s.spans(&out, d.ID, line.Devices[d.ID])
		}
		s.spans(&out, "?", line.Unknown)
	case "offline":
		for _, span := range line.Devices[question[1]] {
			if !span.Online {
				s.spans(&out, question[1], []Span{span})
			}
		}
	default:
		t.Fatalf("question %q is not known", word)
	}
	return out.String()
}

func (s story) live(at time.Time) string {
	live, changes := Live(s.policy, at)
	lines := []string{strings.TrimSpace("live " + strings.Join(live, " "))}
	if changes != nil {
		lines = append(lines, "changes "+changes.In(s.loc).Format(wallFormat))
	}
	return strings.Join(lines, "\n") + "\n"
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// wallFormat shows the day of the week too: stories are read by people.
const wallFormat = "Mon 2006-01-02 15:04:05 -07:00"

func (s story) spans(out *strings.Builder, device string, spans []Span) {
	for _, span := range spans {
		fmt.Fprintf(out, "%s | %s | %s | %s\n", device, span.From.In(s.loc).Format(wallFormat), span.To.In(s.loc).Format(wallFormat),
			judgement(span.Online, span.Reason))
	}
}

func judgement(online bool, r Reason) string {
	word := "offline"
	if online {
		word = "online"
	}
	return strings.TrimSpace(word + " " + string(r.Kind) + " " + r.ID)
}

func (s story) verdict(v Verdict) string {
	lines := []string{judgement(v.Online, v.Reason)}
	for _, bound := range []struct {
		word string
		at   *time.Time
	}{{"since", v.Since}, {"until", v.Until}, {"changes", v.Changes}} {
		if bound.at != nil {
			lines = append(lines, bound.word+" "+bound.at.In(s.loc).Format(wallFormat))
		}
	}
	return strings.Join(lines, "\n") + "\n"
}
