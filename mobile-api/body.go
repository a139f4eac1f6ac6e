package mobileapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/carebox-project/carebox/policies"
)

// maxBody is a policy and then some, in bytes: the policy's own limit gets its own words.
const maxBody = 300 << 10

// binder reads bodies for the generated server, strictly: JSON only, every unknown key and wrong type is a problem, all
// at once. Parts of a policy are handed on as they are, for policies.Parse.
type binder struct{}

// Bind reads a request's body into what i points to.
func (binder) Bind(i any, c echo.Context) error {
	r := c.Request()
	if r.ContentLength > maxBody {
		return refuse(codeTooLarge)
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType)); err != nil || kind != echo.MIMEApplicationJSON {
		return refuse(codeMediaType)
	}
	data, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, maxBody))
	if err != nil {
		return fmt.Errorf("reading body: %w", err)
	}
	if !utf8.Valid(data) || !json.Valid(data) {
		return &refusal{code: codeJSON, detail: "The body is not one JSON value in UTF-8."}
	}
	if raw, ok := i.(*json.RawMessage); ok {
		*raw = bytes.Clone(data)
		return nil
	}
	if problems := decode(reflect.ValueOf(i).Elem(), data, ""); problems != nil {
		return problems
	}
	return nil
}

// decode puts well-formed JSON into v. Unlike encoding/json it takes keys exactly and reports every mistake.
func decode(v reflect.Value, data []byte, path string) policies.Problems {
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct {
		return decodeList(v, data, path)
	}
	if v.Kind() != reflect.Struct || v.Addr().Type().Implements(reflect.TypeFor[json.Unmarshaler]()) {
		if err := json.Unmarshal(data, v.Addr().Interface()); err != nil {
			return policies.Problems{{Code: policies.CodeType, Field: path, Detail: "This is of the wrong kind."}}
		}
		return nil
	}
	members, problems := object(data, path)
	if members == nil {
		return problems
	}
	for i := range v.NumField() {
		key, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if value, ok := members[key]; ok {
			problems = append(problems, decode(v.Field(i), value, join(path, key))...)
			delete(members, key)
		}
	}
	unknown := make([]string, 0, len(members))
	for key := range members {
		unknown = append(unknown, key)
	}
	slices.Sort(unknown)
	for _, key := range unknown[:min(len(unknown), policies.MaxProblems)] {
		problems = append(problems, policies.Problem{
			Code: policies.CodeKeyUnknown, Field: join(path, fmt.Sprintf("%.64s", key)), Detail: "This key is not known.",
		})
	}
	return problems
}

// decodeList puts a JSON array of objects into a slice.
func decodeList(v reflect.Value, data []byte, path string) policies.Problems {
	var items []json.RawMessage
	if err := json.Unmarshal(data, &items); err != nil {
		return policies.Problems{{Code: policies.CodeType, Field: path, Detail: "This must be a list."}}
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	var problems policies.Problems
	for i, item := range items {
		problems = append(problems, decode(v.Index(i), item, fmt.Sprintf("%s[%d]", path, i))...)
		if len(problems) >= policies.MaxProblems {
			break
		}
	}
	return problems
}

// object is the members of a JSON object, nil where it is none. A key that is there twice is a problem.
func object(data []byte, path string) (map[string]json.RawMessage, policies.Problems) {
	in := json.NewDecoder(bytes.NewReader(data))
	if open, err := in.Token(); err != nil || open != json.Delim('{') {
		return nil, policies.Problems{{Code: policies.CodeType, Field: path, Detail: "This must be an object."}}
	}
	members := map[string]json.RawMessage{}
	var problems policies.Problems
	for in.More() {
		token, _ := in.Token() // the whole body is known to be well-formed
		key, _ := token.(string)
		var value json.RawMessage
		if err := in.Decode(&value); err != nil {
			return nil, policies.Problems{{Code: policies.CodeJSON, Field: path, Detail: "This cannot be read."}}
		}
		if _, twice := members[key]; twice && len(problems) < policies.MaxProblems {
			problems = append(problems, policies.Problem{
				Code: policies.CodeKeyTwice, Field: join(path, fmt.Sprintf("%.64s", key)), Detail: "This key is here twice.",
			})
		}
		members[key] = value
	}
	return members, problems
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
