package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"golang.org/x/sync/errgroup"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/broker"
	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/keyring"
	"github.com/carebox-project/carebox/cloud/mail"
	"github.com/carebox-project/carebox/cloud/push"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/cloud/store"
	"github.com/carebox-project/carebox/cloud/throttle"
	"github.com/carebox-project/carebox/cloud/visit"
	mobileapi "github.com/carebox-project/carebox/mobile-api"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/mobile-api/app"
)

// run builds every part, starts it, and waits until ctx ends or one fails.
func run(ctx context.Context, c config, log *slog.Logger) error {
	metrics := prometheus.NewRegistry()
	metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))

	data, err := store.Open(ctx, c.database)
	if err != nil {
		return err
	}
	defer func() { _ = data.Close() }() // nothing is unwritten by then

	revoked, err := enrolment.OpenRevocations(ctx, data, time.Now, log.With("part", "enrolment"))
	if err != nil {
		return err
	}
	clones := newClones()
	messages, err := broker.Open(ctx, c.broker(revoked.Has, clones.tell, log.With("part", "broker")))
	if err != nil {
		return err
	}
	defer messages.Close()
	metrics.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "carebox_boxes_connected", Help: "Boxes connected to this replica.",
	}, func() float64 { return float64(messages.Boxes()) }))

	bell, err := push.Open(ctx, push.Config{Store: data, URL: c.url, Private: c.pushPrivate, Log: log.With("part", "push")})
	if err != nil {
		return err
	}
	data.Seal(c.operator)
	keys, err := keyring.Open(ctx, keyring.Config{
		Store: data, Link: messages, Keys: c.operators, Signing: c.signing, Now: time.Now, Log: log.With("part", "operator"),
	})
	if err != nil {
		return err
	}
	care := assist.NewSessions(assist.SessionConfig{
		Store: data, Link: messages, Keys: keys, Issuer: c.url, Asked: asking(data, bell, log.With("part", "assist")),
		Log: log.With("part", "assist"),
	})
	homes := registry.New(registry.Config{
		Store: data, Link: messages, Keys: keys, Herald: bell, Care: care, Log: log.With("part", "registry"), Metrics: metrics,
	})
	office := enrolment.NewOffice(enrolment.Config{
		Store: data, Attempts: throttle.New(data, time.Now), Authority: c.issuer, Now: time.Now, Revoked: revoked.Ring,
		Log: log.With("part", "enrolment"),
	})
	visits := visit.NewOffice(visit.Config{
		Store: data, Boxes: office, Homes: homes, Meter: care, Key: c.operator, Now: time.Now, Log: log.With("part", "visit"),
	})
	screens, err := app.Handler(app.Words{Contact: c.contact, Operator: c.name, Provider: c.door}, app.Origins{App: origin(c.url), Mirror: c.mirror})
	if err != nil {
		return err
	}
	c.mail.Log = log.With("part", "mail")
	letters := mail.New(c.mail)
	cases := assist.NewCases(assist.CasesConfig{
		Store: data, Homes: homes, Herald: bell, Hours: c.hours, Away: c.away, Left: ending(care, log), Log: log.With("part", "assist"),
	})
	who := accounts.New(data, time.Now)
	settings := mobileapi.Config{
		Visits:   visits,
		Accounts: who, Homes: homes, Cases: cases, Care: care, Tickets: assist.NewTickets(data), Relay: messages, Boxes: office, Mail: letters, Push: bell, URL: c.url,
		Log: log.With("part", "api"), Metrics: metrics, Proxies: c.proxies, Ending: ctx.Done(),
	}
	if c.provider != nil {
		settings.Provider = accounts.NewProvider(who, *c.provider)
	}
	api, err := mobileapi.New(settings)
	if err != nil {
		return fmt.Errorf("making the API: %w", err)
	}

	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return revoked.Run(ctx, cut(messages, log.With("part", "broker"))) })
	group.Go(func() error { return clones.keep(ctx, office, log.With("part", "enrolment")) })
	group.Go(func() error { return c.serveEST(ctx, office, log.With("part", "enrolment")) })
	group.Go(func() error { return homes.Run(ctx) })
	group.Go(func() error { return cases.Run(ctx) })
	group.Go(func() error { return visits.Run(ctx) })
	group.Go(func() error { return letters.Run(ctx) })
	group.Go(func() error { return care.Run(ctx) })
	group.Go(func() error { return bell.Run(ctx) })
	group.Go(func() error {
		all := routes(api, screens, metrics, []part{{"database", data}, {"broker", messages}})
		return serve(ctx, c.http, apart(c.mirror, screens, all), log.With("part", "http"))
	})
	return group.Wait()
}
