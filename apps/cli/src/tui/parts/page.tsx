import type { KeyEvent } from "@opentui/core";
import { flushSync, useKeyboard, useTerminalDimensions } from "@opentui/react";
import { useState, type ReactNode } from "react";
import stringWidth from "string-width";
import { actionOf, KEYS, keyName, type Actions, type Binding, type ScreenName } from "../keys.ts";
import { useApp } from "../state/app-context.ts";
import { useStore } from "../state/store.ts";
import { needsSomebody } from "../state/needs.ts";
import { Help } from "./help.tsx";
import { Line, type Piece } from "./line.tsx";
import { StatusLine } from "./status-line.tsx";

interface PageProps<S extends ScreenName> {
  screen: S;
  /** Where one is, beneath the worker. */
  path?: readonly string[];
  /** What the screen's keys do now; one without an action is neither heard nor shown. */
  actions: Actions<S>;
  rows?: Actions<"rows"> | undefined;
  /** Whether there is a text that scrolls. */
  hasText?: boolean;
  /** Who has the keys: this page; an input, to which characters go; or a program, to which all go that are not the screen's. */
  keysFor?: "page" | "input" | "program";
  children: ReactNode;
}

/** A screen with what all have: where one is above, and below what was said last and the keys that apply. */
export function Page<S extends ScreenName>(props: PageProps<S>) {
  const { screen, path = [], actions, rows = {}, hasText = false, keysFor = "page", children } = props;
  const app = useApp();
  const { width } = useTerminalDimensions();
  const [isHelp, setHelp] = useState(false);
  const question = useStore(app.question);
  const needing = [...useStore(app.session.tasks).values()].filter(needsSomebody).length;
  const everywhere: Actions<"everywhere"> = {
    help: () => setHelp(true),
    inbox: app.openInbox,
    back: app.back,
    close: app.close,
    quit: app.quit,
    suspend: app.suspend,
  };
  const tables: readonly (readonly [Readonly<Record<string, Binding>>, AnyActions])[] =
    keysFor === "program"
      ? [[KEYS[screen], actions]]
      : [
          [KEYS[screen], actions],
          [KEYS.rows, rows],
          [KEYS.everywhere, everywhere],
        ];

  // Drawn before the next key is heard, which may be for what this one led to.
  useKeyboard((key) => flushSync(() => hear(key)));

  function hear(key: KeyEvent): void {
    const name = keyName(key);
    if (question !== undefined) {
      key.preventDefault();
      app.unask();
      const chosen = question.choices.find((choice) => choice.key === name);
      if (chosen !== undefined) app.act(chosen.run);
      return;
    }
    if (isHelp) {
      if (SCROLLING.has(name)) return;
      key.preventDefault();
      return setHelp(false);
    }
    // Characters are typed there.
    if (keysFor === "input" && name.length === 1) return;
    for (const [table, does] of tables) {
      const run = does[actionOf(table, does, name) ?? ""];
      if (run === undefined) continue;
      key.preventDefault();
      if (does !== rows) app.notice.set(undefined);
      return app.act(run);
    }
  }

  const applying = Object.entries<Binding>(KEYS[screen]).flatMap(([action, binding]) =>
    (actions as AnyActions)[action] === undefined ? [] : [binding],
  );
  const always =
    keysFor === "page"
      ? [
          ...(hasText ? [SCROLL] : []),
          ...(needing > 0 && screen !== "inbox" ? [KEYS.everywhere.inbox] : []),
          KEYS.everywhere.help,
          leaving(path),
        ]
      : keysFor === "input"
        ? [leaving(["in"])]
        : [];
  return (
    <box flexDirection="column" width="100%" height="100%" paddingLeft={1} paddingRight={1}>
      <Header path={path} needing={needing} width={width - 2} />
      <box flexDirection="column" flexGrow={1} marginTop={1} overflow="hidden">
        {isHelp ? (
          <Help screen={screen} among={hasText ? "text" : props.rows === undefined ? undefined : "rows"} />
        ) : (
          children
        )}
      </box>
      <StatusLine />
      <Line
        pieces={
          question === undefined
            ? footer(isHelp ? [] : applying, isHelp ? [SCROLL, KEYS.everywhere.back] : always, width - 2)
            : question.choices.flatMap(({ key, words }) => shownKey({ shown: key, words })).concat(shownKey(NO))
        }
      />
    </box>
  );
}

type AnyActions = Readonly<Record<string, (() => void | Promise<void>) | undefined>>;

const SCROLL = { shown: "↑↓", words: "scroll" };
const SCROLLING: ReadonlySet<string> = new Set(["up", "down", "pageup", "pagedown", "home", "end"]);
const NO = { shown: "any other", words: "no" };

function leaving(path: readonly string[]): Pick<Binding, "shown" | "words"> {
  return path.length > 0 ? KEYS.everywhere.back : KEYS.everywhere.close;
}

function Header({ path, needing, width }: { path: readonly string[]; needing: number; width: number }) {
  const { session } = useApp();
  const workspaces = useStore(session.workspaces) ?? [];
  const running = workspaces.filter(({ status }) => status === "running").length;
  const needed = needing === 0 ? "" : `${needing} ${needing === 1 ? "needs" : "need"} you`;
  const count = workspaces.length === 0 ? "" : `${running} of ${workspaces.length} running`;
  const between = needed === "" || count === "" ? "" : "   ";
  const where = [session.worker, ...path];
  const left: Piece[] = [["ws", "accent"], "  ", ...where.flatMap((part, index) => crumb(part, index, where.length))];
  const taken = 4 + stringWidth(where.join(" › "));
  const gap = width - taken - stringWidth(needed + between + count);
  const right: Piece[] = [[needed, "accent"], between, [count, "muted"]];
  return <Line pieces={gap < 2 ? left : [...left, " ".repeat(gap), ...right]} />;
}

function crumb(part: string, index: number, count: number): Piece[] {
  const shown: Piece = [part, index === count - 1 ? "strong" : "muted"];
  return index === 0 ? [shown] : [[" › ", "muted"], shown];
}

/** As many keys as there is room for; those that are always there have theirs first. */
function footer(own: readonly Shown[], always: readonly Shown[], width: number): Piece[] {
  const pieces: Piece[] = [];
  let left = width - always.reduce((sum, binding) => sum + widthOf(binding), 0);
  for (const binding of own) {
    left -= widthOf(binding);
    if (left < 0) break;
    pieces.push(...shownKey(binding));
  }
  return [...pieces, ...always.flatMap(shownKey)];
}

type Shown = Pick<Binding, "shown" | "words">;

function shownKey({ shown, words }: Shown): Piece[] {
  return [
    [shown, "accent"],
    [` ${words}   `, "muted"],
  ];
}

function widthOf({ shown, words }: Shown): number {
  return stringWidth(shown) + stringWidth(words) + 4;
}
