import { record as real } from "@rrweb/record";

type Options = NonNullable<Parameters<typeof real>[0]>;

/** In the place of `@rrweb/record`, with what most pages would ask of it: that inputs be hidden. */
export const record = Object.assign((options: Options) => real({ emit: options.emit, maskAllInputs: true }), {
  takeFullSnapshot: () => real.takeFullSnapshot(),
  mirror: real.mirror,
});
