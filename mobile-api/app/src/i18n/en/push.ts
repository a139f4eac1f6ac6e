/** Words of notifications. */
const push = {
  push: {
    title: "Notifications",
    lead: "Only what needs an answer, on this phone or computer.",
    on: "Notifications are on here.",
    off: "Notifications are off here.",
    start: "Turn them on here",
    stop: "Turn them off here",
    failed: "This browser could not turn them on or off.",
    install: "An iPhone or iPad can only be notified by an app on its home screen: open the Share menu, choose “Add to Home Screen”, and open Carebox from there.",
    denied: "This browser refuses notifications from Carebox. Allow them in its settings for this site, then come back.",
    never: "This browser cannot be notified.",
    kinds: "Tell me",
    kind_ask: "When a child asks for more time",
    kind_answer: "When my parents have answered",
    saved: "Saved",
  },
} as const;

export default push;
