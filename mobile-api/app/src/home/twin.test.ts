import { describe, expect, it } from "vitest";
import type { DeviceRow, HomeState } from "../api/client";
import { isPrivate, joined, twinOf } from "./twin";

const asked = { online: true, reason: { kind: "allowed", id: "" } } as const;

function row(part: Partial<DeviceRow>): DeviceRow {
  return { id: null, mac: "da:00:00:00:00:01", name: "", hostname: "leo-iphone", kind: "", person: "", present: true, asked, inForce: null, ...part };
}

const phone = { id: "leo-phone", name: "Phone", kind: "phone", macs: ["02:00:00:00:00:0a"], person: "leo" };
const known = row({ id: "leo-phone", mac: "02:00:00:00:00:0a", kind: "phone", person: "leo", present: false });

function home(...devices: DeviceRow[]): HomeState {
  return {
    home: { id: "h", name: "" },
    asked: { revision: 1, at: "", actor: { member: "", name: "", from: "" }, change: { code: "", subject: "" } },
    inForce: null, box: null, delivery: "in-force", devices, radios: [], line: null, reservations: [],
    policy: { zone: "Europe/Paris", unknown: "allow", effect: "no-internet", devices: [phone, { ...phone, id: "mia-phone", person: "mia" }] },
  };
}

describe("a phone under a new private address", () => {
  it("is told by the second digit of the address", () => {
    expect(["02", "d6", "7A", "fe"].every((start) => isPrivate(`${start}:00:00:00:00:01`))).toBe(true);
    expect(["00", "3c", "a4", "d8"].some((start) => isPrivate(`${start}:00:00:00:00:01`))).toBe(false);
  });

  it("is the known one of the same name that is not here", () => {
    expect(twinOf(row({}), home(known))?.id).toBe("leo-phone");
    expect(twinOf(row({}), home({ ...known, present: true }))).toBeNull();
    expect(twinOf(row({ mac: "3c:00:00:00:00:01" }), home(known))).toBeNull();
  });

  it("else the only one of its kind, and nobody's where two could be it", () => {
    const other = { ...known, hostname: "" };
    expect(twinOf(row({ hostname: "iPhone" }), home(other))?.id).toBe("leo-phone");
    expect(twinOf(row({ hostname: "iPhone" }), home(other, { ...other, id: "mia-phone", person: "mia" }))).toBeNull();
    expect(twinOf(row({ hostname: "" }), home(other))).toBeNull();
  });

  it("joins it with one address more", () => {
    expect(joined(phone, "da:00:00:00:00:01")).toEqual({ ...phone, macs: ["02:00:00:00:00:0a", "da:00:00:00:00:01"] });
  });
});
