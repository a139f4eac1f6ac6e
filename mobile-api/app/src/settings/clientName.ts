import Bowser from "bowser";

/** "Chrome · Android" of a User-Agent, or its first word. */
export function clientName(agent: string): string {
  if (!agent) return "";
  const { browser, os } = Bowser.parse(agent);
  const known = [browser.name, os.name].filter(Boolean).join(" · ");
  return known || (agent.split(/[/ ]/)[0] ?? "");
}
