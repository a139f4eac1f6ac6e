package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// amend sets keys of a development cloud's configuration.
func amend(t *testing.T, dir string, with map[string]any) {
	t.Helper()
	path := filepath.Join(dir, "cloud.json")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]any{}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for key, value := range with {
		all[key] = value
	}
	if data, err = json.MarshalIndent(all, "", "  "); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAProviderIsConfiguredWholeOrNotAtAll(t *testing.T) {
	dir, _ := made(t)
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte(" s\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := map[string]any{
		"issuer": "https://id.acme.example/realms/staff", "client": "carebox", "secret": "secret", "name": "Acme",
		"claim": "groups", "roles": map[string]string{"helpers": "support"},
	}
	for _, c := range []struct {
		key   string
		value any
		want  string
	}{
		{"", nil, ""}, {"scopes", []string{"email"}, ""}, {"issuer", "http://127.0.0.1:5/x", ""},
		{"issuer", "http://id.acme.example", "issuer"}, {"issuer", "https://id.acme.example?x", "issuer"}, {"issuer", "", "issuer"},
		{"client", "", "client"}, {"secret", "nowhere", "secret"}, {"secret", "", "secret"}, {"name", "", "name"},
		{"name", strings.Repeat("x", 61), "name"}, {"claim", "", "claim"}, {"roles", map[string]string{"x": "king"}, "king"},
		{"roles", map[string]string{}, "claim"}, {"colour", "red", "colour"}, {"acr", []string{"urn:acme:2fa"}, ""},
		{"amr", []string{"mfa", "hwk"}, ""}, {"acr", []string{""}, "acr"}, {"amr", []string{"otp pwd"}, "amr"}, {"amr", "mfa", "amr"},
	} {
		with := map[string]any{}
		for key, value := range good {
			with[key] = value
		}
		if c.key != "" {
			with[c.key] = c.value
		}
		amend(t, dir, map[string]any{"oidc": with})
		read, err := readConfig(filepath.Join(dir, "cloud.json"))
		if (c.want == "") != (err == nil) || err != nil && (!strings.Contains(err.Error(), "oidc:") || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s %v: %v", c.key, c.value, err)
		}
		if err == nil && (read.provider.Secret != "s" || read.provider.Scopes[0] != "openid" || read.door != "Acme") {
			t.Errorf("read %+v, %q", read.provider, read.door)
		}
	}
}

// TestACloudStartsWithoutItsProvider: it is asked only when somebody wants to sign in there.
func TestACloudStartsWithoutItsProvider(t *testing.T) {
	dir, _ := made(t)
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("s"), 0o600); err != nil {
		t.Fatal(err)
	}
	amend(t, dir, map[string]any{"oidc": map[string]any{
		"issuer": "http://127.0.0.1:1", "client": "carebox", "secret": "secret", "name": "Acme & Sons",
	}})
	url, stop := serving(t, dir)
	defer stop()
	response, err := http.Post(url+"/api/sessions/oidc", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
		t.Errorf("answered %s", response.Status)
	}
}
