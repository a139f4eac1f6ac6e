package portal

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
)

func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// sentences are all strings of a language by the field that holds them.
func sentences(l language) map[string]string {
	all := map[string]string{}
	v := reflect.ValueOf(l)
	for i := range v.NumField() {
		name, field := v.Type().Field(i).Name, v.Field(i)
		switch field.Kind() {
		case reflect.String:
			all[name] = field.String()
		case reflect.Array:
			for k := range field.Len() {
				all[fmt.Sprint(name, k)] = field.Index(k).String()
			}
		case reflect.Map:
			for _, key := range field.MapKeys() {
				all[name+key.String()] = field.MapIndex(key).String()
			}
		}
	}
	return all
}

var place = regexp.MustCompile(`\{\w+\}`)

func places(sentence string) []string {
	all := place.FindAllString(sentence, -1)
	slices.Sort(all)
	return all
}
