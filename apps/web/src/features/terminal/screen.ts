import { FitAddon } from "@xterm/addon-fit";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import { WebglAddon } from "@xterm/addon-webgl";
import { Terminal, type ITerminalOptions } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import type { Theme } from "../../theme.ts";
import type { TerminalSink } from "@ws/rpc-contract/terminal-client";
import { fontFamilyOf, type TerminalLook } from "../../terminal-look/look.ts";
import { schemeOf, xtermTheme } from "../../terminal-look/schemes.ts";
import { silenceReplies } from "./replies.ts";

export interface Screen {
  readonly terminal: Terminal;
  readonly sink: TerminalSink;
  /** The size that fills the element, or undefined while it is not shown. */
  fitting(): { cols: number; rows: number } | undefined;
  setLook(look: TerminalLook, theme: Theme): void;
  /** Calls the listener when letters have another size; gives back what ends that. */
  onCellSize(listener: () => void): () => void;
  setReadOnly(readOnly: boolean): void;
  /** Makes the letters as small as it takes for all of the terminal to be seen, and no larger than they began. */
  shrinkToFit(): void;
  dispose(): void;
}

export interface ScreenOptions {
  element: HTMLElement;
  theme: Theme;
  look: TerminalLook;
  /** Keeps the rows in the page as text as well, for assistive technology. */
  screenReader: boolean;
  /** The address under the pointer, before it is opened. */
  onLinkHover: (uri: string | undefined) => void;
}

/** An xterm in an element, painted by the GPU where there is one. */
export function createScreen(options: ScreenOptions): Screen {
  const { element, onLinkHover } = options;
  let largest = options.look.size;
  const listeners = new Set<() => void>();
  const cellSize = () => {
    for (const listener of listeners) listener();
  };
  const terminal = new Terminal({
    allowProposedApi: true,
    ...looking(options.look, options.theme),
    macOptionIsMeta: true,
    minimumContrastRatio: 4.5,
    screenReaderMode: options.screenReader,
    linkHandler: {
      // A program chooses both the words and the address of a link: it opens only on purpose, and after it was shown.
      activate(event, uri) {
        if (event.ctrlKey || event.metaKey) window.open(uri, "_blank", "noopener,noreferrer");
      },
      hover: (_event, uri) => onLinkHover(uri),
      leave: () => onLinkHover(undefined),
    },
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = "11";
  // A program in a workspace may not write this machine's clipboard.
  terminal.parser.registerOscHandler(52, () => true);
  const replies = silenceReplies(terminal.parser);
  terminal.open(element);
  paintWithGpu(terminal);
  awaitFont(terminal, cellSize);
  terminal.onRender(() => keepCursorInSight(terminal, element));

  return {
    terminal,
    sink: {
      write: (bytes, parsed) => terminal.write(bytes, parsed),
      repaint(bytes, parsed) {
        terminal.write(RESET, replies.silence);
        terminal.write(bytes, () => {
          replies.answer();
          parsed();
        });
      },
      reset: () => terminal.write(RESET),
      resized({ cols, rows }) {
        if (cols !== terminal.cols || rows !== terminal.rows) terminal.resize(cols, rows);
      },
    },
    fitting() {
      const size = fit.proposeDimensions();
      return size !== undefined && size.cols > 1 && size.rows > 1 ? { cols: size.cols, rows: size.rows } : undefined;
    },
    setReadOnly: (readOnly) => void (terminal.options.disableStdin = readOnly),
    shrinkToFit() {
      const place = fit.proposeDimensions();
      if (place === undefined || !(place.cols > 1 && place.rows > 1)) return;
      const { fontSize = largest } = terminal.options;
      const share = Math.min(place.cols / terminal.cols, place.rows / terminal.rows);
      const next = Math.min(largest, Math.max(SMALLEST, Math.floor(fontSize * share * 2) / 2));
      // One step up would be one step down again.
      if (next < fontSize || next >= fontSize + 1) terminal.options.fontSize = next;
    },
    setLook(look, theme) {
      largest = look.size;
      Object.assign(terminal.options, looking(look, theme));
      cellSize();
      awaitFont(terminal, cellSize);
    },
    onCellSize(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose: () => terminal.dispose(),
  };
}

/** What of the look is xterm's to show. */
function looking(look: TerminalLook, theme: Theme): ITerminalOptions {
  const page = getComputedStyle(document.documentElement).getPropertyValue("--font-mono");
  return {
    cursorBlink: look.blink && !matchMedia("(prefers-reduced-motion: reduce)").matches,
    cursorStyle: look.cursor,
    fontFamily: fontFamilyOf(look, page),
    fontSize: look.size,
    lineHeight: look.lineHeight,
    scrollback: look.scrollback,
    theme: xtermTheme(schemeOf(look.scheme, theme)),
  };
}

/** Letters are measured once: where their font comes later, they are measured again. */
function awaitFont(terminal: Terminal, then: () => void): void {
  const { fontFamily = "", fontSize = 0 } = terminal.options;
  const font = `${fontSize}px ${fontFamily}`;
  if (document.fonts.check(font)) return;
  document.fonts.load(font).then(
    () => {
      if (terminal.element === undefined || terminal.options.fontFamily !== fontFamily) return;
      // Only a change of it has them measured.
      terminal.options.fontFamily = "monospace";
      terminal.options.fontFamily = fontFamily;
      then();
    },
    () => undefined,
  );
}

/** A wide terminal on a phone; its reader draws two fingers apart. */
const SMALLEST = 3;

/** Written like any other byte: terminal.reset() would overtake what still waits to be parsed. */
const RESET = "\u001bc";

/** The size of another viewer may be larger than the place here. Whoever reads back has chosen what is in sight. */
function keepCursorInSight({ rows, buffer }: Terminal, element: HTMLElement): void {
  const { baseY, viewportY, cursorY } = buffer.active;
  if (viewportY !== baseY) return;
  element.scrollTop = Math.ceil((element.scrollHeight * (cursorY + 1)) / rows) - element.clientHeight;
  element.scrollLeft = 0;
}

/** A browser keeps few GPU contexts and may take one back; the page's own text painting goes on then. */
function paintWithGpu(terminal: Terminal): void {
  try {
    const webgl = new WebglAddon();
    webgl.onContextLoss(() => webgl.dispose());
    terminal.loadAddon(webgl);
  } catch {
    // No WebGL here: xterm has painted into the page until now and goes on doing so.
  }
}
