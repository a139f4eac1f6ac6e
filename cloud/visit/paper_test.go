package visit_test

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/visit"
)

// acted is a finished visit with something in every place.
func (w *town) acted(locale string) string {
	w.t.Helper()
	id := w.plan(visit.Line{Order: visit.Order{
		Customer: "Zoé Élodie Œuvrard", Address: "12, rue de l’Été, 13008 Marseille", Locale: locale, Down: 300_000_000, Rooms: []string{"Chambre d’Anaïs"},
	}}).ID
	w.must(id, arrive(), bind("cb-1"))
	said := well()
	said.Line.Down = 182_000_000
	w.boots("cb-1", id, said)
	w.pass(14 * time.Minute)
	w.photo(id)
	w.must(id, visit.Step{Kind: visit.KindDecide, Item: visit.ItemDown, Decision: visit.DecideAccept, Reason: "ligne en cuivre jusqu’à mardi"},
		visit.Step{Kind: visit.KindRoom, Room: &visit.Room{Name: "Chambre d’Anaïs", Verdict: "fair", Rate: 90_000_000, Signal: -66}},
		visit.Step{Kind: visit.KindNote, Text: "Prise derrière la télé.\nÀ revoir."}, sign(), visit.Step{Kind: visit.KindFinish})
	return id
}

func TestThePaperNamesTheSignedFile(t *testing.T) {
	w := newTown(t)
	id := w.acted("fr")
	file, err := w.office.ReportOf(t.Context(), id, tech)
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := w.office.Paper(t.Context(), id, tech)
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Fatalf("%.20q, %v", pdf, err)
	}
	again, err := w.office.Paper(t.Context(), id, tech)
	if err != nil || len(again) != len(pdf) {
		t.Errorf("another paper of the same report: %d and %d bytes, %v", len(pdf), len(again), err)
	}
	if out := os.Getenv("CAREBOX_OUT"); out != "" {
		if err := os.WriteFile(filepath.Join(out, "visit.pdf"), pdf, 0o600); err != nil {
			t.Error(err)
		}
	}
	text := written(t, pdf)
	sum := sha256.Sum256(file)
	for _, want := range []string{
		"Procès-verbal de mise en service", "Zoé Élodie Œuvrard", "12, rue de l’Été, 13008 Marseille", "En service 14 min après le scan.", "182 Mbit/s",
		"attendu : 300 Mbit/s", "ligne en cuivre jusqu’à mardi", "Chambre d’Anaïs : moyen", "À revoir.", hex.EncodeToString(sum[:]), "23/11/2026 12:00",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper does not say %q", want)
		}
	}
}

// written is what the pages of a PDF of ours say: their text is UTF-16 in compressed streams. The attachment is another stream.
func written(t *testing.T, pdf []byte) string {
	t.Helper()
	var all strings.Builder
	for rest := pdf; ; {
		_, after, found := bytes.Cut(rest, []byte("stream\n"))
		if !found {
			return all.String()
		}
		rest = after
		r, err := zlib.NewReader(bytes.NewReader(after))
		if err != nil {
			continue // not compressed, or not a stream
		}
		data, _ := io.ReadAll(r)
		if !bytes.Contains(data, []byte(")Tj")) {
			continue
		}
		for part := range bytes.SplitSeq(data, []byte(")Tj")) {
			_, shown, _ := bytes.Cut(part, []byte("("))
			plain := strings.NewReplacer(`\\`, `\`, `\(`, "(", `\)`, ")", `\r`, "\r").Replace(string(shown))
			for i := 0; i+1 < len(plain); i += 2 {
				all.WriteRune(rune(plain[i])<<8 | rune(plain[i+1]))
			}
			all.WriteByte('\n')
		}
	}
}

func TestThePaperIsInTheCustomersLanguage(t *testing.T) {
	for locale, title := range map[string]string{"fr": "Procès-verbal", "en": "Acceptance report"} {
		w := newTown(t)
		pdf, err := w.office.Paper(t.Context(), w.acted(locale), tech)
		if err != nil {
			t.Fatal(err)
		}
		utf16 := []byte{}
		for _, r := range title {
			utf16 = append(utf16, byte(r>>8), byte(r))
		}
		if !bytes.Contains(pdf, utf16) {
			t.Errorf("%s: the title is not %q", locale, title)
		}
	}
}
