package radio

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/mdlayher/genetlink"
	"github.com/mdlayher/netlink"
	"github.com/mdlayher/wifi"
	"golang.org/x/sys/unix"

	"github.com/carebox-project/carebox/policies"
)

const kernelTime = 2 * time.Second

// phy is what the kernel says of one radio.
type phy struct {
	name       string
	country    string // "" where it is not known
	interfaces []string
	channels   []frequency // of all bands
	surveys    map[int]survey
	figures    map[policies.MAC]figures // of who has joined one of its BSSes
}

// survey is how long a radio listened on a frequency, and for how long it was busy, since it does.
type survey struct {
	noise        int // dBm, 0: not known
	active, busy time.Duration
	own          time.Duration // of that, what it sent itself, and what its own stations sent
	inUse        bool
}

// figures are those that hostapd does not tell.
type figures struct {
	retries, failed, packets uint64
	tx, rx                   int64 // bit/s
	signal                   int
}

// nl80211 reads the kernel of the calling thread's namespace.
type nl80211 struct{}

// look reads every radio, by name. What a driver does not tell (surveys, stations) is left out.
func (nl80211) look(ctx context.Context) (map[string]*phy, error) {
	deadline := time.Now().Add(kernelTime)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	phys, err := wiphys(deadline)
	if err != nil {
		return nil, err
	}
	client, err := wifi.New()
	if err != nil {
		return nil, fmt.Errorf("reaching nl80211: %w", err)
	}
	defer client.Close()
	if err := client.SetDeadline(deadline); err != nil {
		return nil, fmt.Errorf("reaching nl80211: %w", err)
	}
	links, err := client.Interfaces()
	if err != nil {
		return nil, fmt.Errorf("listing radio links: %w", err)
	}
	out := map[string]*phy{}
	for _, p := range phys {
		out[p.name] = p
	}
	for _, link := range links {
		p := phys[uint32(link.PHY)]
		if p == nil || link.Type != wifi.InterfaceTypeAP {
			continue
		}
		p.interfaces = append(p.interfaces, link.Name)
		stations, err := client.StationInfo(link)
		if err = gone(err); err != nil {
			return nil, fmt.Errorf("listing stations of %q: %w", link.Name, err)
		}
		for _, s := range stations {
			p.figures[policies.MAC(strings.ToLower(s.HardwareAddr.String()))] = figuresOf(s)
		}
		list, err := client.SurveyInfo(link)
		if err = gone(err); err != nil {
			return nil, fmt.Errorf("reading the survey of %q: %w", link.Name, err)
		}
		for _, s := range list {
			p.surveys[s.Frequency] = survey{
				noise: s.Noise, active: s.ChannelTime, busy: s.ChannelTimeBusy, own: s.ChannelTimeTx + s.ChannelTimeBssRx, inUse: s.InUse,
			}
		}
	}
	return out, nil
}

// gone forgives what means "none": a driver without surveys, a link that went away or is down meanwhile.
func gone(err error) error {
	for _, harmless := range []error{unix.EOPNOTSUPP, unix.ENOENT, unix.ENODEV, unix.EINVAL, unix.ENETDOWN} {
		if errors.Is(err, harmless) {
			return nil
		}
	}
	return err
}

func figuresOf(s *wifi.StationInfo) figures {
	f := figures{
		retries: uint64(max(0, s.TransmitRetries)), failed: uint64(max(0, s.TransmitFailed)), packets: uint64(max(0, s.TransmittedPackets)),
		tx: int64(s.TransmitBitrate), rx: int64(s.ReceiveBitrate),
	}
	if s.Signal < 0 && s.Signal > -128 {
		f.signal = s.Signal
	}
	return f
}

// wiphys reads what mdlayher/wifi leaves out of a radio: the widths that the regulatory domain allows on each channel, and the state
// of radar there.
func wiphys(deadline time.Time) (map[uint32]*phy, error) {
	conn, err := genetlink.Dial(nil)
	if err != nil {
		return nil, fmt.Errorf("reaching generic netlink: %w", err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(deadline); err != nil {
		return nil, fmt.Errorf("reaching generic netlink: %w", err)
	}
	family, err := conn.GetFamily(unix.NL80211_GENL_NAME)
	if err != nil {
		return nil, fmt.Errorf("reaching nl80211: %w", err)
	}
	split := netlink.NewAttributeEncoder()
	split.Flag(unix.NL80211_ATTR_SPLIT_WIPHY_DUMP, true)
	radios, err := dump(conn, family, unix.NL80211_CMD_GET_WIPHY, split)
	if err != nil {
		return nil, fmt.Errorf("listing radios: %w", err)
	}
	rules, err := dump(conn, family, unix.NL80211_CMD_GET_REG, netlink.NewAttributeEncoder())
	if err != nil {
		return nil, fmt.Errorf("reading the regulatory domain: %w", err)
	}
	phys, err := parseWiphys(radios)
	if err != nil {
		return nil, err
	}
	return phys, setCountries(phys, rules)
}

func dump(conn *genetlink.Conn, family genetlink.Family, command uint8, attributes *netlink.AttributeEncoder) ([][]byte, error) {
	data, err := attributes.Encode()
	if err != nil {
		return nil, err
	}
	request := genetlink.Message{Header: genetlink.Header{Command: command, Version: family.Version}, Data: data}
	messages, err := conn.Execute(request, family.ID, netlink.Request|netlink.Dump)
	if err != nil {
		return nil, err
	}
	out := make([][]byte, 0, len(messages))
	for _, m := range messages {
		out = append(out, m.Data)
	}
	return out, nil
}
