/** What the app's own style sheets select on and read; made at each build (vocabulary.mjs). */
declare module "virtual:vocabulary" {
  export const attributes: Readonly<Record<string, readonly string[]>>;
  export const properties: readonly string[];
}
