import type { Terminal } from "@xterm/headless";

export interface Modes {
  /** What brings another terminal, freshly reset, into the same modes. */
  restore(): string;
  /** Whether the screen that scrolls off into the lines above it does so as a whole. */
  scrollsWhole(): boolean;
}

/** Set by `h` and reset by `l`; the value is how a fresh terminal has it. */
const PRIVATE = new Map([
  [25, true],
  [1005, false],
  [1006, false],
  [1015, false],
  [1016, false],
]);

/**
 * Follows the modes that serializing a screen leaves out: whether the cursor is seen and how it looks, how the mouse is
 * reported, the scroll region, line drawing, the title, the kitty keyboard.
 */
export function followModes(terminal: Terminal): Modes {
  const { parser } = terminal;
  let set = new Map(PRIVATE);
  let cursor = "";
  let region = "";
  let whole = true;
  let title = "";
  let charset = "";
  let kitty: number[] = [];

  const remember = (value: boolean) => (params: (number | number[])[]) => {
    for (const param of params) if (typeof param === "number" && set.has(param)) set.set(param, value);
    // Both screens have cursors and margins of their own; those of the other one are not ours.
    if (params.some((param) => param === 1049 || param === 47 || param === 1047)) region = "";
    return false;
  };
  const reset = (): boolean => {
    set = new Map(PRIVATE);
    cursor = region = charset = "";
    kitty = [];
    if (terminal.buffer.active.type === "normal") whole = true;
    return false;
  };
  const first = (params: (number | number[])[], otherwise: number): number => {
    const [param] = params;
    return typeof param === "number" ? param : otherwise;
  };

  parser.registerCsiHandler({ prefix: "?", final: "h" }, remember(true));
  parser.registerCsiHandler({ prefix: "?", final: "l" }, remember(false));
  parser.registerEscHandler({ final: "c" }, () => {
    whole = true;
    return reset();
  });
  parser.registerCsiHandler({ intermediates: "!", final: "p" }, reset);
  parser.registerCsiHandler({ intermediates: " ", final: "q" }, (params) => {
    cursor = `\u001b[${first(params, 0)} q`;
    return false;
  });
  parser.registerCsiHandler({ final: "r" }, (params) => {
    const [top = 0, bottom = 0] = params.map(Number);
    const all = top <= 1 && (bottom === 0 || bottom >= terminal.rows);
    region = all ? "" : `\u001b[${params.join(";")}r`;
    if (terminal.buffer.active.type === "normal") whole = all;
    return false;
  });
  // A new size takes both regions away.
  terminal.onResize(() => {
    region = "";
    whole = true;
  });
  for (const final of "0AB") {
    parser.registerEscHandler({ intermediates: "(", final }, () => {
      charset = final === "B" ? "" : `\u001b(${final}`;
      return false;
    });
  }
  for (const code of [0, 2]) {
    parser.registerOscHandler(code, (text) => {
      title = text.replace(/\p{C}/gu, "").slice(0, 256);
      return false;
    });
  }
  parser.registerCsiHandler({ prefix: ">", final: "u" }, (params) => {
    kitty = [...kitty, first(params, 0)].slice(-16);
    return false;
  });
  parser.registerCsiHandler({ prefix: "<", final: "u" }, (params) => {
    kitty = kitty.slice(0, -Math.max(1, first(params, 1)));
    return false;
  });
  parser.registerCsiHandler({ prefix: "=", final: "u" }, (params) => {
    kitty = [...kitty.slice(0, -1), first(params, 0)];
    return false;
  });

  return {
    restore() {
      const changed = [...set].filter(([mode, value]) => value !== PRIVATE.get(mode));
      return [
        title === "" ? "" : `\u001b]2;${title}\u0007`,
        // Setting the region moves the cursor.
        region === "" ? "" : `\u001b7${region}\u001b8`,
        charset,
        cursor,
        ...changed.map(([mode, value]) => `\u001b[?${mode}${value ? "h" : "l"}`),
        ...kitty.map((flags) => `\u001b[>${flags}u`),
      ].join("");
    },
    scrollsWhole: () => whole,
  };
}
