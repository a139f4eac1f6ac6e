import codes from "./en/codes";
import guide from "./en/guide";
import leaving from "./en/leaving";
import now from "./en/now";
import passkey from "./en/passkey";
import problem from "./en/problem";
import provider from "./en/provider";
import push from "./en/push";
import rules from "./en/rules";
import consent from "./en/consent";
import told from "./en/told";
import tv from "./en/tv";

/** The words of the app in English; its keys are those of every language. */
const en = { ...codes, ...consent, ...guide, ...leaving, ...now, ...passkey, ...problem, ...provider, ...push, ...rules, ...told, ...tv } as const;

export default en;
