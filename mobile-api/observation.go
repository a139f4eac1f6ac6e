package mobileapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
)

type metric struct {
	seconds *prometheus.HistogramVec
	streams prometheus.Gauge
	sockets prometheus.Gauge
}

func newMetric(to prometheus.Registerer) (*metric, error) {
	m := &metric{
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "carebox_http_request_seconds", Help: "Time from the first byte to the answer, live streams apart.",
			Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"method", "route", "status"}),
		streams: prometheus.NewGauge(prometheus.GaugeOpts{Name: "carebox_http_streams", Help: "Live streams that are open."}),
		sockets: prometheus.NewGauge(prometheus.GaugeOpts{Name: "carebox_support_sockets", Help: "Sockets of support sessions that are open."}),
	}
	for _, collector := range []prometheus.Collector{m.seconds, m.streams, m.sockets} {
		if err := to.Register(collector); err != nil {
			return nil, fmt.Errorf("registering metrics: %w", err)
		}
	}
	return m, nil
}

// observe is around everything: it numbers the request, catches what breaks, counts, and writes one line for debugging.
// The line has the route and no path, query, header or body: nothing of a person beyond the session's public id.
func (s *server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began, id := time.Now(), uuid.NewString()
		v := s.newVisit(c, id)
		c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), visitKey{}, v)))
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		if err := caught(c, next); err != nil {
			s.fail(c, err)
		}
		route, status, took := c.Path(), c.Response().Status, time.Since(began)
		if route == "" {
			route = "none" // made-up paths would make the metrics grow without end
		}
		if !live(route) {
			s.metric.seconds.WithLabelValues(method(c.Request().Method), route, strconv.Itoa(status)).Observe(took.Seconds())
		}
		s.Log.LogAttrs(c.Request().Context(), slog.LevelDebug, "answered", slog.String("request", id),
			slog.String("method", method(c.Request().Method)), slog.String("route", route), slog.Int("status", status),
			slog.Duration("took", took), slog.String("session", v.session.ID))
		return nil
	}
}

// caught makes an error of a panic, so that one request cannot end the process' others.
func caught(c echo.Context, next echo.HandlerFunc) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			if broken, ok := cause.(error); ok && errors.Is(broken, http.ErrAbortHandler) {
				panic(cause)
			}
			err = fmt.Errorf("panicked: %v\n%s", cause, debug.Stack())
		}
	}()
	return next(c)
}

func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodHead, http.MethodOptions, http.MethodPatch:
		return m
	}
	return "other"
}
