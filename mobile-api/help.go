package mobileapi

import (
	"context"

	"github.com/carebox-project/carebox/cloud/assist"
)

// ListHelpRequests answers the member's own.
func (s *server) ListHelpRequests(ctx context.Context, request ListHelpRequestsRequestObject) (ListHelpRequestsResponseObject, error) {
	list, err := s.ownHelp(ctx, request.Home)
	return ListHelpRequests200JSONResponse(list), err
}

func (s *server) ownHelp(ctx context.Context, home string) ([]HelpRequest, error) {
	found, err := s.Help.Of(ctx, home, visitOf(ctx).session.Member.ID)
	if err != nil {
		return nil, err
	}
	list := make([]HelpRequest, len(found))
	for i, r := range found {
		list[i] = HelpRequest{ID: r.ID, Screen: r.Screen, Text: r.Text, At: r.At}
	}
	return list, nil
}

// AskForHelp keeps a wish for a person.
func (s *server) AskForHelp(ctx context.Context, request AskForHelpRequestObject) (AskForHelpResponseObject, error) {
	who := visitOf(ctx).session.Member
	r, err := s.Help.Ask(ctx, assist.Request{
		Home: request.Home, Member: who.ID, Name: who.Name, Screen: request.Body.Screen, Text: request.Body.Text,
	})
	return AskForHelp201JSONResponse{ID: r.ID, Screen: r.Screen, Text: r.Text, At: r.At}, err
}

// ListAllHelpRequests answers those of all families to staff.
func (s *server) ListAllHelpRequests(ctx context.Context, _ ListAllHelpRequestsRequestObject) (ListAllHelpRequestsResponseObject, error) {
	found, err := s.Help.All(ctx)
	if err != nil {
		return nil, err
	}
	list := make(ListAllHelpRequests200JSONResponse, len(found))
	for i, r := range found {
		list[i] = StaffHelpRequest{
			ID: r.ID, Screen: r.Screen, Text: r.Text, At: r.At, Home: r.Home, HomeName: r.HomeName, Name: r.Name, Email: r.Email,
		}
	}
	return list, nil
}

// allHelp is the requests of everybody in a home, also of who has left it.
func (s *server) allHelp(ctx context.Context, home string) ([]HomeHelpRequest, error) {
	found, err := s.Help.In(ctx, home)
	if err != nil {
		return nil, err
	}
	list := make([]HomeHelpRequest, len(found))
	for i, r := range found {
		list[i] = HomeHelpRequest{ID: r.ID, Screen: r.Screen, Text: r.Text, At: r.At, Name: r.Name}
	}
	return list, nil
}
