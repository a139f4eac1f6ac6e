package audit

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

var (
	key    = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	public = key.Public().(ed25519.PublicKey)
)

// chain is so many lines and their head.
func chain(t testing.TB, n int) ([]Line, Head) {
	t.Helper()
	var lines []Line
	var head Head
	for i := range n {
		e := Entry{Home: "h", Session: "s", Via: ViaSupport, Verb: "change", Said: Said{
			Actor: Actor{Kind: KindStaff, ID: "julie", Name: "Julie"}, Subject: "ada", Detail: map[string]any{"n": i},
		}}
		line, next, err := Seal(key, head, e, time.Unix(int64(i), 0))
		if err != nil {
			t.Fatal(err)
		}
		lines, head = append(lines, line), next
	}
	return lines, head
}

func judge(lines []Line, head, anchor Head, keys ...ed25519.PublicKey) error {
	v := NewVerifier(anchor)
	for _, l := range lines {
		if err := v.Next(l); err != nil {
			return err
		}
	}
	_, _, err := v.End(head, keys...)
	return err
}

func TestAChainIsWhole(t *testing.T) {
	lines, head := chain(t, 4)
	_, early := chain(t, 0)
	if err := judge(lines, head, early, public); err != nil {
		t.Error(err)
	}
	if err := judge(nil, Head{}, Head{}, public); err != nil {
		t.Errorf("an empty one: %v", err)
	}
	other, _, _ := ed25519.GenerateKey(nil)
	if err := judge(lines, head, Head{}, other, public); err != nil {
		t.Errorf("by one key of several: %v", err)
	}
	if err := judge(lines, head, Head{}, other); !errors.Is(err, ErrBroken) {
		t.Errorf("by another key: %v", err)
	}
	if said, err := lines[1].Said(); err != nil || said.Actor.Name != "Julie" || said.Subject != "ada" || lines[1].Staff != "julie" {
		t.Errorf("%+v, %v", said, err)
	}
	lines[1].Salt, lines[1].Content = "", ""
	if err := judge(lines, head, Head{}, public); err != nil {
		t.Errorf("with an erased line: %v", err)
	}
	if said, err := lines[1].Said(); err != nil || said.Actor.Name != "" {
		t.Errorf("an erased line says %+v, %v", said, err)
	}
}

// TestWhoeverWritesTheChainAnew, every hash and the end too, cannot sign it, and a later export finds an older end.
func TestWhoeverWritesTheChainAnew(t *testing.T) {
	lines, head := chain(t, 4)
	forged := append([]Line{}, lines...)
	for i := 1; i < len(forged); i++ {
		forged[i].Verb, forged[i].Prev = "nothing", forged[i-1].Hash
		forged[i].Hash = forged[i].hash()
	}
	last := head
	last.Hash = forged[3].Hash
	for name, err := range map[string]error{
		"not the one that was signed": judge(forged, head, Head{}, public),
		"not signed":                  judge(forged, last, Head{}, public),
		"which an exported head proves": func() error {
			_, old := chain(t, 3)
			old.Hash, old.Signature = lines[2].Hash, ""
			return judge(lines[:3], resign(old), head, public)
		}(),
		"another than when its head was exported": func() error {
			anchor := head
			anchor.Seq, anchor.Hash = 2, "x"
			return judge(lines, head, anchor, public)
		}(),
	} {
		if !errors.Is(err, ErrBroken) || !strings.Contains(err.Error(), name) {
			t.Errorf("%v, want %q", err, name)
		}
	}
	actor := lines[2]
	actor.Staff = "marc"
	if err := judge([]Line{lines[0], lines[1], actor}, head, Head{}, public); err == nil || !strings.Contains(err.Error(), "line 3 was edited") {
		t.Errorf("another actor: %v", err)
	}
}

func resign(h Head) Head {
	h.Signature = fmt.Sprintf("%x", ed25519.Sign(key, h.signed()))
	return h
}

func export(t testing.TB, lines []Line, head Head) []byte {
	t.Helper()
	var out bytes.Buffer
	to := json.NewEncoder(&out)
	for _, l := range lines {
		if err := to.Encode(Exported{Line: &l}); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Encode(Exported{Head: &head}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAnExportIsReadWhole(t *testing.T) {
	lines, head := chain(t, 3)
	whole := export(t, lines, head)
	if got, err := ReadExport(bytes.NewReader(whole), public); err != nil || got.Hash != head.Hash || !got.At.Equal(head.At) {
		t.Errorf("%+v, %v", got, err)
	}
	for name, data := range map[string][]byte{
		"without its head": export(t, lines, head)[:len(whole)-200], "without a line": export(t, lines[1:], head), "longer": append(whole, whole...),
		"empty": nil, "nothing said": []byte("{}\n"),
	} {
		if _, err := ReadExport(bytes.NewReader(data), public); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}

func FuzzReadExport(f *testing.F) {
	lines, head := chain(f, 2)
	whole := export(f, lines, head)
	f.Add(whole)
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := ReadExport(bytes.NewReader(data), public)
		if err == nil && got.Verify(public) != nil {
			t.Errorf("a head that is not signed: %+v", got)
		}
	})
}
