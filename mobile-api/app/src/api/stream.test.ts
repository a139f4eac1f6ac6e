import { afterEach, expect, it, vi } from "vitest";
import { watchHome } from "./stream";

afterEach(() => vi.unstubAllGlobals());

it.each([403, 404])("looks again where the home is refused with %d, though no event comes", async (status) => {
  const events = { addEventListener: () => {}, removeEventListener: () => {} };
  vi.stubGlobal("document", { hidden: false, ...events });
  vi.stubGlobal("window", events);
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("{}", { status })));
  const line = vi.fn();
  const stop = await new Promise<() => void>((resolve) => {
    const end = watchHome("h1", { look: () => queueMicrotask(() => resolve(end)), line });
  });
  stop();
  expect(line).not.toHaveBeenCalledWith("live");
});
