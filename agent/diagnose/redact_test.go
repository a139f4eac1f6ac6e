package diagnose

import (
	"log/slog"
	"testing"
)

func TestErrorsNameNobodysHosts(t *testing.T) {
	for text, want := range map[string]string{
		"dial tcp 192.0.2.7:8883: connect: connection refused":               "dial tcp …:8883: connect: connection refused",
		"dial tcp [2001:db8::7]:443: i/o timeout":                            "dial tcp […]:443: i/o timeout",
		"read udp [fe80::1%br-lan]:5->[::1]:53: refused":                     "read udp […]:5->[…]:53: refused",
		"lookup leos-phone on 127.0.0.53:53: no such host":                   "… on …:53: no such host",
		"lookup leos-phone: no such host":                                    "…: no such host",
		"lookup clinic.example on [::ffff:192.0.2.9]:53: server misbehaving": "… on [……]:53: server misbehaving",
		`Get "https://clinic.example/leo?x=1": EOF`:                          `Get "…": EOF`,
		"certificate is valid for a.example, not bücher.example":             "certificate is valid for …, not …",
		"mail of camille@home.example":                                       "mail of …",
		"applying rules: exit status 4: resource busy":                       "applying rules: exit status 4: resource busy",
		"waited 1.5s for 12 rules":                                           "waited 1.5s for 12 rules",
	} {
		for _, key := range worded {
			if got := shown(slog.String(key, text), false); got != want {
				t.Errorf("%s %q is told as %q, want %q", key, text, got, want)
			}
		}
	}
	if got := shown(slog.String("version", "v1.2.3-4.rc"), false); got != "v1.2.3-4.rc" {
		t.Errorf("a version is told as %q", got)
	}
}
