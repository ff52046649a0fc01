/** Colours of the map, read from the tokens of the theme that is worn. */
export type MapColours = Record<
  | "land"
  | "out"
  | "sea"
  | "water"
  | "kec"
  | "desa"
  | "toll"
  | "main"
  | "road"
  | "lane"
  | "label"
  | "halo"
  | "ev"
  | "route",
  string
>;

const NAMES: (keyof MapColours)[] = [
  "land",
  "out",
  "sea",
  "water",
  "kec",
  "desa",
  "toll",
  "main",
  "road",
  "lane",
  "label",
  "halo",
  "ev",
  "route",
];

export function mapColours(): MapColours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(
    NAMES.map((name) => [name, style.getPropertyValue(`--m-${name}`).trim() || "#888888"]),
  ) as MapColours;
}
