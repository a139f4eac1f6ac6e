import { expect, it } from "vitest";
import type { HistoryEntry } from "../api/client";
import { laterOn } from "./later";

function entry(revision: number, code: string, subject: string): HistoryEntry {
  const actor = { member: "m", name: "Sam", from: "browser" };
  return { revision, at: "2026-11-21T17:42:05Z", actor, change: { code, subject }, inForce: false, superseded: false };
}

it("who changed the same part last is found, whether they changed it or took it away", () => {
  const entries = [entry(9, "pause", "home"), entry(8, "budget", "daily"), entry(7, "budget", "other"), entry(6, "budget", "daily")];
  expect(laterOn(["budgets/daily"], entries)?.revision).toBe(8);
  expect(laterOn(["budgets/daily"], [entry(10, "budget-removed", "daily"), ...entries])?.revision).toBe(10);
  expect(laterOn(["budgets/else"], entries)).toBeUndefined();
});
