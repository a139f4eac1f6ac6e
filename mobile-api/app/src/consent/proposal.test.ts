import { expect, it } from "vitest";
import type { PolicyDifference, SupportProposal } from "../api/client";
import { consequence, memberChange, needsOwner } from "./proposal";

const place = (role: string, person = "") => ({ name: "Sam", role, person });
const asked = (code: string, subject: string, difference: Omit<PolicyDifference, "path">): Pick<SupportProposal, "change" | "differences"> => ({
  change: { code, subject }, differences: [{ path: "x", ...difference }],
});
const moved = (subject: string, from = "owner", to = "adult") => asked("member", subject, { before: place(from), after: place(to) });
const removed = (subject: string) => asked("member-removed", subject, { before: place("adult") });
const invited = (role: string) => asked("invitation", "", { after: { role, person: "" } });

it("an owner is needed for a role, for another's place, and for another owner", () => {
  expect([moved("sam"), moved("me"), removed("sam"), invited("owner")].map((one) => needsOwner(one, "me"))).toEqual([true, true, true, true]);
  expect([removed("me"), invited("adult"), invited("child"), asked("person-removed", "leo", {})].map((one) => needsOwner(one, "me"))).toEqual(
    [false, false, false, false],
  );
  expect(needsOwner({ change: { code: "invitation", subject: "" }, differences: [] }, "me")).toBe(false);
});

it("says beside the change what it means for who confirms it", () => {
  expect(consequence(removed("me"), "me")).toBe("consent.leaves");
  expect(consequence(removed("sam"), "me")).toBe("members.removeText");
  expect(consequence(moved("me"), "me")).toBe("members.giveUp");
  expect([moved("sam"), moved("me", "adult", "owner"), invited("adult"), asked("device-removed", "tv", {})].map((one) => consequence(one, "me"))).toEqual(
    [null, null, null, null],
  );
});

it("no code of the policy is one of members", () => {
  expect(["person", "person-removed", "members", "", undefined, "constructor"].map(memberChange)).toEqual(Array(6).fill(null));
});
