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

it("tells who writes without looking again, and takes what is no case for nobody's", async () => {
  const events = { addEventListener: () => {}, removeEventListener: () => {} };
  vi.stubGlobal("document", { hidden: false, ...events });
  vi.stubGlobal("window", events);
  const said = ['event: typing\ndata: {"case":"c1"}\n\n', "event: typing\ndata: no json\n\n", 'event: typing\ndata: {"case":7}\n\n', "event: look\ndata: {}\n\n"];
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(said.join(""), { status: 200 })));
  const typing = vi.fn();
  const look = vi.fn();
  const stop = await new Promise<() => void>((resolve) => {
    look.mockImplementation(() => queueMicrotask(() => resolve(end)));
    const end = watchHome("h1", { look, line: () => {}, typing });
  });
  stop();
  expect(typing.mock.calls).toEqual([["c1"], [""], [""]]);
  expect(look).toHaveBeenCalledTimes(1);
});
