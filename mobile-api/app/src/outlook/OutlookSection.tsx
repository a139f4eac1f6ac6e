import type { Target } from "../api/client";

export function OutlookSection(_: { target: Target; name: string }) {
  return null;
}
