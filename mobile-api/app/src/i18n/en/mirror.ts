/** Words of the mirrored screen: on the customer's side, and on the agent's. */
const mirror = {
  mirror: {
    look: "What {{name}} sees",
    sees: "What {{name}} sees",
    seesText: "Names, numbers and everything that is typed are hidden before they leave this phone.",
    tap: "Tap anything in the picture to hide it from {{name}} until this visit ends; tap it again to show it.",
    nowHidden: "Hidden: {{name}} does not see it any more.",
    nowShown: "{{name}} can see it again.",
    tooMuch: "That is nearly the whole screen. Tap something smaller.",
    hidden_one: "{{count}} thing is hidden by you.",
    hidden_other: "{{count}} things are hidden by you.",
    byName: "Hide things by their names",
    hidePart: "Hide “{{part}}”",
    hide: "Hide",
    show: "Show again",
    showAll: "Show everything again",
    went: "{{name}} has opened this screen.",
    mayGo: "{{name}} would like to open another screen. What is not saved here would be lost.",
    go: "Open it",
    stay: "Stay here",
    screenOf: "Screen of {{name}}",
    live: "As {{name}} sees it now. Hidden texts are not shown to anybody.",
    catching: "The picture is catching up…",
    connecting: "Connecting…",
    away: "{{name}} has closed Carebox, or their line is gone.",
    over: "The picture has ended.",
    age: "{{n}} s ago",
  },
} as const;

export default mirror;
