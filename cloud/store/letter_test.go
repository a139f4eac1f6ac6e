package store

import (
	"fmt"
	"testing"
	"time"
)

func TestALiveLetterIsNeverBehindOldOnes(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx := lived(t, database), t.Context()
		one := helped(t, s, "h1x", "r1")
		for n := range 70 {
			ended := n % 2
			if _, err := s.writer.ExecContext(ctx, `INSERT INTO letter (id, home, kind, actor, name, operator, login, scopes, issued, expires, revision, ended)
				VALUES ($1, 'h1', 'self', 'm1', 'Zoé', 'o', 's1', 'diagnose', $2, $3, 1, $4)`, fmt.Sprint("old-", n), n, micros(one.Deadline.Add(time.Hour)), ended); err != nil {
				t.Fatal(err)
			}
		}
		list, err := s.LettersOf(ctx, "box-1")
		if err != nil || len(list) != 64 || list[0].ID != one.ID {
			t.Fatalf("%d letters, %v: %+v", len(list), err, list[:min(1, len(list))])
		}
		for n, l := range list {
			if l.Ended != (n >= 36) {
				t.Errorf("letter %d: ended %v", n, l.Ended)
			}
		}
	})
}
