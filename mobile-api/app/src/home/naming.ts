import type { DeviceRow } from "../api/client";

/** A device about to be named, and whose it is said to be: "" the home's, null someone new. */
export type Naming = { row: DeviceRow; owner: string | null };
