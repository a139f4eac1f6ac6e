package wire

import (
	"fmt"
	"regexp"
	"strings"
)

// MQTT topics of a box. It publishes under box/<id>/up/ only and reads box/<id>/down/ only.
const (
	UpHello     = "hello"
	UpHeartbeat = "heartbeat"
	UpReported  = "reported"
	UpAsk       = "ask"
	UpResult    = "result"
	UpEnded     = "ended"
	UpGone      = "gone" // the will: a hint, no proof
	DownDesired = "desired"
	DownGrant   = "grant"
	DownQuery   = "query"
	DownKey     = "key"
)

var boxID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// ValidBox reports whether a box id can stand in a topic, a certificate's common name and an MQTT client id.
func ValidBox(id string) bool { return boxID.MatchString(id) }

// Up is the topic on which a box says what.
func Up(box, what string) string { return "box/" + box + "/up/" + what }

// Down is the topic on which a box is told what.
func Down(box, what string) string { return "box/" + box + "/down/" + what }

// SplitUp is the box and the word of an upward topic.
func SplitUp(topic string) (box, what string, err error) {
	part := strings.Split(topic, "/")
	if len(part) != 4 || part[0] != "box" || part[2] != "up" || !ValidBox(part[1]) {
		return "", "", fmt.Errorf("topic %q is not upward", topic)
	}
	return part[1], part[3], nil
}
