package main

import (
	"runtime/debug"
	"time"
)

// version is set by the build: -ldflags "-X main.version=…".
var version string

// built is set by the build, RFC 3339; without it the time of the commit is taken where the build recorded one.
var built string

func agentVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}

// builtAt is an instant that had passed when this program was built, zero if nothing is known. It bounds the true time on a box that
// starts without a clock.
func builtAt() time.Time {
	text := built
	if info, ok := debug.ReadBuildInfo(); ok && text == "" {
		for _, s := range info.Settings {
			if s.Key == "vcs.time" {
				text = s.Value
			}
		}
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return t
}
