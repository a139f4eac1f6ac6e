/** Words of codes as a second factor. */
const codes = {
  codes: {
    title: "Codes at sign-in",
    lead: "With the password, ask for a code that an app on your phone makes.",
    on: "Your password needs a code.",
    off: "Your password is enough.",
    start: "Ask for codes",
    stop: "Ask for codes no more",
    next: "Go on",
    scan: "Scan this with an app for codes, or type the key. Then type the code that it shows.",
    qr: "QR code for the app",
    key: "Key",
    code: "Code",
    started: "From now on your password needs a code. Your other sessions have ended.",
    stopped: "Your password is enough again",
    ask: "Type the code that your app shows.",
    refused: "This code is wrong, or has been used. Wait for the next one.",
  },
} as const;

export default codes;
