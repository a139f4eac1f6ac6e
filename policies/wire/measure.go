package wire

import (
	"time"

	"github.com/carebox-project/carebox/policies"
)

// PingArgs are those of ping.
type PingArgs struct {
	Host   string `json:"host"`             // a name or an address
	Count  int    `json:"count,omitempty"`  // 1 to 20; 5 if absent
	Family int    `json:"family,omitempty"` // 4, 6, or absent for what there is
}

// PingReply is a result of ping: one for each packet that was sent.
type PingReply struct {
	Seq  int     `json:"seq"`           // from 1
	RTT  float64 `json:"rtt,omitempty"` // ms
	From string  `json:"from,omitempty"`
	Lost bool    `json:"lost,omitempty"` // no answer within a second or two
}

// PingSummary is the last result of ping. Times in ms, absent where nothing came back.
type PingSummary struct {
	Address  string  `json:"address"`
	Sent     int     `json:"sent"`
	Received int     `json:"received"`
	Min      float64 `json:"min,omitempty"`
	Avg      float64 `json:"avg,omitempty"`
	Max      float64 `json:"max,omitempty"`
}

// TracerouteArgs are those of traceroute.
type TracerouteArgs struct {
	Host    string `json:"host"`
	MaxHops int    `json:"maxHops,omitempty"` // 1 to 30; 20 if absent
	Family  int    `json:"family,omitempty"`
}

// Hop is a result of traceroute, one for each distance.
type Hop struct {
	Hop  int     `json:"hop"`            // from 1
	From string  `json:"from,omitempty"` // absent: nobody answered
	RTT  float64 `json:"rtt,omitempty"`  // ms
}

// TracerouteSummary is the last result of traceroute.
type TracerouteSummary struct {
	Address string `json:"address"`
	Hops    int    `json:"hops"`
	Reached bool   `json:"reached"`
}

// DNSArgs are those of dns.
type DNSArgs struct {
	Name   string `json:"name"`
	Type   string `json:"type,omitempty"`   // A, AAAA, CNAME, MX, NS, PTR (of an address), SRV, TXT; A if absent
	Server string `json:"server,omitempty"` // an address; the box's own if absent
}

// DNSAnswer is the one result of dns.
type DNSAnswer struct {
	Server  string      `json:"server"`
	RTT     float64     `json:"rtt"`  // ms
	Code    string      `json:"code"` // NOERROR, NXDOMAIN, SERVFAIL, …; TIMEOUT and UNREACHABLE where no answer came
	Answers []DNSRecord `json:"answers"`
}

// DNSRecord is one resource record.
type DNSRecord struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Data string `json:"data"`
}

// HTTPArgs are those of http.
type HTTPArgs struct {
	URL    string `json:"url"`              // http or https, of no private network but the box's own gateway
	Method string `json:"method,omitempty"` // GET (if absent) or HEAD
}

// HTTPAnswer is the one result of http. Times in ms since the question, absent where it did not come so far.
type HTTPAnswer struct {
	Status   int     `json:"status"`             // 0 where no answer came
	Location string  `json:"location,omitempty"` // where it leads; it is not followed
	Address  string  `json:"address"`
	Resolved float64 `json:"resolved,omitempty"`
	Connect  float64 `json:"connect,omitempty"`
	TLS      float64 `json:"tls,omitempty"`
	First    float64 `json:"first,omitempty"` // byte
	Total    float64 `json:"total"`
	Bytes    int64   `json:"bytes"`           // of the body, as far as it was read
	Error    string  `json:"error,omitempty"` // how far it came: resolve, connect, certificate, tls, answer
	Detail   string  `json:"detail,omitempty"`
}

// SpeedArgs are those of speed.
type SpeedArgs struct {
	Direction string `json:"direction"`         // down or up
	Seconds   int    `json:"seconds,omitempty"` // 1 to 10; 5 if absent
}

// Speed is a result of speed: about one a second, and a last one for the whole.
type Speed struct {
	Direction string  `json:"direction"`
	Rate      int64   `json:"rate"` // bit/s
	Bytes     int64   `json:"bytes"`
	Seconds   float64 `json:"seconds"`
}

// NeighboursAnswer is a result of neighbours; the list may go on in the next one, and so with those that follow here.
type NeighboursAnswer struct {
	Neighbours []Neighbour `json:"neighbours"`
}

// Neighbour is an entry of the kernel's tables.
type Neighbour struct {
	Address string `json:"address"`
	MAC     string `json:"mac,omitempty"`
	State   string `json:"state"` // reachable, stale, failed, …
	Link    string `json:"link"`
}

// StationsAnswer is a result of stations: one radio.
type StationsAnswer struct {
	Radio    string             `json:"radio"`
	Channel  int                `json:"channel"`
	Width    int                `json:"width"`
	Stations []policies.Station `json:"stations"`
}

// SurveyAnswer is a result of survey: one radio.
type SurveyAnswer struct {
	Radio    string             `json:"radio"`
	Channel  int                `json:"channel"`
	Width    int                `json:"width"`
	Load     int                `json:"load"` // as [policies.Radio] has it
	Channels []policies.Channel `json:"channels"`
}

// Text is a result of firewall, shaper and bundle: a piece of a text, in order.
type Text struct {
	Name string `json:"name"` // of the text: iptables, ip6tables, qdisc, … ; pieces of one follow each other
	Text string `json:"text"`
}

// LogArgs are those of log.
type LogArgs struct {
	Lines int `json:"lines,omitempty"` // 1 to 200, the newest; 100 if absent
}

// LogAnswer is a result of log, oldest first.
type LogAnswer struct {
	Lines []LogLine `json:"lines"`
}

// LogLine is what the agent wrote. Fields that are not known to be harmless are hidden.
type LogLine struct {
	At      time.Time         `json:"at"`
	Level   string            `json:"level"`
	Message string            `json:"message"`
	Fields  map[string]string `json:"fields,omitempty"`
}

// CancelArgs are those of cancel. It is under the same grant as the query.
type CancelArgs struct {
	Query string `json:"query"`
}
