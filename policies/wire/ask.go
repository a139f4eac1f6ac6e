package wire

import (
	"fmt"
	"slices"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// MaxAsks is how many answers a Desired carries at most.
const MaxAsks = 64

// Ask is what somebody at an offline device asks for: more time. The box says it again every minute until a Desired
// has an [Answer] with its id, so a reader takes the same id once and answers each time.
type Ask struct {
	ID      string    `json:"id"`     // made by the box, a UUID
	Device  string    `json:"device"` // policy's device id, "" for one that nobody has named
	MAC     string    `json:"mac"`    // the one in use
	Minutes int       `json:"minutes"`
	Why     Why       `json:"why,omitempty"`
	At      time.Time `json:"at"` // the box's clock
}

// Why is one of the ready-made reasons of an Ask; "" is none.
type Why string

const (
	WhyHomework Why = "homework"
	WhyGame     Why = "game" // that is to be finished
	WhyCall     Why = "call" // somebody
)

// Minutes and reasons that an Ask may have.
var (
	AskMinutes = [...]int{15, 30, 60}
	AskWhys    = [...]Why{"", WhyHomework, WhyGame, WhyCall}
)

// AskState is how far an Ask has come.
type AskState string

const (
	AskSent    AskState = "sent"    // the cloud has it
	AskSeen    AskState = "seen"    // by an adult's app
	AskGranted AskState = "granted" // as a bonus, until Until
	AskRefused AskState = "refused"
	AskExpired AskState = "expired" // nobody answered in time
)

// Answer is what has become of an Ask.
type Answer struct {
	ID      string     `json:"id"`
	Device  string     `json:"device"` // policy's device id
	State   AskState   `json:"state"`
	By      string     `json:"by,omitempty"`      // first name of who saw, granted or refused it
	Minutes int        `json:"minutes,omitempty"` // asked for, or granted
	Until   *time.Time `json:"until,omitempty"`   // end of what was granted
	Asked   time.Time  `json:"asked,omitzero"`    // the Ask's At
	At      time.Time  `json:"at"`                // since when the state is this one: the cloud's clock
}

// DecodeAsk reads what a child asks for. Errors are as those of [DecodeHello].
func DecodeAsk(data []byte) (Ask, error) {
	var a Ask
	err := decode(data, MaxHello, &a)
	if err == nil {
		err = a.check()
	}
	if err != nil {
		return Ask{}, fmt.Errorf("reading ask: %w", err)
	}
	return a, nil
}

func (a Ask) check() error {
	mac, err := policies.ParseMAC(a.MAC)
	switch {
	case a.ID == "" || len(a.ID) > policies.MaxID || len(a.Device) > policies.MaxID:
		return fmt.Errorf("%w: its ids have the wrong length", ErrDocument)
	case err != nil || string(mac) != a.MAC:
		return fmt.Errorf("%w: its address is none in lower case with colons", ErrDocument)
	case !slices.Contains(AskMinutes[:], a.Minutes):
		return fmt.Errorf("%w: %d minutes", ErrDocument, a.Minutes)
	case !slices.Contains(AskWhys[:], a.Why):
		return fmt.Errorf("%w: its reason is none", ErrDocument)
	case a.At.IsZero():
		return fmt.Errorf("%w: it has no time", ErrDocument)
	}
	return nil
}
