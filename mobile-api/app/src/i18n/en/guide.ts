/** Words around the guides; what they say themselves is in policies/guides. */
const guide = {
  guide: {
    title: "Try it yourself",
    lead: "Step by step, with what the box measures.",
    seen: "What the box sees now",
    step: "Step {{at}} of about {{of}}",
    found: "What the box says",
    skip: "Skip this",
    dontKnow: "I don't know",
    back: "Previous question",
    again: "Start again",
    toHelp: "Help",
    go: "Do this",
    not: "No, go on",
    name: "Give it a name",
    willSet: "What will be set",
    notSolved: "It is not solved",
    done: "Done",
    talk: "Talk to someone",
    call: "Or call: {{contact}}",
    gone: "There is no such guide.",
    childOnly: "The guides are for the adults of this home. You can talk to someone.",
    later: "later",
    instead: "The box does not answer, so let us look at it first.",
    lost: "The box does not answer any more.",
    lookAtBox: "Look at the box",
    returned: "The box answers again.",
    what_release: "The Wi-Fi is open to all again",
    what_school: "School nights for {{name}}",
  },
} as const;

export default guide;
