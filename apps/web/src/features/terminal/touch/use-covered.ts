import { useEffect, useState, type RefObject } from "react";

/** Pixels of an element's lower end that a phone's keyboard covers; where the browser makes the page smaller itself there are none. */
export function useCovered(element: RefObject<HTMLElement | null>): number {
  const [covered, setCovered] = useState(0);
  useEffect(() => {
    const { visualViewport } = window;
    if (visualViewport === null || !matchMedia("(pointer: coarse)").matches) return;
    const measure = () => {
      const box = element.current?.getBoundingClientRect();
      if (box === undefined) return;
      // Drawn apart by two fingers, the page is larger than its window for another reason.
      const isZoomed = visualViewport.scale > 1.05;
      const end = visualViewport.offsetTop + visualViewport.height;
      setCovered(isZoomed ? 0 : Math.max(0, Math.round(box.bottom - end)));
    };
    visualViewport.addEventListener("resize", measure);
    visualViewport.addEventListener("scroll", measure);
    return () => {
      visualViewport.removeEventListener("resize", measure);
      visualViewport.removeEventListener("scroll", measure);
    };
  }, [element]);
  return covered;
}
