package mobileapi

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/cloud/throttle"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// refusalOf is what an error without a document of its own means to who asked.
func refusalOf(err error) *refusal {
	var own *refusal
	var throttled *throttle.Throttled
	var long *http.MaxBytesError
	var routing *echo.HTTPError
	var orphans *accounts.Orphans
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &throttled):
		return &refusal{code: codeThrottled, after: throttled.After}
	case errors.As(err, &long):
		return &refusal{code: codeTooLarge}
	case errors.As(err, &routing):
		return routingRefusal(routing)
	case errors.Is(err, accounts.ErrCredentials):
		return &refusal{code: codeCredentials}
	case errors.Is(err, accounts.ErrFactor): // while signing in nobody is there yet
		return &refusal{code: codeFactor, status: http.StatusUnauthorized}
	case errors.Is(err, accounts.ErrFactorWrong):
		return &refusal{code: codeFactorWrong}
	case errors.Is(err, accounts.ErrProviderAway):
		return &refusal{code: codeProviderAway, after: retry}
	case errors.Is(err, accounts.ErrPasskey):
		return &refusal{code: codePasskey}
	case errors.Is(err, accounts.ErrSignedOut):
		return &refusal{code: codeSignedOut}
	case errors.As(err, &orphans):
		return &refusal{code: codeLastOwner, detail: strings.Join(orphans.Homes, ", ")}
	case errors.Is(err, assist.ErrScope):
		return &refusal{code: codeSupportScope}
	case errors.Is(err, registry.ErrApproval):
		return &refusal{code: codeSupportApproval}
	case errors.Is(err, assist.ErrOver):
		return &refusal{code: codeSupportOver}
	case errors.Is(err, assist.ErrOwn):
		return &refusal{code: codeSupportOwn}
	case errors.Is(err, assist.ErrStale):
		return &refusal{code: codeProposal}
	case errors.Is(err, assist.ErrAnswered):
		return &refusal{code: codeSupportAnswer}
	case errors.Is(err, assist.ErrBox):
		return &refusal{code: codeBoxAway}
	case errors.Is(err, assist.ErrBusy):
		return &refusal{code: codeSupportBusy, after: time.Minute}
	case errors.Is(err, accounts.ErrLastOwner):
		return &refusal{code: codeLastOwner}
	case errors.Is(err, accounts.ErrAlready):
		return &refusal{code: codeAlready}
	case visitRefusal(err) != nil:
		return visitRefusal(err)
	case errors.Is(err, enrolment.ErrMove):
		return &refusal{code: codeBoxState}
	case errors.Is(err, registry.ErrTaken):
		return &refusal{code: codeBoxTaken}
	case errors.Is(err, assist.ErrCaseUnknown):
		return &refusal{code: codeNotFound}
	}
	return caseRefusal(err)
}

// caseRefusal goes on with what cases and the store say.
func caseRefusal(err error) *refusal {
	for reason, code := range map[error]code{
		assist.ErrCaseTaken: codeCaseTaken, assist.ErrCaseNotYours: codeCaseNotYours, assist.ErrCaseState: codeCaseState,
		assist.ErrCaseFull: codeCaseFull, assist.ErrSlot: codeSlot, assist.ErrRecordingGone: codeRecordingGone,
		assist.ErrRecordingFull: codeRecordingFull, assist.ErrRecordingDamaged: codeRecordingBroken, assist.ErrNotHeld: codeRecordingHeld,
	} {
		if errors.Is(err, reason) {
			return &refusal{code: code}
		}
	}
	switch {
	case errors.Is(err, enrolment.ErrUnknown), errors.Is(err, registry.ErrNotFound), errors.Is(err, accounts.ErrNobody), errors.Is(err, accounts.ErrCode),
		errors.Is(err, assist.ErrUnknown):
		return &refusal{code: codeNotFound}
	case errors.Is(err, registry.ErrUnavailable), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return &refusal{code: codeUnavailable, after: retry}
	}
	return &refusal{code: codeInternal}
}

// routingRefusal is for what Echo and the generated code say before a handler runs.
func routingRefusal(err *echo.HTTPError) *refusal {
	switch err.Code {
	case http.StatusNotFound:
		return &refusal{code: codeNotFound}
	case http.StatusMethodNotAllowed:
		return &refusal{code: codeMethod}
	case http.StatusBadRequest:
		detail, _ := err.Message.(string)
		return &refusal{code: codeParameter, detail: detail}
	}
	return &refusal{code: codeInternal}
}
