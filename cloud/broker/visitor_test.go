package broker

import (
	"crypto/tls"
	"net"

	"github.com/nats-io/nats-server/v2/server"
)

// visitor is a client that knocks and says nothing.
type visitor struct{}

func (visitor) GetOpts() *server.ClientOpts                 { return &server.ClientOpts{} }
func (visitor) GetTLSConnectionState() *tls.ConnectionState { return nil }
func (visitor) RegisterUser(*server.User)                   {}
func (visitor) RemoteAddress() net.Addr                     { return nil }
func (visitor) GetNonce() []byte                            { return nil }
func (visitor) Kind() int                                   { return 0 }
func (visitor) GetID() uint64                               { return 0 }
