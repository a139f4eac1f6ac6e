package main

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net"
	letter "net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/broker"
	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/mail"
	"github.com/carebox-project/carebox/cloud/store"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// inherited as the HTTP address means a socket that is open already, as file 3.
const inherited = "fd"

// file is the configuration as written. Relative paths are relative to it.
type file struct {
	HTTP         string       `json:"http"`
	MQTT         string       `json:"mqtt"`
	Database     string       `json:"database"`
	Authority    string       `json:"authority"`
	Certificate  string       `json:"certificate"`
	Key          string       `json:"key"`
	OperatorKey  string       `json:"operatorKey"`
	OperatorNext string       `json:"operatorKeyNext,omitempty"`
	OperatorKeys []string     `json:"operatorKeys,omitempty"`
	Enrol        string       `json:"enrol,omitempty"`
	AuthorityKey string       `json:"authorityKey,omitempty"`
	Store        string       `json:"store"`
	Proxies      []string     `json:"proxies,omitempty"`
	URL          string       `json:"url,omitempty"`
	MirrorOrigin string       `json:"mirrorOrigin,omitempty"`
	Contact      string       `json:"contact,omitempty"`
	Operator     string       `json:"operator,omitempty"`
	Mail         *mailFile    `json:"mail,omitempty"`
	PushPrivate  bool         `json:"pushPrivate,omitempty"`
	Cluster      *clusterFile `json:"cluster,omitempty"`
	OIDC         *oidcFile    `json:"oidc,omitempty"`
	Support      *supportFile `json:"support,omitempty"`
}

type clusterFile struct {
	Name   string   `json:"name"`
	Listen string   `json:"listen"`
	Routes []string `json:"routes"`
}

// mailFile is where letters go: a server, or a folder.
type mailFile struct {
	Server   string `json:"server"`
	From     string `json:"from"`
	User     string `json:"user,omitempty"`
	Password string `json:"password,omitempty"` // a file that holds it
	Folder   string `json:"folder,omitempty"`
}

// config is a configuration that has been checked, with its keys.
type config struct {
	http        string
	mqtt        string
	database    string
	authority   *x509.CertPool
	certificate tls.Certificate
	operator    ed25519.PrivateKey   // that signs
	operators   []ed25519.PrivateKey // as they follow each other
	signing     int                  // of operators
	enrol       string               // address of the EST listener, "" for none
	roots       []*x509.Certificate
	issuer      *enrolment.Authority // nil: it signs nothing
	folder      string
	proxies     []netip.Prefix
	name        string // what people call the operator, "" for nothing
	contact     string // how a person is reached by somebody who is not signed in
	url         string // of the app, without a slash at its end
	mirror      string // origin of the page in which a customer's screen is drawn, "" for the app's own
	mail        mail.Config
	pushPrivate bool
	cluster     *broker.Cluster
	provider    *accounts.ProviderConfig // where staff sign in, nil for nowhere
	door        string                   // what the button that leads there says
	hours       assist.Hours
	away        time.Duration
}

// problems is everything wrong with a configuration, at once.
type problems []string

func (p problems) Error() string { return strings.Join(p, "; ") }

func (p *problems) add(format string, v ...any) { *p = append(*p, fmt.Sprintf(format, v...)) }

func (p *problems) check(key string, err error) {
	if err != nil {
		p.add("%s: %v", key, err)
	}
}

// readConfig reads and checks a configuration. Its error is problems.
func readConfig(path string) (config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return config{}, problems{fmt.Sprintf("reading configuration: %v", err)}
	}
	var found problems
	var f file
	decode(data, &f, &found)
	c := f.check(filepath.Dir(path), &found)
	if len(found) > 0 {
		return config{}, found
	}
	return c, nil
}

// decode reads keys one by one, so that each that is wrong is named.
func decode(data []byte, f *file, found *problems) {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(data, &keys); err != nil {
		found.add("the configuration is not a JSON object: %v", err)
		return
	}
	names := make([]string, 0, len(keys))
	for name := range keys {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		one, err := json.Marshal(map[string]json.RawMessage{name: keys[name]})
		if err == nil {
			d := json.NewDecoder(bytes.NewReader(one))
			d.DisallowUnknownFields()
			err = d.Decode(f)
		}
		found.check(name, err)
	}
}

func (f file) check(folder string, found *problems) config {
	beside := func(path string) string {
		if path == "" || filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(folder, path)
	}
	c := config{http: f.HTTP, mqtt: f.MQTT, database: f.Database, folder: beside(f.Store), pushPrivate: f.PushPrivate, contact: f.Contact, name: f.Operator}
	for key, value := range map[string]string{"database": f.Database, "store": f.Store} {
		if value == "" {
			found.add("%s: missing", key)
		}
	}
	if !store.IsPostgres(f.Database) {
		c.database = beside(f.Database)
	}
	var err error
	if f.HTTP != inherited {
		_, _, err = net.SplitHostPort(f.HTTP)
		found.check("http", err)
	}
	_, _, err = net.SplitHostPort(f.MQTT)
	found.check("mqtt", err)
	c.authority, err = readPool(beside(f.Authority))
	found.check("authority", err)
	c.certificate, err = tls.LoadX509KeyPair(beside(f.Certificate), beside(f.Key))
	found.check("certificate, key", err)
	c.operator, err = readOperatorKey(beside(f.OperatorKey))
	found.check("operatorKey", err)
	c.operators, err = f.readOperators(beside, c.operator)
	found.check("operatorKeys, operatorKeyNext", err)
	c.signing = len(f.OperatorKeys)
	c.enrol = f.Enrol
	if f.Enrol != "" || f.AuthorityKey != "" {
		_, _, err = net.SplitHostPort(f.Enrol)
		found.check("enrol", err)
		c.roots, c.issuer, err = readIssuer(beside(f.Authority), beside(f.AuthorityKey))
		found.check("authorityKey", err)
	}
	for _, text := range f.Proxies {
		network, err := netip.ParsePrefix(text)
		found.check("proxies", err)
		c.proxies = append(c.proxies, network)
	}
	if !reaches(f.Contact) {
		found.add("contact: %q is no phone number such as +33 1 99 00 12 34, no email and no https:// address", f.Contact)
	}
	if f.Operator != "" && !isName(f.Operator) {
		found.add("operator: what people call you is not 1 to %d characters", maxDoor)
	}
	c.url, err = f.address()
	found.check("url", err)
	c.mirror, err = f.mirrorOrigin(c.url)
	found.check("mirrorOrigin", err)
	c.mail, err = f.Mail.read(beside)
	found.check("mail", err)
	if f.OIDC != nil {
		c.provider, c.door, err = f.OIDC.read(beside, c.url)
		found.check("oidc", err)
	}
	c.hours, c.away, err = f.Support.read()
	found.check("support", err)
	if f.Cluster != nil {
		c.cluster = &broker.Cluster{Name: f.Cluster.Name, Listen: f.Cluster.Listen, Routes: f.Cluster.Routes}
		found.check("cluster", c.cluster.Check())
	}
	return c
}

// reaches reports whether an app can make a link of a contact; none is fine.
func reaches(contact string) bool {
	switch {
	case contact == "":
		return true
	case len(contact) > 200:
		return false
	case strings.HasPrefix(contact, "https://"):
		u, err := url.Parse(contact)
		return err == nil && u.Host != ""
	case strings.Contains(contact, "@"):
		_, err := letter.ParseAddress(contact)
		return err == nil
	}
	return strings.Trim(contact, "+0123456789 ()-.") == "" && strings.ContainsAny(contact, "0123456789")
}

// address is where people find the app, for links in letters and invitations: never what a request says it is.
func (f file) address() (string, error) {
	switch {
	case f.URL == "" && f.HTTP == inherited:
		return "http://localhost", nil
	case f.URL == "":
		return "http://" + f.HTTP, nil
	}
	u, err := url.Parse(f.URL)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("%q is no address such as https://carebox.example", f.URL)
	}
	return strings.TrimSuffix(f.URL, "/"), nil
}

// mirrorOrigin is where a customer's screen is drawn: another name than the app's, or it would part nothing.
func (f file) mirrorOrigin(app string) (string, error) {
	if f.MirrorOrigin == "" {
		return "", nil
	}
	own, err := url.Parse(app)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(f.MirrorOrigin)
	bare := err == nil && u.User == nil && u.Path == "" && u.RawQuery == "" && u.Fragment == "" && !strings.HasSuffix(f.MirrorOrigin, "#")
	if !bare || u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http") || strings.ContainsAny(f.MirrorOrigin, "; '\"?,*") {
		return "", fmt.Errorf("%q is no origin such as https://mirror.example", f.MirrorOrigin)
	}
	if u.Scheme != own.Scheme {
		return "", fmt.Errorf("%q is not of the scheme of url (%s)", f.MirrorOrigin, own.Scheme)
	}
	if strings.EqualFold(u.Hostname(), own.Hostname()) {
		return "", fmt.Errorf("%q has the host name of url: it is to have one of its own", f.MirrorOrigin)
	}
	return f.MirrorOrigin, nil
}

// origin is an address without its path.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func (m *mailFile) read(beside func(string) string) (mail.Config, error) {
	if m == nil {
		m = &mailFile{}
	}
	c := mail.Config{Server: m.Server, From: m.From, User: m.User, Folder: beside(cmp.Or(m.Folder, "mail"))}
	if m.Password != "" {
		secret, err := os.ReadFile(beside(m.Password))
		if err != nil {
			return c, err
		}
		c.Password = strings.TrimSpace(string(secret))
	}
	return c, c.Check()
}

func (c config) broker(revoked func(serial string) bool, cloned func(enrolment.Clone), log *slog.Logger) broker.Config {
	return broker.Config{
		Revoked: revoked, Cloned: cloned,
		Listen: c.mqtt, Certificate: c.certificate, Authority: c.authority, Folder: c.folder, Cluster: c.cluster, Log: log,
	}
}

func readPool(path string) (*x509.CertPool, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		return nil, fmt.Errorf("%q has no certificate", path)
	}
	return pool, nil
}

// readIssuer reads all certificates of the authority, and the key of the first: the one that signs boxes.
func readIssuer(certificates, key string) ([]*x509.Certificate, *enrolment.Authority, error) {
	public, err := os.ReadFile(certificates)
	if err != nil {
		return nil, nil, err
	}
	secret, err := os.ReadFile(key)
	if err != nil {
		return nil, nil, err
	}
	issuer, err := enrolment.ReadAuthority(public, secret)
	if err != nil {
		return nil, nil, err
	}
	var roots []*x509.Certificate
	for block, rest := pem.Decode(public); block != nil; block, rest = pem.Decode(rest) {
		root, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, nil, fmt.Errorf("reading %q: %w", certificates, err)
		}
		roots = append(roots, root)
	}
	return roots, issuer, nil
}
