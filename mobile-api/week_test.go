package mobileapi

import (
	"net/http"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies"
)

func TestWeekHasMinutesAndCutsWithTheirReasons(t *testing.T) {
	w := newWorld(t)
	w.pass(-4 * 24 * time.Hour)
	w.hub.add(home1, family()) // Tuesday
	owner := w.as("owner")
	w.pass(24 * time.Hour)
	owner.at(1).do("POST", home("/pause"), `{"for":{"device":"phone"},"minutes":60}`).home()
	w.pass(24 * time.Hour)
	owner.at(2).do("DELETE", home("/schedules/nights"), "").home() // Thursday, 19:00
	w.pass(2 * 24 * time.Hour)
	var week Week
	owner.do("GET", home("/people/leo/week"), "").is(http.StatusOK).decode(&week)
	if len(week.Days) != 7 || week.Days[0].Date != "2026-11-15" || week.Days[6].Date != "2026-11-21" || week.Days[6].Minutes[18] != 40 {
		t.Errorf("days %+v", week.Days)
	}
	var nights, pauses int
	for _, cut := range week.Cuts {
		switch cut.Reason.Kind {
		case policies.KindSchedule:
			nights++
			if len(cut.Devices) != 2 || cut.To.Sub(cut.From) != 9*time.Hour+30*time.Minute {
				t.Errorf("night %+v", cut)
			}
		case policies.KindPause:
			pauses++
			if cut.By != "owner" || len(cut.Devices) != 1 || cut.To.Sub(cut.From).Round(time.Minute) != time.Hour {
				t.Errorf("pause %+v", cut)
			}
		}
	}
	if nights != 2 || pauses != 1 {
		t.Errorf("%d nights, %d pauses: %+v", nights, pauses, week.Cuts)
	}
}

func TestWeekOfASisterIsNotThere(t *testing.T) {
	w := newWorld(t)
	w.as("child").do("GET", home("/people/leo/week"), "").is(http.StatusOK)
	w.as("child").do("GET", home("/people/ada/week"), "").refuses(http.StatusNotFound, codeNotFound)
	w.as("adult").do("GET", home("/people/ada/week"), "").is(http.StatusOK)
}
