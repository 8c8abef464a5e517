import {
  ArrowLeft,
  ArrowRight,
  Columns2,
  ClipboardPaste,
  Maximize2,
  Minimize2,
  Palette,
  PanelRightOpen,
  PencilLine,
  Rows2,
  Search,
  Share2,
  SquareArrowOutUpRight,
  TextSelect,
} from "lucide-react";
import { useRef, type ReactNode } from "react";
import type { Pressed } from "../../components/menu-button.tsx";
import { DropdownMenuItem, DropdownMenuSeparator, PressedMenu } from "../../components/ui/dropdown-menu.tsx";
import { Kbd } from "../../components/ui/kbd.tsx";
import { SHORTCUTS } from "./commands.ts";
import type { TerminalRequest } from "./terminal-screen.tsx";

/** What cannot be done now is not offered. */
export interface TerminalItemsProps {
  /** Of the terminal itself. */
  ask: (kind: TerminalRequest["kind"]) => void;
  appearance: () => void;
  rename: () => void;
  share: () => void;
  split?: ((axis: "row" | "column") => void) | undefined;
  maximise?: (() => void) | undefined;
  /** Whether it covers the others now. */
  isMaximised: boolean;
  detach?: (() => void) | undefined;
  /** The tabs, by their names, that its tab could become a pane of. */
  joins: readonly { name: string; run: () => void }[];
  moveBack?: (() => void) | undefined;
  moveOn?: (() => void) | undefined;
}

/** What can be done to a terminal beside using it. */
export default function TerminalItems(props: TerminalItemsProps & Pressed) {
  const {
    ask,
    appearance,
    rename,
    share,
    split,
    maximise,
    isMaximised,
    detach,
    joins,
    moveBack,
    moveOn,
    trigger,
    byKey,
  } = props;
  /** Done once the menu is gone, which would take the focus back from what has it then. */
  const afterwards = useRef<() => void>(undefined);
  const then = (act: () => void) => () => void (afterwards.current = act);
  return (
    <PressedMenu
      {...{ trigger, byKey }}
      modal={false}
      className="min-w-60"
      onCloseAutoFocus={(event) => {
        if (afterwards.current === undefined) return;
        event.preventDefault();
        afterwards.current();
        afterwards.current = undefined;
      }}
    >
      <Item act={then(() => ask("search"))} icon={<Search aria-hidden />} keys={SHORTCUTS.search}>
        Search…
      </Item>
      <Item act={then(() => ask("copyMode"))} icon={<TextSelect aria-hidden />} keys={SHORTCUTS.copyMode}>
        Copy mode
      </Item>
      <Item act={then(() => ask("paste"))} icon={<ClipboardPaste aria-hidden />}>
        Paste
      </Item>
      <DropdownMenuSeparator />
      <Item act={split && then(() => split("row"))} icon={<Columns2 aria-hidden />} keys={SHORTCUTS.splitRight}>
        Split right
      </Item>
      <Item act={split && then(() => split("column"))} icon={<Rows2 aria-hidden />} keys={SHORTCUTS.splitBelow}>
        Split below
      </Item>
      <Item
        act={maximise}
        icon={isMaximised ? <Minimize2 aria-hidden /> : <Maximize2 aria-hidden />}
        keys={SHORTCUTS.maximise}
      >
        {isMaximised ? "Show all panes" : "Maximise pane"}
      </Item>
      <Item act={detach && then(detach)} icon={<SquareArrowOutUpRight aria-hidden />}>
        Move to a tab of its own
      </Item>
      {joins.map(({ name, run }) => (
        <Item key={name} act={then(run)} icon={<PanelRightOpen aria-hidden />}>
          Move into a pane of <span className="font-mono">{name}</span>
        </Item>
      ))}
      <Item act={moveBack} icon={<ArrowLeft aria-hidden />} keys={SHORTCUTS.moveBack}>
        Move tab left
      </Item>
      <Item act={moveOn} icon={<ArrowRight aria-hidden />} keys={SHORTCUTS.moveOn}>
        Move tab right
      </Item>
      {(split ?? maximise ?? moveBack ?? moveOn) && <DropdownMenuSeparator />}
      <Item act={appearance} icon={<Palette aria-hidden />}>
        Appearance…
      </Item>
      <Item act={rename} icon={<PencilLine aria-hidden />} keys="F2">
        Rename…
      </Item>
      <Item act={share} icon={<Share2 aria-hidden />}>
        Share…
      </Item>
    </PressedMenu>
  );
}

interface ItemProps {
  act: (() => void) | undefined;
  icon: ReactNode;
  keys?: string;
  children: ReactNode;
}

function Item({ act, icon, keys, children }: ItemProps) {
  if (act === undefined) return null;
  return (
    <DropdownMenuItem onSelect={act} {...(keys !== undefined && { "aria-keyshortcuts": keys })}>
      {icon}
      <span className="flex-1">{children}</span>
      {keys !== undefined && (
        <span aria-hidden className="pl-4 pointer-coarse:hidden">
          <Kbd keys={keys.replace("Control", "Ctrl").replaceAll("+", " ")} />
        </span>
      )}
    </DropdownMenuItem>
  );
}
