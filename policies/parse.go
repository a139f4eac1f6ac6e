package policies

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Parse reads the JSON of a policy and validates it. Its error is always a [Problems]. The policy is canonical: MACs in lower case
// with colons, days in the order of the week, lists never nil.
//
// Keys are taken exactly (encoding/json would accept another case), once each; null is the same as absent.
// An absent list is empty, an absent unknown is allow, an absent effect is no-internet.
func Parse(data []byte) (Policy, error) {
	if ps := readable(data); ps != nil {
		return Policy{}, ps
	}
	r := reader{dec: json.NewDecoder(bytes.NewReader(data))}
	r.dec.UseNumber()
	var p Policy
	r.read(reflect.ValueOf(&p).Elem(), "")
	ps := r.problems
	for _, v := range Validate(p) {
		if !r.wrong(v.Field) {
			ps.add(v.Code, v.Field, v.Detail)
		}
	}
	if ps != nil {
		return Policy{}, ps
	}
	return Canonical(p), nil
}

// readable reports why data is no JSON that is worth a closer look.
func readable(data []byte) Problems {
	if len(data) > MaxBytes {
		return Problems{{CodeSize, "", fmt.Sprintf("The policy has %d bytes; %d are the most.", len(data), MaxBytes)}}
	}
	if !utf8.Valid(data) {
		return Problems{{CodeJSON, "", "The policy is not in UTF-8."}}
	}
	var whole json.RawMessage
	err := json.Unmarshal(data, &whole)
	if err == nil {
		return nil
	}
	detail := fmt.Sprintf("The policy is not JSON: %v.", err)
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		detail = fmt.Sprintf("The policy is not JSON at byte %d: %v.", syntax.Offset, err)
	}
	return Problems{{CodeJSON, "", detail}}
}

// reader fills Go values from JSON that is known to be well formed, by the json tags of their types.
type reader struct {
	dec      *json.Decoder
	problems Problems
	paths    []string // of the problems, also beyond the limit of the list
}

func (r *reader) problem(code, path, detail string) {
	r.paths = append(r.paths, path)
	r.problems.add(code, path, detail)
}

// wrong reports whether a field or what surrounds it has been found wrong: judging its zero value would mislead.
func (r *reader) wrong(field string) bool {
	for _, path := range r.paths {
		rest, found := strings.CutPrefix(field, path)
		if found && (rest == "" || path == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}

// token is the next one. It cannot fail: the whole text was read once before.
func (r *reader) token() json.Token {
	tok, _ := r.dec.Token()
	return tok
}

func (r *reader) read(v reflect.Value, path string) { r.accept(v, r.token(), path) }

// accept puts the value that begins with a token into v.
func (r *reader) accept(v reflect.Value, tok json.Token, path string) {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if t, ok := v.Addr().Interface().(*time.Time); ok {
		r.instant(t, tok, path)
		return
	}
	text, isText := tok.(string)
	number, isNumber := tok.(json.Number)
	truth, isTruth := tok.(bool)
	switch kind := v.Kind(); {
	case kind == reflect.Struct && tok == json.Delim('{'):
		r.object(v, path)
	case kind == reflect.Slice && tok == json.Delim('['):
		r.list(v, path)
	case kind == reflect.String && isText:
		v.SetString(text)
	case kind == reflect.Bool && isTruth:
		v.SetBool(truth)
	case (kind == reflect.Int || kind == reflect.Int64) && isNumber:
		r.whole(v, number, path)
	default:
		r.skip(tok)
		r.problem(CodeType, path, "This must be "+wanted(kind)+".")
	}
}

func wanted(kind reflect.Kind) string {
	switch kind {
	case reflect.Struct:
		return "an object"
	case reflect.Slice:
		return "a list"
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	}
	return "a whole number"
}

func (r *reader) object(v reflect.Value, path string) {
	seen := map[string]bool{}
	for r.dec.More() {
		key, _ := r.token().(string)
		at := join(path, key)
		value := r.token()
		field, known := member(v, key)
		switch {
		case !known:
			r.skip(value)
			r.problem(CodeKeyUnknown, at, "This key is not known.")
		case seen[key]:
			r.skip(value)
			r.problem(CodeKeyTwice, at, "This key is here twice.")
		case value != nil:
			r.accept(field, value, at)
		}
		seen[key] = true
	}
	r.token()
}

// member is the field of a struct that has exactly this key.
func member(v reflect.Value, key string) (reflect.Value, bool) {
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if name == key {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func (r *reader) list(v reflect.Value, path string) {
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	for i := 0; r.dec.More(); i++ {
		entry := reflect.New(v.Type().Elem()).Elem()
		r.read(entry, path+"["+strconv.Itoa(i)+"]")
		v.Set(reflect.Append(v, entry))
	}
	r.token()
}

// whole accepts 32 bits for an int on every machine, so that a box of 32 bits refuses what the cloud refuses, by the same
// code. Rates have 64.
func (r *reader) whole(v reflect.Value, number json.Number, path string) {
	bits := 32
	if v.Kind() == reflect.Int64 {
		bits = 64
	}
	n, err := strconv.ParseInt(number.String(), 10, bits)
	if err != nil {
		r.problem(CodeType, path, "This must be a whole number of a reasonable size.")
		return
	}
	v.SetInt(n)
}

func (r *reader) instant(t *time.Time, tok json.Token, path string) {
	text, ok := tok.(string)
	if !ok || t.UnmarshalText([]byte(text)) != nil {
		r.skip(tok)
		r.problem(CodeType, path, "This must be an instant as in RFC 3339, such as 2026-11-21T18:00:00Z.")
	}
}

// skip passes over the rest of the value that begins with a token.
func (r *reader) skip(tok json.Token) {
	depth := 0
	for {
		switch tok {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return
		}
		tok = r.token()
	}
}

// join is the path of a member. A key that is no plain word is quoted and shortened.
func join(path, key string) string {
	if !plainID(key) {
		key = shown(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}
