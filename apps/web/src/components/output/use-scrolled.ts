import { useEffect, useRef, type RefObject } from "react";

/** Whether it was a person who scrolled: a wheel, a finger or a key says so; that rows become taller than was guessed does not. */
export function useScrolled(frame: RefObject<HTMLElement | null>): RefObject<boolean> {
  const scrolled = useRef(false);
  useEffect(() => {
    const at = frame.current;
    if (at === null) return undefined;
    const touch = () => {
      scrolled.current = true;
    };
    const events = ["wheel", "touchmove", "keydown", "pointerdown"] as const;
    for (const event of events) at.addEventListener(event, touch, { passive: true });
    return () => {
      for (const event of events) at.removeEventListener(event, touch);
    };
  }, [frame]);
  return scrolled;
}
