/** Words of going, and of coming back. */
const leaving = {
  leaving: {
    account: "My account",
    delete: "Delete my account",
    deleteText: "Your sessions, passkeys and places in homes go with it. What you decided stays in the activity of the homes, under your name.",
    deleteYes: "Delete my account for ever",
    onlyOwner: "You are the only owner of: {{homes}}. Hand it over to someone, or delete it, first.",
    back: "New way in",
    backFor: "A new way in for {{name}}",
    backText: "For a phone that is new, or that was signed out. {{name}} stays the same member, with the same time.",
    make: "Make a code",
    enterTitle: "Welcome back",
    enterText: "This link signs you in on this phone, once.",
    enter: "Sign in",
  },
} as const;

export default leaving;
