/** Words of passkeys. */
const passkey = {
  passkey: {
    signIn: "Sign in with a passkey",
    refused: "This passkey is not known here, or it took too long. Try again, or use your password.",
    failed: "This browser could not use a passkey. Use your password.",
    title: "Passkeys",
    lead: "Sign in with a finger, a face or this screen's code, without a password.",
    none: "You have none yet.",
    add: "Add a passkey",
    addLead: "This device then asks for your finger, face or code.",
    name: "A name, to know it again",
    password: "Your password",
    added: "Added. You can sign in with it from now on.",
    have: "This device has a passkey for Carebox already.",
    notMade: "This browser could not make a passkey.",
    tooLate: "The passkey was not accepted, or it took longer than 5 minutes. Try again.",
    made: "made {{time}}",
    used: "last used {{time}}",
    unused: "never used",
    dropName: "Delete the passkey {{name}}",
    dropAsk: "Delete the passkey {{name}}?",
    dropText: "It cannot sign in any more. Your password still can, and where you are signed in you stay.",
    dropped: "Deleted",
  },
} as const;

export default passkey;
