package assist_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/store"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// drawer is letters of a family's own: it says how long one has to live yet, and gives none.
type drawer struct {
	*store.Store
	spare time.Duration
}

var errEmpty = errors.New("empty")

func (d *drawer) OwnLetter(_ context.Context, l assist.Letter, spare, _ time.Duration) (assist.Letter, bool, error) {
	d.spare = spare
	return l, false, errEmpty
}

// A letter that ends before the question under it does would cut the answer off.
func TestAnOwnLetterOutlivesItsQuestion(t *testing.T) {
	letters := &drawer{}
	care := assist.NewSessions(assist.SessionConfig{Store: letters})
	for seconds, least := range map[int]time.Duration{0: 30 * time.Second, 1: time.Second, wire.MaxSeconds: wire.MaxSeconds * time.Second} {
		_, err := care.Self(t.Context(), assist.Letter{}, assist.Query{Kind: wire.QueryPing, Seconds: seconds})
		if !errors.Is(err, errEmpty) || letters.spare <= least {
			t.Errorf("%d seconds: %v, %v", seconds, letters.spare, err)
		}
	}
	letters.spare = 0
	var problems policies.Problems
	if _, err := care.Self(t.Context(), assist.Letter{}, assist.Query{Kind: wire.QueryPing, Seconds: -1}); !errors.As(err, &problems) || letters.spare != 0 {
		t.Errorf("a letter for no question: %v, %v", letters.spare, err)
	}
}
