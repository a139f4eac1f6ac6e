/** What stands in a field once some of it has been sent: what was written meanwhile stays. */
export function unsent(now: string, sent: string): string {
  return now.startsWith(sent) ? now.slice(sent.length).trimStart() : now;
}
