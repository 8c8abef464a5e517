import { RGBA } from "@opentui/core";
import { flushSync } from "@opentui/react";
import { oneLine } from "../../output/printable.ts";
import { OWN } from "../theme.ts";
import { Line } from "./line.tsx";

/** Where what is typed begins. */
export const TITLE_WIDTH = 13;

interface FieldProps {
  title: string;
  value: string;
  placeholder?: string;
  focused: boolean;
  onInput: (value: string) => void;
}

/** A line to type into, after what it is for. */
export function Field({ title, value, placeholder = "", focused, onInput }: FieldProps) {
  return (
    <box flexDirection="row" height={1} flexShrink={0}>
      <Line pieces={[[title.padEnd(TITLE_WIDTH), focused ? "accent" : "muted"]]} />
      <input
        flexGrow={1}
        // Also what was there before anybody typed.
        value={oneLine(value)}
        placeholder={placeholder}
        focused={focused}
        textColor={OWN}
        focusedTextColor={OWN}
        backgroundColor={NONE}
        focusedBackgroundColor={NONE}
        placeholderColor={RGBA.fromIndex(8)}
        // Before the next key, which may be the one that takes what was typed.
        onInput={(typed) => flushSync(() => onInput(typed))}
      />
    </box>
  );
}

const NONE = RGBA.fromValues(0, 0, 0, 0);
