/** Words of signing in at the operator's own provider. */
const provider = {
  provider: {
    signIn: "Staff: {{name}}",
    departure: "This sign-in took too long, or was begun in another window. Try again.",
    denied: "{{name}} did not let you in.",
    away: "{{name}} does not answer now. Try again, or sign in with your password.",
    token: "What {{name}} said could not be believed. Try again; if it happens again, tell your administrator.",
    weak: "{{name}} does not say that you signed in with a second factor as your operator demands. Sign in there with it, or tell your administrator.",
    unverified: "{{name}} has not verified your email. Tell your administrator.",
    outsider: "You are not on the list of staff. Tell your administrator.",
    failed: "This did not work. Try again in a moment.",
    offline: "Nobody answers. Check your connection.",
    throttled: "Too many attempts. Wait a moment.",
  },
} as const;

export default provider;
