package store

import (
	"crypto/ed25519"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/cloud/visit"
)

func ordered(ref, id string) visit.Visit {
	return visit.Visit{
		ID: id, Order: visit.Order{Ref: ref, Customer: "Zoé", Serial: "cb-9"}, Slot: visit.Slot{Day: "2026-11-23", From: "09:00", To: "11:00"},
		State: visit.StatePlanned, Since: noon, Checklist: []visit.Item{}, Present: []string{},
	}
}

func TestVisitsArePlannedKeptAndFound(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		ctx := t.Context()
		if _, err := s.AddMember(ctx, memberRow{ID: "m1", Email: "t@x.example", Name: "T", Locale: "fr", Password: "x", Created: noon}); err != nil {
			t.Fatal(err)
		}
		one, two := ordered("A-1", "v1"), ordered("A-2", "v2")
		one.Technician, two.Slot.Day = "m1", "2026-11-24"
		if err := s.PlanVisits(ctx, []visit.Visit{one, two}); err != nil {
			t.Fatal(err)
		}
		again := ordered("A-1", "v3")
		if err := s.PlanVisits(ctx, []visit.Visit{again}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Visit(ctx, "v1"); !errors.Is(err, visit.ErrNotFound) {
			t.Errorf("the plan before is still there: %v", err)
		}
		v, err := s.Visit(ctx, "v3")
		if err != nil {
			t.Fatal(err)
		}
		v.State, v.Home, v.Serial, v.Technician, v.Report = visit.StateBound, "h1", "box-1", "m1", []byte("{}")
		step := visit.Step{ID: "s1", Kind: visit.KindNote, Text: "é\n", At: noon, Received: noon, By: "T", Digest: "d"}
		next := ordered("A-1/2", "v4")
		if kept, err := s.KeepVisit(ctx, v, &step, &next); err != nil || !kept {
			t.Fatal(kept, err)
		}
		if kept, err := s.KeepVisit(ctx, v, nil, nil); err != nil || kept {
			t.Errorf("kept an old version: %v, %v", kept, err)
		}
		v.Version++
		_, s.seal, _ = ed25519.GenerateKey(nil)
		finish := visit.Step{ID: "s2", Kind: visit.KindFinish, At: noon, Received: noon, By: "T", Member: "m1", Digest: "d"}
		if kept, err := s.KeepVisit(ctx, v, &finish, nil); err != nil || !kept {
			t.Fatal(kept, err)
		}
		var verb, home, staff string
		if err := s.reader.QueryRowContext(ctx, "SELECT verb, home, staff FROM audit ORDER BY seq DESC LIMIT 1").Scan(&verb, &home, &staff); err != nil ||
			verb != "visit-finish" || home != "h1" || staff != "m1" {
			t.Errorf("the audit has %q, %q, %q: %v", verb, home, staff, err)
		}
		v.Version++
		if kept, err := s.KeepVisit(ctx, v, &step, nil); err != nil || kept {
			t.Errorf("kept a step twice: %v, %v", kept, err)
		}
		read, err := s.Visit(ctx, "v3")
		if diff := cmp.Diff(v, read); err != nil || diff != "" {
			t.Error(err, diff)
		}
		if got, found, err := s.Step(ctx, "v3", "s1"); err != nil || !found || !cmp.Equal(got, step) {
			t.Errorf("step %+v, %v", got, err)
		}
		if err := s.PlanVisits(ctx, []visit.Visit{ordered("A-2", "v5"), ordered("A-1", "v6")}); !errors.Is(err, visit.ErrBegun) {
			t.Errorf("planned what has begun: %v", err)
		}
		if _, err := s.Visit(ctx, "v2"); err != nil {
			t.Errorf("half a list was planned: %v", err)
		}
		for serial, want := range map[string]string{"box-1": "v3", "cb-9": "v3"} {
			if got, err := s.VisitFor(ctx, serial); err != nil || got.ID != want {
				t.Errorf("%s is for %q, %v", serial, got.ID, err)
			}
		}
		if list, err := s.Visits(ctx, visit.Filter{State: visit.StateBound, Limit: 9}); err != nil || len(list) != 1 || list[0].ID != "v3" {
			t.Errorf("bound: %v, %v", list, err)
		}
		if err := s.SweepVisits(ctx, "2026-11-24"); err != nil {
			t.Error(err)
		}
		if _, err := s.Visit(ctx, "v4"); !errors.Is(err, visit.ErrNotFound) {
			t.Errorf("what came to nothing is kept for ever: %v", err)
		}
		for want, f := range map[int]visit.Filter{2: {Limit: 9}, 1: {Technician: "m1", To: "2026-11-23", Limit: 9}, 0: {From: "2026-11-25", Limit: 9}} {
			if list, err := s.Visits(ctx, f); err != nil || len(list) != want {
				t.Errorf("%+v: %d visits, want %d: %v", f, len(list), want, err)
			}
		}
	})
}

func TestPhotosGoWithTheirVisitAndVisitsWithTheirHome(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		ctx := t.Context()
		v := ordered("A-1", "v1")
		v.Home = "h1"
		if err := s.PlanVisits(ctx, []visit.Visit{v}); err != nil {
			t.Fatal(err)
		}
		v.Version = 1
		if kept, err := s.KeepPhoto(ctx, v, "p1", []byte{0xff, 0}); err != nil || !kept {
			t.Fatal(kept, err)
		}
		v.Version = 2
		if kept, err := s.KeepPhoto(ctx, v, "p2", []byte("x")); err != nil || !kept {
			t.Fatal(kept, err)
		}
		v.Version = 3
		if kept, err := s.DropPhoto(ctx, v, "p2"); err != nil || !kept {
			t.Fatal(kept, err)
		}
		if data, err := s.Photo(ctx, "v1", "p1"); err != nil || string(data) != "\xff\x00" {
			t.Errorf("photo %q, %v", data, err)
		}
		if _, err := s.Photo(ctx, "v1", "p2"); !errors.Is(err, visit.ErrNotFound) {
			t.Errorf("a photo that was taken away: %v", err)
		}
		if list, err := s.VisitsOf(ctx, "h1"); err != nil || len(list) != 1 {
			t.Errorf("%v, %v", list, err)
		}
		if err := s.DropHome(ctx, "h1", "Europe/Paris"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Photo(ctx, "v1", "p1"); !errors.Is(err, visit.ErrNotFound) {
			t.Errorf("the photo outlived the home: %v", err)
		}
	})
}

func TestABoxIsKnownByItsHomeAndCertificate(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		ctx := t.Context()
		if home, err := s.HomeOfBox(ctx, "box-1"); err != nil || home != "h1" {
			t.Errorf("home %q, %v", home, err)
		}
		if _, err := s.HomeOfBox(ctx, "cb-9"); !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("a box that was never in a home: %v", err)
		}
		if err := s.AddItems(ctx, []enrolment.Made{{Box: "cb-9", Model: "m", Claim: "c"}}, noon, "t"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.CertificateOf(ctx, "cb-9"); !errors.Is(err, enrolment.ErrUnknown) {
			t.Errorf("without a certificate: %v", err)
		}
		g := enrolment.Grant{Serial: "a1", Box: "cb-9", Key: "k", Issued: noon, Until: noon.Add(time.Hour)}
		if kept, err := s.ClaimItem(ctx, g); err != nil || !kept {
			t.Fatal(kept, err)
		}
		if got, err := s.CertificateOf(ctx, "cb-9"); err != nil || !cmp.Equal(got, g) {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
