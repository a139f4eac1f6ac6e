package mobileapi

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// maxReason is characters of a reason, for a box's life.
const maxReason = 200

// ListStaff answers who is staff.
func (s *server) ListStaff(ctx context.Context, _ ListStaffRequestObject) (ListStaffResponseObject, error) {
	list, err := s.staff(ctx)
	return ListStaff200JSONResponse(list), err
}

// PutStaff gives and takes roles.
func (s *server) PutStaff(ctx context.Context, request PutStaffRequestObject) (PutStaffResponseObject, error) {
	v, body := visitOf(ctx), request.Body
	me := v.session.Member
	if me.Has(body.Email) {
		return nil, refuse(codeOwnRole)
	}
	member, err := s.Accounts.Employ(ctx, body.Email, body.Role, v.staffEntry("", "staff-role", map[string]any{"role": body.Role}))
	if err != nil {
		return nil, err
	}
	s.Log.Info("changed a role of staff", slog.String("by", me.ID), slog.String("member", member), slog.String("role", string(body.Role)))
	list, err := s.staff(ctx)
	return PutStaff200JSONResponse(list), err
}

// staffEntry is a line about what somebody of the staff does as their role includes.
func (v *visit) staffEntry(home, verb string, detail map[string]any) audit.Entry {
	who := v.session.Member
	return audit.Entry{Home: home, Via: audit.ViaStaff, Verb: verb, Said: audit.Said{
		Actor: audit.Actor{Kind: audit.KindStaff, ID: who.ID, Name: who.Name}, Detail: detail,
	}}
}

func (s *server) staff(ctx context.Context) ([]StaffMember, error) {
	found, err := s.Accounts.Staff(ctx)
	list := make([]StaffMember, len(found))
	for i, x := range found {
		list[i] = StaffMember{ID: x.ID, Name: x.Name, Email: x.Email, Role: x.Role, SecondFactor: x.Factor}
	}
	return list, err
}

// LookAtBox answers a box of the stock.
func (s *server) LookAtBox(ctx context.Context, request LookAtBoxRequestObject) (LookAtBoxResponseObject, error) {
	box, err := s.stockBox(ctx, request.Serial)
	return LookAtBox200JSONResponse(box), err
}

// AssignBox gives a home a box.
func (s *server) AssignBox(ctx context.Context, request AssignBoxRequestObject) (AssignBoxResponseObject, error) {
	box, err := s.stockBox(ctx, request.Serial)
	if err != nil {
		return nil, err
	}
	why, err := reason(request.Body.Why)
	if err != nil {
		return nil, err
	}
	home, err := uuid.Parse(request.Body.Home)
	if err != nil {
		return nil, registry.ErrNotFound
	}
	if !box.State.Assignable() {
		return nil, fmt.Errorf("assigning box %q: %w", box.Serial, enrolment.ErrMove)
	}
	if err := s.Homes.Assign(ctx, home.String(), box.Serial); err != nil {
		return nil, err
	}
	assigned := visitOf(ctx).staffEntry(home.String(), "box-assigned", map[string]any{"box": box.Serial, "why": why})
	if err := s.Care.Witness(ctx, assigned); err != nil {
		return nil, err
	}
	if box.State == enrolment.StateClaimed {
		if err := s.Boxes.Serve(ctx, box.Serial, visitOf(ctx).session.Member.Email, why); err != nil {
			return nil, err
		}
	}
	box, err = s.stockBox(ctx, box.Serial)
	return AssignBox200JSONResponse(box), err
}

// SwapBox takes a box's identity back because another takes its place.
func (s *server) SwapBox(ctx context.Context, request SwapBoxRequestObject) (SwapBoxResponseObject, error) {
	box, _, err := s.takeBack(ctx, request.Serial, request.Body.Why, plain(s.Boxes.Swap))
	return SwapBox200JSONResponse(box), err
}

// RetireBox takes it back for good.
func (s *server) RetireBox(ctx context.Context, request RetireBoxRequestObject) (RetireBoxResponseObject, error) {
	box, _, err := s.takeBack(ctx, request.Serial, request.Body.Why, plain(s.Boxes.Retire))
	return RetireBox200JSONResponse(box), err
}

// RestockBox takes it back and tells the new claim code.
func (s *server) RestockBox(ctx context.Context, request RestockBoxRequestObject) (RestockBoxResponseObject, error) {
	box, code, err := s.takeBack(ctx, request.Serial, request.Body.Why, s.Boxes.Restock)
	box.Code = code
	return RestockBox200JSONResponse(box), err
}

type wayBack = func(ctx context.Context, box, by, detail string) (code string, err error)

func plain(way func(ctx context.Context, box, by, detail string) error) wayBack {
	return func(ctx context.Context, box, by, detail string) (string, error) {
		return "", way(ctx, box, by, detail)
	}
}

func (s *server) takeBack(ctx context.Context, serial, why string, way wayBack) (StaffBox, string, error) {
	before, err := s.stockBox(ctx, serial)
	if err != nil {
		return StaffBox{}, "", err
	}
	if why, err = reason(why); err != nil {
		return StaffBox{}, "", err
	}
	code, err := way(ctx, before.Serial, visitOf(ctx).session.Member.Email, why)
	if err != nil {
		return StaffBox{}, "", err
	}
	after, err := s.stockBox(ctx, before.Serial)
	if err != nil && code != "" { // the code is told once: a store that has gone away since does not lose it
		before.State, before.Since = enrolment.StateMade, s.Now()
		return before, code, nil
	}
	return after, code, err
}

func (s *server) stockBox(ctx context.Context, serial string) (StaffBox, error) {
	serial = strings.ToLower(serial)
	if !wire.ValidBox(serial) {
		return StaffBox{}, enrolment.ErrUnknown
	}
	item, life, err := s.Boxes.Look(ctx, serial)
	if err != nil {
		return StaffBox{}, err
	}
	box := StaffBox{
		Serial: item.Box, Model: item.Model, MAC: item.MAC, State: item.State, Since: item.Since, Life: make([]BoxEvent, len(life)),
	}
	for i, e := range life {
		box.Life[i] = BoxEvent{At: e.At, State: e.State, By: e.By, Detail: e.Detail}
	}
	clone, err := s.Boxes.CloneOf(ctx, item.Box)
	if err != nil || clone.Since.IsZero() {
		return box, err
	}
	box.Cloned = &Cloned{Since: clone.Since, Newest: clone.Newest, Takeovers: clone.Takeovers, Places: make([]BoxPlace, len(clone.Places))}
	for i, p := range clone.Places {
		box.Cloned.Places[i] = BoxPlace{Address: p.Address.String(), Certificate: p.Serial, First: p.First, Newest: p.Newest}
	}
	return box, nil
}

// reason is what a life can keep.
func reason(why string) (string, error) {
	why = strings.TrimSpace(why)
	if utf8.RuneCountInString(why) > maxReason || !utf8.ValidString(why) || strings.ContainsFunc(why, unicode.IsControl) {
		return "", policies.Problems{{Code: "length", Field: "why", Detail: "A reason has at most 200 characters, on one line."}}
	}
	return why, nil
}
