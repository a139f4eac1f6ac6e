package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// goodbye is how long requests may take to end after a signal; live streams end at once.
const goodbye = 5 * time.Second

// part is something without which this replica cannot serve.
type part struct {
	name string
	of   interface{ Ready(context.Context) error }
}

// routes puts the app and what operators ask beside the API. A reverse proxy is to keep /metrics inside.
func routes(api, screens http.Handler, metrics *prometheus.Registry, parts []part) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", api)
	mux.Handle("/", screens)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.Handle("GET /readyz", &readiness{parts: parts})
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{}))
	return mux
}

// apart keeps all but the screens off the mirror's name, if it has one: a page of that origin reaches no API.
func apart(mirror string, screens, all http.Handler) http.Handler {
	u, err := url.Parse(mirror)
	if mirror == "" || err != nil {
		return all
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.EqualFold((&url.URL{Host: r.Host}).Hostname(), u.Hostname()) {
			screens.ServeHTTP(w, r)
			return
		}
		all.ServeHTTP(w, r)
	})
}

// readiness asks each part for a round trip, at most once in a while: anybody may ask for it.
type readiness struct {
	parts []part

	mu     sync.Mutex
	asked  time.Time
	answer string // "" is ready
}

func (r *readiness) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if answer := r.ask(req.Context()); answer != "" {
		http.Error(w, answer, http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ready\n"))
}

func (r *readiness) ask(ctx context.Context) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.asked) < 200*time.Millisecond {
		return r.answer
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	r.answer = ""
	for _, p := range r.parts {
		if err := p.of.Ready(ctx); err != nil {
			r.answer += p.name + " is not ready\n" // why is not for strangers
		}
	}
	r.asked = time.Now()
	return r.answer
}

// serve answers HTTP on an address until ctx ends.
func serve(ctx context.Context, address string, handler http.Handler, log *slog.Logger) error {
	l, err := listen(address)
	if err != nil {
		return err
	}
	return serveOn(ctx, l, handler, log)
}

// serveOn answers HTTP until ctx ends, then lets requests finish.
func serveOn(ctx context.Context, l net.Listener, handler http.Handler, log *slog.Logger) error {
	srv := &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	log.Info("started", "address", l.Addr().String())
	select {
	case err := <-ended:
		return fmt.Errorf("serving HTTP: %w", err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
	defer cancel()
	if err := srv.Shutdown(last); err != nil {
		log.Warn("cut requests that did not end", "error", err)
		_ = srv.Close() // all that is left to do
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving HTTP: %w", err)
	}
	log.Info("stopped")
	return nil
}

// listen opens the address, or takes the socket that was handed over as file 3: "fd", or systemd's LISTEN_FDS.
func listen(address string) (net.Listener, error) {
	pid := os.Getenv("LISTEN_PID")
	handed := os.Getenv("LISTEN_FDS") != "" && (pid == "" || pid == strconv.Itoa(os.Getpid()))
	if address != inherited && !handed {
		l, err := net.Listen("tcp", address)
		if err != nil {
			return nil, fmt.Errorf("listening on %q: %w", address, err)
		}
		return l, nil
	}
	f := os.NewFile(3, "inherited socket")
	if f == nil {
		return nil, errors.New("there is no inherited socket as file 3")
	}
	defer func() { _ = f.Close() }() // the listener has its own copy
	l, err := net.FileListener(f)
	if err != nil {
		return nil, fmt.Errorf("using inherited socket: %w", err)
	}
	return l, nil
}
