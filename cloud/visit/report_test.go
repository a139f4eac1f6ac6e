package visit_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"testing"

	"github.com/carebox-project/carebox/cloud/visit"
)

func TestAReportIsTheOperatorsAsItIs(t *testing.T) {
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	file, err := visit.Sign(key, visit.Report{Report: "carebox-visit", Version: 1, By: "Théo <b>&", Seconds: 840})
	if err != nil {
		t.Fatal(err)
	}
	var nice bytes.Buffer
	if err := json.Indent(&nice, file, "", "  "); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"as it is": file, "indented": nice.Bytes()} {
		if r, err := visit.Verify(public, text); err != nil || r.By != "Théo <b>&" || r.Seconds != 840 {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
	other, _, _ := ed25519.GenerateKey(nil)
	if _, err := visit.Verify(other, file); !errors.Is(err, visit.ErrSignature) {
		t.Errorf("another operator's: %v", err)
	}
	if _, err := visit.Verify(public, bytes.Replace(file, []byte("840"), []byte("841"), 1)); !errors.Is(err, visit.ErrSignature) {
		t.Errorf("changed: %v", err)
	}
	// The same bytes signed for something else are no report.
	doc := file[len(`{"report":`):bytes.Index(file, []byte(`,"signature"`))]
	foreign, _ := json.Marshal(map[string]any{"report": json.RawMessage(doc), "signature": ed25519.Sign(key, append([]byte("carebox desired 1\n"), doc...))})
	if _, err := visit.Verify(public, foreign); !errors.Is(err, visit.ErrSignature) {
		t.Errorf("signed for something else: %v", err)
	}
}

func FuzzVerify(f *testing.F) {
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		f.Fatal(err)
	}
	file, err := visit.Sign(key, visit.Report{Report: "carebox-visit", Version: 1})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Add([]byte(`{"report":{},"signature":"AAAA"}`))
	f.Add([]byte(`{"report":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := visit.Verify(public, data)
		if err == nil && r.Report != "carebox-visit" {
			t.Errorf("believed %q", data)
		}
	})
}
