package policies

import (
	"reflect"
	"slices"
	"strings"
)

// Revert takes back in current what changed from before to after: each entity of a list (by its id) and each other
// field of the home by itself. Where current already has what before had there is nothing to do. Where it has not what after
// had, somebody has touched it since: it goes back all the same, and is named as zone or devices/leo-phone. Who does not want
// to take back more than was asked leaves the result where something is named.
//
// The result is canonical, and may be invalid where something else now refers to what went: Validate it.
func Revert(before, after, current Policy) (Policy, []string) {
	before, after, current = Canonical(before), Canonical(after), Canonical(current)
	result := Canonical(current)
	var conflicts []string
	for i := range reflect.TypeFor[Policy]().NumField() {
		name, _, _ := strings.Cut(reflect.TypeFor[Policy]().Field(i).Tag.Get("json"), ",")
		s := states{
			before: reflect.ValueOf(before).Field(i),
			after:  reflect.ValueOf(after).Field(i),
			result: reflect.ValueOf(&result).Elem().Field(i),
		}
		if s.before.Kind() == reflect.Slice {
			conflicts = append(conflicts, s.revertList(name)...)
		} else if !s.revertField() {
			conflicts = append(conflicts, name)
		}
	}
	return result, conflicts
}

// states are those of one field of the policy. By reflection, so that a field added to Policy cannot be forgotten.
type states struct{ before, after, result reflect.Value }

func equal(a, b reflect.Value) bool {
	if !a.IsValid() || !b.IsValid() {
		return a.IsValid() == b.IsValid()
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// revertField reports whether there was no conflict.
func (s states) revertField() bool {
	switch {
	case equal(s.before, s.after), equal(s.result, s.before):
	case equal(s.result, s.after):
		s.result.Set(s.before)
	default:
		s.result.Set(s.before)
		return false
	}
	return true
}

// revertList returns the entities that are in conflict.
func (s states) revertList(name string) []string {
	var conflicts []string
	ids := idsOf(s.before)
	for _, id := range idsOf(s.after) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, id := range ids {
		was, became, is := entity(s.before, id), entity(s.after, id), entity(s.result, id)
		switch {
		case equal(was, became), equal(is, was):
		case equal(is, became):
			s.put(id, was)
		default:
			s.put(id, was)
			conflicts = append(conflicts, name+"/"+id)
		}
	}
	return conflicts
}

func idsOf(list reflect.Value) []string {
	ids := make([]string, list.Len())
	for i := range ids {
		ids[i] = list.Index(i).FieldByName("ID").String()
	}
	return ids
}

// entity of a list by its id, invalid if there is none.
func entity(list reflect.Value, id string) reflect.Value {
	if i := slices.Index(idsOf(list), id); i >= 0 {
		return list.Index(i)
	}
	return reflect.Value{}
}

// put makes an entity of the result what it was. One that is gone comes back behind the one that it followed.
func (s states) put(id string, was reflect.Value) {
	at := slices.Index(idsOf(s.result), id)
	switch {
	case at >= 0 && was.IsValid():
		s.result.Index(at).Set(was)
	case at >= 0:
		s.result.Set(reflect.AppendSlice(s.result.Slice(0, at), s.result.Slice(at+1, s.result.Len())))
	default:
		at = s.place(id)
		list := reflect.MakeSlice(s.result.Type(), 0, s.result.Len()+1)
		list = reflect.AppendSlice(list, s.result.Slice(0, at))
		list = reflect.Append(list, was)
		s.result.Set(reflect.AppendSlice(list, s.result.Slice(at, s.result.Len())))
	}
}

// place is where an entity of before belongs in the result.
func (s states) place(id string) int {
	old, now := idsOf(s.before), idsOf(s.result)
	for i := slices.Index(old, id) - 1; i >= 0; i-- {
		if at := slices.Index(now, old[i]); at >= 0 {
			return at + 1
		}
	}
	return 0
}
