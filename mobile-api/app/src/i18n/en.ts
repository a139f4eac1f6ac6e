import codes from "./en/codes";
import consent from "./en/consent";
import entrance from "./en/entrance";
import guide from "./en/guide";
import help from "./en/help";
import leaving from "./en/leaving";
import mirror from "./en/mirror";
import now from "./en/now";
import passkey from "./en/passkey";
import problem from "./en/problem";
import provider from "./en/provider";
import push from "./en/push";
import recording from "./en/recording";
import rules from "./en/rules";
import told from "./en/told";
import tv from "./en/tv";

/** The words of the app in English; its keys are those of every language. */
const en = {
  ...codes, ...consent, ...entrance, ...guide, ...help, ...leaving, ...mirror, ...now, ...passkey,
  ...problem, ...provider, ...push, ...recording, ...rules,
  ...told, ...tv,
} as const;

export default en;
