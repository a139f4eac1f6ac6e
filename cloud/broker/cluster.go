package broker

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/nats-io/nats-server/v2/server"
)

// Cluster joins replicas: a message published on one reaches a box that is connected to another.
type Cluster struct {
	Name   string   // of this replica, unlike all others
	Listen string   // address for the other replicas
	Routes []string // host:port of all replicas, this one too: the same list everywhere
}

// Check reports why a cluster cannot work.
func (c *Cluster) Check() error {
	if c == nil {
		return nil
	}
	if c.Name == "" {
		return errors.New("a replica of a cluster needs a name of its own")
	}
	routes := slices.Compact(slices.Sorted(slices.Values(c.Routes)))
	if len(routes) != len(c.Routes) {
		return errors.New("a route is named twice")
	}
	if len(routes) < 3 {
		return fmt.Errorf("a cluster of %d does not work: run one replica without a cluster, or three or more "+
			"(with two, the loss of either stops all new connections)", len(routes))
	}
	for _, r := range routes {
		if _, _, err := split(r); err != nil {
			return err
		}
	}
	return nil
}

// join makes a server a member of the cluster, over mutual TLS. Only a certificate of a server opens a route: those of
// boxes come from the same authority but are good for clients only.
func (c Config) join(o *server.Options) error {
	if c.Cluster == nil {
		return nil
	}
	host, port, err := split(c.Cluster.Listen)
	if err != nil {
		return err
	}
	o.ServerName = c.Cluster.Name
	o.DontListen, o.Host, o.Port = false, "127.0.0.1", server.RANDOM_PORT // without a listener routes are never started
	o.Cluster.Name, o.Cluster.Host, o.Cluster.Port, o.Cluster.NoAdvertise = "carebox", host, port, true
	for _, r := range c.Cluster.Routes {
		o.Routes = append(o.Routes, &url.URL{Scheme: "tls", Host: r})
	}
	o.Cluster.TLSTimeout = 5
	o.Cluster.TLSConfig = &tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{c.Certificate},
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: c.Authority, RootCAs: c.Authority,
		VerifyConnection: func(state tls.ConnectionState) error {
			if slices.Contains(state.PeerCertificates[0].ExtKeyUsage, x509.ExtKeyUsageServerAuth) {
				return nil
			}
			return errors.New("not the certificate of a replica")
		},
	}
	return nil
}
