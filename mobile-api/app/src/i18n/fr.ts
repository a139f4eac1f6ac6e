import now from "./fr/now";
import rules from "./fr/rules";
import told from "./fr/told";

/** With plain spaces before ; : ! ? and inside « »: typeset.ts makes them narrow no-break ones. */
const fr = { ...now, ...rules, ...told };

export default fr;
