package mobileapi

import (
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/carebox-project/carebox/cloud/registry"
	fieldvisit "github.com/carebox-project/carebox/cloud/visit"
	"github.com/carebox-project/carebox/policies"
)

// code is the stable name of a failure.
type code string

const (
	codeJSON            code = "json"
	codeParameter       code = "parameter"
	codeRevision        code = "if-match"
	codeSignedOut       code = "signed-out"
	codeCredentials     code = "credentials"
	codePasskey         code = "passkey"
	codeFactor          code = "second-factor"
	codeFactorWrong     code = "second-factor-wrong"
	codeRole            code = "role"
	codeOrigin          code = "cross-origin"
	codeNotFound        code = "not-found"
	codeMethod          code = "method"
	codeOwner           code = "owner"
	codeChild           code = "child-only"
	codeStaffRole       code = "staff-role"
	codeOwnRole         code = "own-role"
	codeBoxState        code = "box-state"
	codeBoxTaken        code = "box-taken"
	codeVisitEarly      code = "visit-early"
	codeVisitOver       code = "visit-over"
	codeVisitSigned     code = "visit-signed"
	codeVisitBox        code = "visit-box"
	codeVisitJoined     code = "visit-joined"
	codeStepDiffers     code = "step-differs"
	codeAnswered        code = "answered"
	codeCaseTaken       code = "case-taken"
	codeCaseNotYours    code = "case-not-yours"
	codeCaseState       code = "case-state"
	codeCaseFull        code = "case-full"
	codeSlot            code = "slot"
	codeLastOwner       code = "last-owner"
	codeAlready         code = "member-already"
	codeSupportScope    code = "support-scope"
	codeSupportApproval code = "support-approval"
	codeProposal        code = "proposal"
	codeSupportOver     code = "support-over"
	codeSupportFresh    code = "support-fresh"
	codeSupportOwn      code = "support-own"
	codeSupportAnswer   code = "support-answered"
	codeSupportBusy     code = "support-busy"
	codeBoxAway         code = "box-away"
	codeRecordingGone   code = "recording-gone"
	codeRecordingFull   code = "recording-full"
	codeRecordingBroken code = "recording-damaged"
	codeRecordingHeld   code = "recording-held"
	codeConflict        code = "conflict"
	codeStale           code = "stale"
	codeTooLarge        code = "too-large"
	codeMediaType       code = "media-type"
	codeInvalid         code = "invalid"
	codeNeedsRevision   code = "if-match-required"
	codeUpgrade         code = "upgrade"
	codeThrottled       code = "throttled"
	codeRequests        code = "too-many-requests"
	codeStreams         code = "too-many-streams"
	codeInternal        code = "internal"
	codeUnavailable     code = "unavailable"
	codeProviderAway    code = "provider-away"
)

// retry is when to come back while the store is away.
const retry = 2 * time.Second

// describe is the status of a failure and its title, the same each time (RFC 9457 3.1.3).
func (c code) describe() (int, string) {
	switch c {
	case codeJSON:
		return http.StatusBadRequest, "The body cannot be read."
	case codeParameter:
		return http.StatusBadRequest, "A parameter cannot be read."
	case codeRevision:
		return http.StatusBadRequest, `If-Match must be one revision in quotes, such as "7".`
	case codeSignedOut:
		return http.StatusUnauthorized, "Nobody is signed in."
	case codeCredentials:
		return http.StatusUnauthorized, "Email or password is wrong."
	case codePasskey:
		return http.StatusUnauthorized, "This passkey is not accepted."
	case codeFactor:
		return http.StatusForbidden, "A second factor is needed: a passkey, or a code with the password."
	case codeFactorWrong:
		return http.StatusUnauthorized, "This code is wrong, or has been used."
	case codeRole:
		return http.StatusForbidden, "An adult of this home may change this."
	case codeOwner:
		return http.StatusForbidden, "The owner of this home may do this."
	case codeChild:
		return http.StatusForbidden, "This is for a child of this home."
	case codeStaffRole:
		return http.StatusForbidden, "Your role does not go as far."
	case codeOrigin:
		return http.StatusForbidden, "Another site sent this request."
	case codeNotFound:
		return http.StatusNotFound, "There is nothing here."
	case codeMethod:
		return http.StatusMethodNotAllowed, "This cannot be done here."
	case codeConflict:
		return http.StatusConflict, "It has been changed again since."
	case codeAnswered:
		return http.StatusConflict, "This has been answered already."
	case codeLastOwner:
		return http.StatusConflict, "A home has an owner. Hand it over first."
	case codeAlready:
		return http.StatusConflict, "This account belongs to the home already."
	case codeSupportScope:
		return http.StatusForbidden, "The customer did not consent to this."
	case codeSupportApproval:
		return http.StatusForbidden, "The customer approves this by themselves: propose it."
	case codeProposal:
		return http.StatusConflict, "What was approved is not what was proposed."
	case codeSupportOver:
		return http.StatusForbidden, "The support session is over."
	case codeSupportFresh:
		return http.StatusForbidden, "Sign in again: it was more than 8 hours ago."
	case codeSupportOwn:
		return http.StatusForbidden, "Whoever helps must not belong to the home."
	case codeSupportAnswer:
		return http.StatusConflict, "This was answered or withdrawn already."
	case codeBoxAway:
		return http.StatusConflict, "The box is not there to answer."
	case codeRecordingGone:
		return http.StatusNotFound, "The recording is gone: it was deleted, or its time is over."
	case codeRecordingFull:
		return http.StatusConflict, "The recording is full. Delete it to begin another."
	case codeRecordingBroken:
		return http.StatusConflict, "The recording is not what was kept: nothing of it is shown."
	case codeRecordingHeld:
		return http.StatusForbidden, "This is for who has the case, or a supervisor."
	case codeSupportBusy:
		return http.StatusTooManyRequests, "That was too many at once."
	case codeOwnRole:
		return http.StatusConflict, "Another admin changes your own role."
	case codeBoxState:
		return http.StatusConflict, "The box cannot go there from where it is."
	case codeBoxTaken:
		return http.StatusConflict, "The box belongs to another home."
	case codeVisitEarly:
		return http.StatusConflict, "Something else comes first."
	case codeVisitOver:
		return http.StatusConflict, "The visit is over."
	case codeVisitSigned:
		return http.StatusConflict, "The customer has signed."
	case codeVisitBox:
		return http.StatusConflict, "The box is not for this visit."
	case codeVisitJoined:
		return http.StatusConflict, "Somebody belongs to the home already."
	case codeStepDiffers:
		return http.StatusConflict, "This id was used for something else."
	case codeCaseTaken:
		return http.StatusConflict, "Another agent has this case."
	case codeCaseNotYours:
		return http.StatusConflict, "This case is not yours now."
	case codeCaseState:
		return http.StatusConflict, "The case is in another state."
	case codeCaseFull:
		return http.StatusConflict, "This case takes no more of this."
	case codeSlot:
		return http.StatusConflict, "Nobody is free to call then."
	case codeStale:
		return http.StatusPreconditionFailed, "Somebody else was faster."
	case codeTooLarge:
		return http.StatusRequestEntityTooLarge, "The body is too large."
	case codeMediaType:
		return http.StatusUnsupportedMediaType, "The body must be application/json."
	case codeInvalid:
		return http.StatusUnprocessableEntity, "This cannot be kept as it is."
	case codeUpgrade:
		return http.StatusUpgradeRequired, "This is for a WebSocket."
	case codeNeedsRevision:
		return http.StatusPreconditionRequired, "A change needs If-Match with the revision that it was made from."
	case codeThrottled:
		return http.StatusTooManyRequests, "Too many attempts."
	case codeRequests:
		return http.StatusTooManyRequests, "Too many requests."
	case codeStreams:
		return http.StatusTooManyRequests, "Too many live streams."
	case codeProviderAway:
		return http.StatusServiceUnavailable, "The provider does not answer. Sign in another way, or try again."
	case codeUnavailable:
		return http.StatusServiceUnavailable, "Not now. Please try again."
	}
	return http.StatusInternalServerError, "Something is broken on our side."
}

// refusal is a failure that this package finds itself.
type refusal struct {
	code   code
	detail string
	after  time.Duration
	status int // 0: that of the code
}

func (r *refusal) Error() string { return string(r.code) }

func refuse(c code) error { return &refusal{code: c} }

// fail answers with an error's problem document. What has begun to answer is left as it is.
func (s *server) fail(c echo.Context, err error) {
	v := visitOf(c.Request().Context())
	doc, after := s.problem(err)
	if doc.Status == http.StatusInternalServerError {
		doc.ID = v.id
		s.Log.Error("request failed", slog.String("request", v.id), slog.String("route", c.Path()), slog.Any("error", err))
	}
	if c.Response().Committed {
		return
	}
	body, err := json.Marshal(doc)
	if err != nil {
		s.Log.Error("problem could not be encoded", slog.String("request", v.id), slog.Any("error", err))
		c.Response().WriteHeader(http.StatusInternalServerError)
		return
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "application/problem+json")
	if after > 0 {
		h.Set(echo.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(after.Seconds()))))
	}
	if doc.Status == http.StatusUnauthorized {
		h.Set(echo.HeaderWWWAuthenticate, `Bearer realm="carebox"`)
	}
	if doc.Current != nil {
		h.Set("ETag", etag(doc.Current.Asked.Revision))
	}
	c.Response().WriteHeader(doc.Status)
	_, _ = c.Response().Write(body) // who is gone need not know
}

// problem is the one mapping of errors. What it does not know is internal, with nothing told.
func (s *server) problem(err error) (ProblemDocument, time.Duration) {
	var problems policies.Problems
	var stale *registry.Stale
	var conflict *registry.Conflict
	var answered *registry.Answered
	switch {
	case errors.Is(err, fieldvisit.ErrPhoto):
		doc := codeInvalid.document("")
		doc.Problems = policies.Problems{{Code: "photo", Field: "", Detail: "This is no PNG, JPEG or WebP that can be read."}}
		return doc, 0
	case errors.As(err, &problems):
		doc := codeInvalid.document("")
		doc.Problems = problems
		return doc, 0
	case errors.As(err, &stale):
		doc := codeStale.document("")
		doc.Current = s.current(stale.State)
		return doc, 0
	case errors.As(err, &conflict):
		doc := codeConflict.document("")
		doc.Conflicts, doc.Current = conflict.Fields, s.current(conflict.State)
		if would, err := differencesOf(conflict.State.Asked.Policy, conflict.Would); err == nil {
			doc.Would = shownDifferences(would)
		}
		return doc, 0
	case errors.As(err, &answered):
		doc := codeAnswered.document("")
		doc.Ask = new(askOf(answered.Ask))
		return doc, 0
	}
	r := refusalOf(err)
	doc := r.code.document(r.detail)
	if r.status != 0 {
		doc.Status = r.status
	}
	return doc, r.after
}

func (c code) document(detail string) ProblemDocument {
	status, title := c.describe()
	return ProblemDocument{Type: "urn:carebox:problem:" + string(c), Title: title, Status: status, Detail: detail, Code: string(c)}
}

// current is a state for a problem; without one the app asks again.
func (s *server) current(state registry.State) *HomeState {
	home, err := s.homeState(state)
	if err != nil {
		return nil
	}
	return &home
}
