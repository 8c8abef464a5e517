import { useState } from "react";
import { Mark } from "../components/mark.tsx";
import { Notice } from "../components/notice.tsx";
import { PartFrame } from "../components/part-boundary.tsx";
import { lazyPart } from "../components/lazy-part.ts";

const TerminalScreen = lazyPart(() => import("../features/terminal/terminal-screen.tsx"));

/** A terminal that somebody shared: the link is all that its reader has, and all that this page uses. */
export default function WatchPage() {
  const [, name = "", terminal = ""] = location.pathname
    .slice(location.pathname.indexOf("/watch/") + 1)
    .split("/")
    .map(decodeURIComponent);
  const [token] = useState(takeToken);
  const [round, setRound] = useState(0);
  const [called, setCalled] = useState(terminal);
  return (
    <main className="flex h-dvh flex-col bg-surface text-ink">
      <title>{`${called} of ${name} · Workspace`}</title>
      <header className="flex items-center gap-2.5 border-b border-line px-4 py-2">
        <Mark className="size-5" />
        <h1 className="truncate text-sm font-semibold">
          {called} <span className="font-normal text-muted">of {name}</span>
        </h1>
      </header>
      {token === undefined ? (
        <Notice tone="warn" title="This link is not whole" className="m-6">
          <p className="text-muted">Its end is missing. Open the link again that you were given.</p>
        </Notice>
      ) : (
        <PartFrame key={round} fallback={null}>
          <TerminalScreen
            workspace={name}
            terminal={terminal}
            name={called}
            token={token}
            create={false}
            active
            screenReader={localStorage.getItem("ws.terminal.screenReader") === "1"}
            onListChanged={nothing}
            onAttached={setCalled}
            startAgain={() => setRound(round + 1)}
            leave={nothing}
          />
        </PartFrame>
      )}
    </main>
  );
}

const nothing = (): void => undefined;

/** It leaves the address, so that neither history nor a shared screen keeps it, and stays with this tab. */
function takeToken(): string | undefined {
  const key = `ws.watch ${location.pathname}`;
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given !== null) {
    sessionStorage.setItem(key, given);
    history.replaceState(null, "", location.pathname);
  }
  return given ?? sessionStorage.getItem(key) ?? undefined;
}
