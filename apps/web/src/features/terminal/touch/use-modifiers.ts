import { useRef, useState } from "react";
import { NOTHING_HELD, released, tapped, type Modifiers } from "./modifiers.ts";

/** The modifiers of the touch keys. `used` gives those that are held for a key that is sent now, and lets go what was for one key. */
export function useModifiers() {
  const [modifiers, setModifiers] = useState(NOTHING_HELD);
  const latest = useRef(modifiers);
  const lastTap = useRef({ ctrl: -Infinity, alt: -Infinity });
  const [change] = useState(() => (next: Modifiers) => {
    latest.current = next;
    setModifiers(next);
  });
  const [tap] = useState(() => (modifier: keyof Modifiers) => {
    const now = performance.now();
    const held = tapped(latest.current[modifier], now - lastTap.current[modifier]);
    lastTap.current[modifier] = now;
    change({ ...latest.current, [modifier]: held });
  });
  const [used] = useState(() => (): Modifiers => {
    const held = latest.current;
    if (held.ctrl === "once" || held.alt === "once") change(released(held));
    return held;
  });
  return { modifiers, tap, used };
}
