package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/porttest"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/cloud/store"
)

const soon = time.Minute // of a machine that does much else

func do(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := command(t.Context(), args, &out, slog.New(slog.DiscardHandler))
	return out.String(), err
}

// made is a development cloud, and what was printed.
func made(t *testing.T, more ...string) (dir string, access map[string]string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "dev")
	out, err := do(t, append([]string{"dev-init", "-dir", dir, "-http", "127.0.0.1:0", "-mqtt", "127.0.0.1:0"}, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(out), &access); err != nil {
		t.Fatalf("%q: %v", out, err)
	}
	return dir, access
}

func TestDevInitMakesAWholeCloud(t *testing.T) {
	dir, access := made(t, "-boxes", "2", "-mqtt-name", "203.0.113.1", "-home", "Chez Martin", "-age", "48h")
	for _, key := range []string{"home", "box", "email", "password", "http", "dir"} {
		if access[key] == "" {
			t.Errorf("%s is missing in %v", key, access)
		}
	}
	walked := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		walked++
		info, err := entry.Info()
		if err == nil && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil || walked < 8+3*5 {
		t.Errorf("%d files, %v", walked, err)
	}
	agent, err := os.ReadFile(filepath.Join(dir, "boxes", "box-00002", "agent.json"))
	if err != nil || !strings.Contains(string(agent), `"tls://203.0.113.1:0"`) || strings.Contains(string(agent), dir) {
		t.Errorf("agent.json: %s, %v", agent, err)
	}
	data, err := store.Open(t.Context(), filepath.Join(dir, "carebox.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = data.Close() }()
	if home, err := data.HomeOf(t.Context(), "box-1"); err != nil || home.Home.ID != access["home"] {
		t.Errorf("home of box-1: %v, %v", home.Home, err)
	} else if old := time.Since(home.Asked.At); home.Home.Name != "Chez Martin" || old < 48*time.Hour || old > 49*time.Hour {
		t.Errorf("home of box-1: %q, made %v ago", home.Home.Name, old)
	}
	if _, err := do(t, "dev-init", "-dir", dir); err == nil {
		t.Error("a second dev-init overwrote the keys")
	}
}

func TestAConfigurationNamesEveryProblem(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cloud.json")
	text := `{"http":"nowhere","mqtt":5,"databse":"x","authority":"no.pem","cluster":{"name":"a","listen":":1","routes":["a:1","b:1"]},"proxies":["x"],"support":{"zone":"Mars/Base"},"url":"https://a.example","mirrorOrigin":"https://a.example:8443"}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := do(t, "serve", "-config", path)
	var found problems
	if !errors.As(err, &found) {
		t.Fatal(err)
	}
	for _, word := range []string{"http:", "mqtt:", "databse:", "database:", "store:", "authority:", "certificate, key:", "operatorKey:", "cluster of 2", "proxies:", "support:", "mirrorOrigin:"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q is not named in: %v", word, err)
		}
	}
}

func TestTheMirrorsOrigin(t *testing.T) {
	for text, good := range map[string]bool{
		"": true, "https://mirror.example": true, "https://mirror.example:8443": true, "http://mirror.example": false, "https://CAREBOX.example": false,
		"https://carebox.example:8443": false, "https://mirror.example/": false, "https://mirror.example/x": false, "https://u@mirror.example": false,
		"https://mirror.example?x": false, "https://mirror.example#": false, "https://*.example": false, "https://a.example; script-src *": false,
		"mirror.example": false, "javascript:1": false, "https://": false, "https://a.example,https://b.example": false,
	} {
		got, err := file{MirrorOrigin: text}.mirrorOrigin("https://carebox.example")
		if (err == nil) != good || (good && got != text) {
			t.Errorf("%q: %q %v", text, got, err)
		}
	}
}

func TestTheMirrorsNameReachesNoAPI(t *testing.T) {
	says := func(what string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, what) })
	}
	for place, want := range map[[2]string]string{
		{"https://mirror.example", "mirror.example"}: "screens", {"https://mirror.example:8443", "Mirror.example:8443"}: "screens",
		{"https://mirror.example", "carebox.example"}: "all", {"", "mirror.example"}: "all", {"", ""}: "all",
	} {
		request := httptest.NewRequest(http.MethodGet, "/api/me", nil)
		request.Host = place[1]
		recorder := httptest.NewRecorder()
		apart(place[0], says("screens"), says("all")).ServeHTTP(recorder, request)
		if got := recorder.Body.String(); got != want {
			t.Errorf("%q: %s, want %s", place, got, want)
		}
	}
}

// serving runs the program until the test ends, and gives its address.
func serving(t *testing.T, dir string) (url string, stop func()) {
	t.Helper()
	address := porttest.Free(t, 1)[0]
	path := filepath.Join(dir, "cloud.json")
	settings, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	settings = bytes.Replace(settings, []byte(`"http": "127.0.0.1:0"`), []byte(`"http": "`+address+`"`), 1)
	if err := os.WriteFile(path, settings, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- command(ctx, []string{"serve", "-config", path}, io.Discard, slog.New(slog.DiscardHandler))
	}()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(soon):
			t.Error("it did not stop")
		}
	}
	t.Cleanup(stop)
	url = "http://" + address
	for end := time.Now().Add(soon); ; time.Sleep(20 * time.Millisecond) {
		if status, _ := get(t, url+"/readyz"); status == http.StatusOK {
			return url, stop
		}
		if time.Now().After(end) {
			t.Fatal("it is not ready")
		}
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		return 0, ""
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func TestServeAnswersAndStops(t *testing.T) {
	dir, access := made(t)
	url, stop := serving(t, dir)
	for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ready", "/metrics": "carebox_boxes_connected 0"} {
		if status, body := get(t, url+path); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d %q", path, status, body)
		}
	}
	if status, _ := get(t, url+"/api/me"); status != http.StatusUnauthorized {
		t.Errorf("without a session: %d", status)
	}
	body := strings.NewReader(`{"email":"` + access["email"] + `","password":"` + access["password"] + `","kind":"app"}`)
	answer, err := http.Post(url+"/api/sessions", "application/json", body)
	if err != nil || answer.StatusCode != http.StatusCreated {
		t.Errorf("sign-in: %v, %v", answer, err)
	}
	_ = answer.Body.Close()
	stop()
}

func TestBackupAndRestoreAreCommands(t *testing.T) {
	dir, access := made(t)
	config, saved := filepath.Join(dir, "cloud.json"), filepath.Join(dir, "saved")
	if _, err := do(t, "backup", "-config", config, "-to", saved); err != nil {
		t.Fatal(err)
	}
	if _, err := do(t, "restore", "-config", config, "-from", saved); !errors.Is(err, store.ErrNotEmpty) {
		t.Errorf("into a full database: %v", err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(filepath.Join(dir, "carebox.db"+suffix)) // the last two may not be there
	}
	if _, err := do(t, "backup", "-config", config, "-to", saved); err == nil {
		t.Error("a backup over another")
	}
	if _, err := do(t, "backup", "-config", config, "-to", saved+"2"); err == nil {
		t.Error("a backup of no database")
	}
	if _, err := do(t, "restore", "-config", config, "-from", saved); err != nil {
		t.Fatal(err)
	}
	data, err := store.Open(t.Context(), filepath.Join(dir, "carebox.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = data.Close() }()
	if _, err := data.Home(t.Context(), access["home"]); errors.Is(err, registry.ErrNotFound) {
		t.Error("the home is not back")
	}
}

func TestWrongUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"dance"}, {"serve"}, {"backup", "-config", "x"}, {"dev-init"}, {"serve", "-config", "/nowhere"}} {
		if _, err := do(t, args...); err == nil {
			t.Errorf("%q was accepted", args)
		}
	}
}

func TestNamesThatAPageCanShow(t *testing.T) {
	for name, want := range map[string]bool{
		"Fibre Nord": true, "É": true, "": false, " ": false, " Fibre": false, "Fibre\n": false, "a\x00b": false, strings.Repeat("é", 60): true,
		strings.Repeat("é", 61): false,
	} {
		if got := isName(name); got != want {
			t.Errorf("%.40q: %v, want %v", name, got, want)
		}
	}
}

func TestContactsThatAnAppCanLinkTo(t *testing.T) {
	for contact, want := range map[string]bool{
		"": true, "+33 1 99 00 12 34": true, "3900": true, "help@carebox.example": true, "https://carebox.example/help": true,
		"https://": false, "http://carebox.example": false, "javascript:alert(1)": false, "call us": false, "+": false,
		strings.Repeat("1", 201): false,
	} {
		if got := reaches(contact); got != want {
			t.Errorf("%.40q: %v, want %v", contact, got, want)
		}
	}
}
