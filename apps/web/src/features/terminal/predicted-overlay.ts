import type { Drawing, PredictedScreen } from "@ws/rpc-contract/prediction";
import type { Terminal } from "@xterm/xterm";

/** The screen as far as it is parsed, and a layer over it: what was written into the terminal itself could not be taken back. */
export function createPredictedScreen(terminal: Terminal): PredictedScreen {
  const layer = document.createElement("div");
  layer.dataset["predicted"] = "";
  layer.setAttribute("aria-hidden", "true");
  Object.assign(layer.style, { position: "absolute", inset: "0", pointerEvents: "none", zIndex: "5" });
  const place = terminal.element?.querySelector<HTMLElement>(".xterm-screen");
  place?.append(layer);
  terminal.onScroll(() => layer.replaceChildren());

  return {
    size: () => ({ cols: terminal.cols, rows: terminal.rows }),
    cursor: () => ({ row: terminal.buffer.active.cursorY, col: terminal.buffer.active.cursorX }),
    cell(row, col) {
      const { active } = terminal.buffer;
      const cell = active.getLine(active.baseY + row)?.getCell(col);
      const text = cell?.getChars() ?? "";
      return cell?.getWidth() !== 1 || text.length > 1 ? undefined : text || " ";
    },
    isAlternate: () => terminal.buffer.active.type === "alternate",
    draw(drawing) {
      const { viewportY, baseY } = terminal.buffer.active;
      // Whoever reads back has chosen what is in sight.
      layer.replaceChildren(...(place == null || viewportY !== baseY ? [] : pieces(drawing, place)));
    },
  };

  function pieces({ cells, cursor, underlined }: Drawing, over: HTMLElement): HTMLElement[] {
    const [width, height] = [over.clientWidth / terminal.cols, over.clientHeight / terminal.rows];
    const { theme, fontFamily = "", fontSize = 0 } = terminal.options;
    const at = (row: number, col: number, style: Partial<CSSStyleDeclaration>): HTMLElement => {
      const piece = document.createElement("span");
      const [left, top] = [`${col * width}px`, `${row * height}px`];
      Object.assign(
        piece.style,
        { position: "absolute", left, top, width: `${width}px`, height: `${height}px` },
        style,
      );
      return piece;
    };
    const { cursorY, cursorX } = terminal.buffer.active;
    // The real cursor is behind the one that is shown.
    const hidden = cursor === undefined ? [] : [at(cursorY, cursorX, { background: theme?.background ?? "" })];
    const letters = cells.map(({ row, col, text }) => {
      const letter = at(row, col, {
        background: theme?.background ?? "",
        color: theme?.foreground ?? "",
        font: `${fontSize}px/${height}px ${fontFamily}`,
        textDecoration: underlined ? "underline" : "none",
        whiteSpace: "pre",
      });
      letter.textContent = text;
      return letter;
    });
    const shown = cursor === undefined ? [] : [at(cursor.row, cursor.col, { background: theme?.cursor ?? "" })];
    return [...hidden, ...letters, ...shown];
  }
}
