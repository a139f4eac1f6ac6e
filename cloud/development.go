package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/cloud/store"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	firstBox = "box-1"
	email    = "parent@home.example"
	helper   = "staff@carebox.example"
)

// development is a cloud of one's own to try things with: an authority, a home with its box, and a member.
type development struct {
	dir       string
	boxes     int // more homes, each with a box and no members
	http      string
	mqtt      string
	enrol     string // address of the EST listener, "" for none
	names     names  // of the MQTT server, for its certificate; boxes call the first
	database  string
	zone      string
	home      string        // name of the first home
	age       time.Duration // of the homes
	authority *enrolment.Authority
	caPEM     []byte // the authority's certificate
	operator  []byte // the public key, PEM
}

type names []string

func (n *names) String() string { return strings.Join(*n, " ") }

func (n *names) Set(v string) error { *n = append(*n, v); return nil }

// devInit makes all files in a new folder and prints how to sign in, as one line of JSON.
func devInit(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	d := &development{}
	flags.StringVar(&d.dir, "dir", "", "folder to make")
	flags.IntVar(&d.boxes, "boxes", 0, "how many more homes with a box")
	flags.StringVar(&d.http, "http", "127.0.0.1:8080", "address of the HTTP listener")
	flags.StringVar(&d.mqtt, "mqtt", "127.0.0.1:8883", "address of the MQTT listener")
	flags.StringVar(&d.enrol, "enrol", "", "address of the listener where new boxes get their certificates")
	flags.Var(&d.names, "mqtt-name", "name or address by which boxes reach the MQTT listener; may be given more than once")
	flags.StringVar(&d.database, "database", "carebox.db", "SQLite file or postgres:// URL")
	flags.StringVar(&d.zone, "zone", "Europe/Paris", "time zone of the homes")
	flags.StringVar(&d.home, "home", "Home", "name of the first home")
	flags.DurationVar(&d.age, "age", 0, "how long ago the homes were made")
	if err := flags.Parse(args); err != nil {
		return errors.Join(errUsage, err)
	}
	if d.dir == "" || flags.NArg() > 0 || d.boxes < 0 || d.boxes > 99_999 {
		flags.Usage()
		return errUsage
	}
	if err := d.files(); err != nil {
		return fmt.Errorf("making a development cloud: %w", err)
	}
	access, err := d.furnish(ctx)
	if err != nil {
		return fmt.Errorf("making a development cloud: %w", err)
	}
	return json.NewEncoder(out).Encode(access)
}

// files makes keys, certificates and the configuration.
func (d *development) files() error {
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(d.dir, "cloud.json")); err == nil {
		return fmt.Errorf("%q has a cloud already", d.dir)
	}
	var err error
	if d.authority, err = enrolment.NewAuthority(time.Now()); err != nil {
		return err
	}
	own, err := d.authority.Pair()
	if err != nil {
		return err
	}
	d.caPEM = own.Certificate
	server, err := d.authority.Server(d.serverNames(), time.Now())
	if err != nil {
		return err
	}
	public, private, err := operatorKeys()
	if err != nil {
		return err
	}
	d.operator = public
	config := file{
		HTTP: d.http, MQTT: d.mqtt, Database: d.database, Authority: "ca.pem", Certificate: "server.pem", Key: "server.key",
		OperatorKey: "operator.key", Store: "nats", Contact: "+33 1 99 00 12 34", // a number that nobody has
		Operator: "Carebox Fibre",
	}
	if d.enrol != "" {
		config.Enrol, config.AuthorityKey = d.enrol, "ca.key"
	}
	settings, err := encode(config)
	if err != nil {
		return err
	}
	return writeAll(d.dir, map[string][]byte{
		"ca.pem": own.Certificate, "ca.key": own.Key, "server.pem": server.Certificate, "server.key": server.Key,
		"operator.key": private, "operator.pub": public, "cloud.json": settings,
	})
}

func (d *development) serverNames() []string {
	all := append(names{"127.0.0.1", "localhost"}, d.names...)
	if host, _, err := net.SplitHostPort(d.mqtt); err == nil && host != "" {
		all = append(all, host)
	}
	return all
}

func operatorKeys() (public, private []byte, err error) {
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	open, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: open}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), nil
}

// furnish fills the database and the folders of the boxes.
func (d *development) furnish(ctx context.Context) (map[string]string, error) {
	boxes := []string{firstBox}
	for i := range d.boxes {
		boxes = append(boxes, fmt.Sprintf("box-%05d", i+1))
	}
	seeds, grants := make([]registry.Seed, len(boxes)), make([]enrolment.Grant, len(boxes))
	for i, box := range boxes {
		home := registry.Home{ID: uuid.NewString(), Name: "Home of " + box}
		if i == 0 {
			home.Name = d.home
		}
		seed, err := registry.NewSeed(home, d.zone, time.Now().Add(-d.age))
		if err != nil {
			return nil, err
		}
		seed.Box = box
		seeds[i] = seed
		if grants[i], err = d.box(box); err != nil {
			return nil, err
		}
	}
	database := d.database
	if !store.IsPostgres(database) && !filepath.IsAbs(database) {
		database = filepath.Join(d.dir, database)
	}
	data, err := store.Open(ctx, database)
	if err != nil {
		return nil, err
	}
	password, err := people(ctx, data, seeds)
	err = errors.Join(err, data.AddServing(ctx, "CB-DEV", by, grants))
	secret, codes, hiring := hire(ctx, data)
	err = errors.Join(err, hiring)
	if err = errors.Join(err, data.Close()); err != nil {
		return nil, err
	}
	return map[string]string{
		"home": seeds[0].Home.ID, "box": firstBox, "email": email, "password": password, "http": "http://" + d.http, "dir": d.dir,
		"staffEmail": helper, "staffPassword": secret, "staffCodes": codes,
	}, nil
}

// people adds the homes, and a member who owns the first.
func people(ctx context.Context, data *store.Store, seeds []registry.Seed) (password string, err error) {
	if err := data.AddHomes(ctx, seeds); err != nil {
		return "", err
	}
	password = rand.Text()
	who := accounts.New(data, time.Now)
	member, err := who.Create(ctx, email, "Parent", password)
	if err != nil {
		return "", err
	}
	return password, who.Join(ctx, member.ID, accounts.Membership{Home: seeds[0].Home.ID, Role: accounts.RoleOwner})
}

// hire adds somebody of the staff who may do everything, with the secret that makes their codes.
func hire(ctx context.Context, data *store.Store) (password, codes string, err error) {
	password = rand.Text()
	now := time.Now()
	who := accounts.New(data, func() time.Time { return now })
	member, err := who.Create(ctx, helper, "Julie", password)
	if err != nil {
		return "", "", err
	}
	factor, err := who.OfferFactor(ctx, member, password, netip.Addr{})
	if err != nil {
		return "", "", err
	}
	// The code before this one, so that the present one is still good for signing in.
	first, err := totp.GenerateCode(factor.Secret, now.Add(-30*time.Second))
	if err != nil {
		return "", "", err
	}
	if err := who.KeepFactor(ctx, accounts.Session{Member: member}, first); err != nil {
		return "", "", err
	}
	_, err = who.Employ(ctx, helper, accounts.StaffAdmin, audit.Entry{})
	return password, factor.Secret, err
}

// box makes the folder of a box, with all that its agent needs, and gives what the list keeps of its certificate.
func (d *development) box(id string) (enrolment.Grant, error) {
	now := time.Now()
	pair, err := d.authority.Box(id, now)
	if err != nil {
		return enrolment.Grant{}, err
	}
	grant, err := enrolment.GrantOf(pair, now)
	if err != nil {
		return enrolment.Grant{}, err
	}
	keys := map[string]string{
		"box": id, "broker": "tls://" + d.broker(), "authority": "ca.pem", "certificate": "box.pem", "key": "box.key",
		"operatorKey": "operator.pub", "state": "state", "control": "agent.sock", "lan": "br-lan", "wan": "wan",
		"leases": "dnsmasq.leases", "mark": "0x3ff00000", "clock": "kernel", "portal": "8089",
	}
	if d.enrol != "" {
		keys["enrol"] = "https://" + d.reach(d.enrol)
	}
	settings, err := encode(keys)
	if err != nil {
		return enrolment.Grant{}, err
	}
	folder := filepath.Join(d.dir, "boxes", id)
	if !wire.ValidBox(id) {
		return enrolment.Grant{}, fmt.Errorf("making box %q: not an id", id)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return enrolment.Grant{}, err
	}
	return grant, writeAll(folder, map[string][]byte{
		"ca.pem": d.caPEM, "box.pem": pair.Certificate, "box.key": pair.Key, "operator.pub": d.operator, "agent.json": settings,
	})
}

// broker is the address that boxes call.
func (d *development) broker() string { return d.reach(d.mqtt) }

// reach is where a box finds a listener of this cloud.
func (d *development) reach(listener string) string {
	host, port, err := net.SplitHostPort(listener)
	if err != nil {
		return listener
	}
	if len(d.names) > 0 {
		host = d.names[0]
	} else if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

func encode(v any) ([]byte, error) {
	data, err := json.MarshalIndent(v, "", "  ")
	return append(data, '\n'), err
}

func writeAll(folder string, files map[string][]byte) error {
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}
