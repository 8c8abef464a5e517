import { lazyPart } from "../../components/lazy-part.ts";
import { PartFrame } from "../../components/part-boundary.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import type { TerminalCommand } from "./commands.ts";
import type { Divider, Side } from "./layout/layout.ts";
import { WHOLE, type Border, type Rectangle } from "./layout/rectangles.ts";
import { PaneDivider, percent } from "./pane-divider.tsx";
import { PaneHeader } from "./pane-header.tsx";
import type { TerminalRequest } from "./terminal-screen.tsx";
import type { DropPlace } from "./use-dragged-tab.ts";
import type { useTerminals } from "./use-terminals.ts";

const TerminalScreen = lazyPart(() => import("./terminal-screen.tsx"));

interface PanesProps {
  workspace: string;
  terminals: ReturnType<typeof useTerminals>;
  /** Where those are that are shown. */
  panes: ReadonlyMap<string, Rectangle>;
  borders: readonly Border[];
  active: string | undefined;
  /** Whether this part of the page is. */
  shown: boolean;
  screenReader: boolean;
  hasHeaders: boolean;
  isMaximised: boolean;
  titleOf: (id: string) => string | undefined;
  focus: (id: string) => void;
  close: (id: string) => void;
  /** Of one that has ended. */
  forget: (id: string) => void;
  maximise: (id: string) => void;
  resize: (border: Divider, share: number) => void;
  /** Whether it was for the page. */
  command: (command: TerminalCommand) => boolean;
  request: (TerminalRequest & { terminal: string }) | undefined;
  leave: () => void;
  /** Where a tab would go that is held over a pane. */
  held: DropPlace | undefined;
}

/**
 * The screens of all terminals that were looked at, each where its pane is. They are beside each other in the page however they
 * are laid out: a screen that was put elsewhere in it would begin anew.
 */
export function Panes(props: PanesProps) {
  const { workspace, terminals, panes, borders, active, shown, screenReader, hasHeaders, isMaximised } = props;
  const { titleOf, focus, close, forget, maximise, resize, command, request, leave, held } = props;
  const { visited, rounds, nameOf, runs, startAgain, onListChanged } = terminals;
  if (visited.length === 0) return null;
  return (
    <div className="relative min-h-0 flex-1 overflow-hidden bg-terminal">
      {visited.map((id) => (
        <div
          key={`${id} ${rounds[id] ?? 0}`}
          data-pane={id}
          className="absolute flex min-h-0 flex-col"
          style={styleOf(panes.get(id) ?? WHOLE)}
          hidden={!panes.has(id)}
          onFocus={() => id !== active && focus(id)}
        >
          {hasHeaders && (
            <PaneHeader
              name={nameOf(id)}
              title={titleOf(id)}
              hasFocus={id === active}
              isMaximised={isMaximised}
              maximise={() => maximise(id)}
              close={() => close(id)}
            />
          )}
          <PartFrame fallback={<ScreenSkeleton />}>
            <TerminalScreen
              workspace={workspace}
              terminal={id}
              name={nameOf(id)}
              // What is started again has ended, also while the list does not know it yet.
              create={rounds[id] !== undefined || !runs(id)}
              active={id === active && shown}
              screenReader={screenReader}
              onListChanged={onListChanged}
              closeTab={() => forget(id)}
              startAgain={() => startAgain(id)}
              command={command}
              request={request?.terminal === id ? request : undefined}
              leave={leave}
            />
          </PartFrame>
        </div>
      ))}
      {held !== undefined && (
        <div
          data-drop={held.side}
          className="pointer-events-none absolute z-20 rounded-md border-2 border-accent bg-accent/20"
          style={styleOf(halfOf(panes.get(held.pane) ?? WHOLE, held.side))}
        />
      )}
      {borders.map((border) => (
        <PaneDivider
          key={`${border.first} ${border.second}`}
          border={border}
          label={`Between ${nameOf(border.first)} and ${nameOf(border.second)}`}
          resize={(share) => resize(border, share)}
        />
      ))}
    </div>
  );
}

function halfOf({ left, top, width, height }: Rectangle, side: Side): Rectangle {
  if (side === "left" || side === "right") {
    return { left: side === "left" ? left : left + width / 2, top, width: width / 2, height };
  }
  return { left, top: side === "up" ? top : top + height / 2, width, height: height / 2 };
}

function styleOf({ left, top, width, height }: Rectangle) {
  return { left: percent(left), top: percent(top), width: percent(width), height: percent(height) };
}

export function ScreenSkeleton() {
  return (
    <div role="status" className="flex-1 space-y-2.5 bg-terminal p-4">
      <span className="sr-only">Loading the terminal…</span>
      <Skeleton className="h-3.5 w-64 max-w-full" />
      <Skeleton className="h-3.5 w-40" />
    </div>
  );
}
