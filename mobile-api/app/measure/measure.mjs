// Measures sign-in and Home with Lighthouse as a phone on a slow line, against the cloud that CAREBOX_URL names: scripts/lighthouse.
import { execFileSync } from "node:child_process";

const lighthouse = "lighthouse@12.8.2"; // the newest that Node 20 runs; fetched when it is asked for, as nothing else needs it

const runs = 5; // scores vary: the median of them counts
const least = { performance: 90, accessibility: 100, "best-practices": 100 };
const mostBytes = 250 * 1000; // of the first load, as they go over the line

const env = (name) => {
  if (!process.env[name]) throw new Error(`${name} is not set: scripts/lighthouse runs this`);
  return process.env[name];
};
const url = env("CAREBOX_URL");

/** The cookie of a member who is signed in. */
async function member() {
  const answer = await fetch(`${url}/api/sessions`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: url },
    body: JSON.stringify({ email: env("CAREBOX_EMAIL"), password: env("CAREBOX_PASSWORD"), kind: "browser" }),
  });
  if (!answer.ok) throw new Error(`signing in: ${answer.status}`);
  return answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
}

/** One visit by a browser that has never been here. */
function visit(path, cookie) {
  const flags = [
    `--only-categories=${Object.keys(least).join(",")}`,
    "--output=json",
    "--quiet",
    "--chrome-flags=--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking",
    ...(cookie ? [`--extra-headers=${JSON.stringify({ Cookie: cookie })}`] : []),
  ];
  const chrome = { CHROME_PATH: "/usr/bin/chromium", ...process.env };
  const out = execFileSync("npx", ["--yes", lighthouse, url + path, ...flags], { env: chrome, maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] });
  const report = JSON.parse(out);
  if (report.runtimeError) throw new Error(`visiting ${path}: ${report.runtimeError.message}`);
  return report;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** What a report adds up to. */
function figures({ categories, audits }) {
  const scores = Object.keys(least).map((id) => [id, Math.round((categories[id].score ?? 0) * 100)]);
  const bytes = audits["network-requests"].details.items.reduce((sum, { transferSize }) => sum + (transferSize ?? 0), 0);
  const value = (id) => audits[id].numericValue;
  return {
    ...Object.fromEntries(scores),
    bytes,
    paint: value("largest-contentful-paint"),
    blocked: value("total-blocking-time"),
    shift: value("cumulative-layout-shift"),
  };
}

/** Audits of the categories that did not pass, by name. */
function faults({ categories, audits }) {
  return ["accessibility", "best-practices"]
    .flatMap((id) => categories[id].auditRefs)
    .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1)
    .map(({ id }) => id);
}

function measure(name, path, cookie) {
  const reports = [];
  for (let run = 0; run < runs; run++) reports.push(visit(path, cookie));
  const all = reports.map(figures);
  const middle = Object.fromEntries(Object.keys(all[0]).map((key) => [key, median(all.map((one) => one[key]))]));
  const wrong = new Set(reports.flatMap(faults));
  console.log(
    `${name}: performance ${middle.performance} (${all.map((one) => one.performance).join(" ")}), accessibility ${middle.accessibility}, ` +
      `best practices ${middle["best-practices"]}; first load ${(middle.bytes / 1000).toFixed(0)} KB, largest paint ${(middle.paint / 1000).toFixed(1)} s, ` +
      `blocked ${middle.blocked.toFixed(0)} ms, shift ${middle.shift.toFixed(3)}${wrong.size > 0 ? `; not passed: ${[...wrong].join(", ")}` : ""}`,
  );
  const low = Object.entries(least).filter(([id, score]) => middle[id] < score);
  return low.length === 0 && middle.bytes <= mostBytes;
}

const fine = [measure("sign-in", "/sign-in", ""), measure("home", "/", await member())];
process.exitCode = fine.every(Boolean) ? 0 : 1;
