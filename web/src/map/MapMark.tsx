import { type ReactNode, useEffect, useRef } from "react";
import { useMap } from "./context";

type Props = {
  lon: number;
  lat: number;
  /** Pixels from the point. */
  dx?: number;
  dy?: number;
  /** Lies over the other marks: the chosen one, the pin. */
  above?: boolean;
  children: ReactNode;
};

/** An element of the page that stays on a point of the map: tokens, focus and words work as anywhere else. */
export function MapMark({ lon, lat, dx = 0, dy = 0, above, children }: Props) {
  const map = useMap();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!map) return;
    const place = () => {
      const point = map.project([lon, lat]);
      if (box.current) box.current.style.transform = `translate(${point.x + dx}px, ${point.y + dy}px)`;
    };
    place();
    map.on("move", place);
    map.on("resize", place);
    return () => {
      map.off("move", place);
      map.off("resize", place);
    };
  }, [map, lon, lat, dx, dy]);
  return (
    <div ref={box} className={`map-mark${above ? " above" : ""}`}>
      {children}
    </div>
  );
}
