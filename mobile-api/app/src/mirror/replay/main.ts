import "@rrweb/replay/dist/style.css";
import "./replay.css";
import { originIn } from "../origin";
import { Player } from "./player";
import { fraction, type FromPicture, type ToPicture } from "./word";

// This page stands in one of our own and talks to nobody else.
const app = originIn("carebox-app", window.location.origin);
const say = (word: FromPicture) => window.parent.postMessage(word, app);

const stage = document.getElementById("stage");
if (!stage) throw new Error("the page has no stage");

const size = { width: 0, height: 0, scale: 1 };

/** The whole picture fits, and is never larger than it is. */
function fit() {
  if (!stage || size.width === 0) return;
  size.scale = Math.min(1, window.innerWidth / size.width, window.innerHeight / size.height);
  stage.style.transform = `translate(${String(Math.max(0, (window.innerWidth - size.width * size.scale) / 2))}px, 0) scale(${String(size.scale)})`;
}

const player = new Player(stage, {
  want: (inline) => say({ type: "want", inline }),
  applied: (at) => say({ type: "applied", at }),
  sized: (width, height) => {
    Object.assign(size, { width, height });
    fit();
    say({ type: "sized", width, height });
  },
});

window.addEventListener("resize", fit);
window.addEventListener("message", (event: MessageEvent<ToPicture>) => {
  if (event.source !== window.parent || event.origin !== app) return;
  const word = event.data;
  if (word.type === "frame") player.accept(new Uint8Array(word.frame));
  else if (word.type === "run") void player.run(word.frames.map((frame) => new Uint8Array(frame)), word.fresh).then(() => say({ type: "ran" }));
});

function point(event: MouseEvent, pressed: boolean) {
  const inside = player.iframe?.contentDocument;
  const box = player.iframe?.getBoundingClientRect();
  if (!inside || !box) return;
  const [x, y] = [(event.clientX - box.left) / size.scale, (event.clientY - box.top) / size.scale];
  const element = inside.elementFromPoint(x, y);
  const node = element ? player.idOf(element) : 0;
  if (!element || node === 0) return;
  const rect = element.getBoundingClientRect();
  const { generation, epoch } = player.at;
  say({ type: "spot", spot: { generation, epoch, node, fx: fraction(x - rect.left, rect.width), fy: fraction(y - rect.top, rect.height) }, pressed });
}

document.addEventListener("mousemove", (event) => point(event, false));
document.addEventListener("click", (event) => point(event, true));
say({ type: "ready" });
