package reconcile

import (
	"slices"

	"github.com/carebox-project/carebox/agent/devices"
	"github.com/carebox-project/carebox/policies"
)

// maxStrangers is how many unnamed devices are kept off the radios at most: the newest. Whoever makes addresses up gets no internet
// by any of them.
const maxStrangers = 256

// Unwelcome are the addresses of devices of the policy that no access point is to let in.
func Unwelcome(p policies.Policy, offline map[string]bool) []policies.MAC {
	var out []policies.MAC
	for _, d := range p.Devices {
		if d.Refused || offline[d.ID] && effect(p, d) == policies.EffectNoWiFi {
			out = append(out, d.MACs...)
		}
	}
	return out
}

func effect(p policies.Policy, d policies.Device) policies.Effect {
	if d.Effect != "" {
		return d.Effect
	}
	return p.Effect
}

// refusesStrangers reports whether devices that nobody has named are to be kept off. In quarantine they may join.
func refusesStrangers(p policies.Policy, offline map[string]bool) bool {
	return offline[""] && (p.Unknown == policies.UnknownRefuse || p.Unknown == policies.UnknownAllow && p.Effect == policies.EffectNoWiFi)
}

// strangers adds to those known before the unnamed devices that are in the home or have joined now. Who is kept off is not seen any
// more, so they are remembered.
func strangers(before []policies.MAC, p policies.Policy, seen []devices.Sighting, radios []policies.Radio) []policies.MAC {
	named := map[policies.MAC]bool{}
	for _, d := range p.Devices {
		for _, mac := range d.MACs {
			named[mac] = true
		}
	}
	out := slices.DeleteFunc(slices.Clone(before), func(mac policies.MAC) bool { return named[mac] })
	add := func(mac policies.MAC) {
		if !named[mac] && !slices.Contains(out, mac) {
			out = append(out, mac)
		}
	}
	for _, s := range seen {
		if s.Present {
			add(s.MAC)
		}
	}
	for _, r := range radios {
		for _, s := range r.Stations {
			add(s.MAC)
		}
	}
	return out[max(0, len(out)-maxStrangers):]
}

// joinable are those that are to be kept off the radios and were not seen to be, by id, or by MAC where they have none.
func joinable(p policies.Policy, wanted []policies.MAC, kept map[policies.MAC]bool) map[string]bool {
	out := map[string]bool{}
	for _, mac := range wanted {
		if kept[mac] {
			continue
		}
		at := slices.IndexFunc(p.Devices, func(d policies.Device) bool { return slices.Contains(d.MACs, mac) })
		if at < 0 {
			out[string(mac)] = true
			continue
		}
		out[p.Devices[at].ID] = true
	}
	return out
}

// wantsRadio reports whether a policy asks for what only an access point can do.
func wantsRadio(p policies.Policy) bool {
	wants := p.Effect == policies.EffectNoWiFi || p.Unknown == policies.UnknownRefuse
	for _, d := range p.Devices {
		wants = wants || d.Effect == policies.EffectNoWiFi
	}
	return wants
}
