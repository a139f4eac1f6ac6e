package mobileapi

import (
	"context"
	"slices"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies"
)

const (
	weekDays     = 7
	maxRevisions = 500 // within a week; what is older is left out
)

// GetWeek answers how long a person was online in the last seven days, and when and why they were cut.
func (s *server) GetWeek(ctx context.Context, request GetWeekRequestObject) (GetWeekResponseObject, error) {
	v := visitOf(ctx)
	if v.place.Role == accounts.RoleChild && v.place.Person != request.ID {
		return nil, refuse(codeNotFound)
	}
	state, err := s.Homes.State(ctx, request.Home)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(state.Asked.Policy.People, func(p policies.Person) bool { return p.ID == request.ID }) {
		return nil, refuse(codeNotFound)
	}
	w, err := newWeek(state.Asked.Policy.Zone, request.ID, s.Now())
	if err != nil {
		return nil, err
	}
	hours, err := s.Homes.Online(ctx, request.Home, request.ID, policies.Date(w.days[0].Date))
	if err != nil {
		return nil, err
	}
	w.count(hours)
	documents, err := s.since(ctx, request.Home, w.from)
	if err != nil {
		return nil, err
	}
	if err := w.cut(documents); err != nil {
		return nil, err
	}
	return GetWeek200JSONResponse{Zone: state.Asked.Policy.Zone, Days: w.days, Cuts: w.cuts}, nil
}

// since is the documents that were asked since an instant, and the one before them; newest first.
func (s *server) since(ctx context.Context, home string, from time.Time) ([]registry.Document, error) {
	var all []registry.Document
	for before := int64(0); len(all) < maxRevisions; {
		some, err := s.Homes.History(ctx, home, before, maxHistoryLimit)
		if err != nil {
			return nil, err
		}
		for _, d := range some {
			if all = append(all, d); !d.At.After(from) {
				return all, nil
			}
			before = d.Revision
		}
		if len(some) < maxHistoryLimit {
			break
		}
	}
	return all, nil
}

// week is the last seven days of a person by the home's clock.
type week struct {
	person   string
	zone     *time.Location
	from, to time.Time
	days     []WeekDay
	cuts     []WeekCut
	usage    policies.Usage
}

func newWeek(name, person string, now time.Time) (*week, error) {
	zone, err := policies.Location(name)
	if err != nil {
		return nil, err
	}
	local := now.In(zone)
	w := &week{person: person, zone: zone, to: now.UTC(), cuts: []WeekCut{}, usage: policies.Usage{person: {}}}
	w.from = time.Date(local.Year(), local.Month(), local.Day()-weekDays+1, 0, 0, 0, 0, zone).UTC()
	for i := range weekDays {
		day := time.Date(local.Year(), local.Month(), local.Day()-weekDays+1+i, 12, 0, 0, 0, zone)
		w.days = append(w.days, WeekDay{Date: day.Format(time.DateOnly), Minutes: make([]int, 24)})
	}
	return w, nil
}

// count fills in the minutes. The end of the last hour with any is when a budget can have ended at the latest.
func (w *week) count(hours []registry.Online) {
	for _, o := range hours {
		for i := range w.days {
			if w.days[i].Date != string(o.Date) || o.Hour < 0 || o.Hour > 23 {
				continue
			}
			w.days[i].Minutes[o.Hour] = o.Minutes
			day, err := time.ParseInLocation(time.DateOnly, string(o.Date), w.zone)
			if err != nil {
				continue
			}
			last := time.Date(day.Year(), day.Month(), day.Day(), o.Hour, 59, 59, 0, w.zone)
			if last.After(w.to) {
				last = w.to
			}
			use := w.usage[w.person][o.Date]
			w.usage[w.person][o.Date] = policies.Use{Minutes: use.Minutes + o.Minutes, Last: last}
		}
	}
}

// cut judges each stretch of time by what was asked then; documents come newest first.
func (w *week) cut(documents []registry.Document) error {
	weight := 0
	for i := len(documents) - 1; i >= 0; i-- {
		from, to := documents[i].At, w.to
		if from.Before(w.from) {
			from = w.from
		}
		if i > 0 {
			to = documents[i-1].At
		}
		if !to.After(from) {
			continue
		}
		policy := eyeOf(documents[i].Policy, w.person).policy(documents[i].Policy)
		if weight += policies.Weight(policy, to.Sub(from)); weight > policies.MaxWeight {
			return policies.Problems{{Code: policies.CodeTooMuch, Detail: "There were too many rules and changes in this week."}}
		}
		line, err := policies.Compile(policy, w.usage, from, to)
		if err != nil {
			return err
		}
		for _, row := range line.Rows() {
			if !row.Online {
				w.add(row, policy)
			}
		}
	}
	slices.SortFunc(w.cuts, func(a, b WeekCut) int { return a.From.Compare(b.From) })
	return nil
}

// add puts a row with one of the same time and reason of another device, or with the one that it goes on from.
func (w *week) add(row policies.Row, p policies.Policy) {
	cut := WeekCut{Devices: []string{row.Device}, From: row.From, To: row.To, Reason: row.Reason}
	cut.Name, cut.By = wordsOf(row.Reason, p)
	for i, other := range w.cuts {
		if other.Reason != cut.Reason {
			continue
		}
		if other.To.Equal(cut.From) && slices.Contains(other.Devices, row.Device) && len(other.Devices) == 1 {
			w.cuts[i].To = cut.To
			return
		}
		if other.From.Equal(cut.From) && other.To.Equal(cut.To) {
			w.cuts[i].Devices = append(other.Devices, row.Device)
			return
		}
	}
	w.cuts = append(w.cuts, cut)
}

// wordsOf is what a reason is called and who gave it, as far as the policy of its time says.
func wordsOf(r policies.Reason, p policies.Policy) (name, by string) {
	for _, x := range p.Schedules {
		if r.Kind == policies.KindSchedule && x.ID == r.ID {
			name = x.Name
		}
	}
	for _, x := range p.Exceptions {
		if r.Kind == policies.KindException && x.ID == r.ID {
			name = x.Name
		}
	}
	for _, x := range p.Overrides {
		if x.ID == r.ID {
			by = x.By
		}
	}
	return name, by
}
