import type { Page } from "@playwright/test";
import { unpacked } from "./wire";

/** Everything that reaches a browser or leaves it: frames of sockets, unpacked, and bodies, those that go on for ever too. */
export async function overhear(page: Page) {
  const frames: Buffer[] = [];
  const texts: string[] = [];
  page.on("websocket", (socket) => {
    const hear = ({ payload }: { payload: string | Buffer }) => (typeof payload === "string" ? texts.push(payload) : frames.push(payload));
    socket.on("framereceived", hear);
    socket.on("framesent", hear);
  });
  page.on("request", (request) => texts.push(request.url(), request.postData() ?? ""));
  const client = await page.context().newCDPSession(page);
  const streams = new Set<string>();
  const bodies: Promise<unknown>[] = [];
  client.on("Network.responseReceived", ({ requestId, response }) => {
    if (!response.mimeType.includes("event-stream")) return;
    streams.add(requestId);
    const begun = client.send("Network.streamResourceContent", { requestId }).then(({ bufferedData }) => texts.push(read(bufferedData)));
    bodies.push(begun.catch(() => undefined)); // it is over already
  });
  client.on("Network.dataReceived", ({ requestId, data }) => {
    if (data && streams.has(requestId)) texts.push(read(data));
  });
  client.on("Network.loadingFinished", ({ requestId }) => {
    if (streams.has(requestId)) return;
    const body = client.send("Network.getResponseBody", { requestId }).then(({ body, base64Encoded }) => texts.push(base64Encoded ? read(body) : body));
    bodies.push(body.catch(() => undefined)); // of a page that is left, or one that has none
  });
  await client.send("Network.enable", { maxTotalBufferSize: 200_000_000, maxResourceBufferSize: 50_000_000 });

  return {
    /** All of it so far as one text. */
    async text(): Promise<string> {
      await Promise.all(bodies);
      return texts.join("\n") + JSON.stringify(await unpacked(frames));
    },
    frames: () => frames.length,
  };
}

const read = (base64: string) => Buffer.from(base64, "base64").toString();
