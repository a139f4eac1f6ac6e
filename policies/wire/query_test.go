package wire

import (
	"errors"
	"strings"
	"testing"
)

func TestQueriesAreChecked(t *testing.T) {
	good := `{"id":"q","grant":"g","kind":"ping","args":{"host":"h"},"seconds":5}`
	if _, err := DecodeQuery([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"q"`, `""`}, {`"q"`, `"q/2"`}, {`"g"`, `""`}, {`"g"`, `"` + strings.Repeat("g", 65) + `"`}, {`"ping"`, `""`},
		{`"ping"`, `"` + strings.Repeat("p", 33) + `"`}, {`{"host":"h"}`, `[]`}, {`{"host":"h"}`, `null`}, {`{"host":"h"}`, `"h"`},
		{"5", "0"}, {"5", "-5"}, {"5", "121"}, {"5", "5.5"},
	} {
		doc := strings.Replace(good, change[0], change[1], 1)
		if _, err := DecodeQuery([]byte(doc)); !errors.Is(err, ErrDocument) {
			t.Errorf("%s: %v", doc, err)
		}
	}
	long := strings.Replace(good, `"h"`, `"`+strings.Repeat("h", MaxQuery)+`"`, 1)
	if _, err := DecodeQuery([]byte(long)); !errors.Is(err, ErrSize) {
		t.Errorf("a long query: %v", err)
	}
}

func TestResultsAreChecked(t *testing.T) {
	good := `{"query":"q","grant":"g","seq":500,"data":{"a":1},"done":true,"error":"failed","detail":"why"}`
	if _, err := DecodeResult([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"q"`, `""`}, {`"g"`, `"+"`}, {"500", "0"}, {"500", "501"}, {`{"a":1}`, `1`}, {`{"a":1}`, `[1]`}, {"true", "false"},
		{`"failed"`, `"tired"`}, {`"why"`, `"` + strings.Repeat("y", 513) + `"`},
		{`{"a":1}`, `{"a":"` + strings.Repeat("x", MaxResultData) + `"}`},
	} {
		doc := strings.Replace(good, change[0], change[1], 1)
		if _, err := DecodeResult([]byte(doc)); !errors.Is(err, ErrDocument) {
			t.Errorf("%.100s: %v", doc, err)
		}
	}
	if _, err := DecodeResult([]byte(`{"query":"` + strings.Repeat("x", MaxResult) + `"}`)); !errors.Is(err, ErrSize) {
		t.Errorf("a long result: %v", err)
	}
}

func TestEndedIsChecked(t *testing.T) {
	good := `{"grant":"g","by":"box","at":"2026-11-21T18:00:00Z"}`
	hello := `{"box":"box-1","schema":1,"ended":[`
	if _, err := DecodeEnded([]byte(good)); err != nil {
		t.Fatal(err)
	}
	if h, err := DecodeHello([]byte(hello + good + "]}")); err != nil || len(h.Ended) != 1 {
		t.Fatal(h, err)
	}
	for _, change := range [][2]string{{`"g"`, `""`}, {`"box"`, `"me"`}, {"2026-11-21T18", "0001-01-01T00"}, {"2026", "26"}} {
		doc := strings.Replace(good, change[0], change[1], 1)
		_, err := DecodeEnded([]byte(doc))
		_, inHello := DecodeHello([]byte(hello + doc + "]}"))
		if !errors.Is(err, ErrDocument) || !errors.Is(inHello, ErrDocument) {
			t.Errorf("%s: %v, %v", doc, err, inHello)
		}
	}
	many := hello + strings.Repeat(good+",", MaxEnded) + good + "]}"
	if _, err := DecodeHello([]byte(many)); !errors.Is(err, ErrDocument) {
		t.Errorf("many: %v", err)
	}
}
