import { defineConfig } from "@playwright/test";

// The browser is Debian's own; the house that it looks at is told by the environment (scripts/virtualhome, TestBrowser).
export default defineConfig({
  testMatch: ["e2e/*.spec.ts", "screens/*.spec.ts", "watch/*.spec.ts"], // npm run e2e, npm run screens, npm run watch
  outputDir: "node_modules/.e2e",
  workers: 1, // one house, one family
  timeout: 180_000, // a machine that does much else takes its time, and waits for nothing longer than needed
  expect: { timeout: 30_000 },
  reporter: "list",
  use: {
    baseURL: process.env.CAREBOX_URL,
    locale: "en-GB",
    timezoneId: "Europe/Paris",
    viewport: { width: 390, height: 844 },
    trace: "off",
    launchOptions: {
      executablePath: "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
