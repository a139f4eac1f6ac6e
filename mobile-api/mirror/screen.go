package mirror

import "slices"

// other is any screen that has no name of its own.
const other = "other"

// Screens are the names of screens that an account tells, those of the app's route.ts. They say nothing of whom a screen is about.
func Screens() []string {
	return []string{"home", "person", "device", "hours", "tv", "activity", "settings", "members", "help", "case", "guide", other}
}

// Screen is the screen that a message shows, as an account tells it: one of Screens, "" where there is no picture of it.
func (m Message) Screen() string {
	if m.Blind != "" {
		return ""
	}
	if slices.Contains(Screens(), m.Route) {
		return m.Route
	}
	return other
}
