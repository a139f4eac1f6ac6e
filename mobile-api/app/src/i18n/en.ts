import now from "./en/now";
import passkey from "./en/passkey";
import problem from "./en/problem";
import push from "./en/push";
import rules from "./en/rules";
import told from "./en/told";

/** The words of the app in English; its keys are those of every language. */
const en = { ...now, ...passkey, ...problem, ...push, ...rules, ...told } as const;

export default en;
