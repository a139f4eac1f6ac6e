/** Places of screens that an agent can show to a customer, each an element's `data-anchor`. */
export const anchors = ["help", "people", "pause", "tv", "activity", "settings", "language"] as const;

export type Anchor = (typeof anchors)[number];

export const isAnchor = (name: unknown): name is Anchor => anchors.includes(name as Anchor);

// An element cannot have a name that is not in the list.
declare module "react" {
  // The names are React's.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface HTMLAttributes<T> {
    "data-anchor"?: Anchor;
  }
}
