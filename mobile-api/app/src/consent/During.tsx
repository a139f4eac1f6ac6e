import type { SupportSession } from "../api/client";
import { Changes } from "./Changes";
import { Proposals } from "./Proposals";
import type { Made } from "./useProposal";

type Props = { visit: SupportSession; invited: (made: Made) => void };

/** What happens in a visit, on every screen: what waits for the customer, and what was changed for them. */
export default function During({ visit, invited }: Props) {
  return (
    <>
      <Proposals visit={visit} invited={invited} />
      <Changes visit={visit} />
    </>
  );
}
