package diagnose

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"
)

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	p, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Packets as they were captured, without the outer IP header.
const (
	reply4   = "0000 d0a9 1234 0007 0001020304050607"
	expired4 = "0b00 f4ff 00000000 45000054 1a2b4000 0101 a1b2 c0a80702 08080808 0800 c8a9 1234 0007"
	refused4 = "0301 fcfe 00000000 46000054 1a2b4000 0101 a1b2 c0a80702 08080808 94040000 0800 c8a9 1234 0007"
	other4   = "0b00 f4ff 00000000 45000054 1a2b4000 0111 a1b2 c0a80702 08080808 0800 c8a9 1234 0007"
	reply6   = "8100 d0a9 1234 0007 00010203"
	expired6 = "0300 f4ff 00000000 60000000 0038 3a01 20010db8000700000000000000000001 20010db8000100000000000000000001 8000 c8a9 1234 0007"
	refused6 = "0100 f4ff 00000000 60000000 0038 3a01 20010db8000700000000000000000001 20010db8000100000000000000000001 8000 c8a9 1234 0007"
)

func TestAnswersOfICMP(t *testing.T) {
	mine := echo{0x1234, 7}
	for name, tt := range map[string]struct {
		packet string
		six    bool
		want   came
	}{
		"reply": {reply4, false, cameReply}, "expired": {expired4, false, cameExpired}, "refused, with options": {refused4, false, cameRefused},
		"of a UDP packet": {other4, false, cameNothing}, "our own request": {"0800" + reply4[4:], false, cameNothing},
		"reply 6": {reply6, true, cameReply}, "expired 6": {expired6, true, cameExpired}, "refused 6": {refused6, true, cameRefused},
		"reply 4 as 6": {reply4, true, cameNothing}, "expired 4 as 6": {expired4, true, cameNothing}, "a neighbour's": {"8800 0000 00000000", true, cameNothing},
	} {
		whole := unhex(t, tt.packet)
		what, of := parseEcho(whole, tt.six)
		if what != tt.want || what != cameNothing && of != mine {
			t.Errorf("%s: %d of %+v", name, what, of)
		}
		if what == cameReply {
			continue // eight bytes are enough
		}
		for n := range whole {
			if what, _ := parseEcho(whole[:n], tt.six); what != cameNothing {
				t.Errorf("%s, %d bytes: %d", name, n, what)
			}
		}
	}
}

func TestRequestsAreRight(t *testing.T) {
	p := echo{0x1234, 7}.encode(false)
	if p[0] != 8 || checksum(p) != 0 || len(p) != 8+echoPayload {
		t.Errorf("%x", p)
	}
	p[0], p[2], p[3] = 0, 0, 0
	if what, of := parseEcho(p, false); what != cameReply || of != (echo{0x1234, 7}) {
		t.Errorf("its echo: %d %+v", what, of)
	}
	if p := (echo{1, 2}).encode(true); p[0] != 128 || !bytes.Equal(p[2:4], []byte{0, 0}) {
		t.Errorf("%x", p)
	}
}

func FuzzEcho(f *testing.F) {
	for _, text := range []string{reply4, expired4, refused4, other4} {
		f.Add(unhex(f, text), false)
	}
	for _, text := range []string{reply6, expired6, refused6} {
		f.Add(unhex(f, text), true)
	}
	f.Fuzz(func(t *testing.T, p []byte, six bool) {
		what, of := parseEcho(p, six)
		if what == cameNothing && of != (echo{}) || what < cameNothing || what > cameRefused {
			t.Errorf("%d of %+v", what, of)
		}
	})
}

func TestWhatIsOnTheInternet(t *testing.T) {
	for text, want := range map[string]bool{
		"1.1.1.1": true, "203.0.113.1": true, "2606:4700::1111": true, "2001:db8::1": true,
		"10.1.2.3": false, "172.16.0.1": false, "192.168.0.1": false, "127.0.0.1": false, "169.254.1.1": false, "100.64.0.1": false,
		"0.1.2.3": false, "240.0.0.1": false, "255.255.255.255": false, "224.0.0.1": false, "198.18.0.1": false, "192.0.0.1": false,
		"::1": false, "::": false, "fe80::1": false, "fe80::1%eth0": false, "fd00::1": false, "fc00::1": false, "ff02::1": false,
		"64:ff9b::a00:1": false, "2002:a00:1::": false, "2001:0:1::": false, "fec0::1": false,
	} {
		if got := public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
