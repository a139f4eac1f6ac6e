let text = "";
const listeners = new Set<() => void>();

/** Says a sentence to a screen reader, through the one live region of the app. */
export function announce(sentence: string): void {
  text = sentence === text ? `${sentence}\u200b` : sentence; // the same words again must be another text to be read
  listeners.forEach((tell) => tell());
}

export const announcement = {
  subscribe: (tell: () => void) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  },
  get: () => text,
};
