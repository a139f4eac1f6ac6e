import "@mantine/core/styles/baseline.css";
import "@mantine/core/styles/default-css-variables.css";
import "@mantine/core/styles/global.css";
import "./mantine.css";
import "./base.css";
import { setNonce } from "get-nonce";
import { createRoot } from "react-dom/client";
import { startWords } from "./i18n/i18n";
import { startWorker } from "./shell/worker";
import { App } from "./shell/App";
import { remember } from "./shell/client";

// The server put a nonce into the page; style elements made by the component library must carry it.
const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
setNonce(nonce);

const root = document.getElementById("root");
if (!root) throw new Error("the page has no root");

await Promise.all([startWords(), remember()]);
createRoot(root).render(<App nonce={nonce} />);
startWorker();
