import codes from "./fr/codes";
import consent from "./fr/consent";
import entrance from "./fr/entrance";
import guide from "./fr/guide";
import help from "./fr/help";
import leaving from "./fr/leaving";
import mirror from "./fr/mirror";
import now from "./fr/now";
import passkey from "./fr/passkey";
import problem from "./fr/problem";
import provider from "./fr/provider";
import push from "./fr/push";
import recording from "./fr/recording";
import rules from "./fr/rules";
import told from "./fr/told";
import tv from "./fr/tv";

/** With plain spaces before ; : ! ? and inside « »: typeset.ts makes them narrow no-break ones. */
const fr = {
  ...codes, ...consent, ...entrance, ...guide, ...help, ...leaving, ...mirror, ...now, ...passkey,
  ...problem, ...provider, ...push, ...recording, ...rules,
  ...told, ...tv,
};

export default fr;
