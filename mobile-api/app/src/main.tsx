import "@mantine/core/styles/baseline.css";
import "@mantine/core/styles/default-css-variables.css";
import "@mantine/core/styles/global.css";
import "./mantine.css";
import "./base.css";
import { setNonce } from "get-nonce";
import { createRoot } from "react-dom/client";
import { meQuery } from "./api/query";
import { startWords } from "./i18n/i18n";
import { startWorker } from "./shell/worker";
import { App } from "./shell/App";
import { queryClient, remember } from "./shell/client";
import { owesEnd } from "./shell/signedOut";

// The server put a nonce into the page; style elements made by the component library must carry it.
const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
setNonce(nonce);

const root = document.getElementById("root");
if (!root) throw new Error("the page has no root");

// Who is signed in is asked while the words are on their way; at a door nobody is, and the answer would send them to another.
const inside = !["/sign-in", "/join", "/enter", "/forgot", "/reset"].includes(window.location.pathname);
const known = remember().then(() => {
  if (inside && !owesEnd()) void queryClient.prefetchQuery({ ...meQuery, staleTime: 0, retry: false });
});
await Promise.all([startWords(), known]);
createRoot(root).render(<App nonce={nonce} />);
startWorker();
