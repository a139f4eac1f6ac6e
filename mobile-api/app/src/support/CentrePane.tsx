import type { StaffCase } from "../api/client";
import { BoxThen } from "./BoxThen";

/** The middle of a case: the box as it was when the customer tapped. What a session shows has its place here as well. */
export function CentrePane({ data }: { data: StaffCase; mine: boolean }) {
  return <BoxThen picture={data.picture} />;
}
