import type { SupportSession } from "../api/client";
import { Changes } from "./Changes";
import { Proposals } from "./Proposals";

/** What happens in a visit, on every screen: what waits for the customer, and what was changed for them. */
export default function During({ visit }: { visit: SupportSession }) {
  return (
    <>
      <Proposals visit={visit} />
      <Changes visit={visit} />
    </>
  );
}
