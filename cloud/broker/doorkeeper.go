package broker

import (
	"crypto/subtle"
	"fmt"
	"log/slog"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/carebox-project/carebox/policies/wire"
)

// insider is the user name of this process's own connection.
const insider = "cloud"

// doorkeeper decides who may connect, and what they may do then.
type doorkeeper struct {
	password string // of this process's own connections: random, new in each process
	revoked  func(serial string) bool
	meet     func(arrival) (admitted bool)
	log      *slog.Logger
	heard    atomic.Bool                    // somebody takes what boxes say: until then none is let in, because a Hello is said once
	support  atomic.Pointer[server.Account] // of the connections for support sessions; there once the server runs
}

// Check lets a box in under its certificate, and the insider, who comes without one, with the password. The MQTT
// listener asks everybody for a certificate, so a box can't pass for the insider whatever it sends.
func (d *doorkeeper) Check(c server.ClientAuthentication) bool {
	state := c.GetTLSConnectionState()
	if state == nil {
		return d.isOurs(c)
	}
	if len(state.VerifiedChains) == 0 || len(state.PeerCertificates) == 0 {
		return false
	}
	box := state.PeerCertificates[0].Subject.CommonName
	if !wire.ValidBox(box) || !isClient(c, box) {
		d.log.Warn("turned away a client that is not its certificate's box", "certificate", fmt.Sprintf("%.64q", box))
		return false
	}
	if !d.heard.Load() {
		return false
	}
	if d.revoked(state.PeerCertificates[0].SerialNumber.Text(16)) {
		d.log.Warn("turned away a box whose certificate was taken back", "box", box)
		return false
	}
	if !d.meet(arrival{Box: box, Address: addressOf(c), Serial: state.PeerCertificates[0].SerialNumber.Text(16)}) {
		d.log.Debug("let a box wait whose identity is used elsewhere at present", "box", box)
		return false
	}
	c.RegisterUser(&server.User{Username: box, Permissions: permissions(box)})
	return true
}

// isOurs lets this process's own connections in, those for support sessions into an account that no box is in.
func (d *doorkeeper) isOurs(c server.ClientAuthentication) bool {
	o := c.GetOpts()
	if subtle.ConstantTimeCompare([]byte(o.Password), []byte(d.password)) != 1 {
		return false
	}
	if account := d.support.Load(); o.Username == mirrorUser && account != nil {
		c.RegisterUser(&server.User{Username: mirrorUser, Account: account})
		return true
	}
	return o.Username == insider
}

// addressOf is where a client connects from; none where that is no IP address.
func addressOf(c server.ClientAuthentication) netip.Addr {
	remote := c.RemoteAddress()
	if remote == nil {
		return netip.Addr{}
	}
	from, err := netip.ParseAddrPort(remote.String())
	if err != nil {
		return netip.Addr{}
	}
	return from.Addr().Unmap()
}

// isClient reports whether an MQTT client calls itself by this id. The hook's interface does not carry the client id;
// the server's client prints itself as: address - mid:7 - "id". Anything else, and nobody is let in.
func isClient(c server.ClientAuthentication, id string) bool {
	named, ok := c.(fmt.Stringer)
	if !ok {
		return false
	}
	_, rest, ok := strings.Cut(named.String(), " - mid:")
	if !ok {
		return false
	}
	number, quoted, ok := strings.Cut(rest, " - ")
	if _, err := strconv.ParseUint(number, 10, 64); err != nil || !ok {
		return false
	}
	return quoted == strconv.Quote(id)
}

// permissions of a box. It may say only the words that there are, because a publish may ask the server to retain it:
// so at most one message a word is retained. MQTT itself needs no permission at QoS 0.
func permissions(box string) *server.Permissions {
	var say []string
	for _, what := range []string{wire.UpHello, wire.UpHeartbeat, wire.UpReported, wire.UpAsk, wire.UpResult, wire.UpEnded, wire.UpGone} {
		say = append(say, subject(wire.Up(box, what)))
	}
	return &server.Permissions{
		Publish: &server.SubjectPermission{Allow: say},
		Subscribe: &server.SubjectPermission{Allow: []string{
			subject(wire.Down(box, ">")), subject(strings.TrimSuffix(wire.Down(box, ""), "/")), // MQTT's down/# is both
		}},
	}
}

// subject is the NATS subject of an MQTT topic that has no dots.
func subject(topic string) string { return strings.ReplaceAll(topic, "/", ".") }
