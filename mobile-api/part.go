package mobileapi

import "context"

// One handler for each list of the policy and each way to change it; all the work is in put and remove.

// PutPerson creates or replaces a person.
func (s *server) PutPerson(ctx context.Context, request PutPersonRequestObject) (PutPersonResponseObject, error) {
	home, err := s.put(ctx, request.Home, people, request.ID, *request.Body)
	return PutPerson200JSONResponse{home}, err
}

// DeletePerson takes a person away.
func (s *server) DeletePerson(ctx context.Context, request DeletePersonRequestObject) (DeletePersonResponseObject, error) {
	home, err := s.remove(ctx, request.Home, people, request.ID)
	return DeletePerson200JSONResponse{home}, err
}

// PutDevice creates or replaces a device.
func (s *server) PutDevice(ctx context.Context, request PutDeviceRequestObject) (PutDeviceResponseObject, error) {
	home, err := s.put(ctx, request.Home, devices, request.ID, *request.Body)
	return PutDevice200JSONResponse{home}, err
}

// DeleteDevice takes a device away.
func (s *server) DeleteDevice(ctx context.Context, request DeleteDeviceRequestObject) (DeleteDeviceResponseObject, error) {
	home, err := s.remove(ctx, request.Home, devices, request.ID)
	return DeleteDevice200JSONResponse{home}, err
}

// PutSchedule creates or replaces a schedule.
func (s *server) PutSchedule(ctx context.Context, request PutScheduleRequestObject) (PutScheduleResponseObject, error) {
	home, err := s.put(ctx, request.Home, schedules, request.ID, *request.Body)
	return PutSchedule200JSONResponse{home}, err
}

// DeleteSchedule takes a schedule away.
func (s *server) DeleteSchedule(ctx context.Context, request DeleteScheduleRequestObject) (DeleteScheduleResponseObject, error) {
	home, err := s.remove(ctx, request.Home, schedules, request.ID)
	return DeleteSchedule200JSONResponse{home}, err
}

// PutException creates or replaces an exception.
func (s *server) PutException(ctx context.Context, request PutExceptionRequestObject) (PutExceptionResponseObject, error) {
	home, err := s.put(ctx, request.Home, exceptions, request.ID, *request.Body)
	return PutException200JSONResponse{home}, err
}

// DeleteException takes an exception away.
func (s *server) DeleteException(ctx context.Context, request DeleteExceptionRequestObject) (DeleteExceptionResponseObject, error) {
	home, err := s.remove(ctx, request.Home, exceptions, request.ID)
	return DeleteException200JSONResponse{home}, err
}

// PutBudget creates or replaces a budget.
func (s *server) PutBudget(ctx context.Context, request PutBudgetRequestObject) (PutBudgetResponseObject, error) {
	home, err := s.put(ctx, request.Home, budgets, request.ID, *request.Body)
	return PutBudget200JSONResponse{home}, err
}

// DeleteBudget takes a budget away.
func (s *server) DeleteBudget(ctx context.Context, request DeleteBudgetRequestObject) (DeleteBudgetResponseObject, error) {
	home, err := s.remove(ctx, request.Home, budgets, request.ID)
	return DeleteBudget200JSONResponse{home}, err
}

// PutReservation creates or replaces a reservation.
func (s *server) PutReservation(ctx context.Context, request PutReservationRequestObject) (PutReservationResponseObject, error) {
	home, err := s.put(ctx, request.Home, reservations, request.ID, *request.Body)
	return PutReservation200JSONResponse{home}, err
}

// DeleteReservation takes a reservation away.
func (s *server) DeleteReservation(ctx context.Context, request DeleteReservationRequestObject) (DeleteReservationResponseObject, error) {
	home, err := s.remove(ctx, request.Home, reservations, request.ID)
	return DeleteReservation200JSONResponse{home}, err
}
