import { type RefObject, useEffect, useRef, useState } from "react";

export type Box = { width: number; height: number };

/** The size of an element in pixels, so that a chart is drawn at the size at which it stands and its letters keep theirs. */
export function useBox(): [RefObject<HTMLDivElement | null>, Box] {
  const ref = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState<Box>({ width: 0, height: 0 });
  useEffect(() => {
    if (!ref.current || !("ResizeObserver" in globalThis)) return;
    const watch = new ResizeObserver(([entry]) => {
      if (entry) setBox({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    watch.observe(ref.current);
    return () => watch.disconnect();
  }, []);
  return [ref, box];
}
