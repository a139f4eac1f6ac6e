package main

import (
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carebox-project/carebox/cloud/audit"
)

// TestTheAuditIsVerified by the command, by one who keeps an export, and found to be cut back with its head.
func TestTheAuditIsVerified(t *testing.T) {
	dir := t.TempDir()
	if _, err := do(t, "dev-init", "-dir", dir); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "cloud.json")
	must := func(args ...string) string {
		t.Helper()
		out, err := do(t, append(args, "-config", config)...)
		if err != nil {
			t.Fatalf("%v: %v", args, err)
		}
		return out
	}
	if out := must("audit", "verify"); !strings.Contains(out, `"lines":0`) {
		t.Errorf("before anything: %s", out)
	}
	must("staff", "-email", "parent@home.example", "-role", "support")
	early, late := filepath.Join(dir, "early"), filepath.Join(dir, "late")
	must("audit", "export", "-to", early)
	must("staff", "-email", "parent@home.example", "-not")
	must("audit", "export", "-to", late)
	if out := must("audit", "verify", "-against", early); !strings.Contains(out, `"lines":2`) {
		t.Errorf("after two roles: %s", out)
	}
	said, err := os.ReadFile(late)
	if err != nil || strings.Count(string(said), "staff-role") != 2 {
		t.Errorf("%v: %s", err, said)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "carebox.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var salt, content string
	if err := db.QueryRow("SELECT salt, content FROM audit WHERE seq = 1").Scan(&salt, &content); err != nil {
		t.Fatal(err)
	}
	set := func(salt, content string) {
		t.Helper()
		if _, err := db.Exec("UPDATE audit SET salt = $1, content = $2 WHERE seq = 1", salt, content); err != nil {
			t.Fatal(err)
		}
	}
	set("", "")
	if _, err := do(t, "audit", "verify", "-config", config); err == nil || !strings.Contains(err.Error(), "line 1 was emptied") {
		t.Errorf("a line that somebody emptied: %v", err)
	}
	set(salt, content)
	first, err := os.ReadFile(early)
	if err != nil {
		t.Fatal(err)
	}
	var old audit.Exported
	if err := json.Unmarshal([]byte(strings.Split(string(first), "\n")[1]), &old); err != nil || old.Head == nil {
		t.Fatal(err)
	}
	unwitnessed := []string{
		`INSERT INTO support VALUES ('s1', '', '', '', '', '', '', '', '', 1, '', 'ended', '', 1, 1, 1, 1, 1, 'staff', '', 0, '', '', 0, '', '', '', 0)`,
		`INSERT INTO seen VALUES ('s1', 'home', 1, 2)`,
	}
	for _, row := range unwitnessed {
		if _, err := db.Exec(row); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := do(t, "audit", "verify", "-config", config); err == nil || !strings.Contains(err.Error(), "what was seen in session s1") {
		t.Errorf("screens that no line tells: %v", err)
	}
	if _, err := db.Exec("DELETE FROM seen"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("DELETE FROM audit WHERE seq = 2"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("UPDATE audit_head SET seq = 1, hash = $1, at = $2, signature = $3", old.Head.Hash, old.Head.At.UnixMicro(), old.Head.Signature); err != nil {
		t.Fatal(err)
	}
	if out := must("audit", "verify"); !strings.Contains(out, `"lines":1`) {
		t.Errorf("with its old head it is whole: %s", out)
	}
	if _, err := do(t, "audit", "verify", "-config", config, "-against", late); err == nil || !strings.Contains(err.Error(), "lines 2 to 2 are missing") {
		t.Errorf("against the later export: %v", err)
	}
	if err := os.WriteFile(late, []byte(strings.Replace(string(said), `"verb":"staff-role"`, `"verb":"staff-rose"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := do(t, "audit", "verify", "-config", config, "-against", late); err == nil || !strings.Contains(err.Error(), "line 1 was edited") {
		t.Errorf("against a forged export: %v", err)
	}
}
