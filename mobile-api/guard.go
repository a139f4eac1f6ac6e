package mobileapi

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/carebox-project/carebox/mobile-api/accounts"
)

const (
	cookieName = "carebox"
	eventsPath = root + "/homes/:home/events"
	photoPath  = root + "/staff/visits/:visit/photos/:photo"
	staffPath  = root + "/staff/events"
)

// harden is for browsers: nothing here is a page, and nothing is to be kept.
func (s *server) harden(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		if visitOf(c.Request().Context()).secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

// bound gives a request its deadline.
func (s *server) bound(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		line := http.NewResponseController(c.Response())
		if live(c.Path()) {
			_ = line.SetReadDeadline(time.Time{}) // the server's own would end it; a test's recorder has none
			return next(c)
		}
		within := patience
		if c.Request().Method == http.MethodPost && strings.HasSuffix(c.Path(), "/pictures") || strings.Contains(c.Path(), "/recordings/") {
			within = showing
		}
		if c.Path() == photoPath {
			within = photoPatience
		}
		end := time.Now().Add(within)
		_, _ = line.SetReadDeadline(end), line.SetWriteDeadline(end)
		defer func() { _ = line.SetWriteDeadline(time.Time{}) }() // the connection's next request may not be ours
		ctx, cancel := context.WithTimeout(c.Request().Context(), within)
		defer cancel()
		c.SetRequest(c.Request().WithContext(ctx))
		return next(c)
	}
}

// live reports whether a path answers for as long as somebody reads.
func live(path string) bool { return path == eventsPath || path == staffPath || path == socketPath }

// enter finds out who asks. Paths that are not public need a session, those that do not exist included.
func (s *server) enter(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r, v := c.Request(), visitOf(c.Request().Context())
		if !strings.HasPrefix(r.URL.Path, root+"/") {
			return echo.ErrNotFound
		}
		bearer, isBearer := strings.CutPrefix(r.Header.Get(echo.HeaderAuthorization), "Bearer ")
		if !isBearer {
			if err := s.origin.Check(r); err != nil { // only what a browser sends by itself can be abused
				return refuse(codeOrigin)
			}
		}
		if public(r.Method, c.Path()) {
			return next(c)
		}
		v.token = bearer
		if cookie, err := r.Cookie(cookieName); !isBearer && err == nil {
			v.token = cookie.Value
		}
		session, err := s.Accounts.Session(r.Context(), v.token)
		if err != nil {
			return err
		}
		if (session.Kind == accounts.KindApp) != isBearer {
			return accounts.ErrSignedOut // a browser's token stays in its cookie, where no script can read it
		}
		v.session = session
		if wait := s.rates.wait(session.ID); wait > 0 {
			return &refusal{code: codeRequests, after: wait}
		}
		return next(c)
	}
}

func public(method, path string) bool {
	switch method + " " + path {
	case "POST " + root + "/sessions", "GET " + root + "/openapi.yaml", "POST " + root + "/password-resets",
		"POST " + departurePath, "GET " + departurePath + "/callback", "POST " + root + "/sessions/entry", "POST " + root + "/sessions/passkey", "POST " + root + "/sessions/passkey/options",
		"PUT " + root + "/password-resets", "POST " + root + "/invitations/look", "POST " + root + "/invitations/accept":
		return true
	}
	return false
}

// admit lets a member into a home, and a decision of theirs only with the role and the revision for it.
func (s *server) admit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !slices.Contains(c.ParamNames(), "home") {
			if err := s.unsupported(c); err != nil {
				return err
			}
			return next(c)
		}
		ctx := c.Request().Context()
		v, home := visitOf(ctx), c.Param("home")
		if id, err := uuid.Parse(home); err != nil || id.String() != home {
			return refuse(codeNotFound)
		}
		err := s.seat(c, home)
		if err != nil {
			return err
		}
		rule := ruleOf(c.Request().Method, c.Path())
		if wrong := rule.who.refuses(v.place.Role); wrong != "" {
			return refuse(wrong)
		}
		if !rule.revision {
			return next(c)
		}
		if v.base, err = baseOf(c.Request().Header); err != nil {
			return err
		}
		return next(c)
	}
}

// seat finds the visitor's place in a home: their own, or for a while that of somebody they help.
func (s *server) seat(c echo.Context, home string) error {
	if session := c.Request().Header.Get(supportHeader); session != "" {
		return s.delegated(c, session)
	}
	ctx := c.Request().Context()
	v := visitOf(ctx)
	place, err := s.Accounts.Place(ctx, v.session.Member.ID, home)
	if err == nil && place.Role == "" {
		err = refuse(codeNotFound)
	}
	v.place = place
	return err
}

// employ lets staff do what their role includes, in a session that was begun with a second factor; and nobody whose
// password somebody else may have learnt change the second factor itself.
func (s *server) employ(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		session := visitOf(c.Request().Context()).session
		route := c.Request().Method + " " + c.Path()
		if changesFactors(route) {
			may, err := s.Accounts.MayChangeFactors(c.Request().Context(), session)
			if err == nil && !may {
				err = refuse(codeFactor)
			}
			if err != nil {
				return err
			}
		}
		if !strings.HasPrefix(c.Path(), root+"/staff/") {
			return next(c)
		}
		roles := staffOf(route)
		switch {
		case session.Member.Staff == "" || len(roles) == 0:
			return refuse(codeNotFound)
		case !session.Proof.Strong():
			return refuse(codeFactor)
		case !slices.Contains(roles, session.Member.Staff):
			return refuse(codeStaffRole)
		}
		return next(c)
	}
}

// baseOf reads If-Match: one revision in quotes. The weak form, which a compressing proxy makes of an ETag, is read alike.
func baseOf(h http.Header) (int64, error) {
	values := h.Values("If-Match")
	if len(values) == 0 {
		return 0, refuse(codeNeedsRevision)
	}
	tag := strings.TrimPrefix(strings.TrimSpace(values[0]), "W/")
	digits := strings.TrimSuffix(strings.TrimPrefix(tag, `"`), `"`)
	base, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || len(values) > 1 || base < 1 || tag != etag(base) {
		return 0, refuse(codeRevision)
	}
	return base, nil
}

func etag(revision int64) string { return `"` + strconv.FormatInt(revision, 10) + `"` }
