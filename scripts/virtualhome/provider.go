package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

const providerClient = "carebox"

// provider is the operator's OpenID provider, a real one: the cloud asks it inside the virtual home's internet, the browser
// outside, both at one address of their loopback.
type provider struct {
	house   *House
	issuer  string
	sockets []*os.File
	process *program
}

// newProvider opens its sockets and names it in the cloud's configuration.
func newProvider(h *House) (*provider, error) {
	outside, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := outside.Addr().String()
	inside, err := h.Internet.Listen(func() (net.Listener, error) { return net.Listen("tcp", address) })
	if err != nil {
		return nil, errors.Join(err, outside.Close())
	}
	p := &provider{house: h, issuer: "http://" + address}
	for _, l := range []net.Listener{outside, inside} {
		f, err := l.(*net.TCPListener).File()
		if err = errors.Join(err, l.Close()); err != nil {
			return nil, errors.Join(err, p.close())
		}
		p.sockets = append(p.sockets, f)
	}
	if err := os.WriteFile(p.secret(), []byte("a secret of the house\n"), 0o600); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, amend(h.cloudConfig(), map[string]any{"oidc": map[string]any{
		"issuer": p.issuer, "client": providerClient, "secret": p.secret(), "name": "Acme",
		"claim": "groups", "roles": map[string]string{"carebox-support": "support"},
	}})
}

func (p *provider) secret() string { return filepath.Join(p.house.dir, "oidc.secret") }

// start returns when the provider answers.
func (p *provider) start(ctx context.Context) error {
	cmd := exec.CommandContext(context.WithoutCancel(ctx), "node", filepath.Join(p.house.options.App, "e2e", "provider.mjs"))
	back := cmp.Or(p.house.options.URL, p.house.Access.URL) + "/api/sessions/oidc/callback"
	cmd.Env = append(os.Environ(), "ISSUER="+p.issuer, "CLIENT="+providerClient, "SECRET="+p.secret(), "RETURN="+back,
		fmt.Sprintf("SOCKETS=%d", len(p.sockets)))
	cmd.ExtraFiles = p.sockets
	var err error
	if p.process, err = start(cmd, filepath.Join(p.house.dir, "provider.log")); err != nil {
		return err
	}
	return p.process.await(ctx, "the provider to answer", func() error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.issuer+"/.well-known/openid-configuration", nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		return response.Body.Close()
	})
}

// kill ends it as a crash would. Its sockets stay open here, and nobody answers there: that is the worst way to be away.
func (p *provider) kill() error {
	if p.process == nil {
		return nil
	}
	err := p.process.end(syscall.SIGKILL)
	p.process = nil
	return err
}

func (p *provider) close() error {
	err := p.kill()
	for _, f := range p.sockets {
		err = errors.Join(err, f.Close())
	}
	return err
}
