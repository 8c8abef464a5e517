import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { createServices } from "./client.ts";
import { pairingCodeInFragment } from "@ws/rpc-contract/pairing";
import { systemTimers } from "@ws/rpc-contract/terminal-client";
import { createInstallOffer } from "./install/offer.ts";
import { keepPage } from "./offline/keep-page.ts";
import { letOwnStylesIn } from "./own-styles.ts";
import { forgetTold } from "../service-worker/told.ts";
import { CHOICES_KEY } from "./notifications/choices.ts";
import { codeInFragment, TOKEN_KEY } from "./session.ts";
import { createTerminalLook } from "./terminal-look/look.ts";
import { createTheme } from "./theme.ts";
import { workerIn } from "./worker-address.ts";
import "./styles.css";

const services = createServices({
  origin: location.origin,
  worker: workerIn(location.pathname),
  storage: localStorage,
  fetch: (input, init) => fetch(input, init),
  theme: createTheme({
    storage: localStorage,
    systemDark: matchMedia("(prefers-color-scheme: dark)"),
    apply: (theme) => void (document.documentElement.dataset["theme"] = theme),
  }),
  terminalLook: createTerminalLook({ storage: localStorage, narrow: matchMedia("(width < 40rem)").matches }),
  install: createInstallOffer(window),
  timers: systemTimers,
  random: Math.random,
  wake,
});

// A link pasted into the address of a page that is open already changes nothing but the fragment.
takeCode();
addEventListener("hashchange", takeCode);
// No tailnet leads to a machine's own loopback.
if (!/^(?:127\.|\[::1\]$|(?:.*\.)?localhost$)/.test(location.hostname)) void services.session.enter();
// A sign-in or sign-out in another tab holds here too.
addEventListener("storage", (event) => {
  if (event.key === TOKEN_KEY) services.session.adopt();
  if (event.key === CHOICES_KEY) services.news.adopt();
});

// Who signs out is told nothing more. Where a token has ended, the next one goes on with what was chosen.
services.session.subscribe(() => {
  const state = services.session.state();
  if (state.kind !== "signed_out" || state.problem !== undefined) return;
  void forgetTold();
  import("./notifications/subscription.ts").then(({ forget }) => forget()).catch(() => undefined);
});

letOwnStylesIn();
keepPage();

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no #root.");
createRoot(root).render(
  <StrictMode>
    <App services={services} />
  </StrictMode>,
);

/** The network is back, or somebody looks at the page again. */
function wake(listener: () => void): () => void {
  const whenShown = () => document.visibilityState === "visible" && listener();
  window.addEventListener("online", listener);
  document.addEventListener("visibilitychange", whenShown);
  return () => {
    window.removeEventListener("online", listener);
    document.removeEventListener("visibilitychange", whenShown);
  };
}

/** The code leaves the address before anything else, so that neither history nor a shared screen keeps it. */
function takeCode(): void {
  const code = codeInFragment(location.hash);
  const pairing = pairingCodeInFragment(location.hash);
  if (code === undefined && pairing === undefined) return;
  history.replaceState(null, "", location.pathname + location.search);
  if (code !== undefined) void services.session.redeem(code);
  else if (pairing !== undefined) void services.session.pair(pairing);
}
