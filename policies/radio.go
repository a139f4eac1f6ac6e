package policies

import "time"

// Facts are what a box says of itself, for [Refusals].
type Facts struct {
	Radios []Radio `json:"radios"`
	Line   Line    `json:"line"`
}

// Line is the rate of the home's way to the internet in bit/s, 0 where it is not known.
type Line struct {
	Down   int64      `json:"down"`
	Up     int64      `json:"up"`
	Source LineSource `json:"source,omitempty"`
	At     time.Time  `json:"at,omitzero"` // when it was measured
}

// LineSource says where a line's rate comes from.
type LineSource string

const (
	LineConfigured LineSource = "configured"
	LineMeasured   LineSource = "measured"
)

// Radio is one radio of a box as hostapd and the kernel report it. Its channels are the only source of what is legal:
// the box's regulatory domain decides, never a table of ours.
type Radio struct {
	Name     string     `json:"name"` // first interface of the phy, such as wlan0
	Band     Band       `json:"band"`
	Country  string     `json:"country"`  // ISO 3166 alpha-2, "" or "00" where none is set
	Channels []Channel  `json:"channels"` // of the band, each legal as a primary channel, also while Radar closes it
	Channel  int        `json:"channel"`  // in use, 0: none
	Width    int        `json:"width"`    // in use, MHz, 0: none
	State    RadioState `json:"state"`
	Why      Selection  `json:"why,omitempty"`   // of the channel in use
	Since    time.Time  `json:"since,omitzero"`  // when the channel came into use
	Until    *time.Time `json:"until,omitempty"` // end of a radar check that goes on
	Load     int        `json:"load"`            // % of air time busy on the channel in use, -1: not known
	BSSes    []BSS      `json:"bsses"`
	Stations []Station  `json:"stations"`
	Radar    []Radar    `json:"radar"` // newest first; those whose Until has passed are history
}

// RadioState says whether a radio serves.
type RadioState string

const (
	RadioUp    RadioState = "up"
	RadioCheck RadioState = "radar-check" // listening for radar, silent (CAC)
	RadioDown  RadioState = "down"
)

// Selection says why a channel is in use: the words of TR-181's ChannelLastSelectionReason, and Reservation.
type Selection string

const (
	SelectManual      Selection = "Manual"
	SelectStartup     Selection = "Auto_Startup"
	SelectUser        Selection = "Auto_User"
	SelectRefresh     Selection = "Auto_Refresh"
	SelectDynamic     Selection = "Auto_Dynamic"
	SelectDFS         Selection = "Auto_DFS"
	SelectReservation Selection = "Reservation"
)

// Channel is a channel that a radio may use as its primary one.
type Channel struct {
	Number    int   `json:"number"`
	Frequency int   `json:"frequency"` // MHz, of its centre
	Widths    []int `json:"widths"`    // MHz; each is legal and possible with this primary channel
	Radar     bool  `json:"radar"`     // a radar check precedes (DFS)
	Power     int   `json:"power"`     // dBm that the regulatory domain allows
	Busy      int   `json:"busy"`      // % of air time that others use, over minutes, the radio's own taken off; -1: not known
	Noise     int   `json:"noise"`     // dBm, 0: not known
}

// BSS is one network of a radio.
type BSS struct {
	Interface string `json:"interface"`
	BSSID     MAC    `json:"bssid"`
	SSID      string `json:"ssid"`
	Exclusive bool   `json:"exclusive"` // an accept list is in force
}

// Station is one device that has joined.
type Station struct {
	MAC       MAC       `json:"mac"`
	Interface string    `json:"interface"`
	Signal    int       `json:"signal"`  // dBm at the box, 0: not known
	TxRate    int64     `json:"txRate"`  // bit/s to the device
	RxRate    int64     `json:"rxRate"`  // bit/s from the device
	Retries   uint64    `json:"retries"` // of frames to the device
	Failed    uint64    `json:"failed"`  // frames that the device never acknowledged
	Packets   uint64    `json:"packets"` // to the device
	Since     time.Time `json:"since"`
}

// Radar is one detection on a 20 MHz channel: one of each that a detection hit. The channel must not be used from At to
// Until (the non-occupancy period), nor a wider one that contains it.
type Radar struct {
	Channel int       `json:"channel"`
	At      time.Time `json:"at"`
	Until   time.Time `json:"until"`
}
