/** Drawings of our own, 24 by 24, in the colour of the text; they stand beside words and are silent to screen readers. */
import { markup, written, type Markup } from "./markup.ts";

const PATHS = {
  leaf: "M5 19c0-9 5-14 15-14 0 10-5 15-13 15M5 21c1-5 4-8 8-10",
  check: "M5 12.5l4.5 4.5L19 7",
  cross: "M6 6l12 12M18 6L6 18",
  alert: "M12 3.5L22 20.5H2zM12 10v5M12 17.8v.4",
  stop: "M8 2.8h8l5.2 5.2v8L16 21.2H8L2.8 16V8zM12 7.5v6M12 16.4v.4",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.5V12l3.5 2",
  question: "M9 9a3 3 0 1 1 4.6 2.5c-1 .7-1.6 1.3-1.6 2.5M12 17.4v.4",
  sprout: "M12 21v-9M12 12C12 7 9 5 4 5c0 5 3 7 8 7zM12 14c0-4 3-6 8-6 0 4-3 6-8 6z",
  ship: "M3 14h18l-2.5 6h-13zM6 14V8h5v6M11 10h6v4M8.5 8V4.5",
  gears: "M3 20.5V11l6 3.5V11l6 3.5V4h5v16.5zM7.5 17.5h1.5M12.5 17.5H14",
  hand: "M3 8h13M12.5 4L16.5 8l-4 4M21 16H8M11.5 12L7.5 16l4 4",
  seal: "M12 3a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM8.5 14L7 21l5-2.5L17 21l-1.5-7M9.5 9l1.8 1.8L14.6 7.5",
  note: "M6 3h9l4 4v14H6zM9 10h7M9 14h7M9 17.5h4",
  box: "M3.5 7.5L12 3l8.5 4.5v9L12 21l-8.5-4.5zM3.5 7.5L12 12l8.5-4.5M12 12v9",
  flag: "M5 21V4M5 5h13l-3 4 3 4H5",
  down: "M12 4v11M7 11l5 5 5-5M5 20h14",
  print: "M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z",
  people:
    "M9 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM3.5 20c0-4 2-6 5.5-6s5.5 2 5.5 6M16 6.2a2.8 2.8 0 0 1 0 5.4M17.5 14.4c2 .7 3 2.7 3 5.6",
  gauge: "M4 18a9 9 0 1 1 16 0M12 15l4-6M12 16.2a1.2 1.2 0 1 0 0-2.4",
} as const;
export type Icon = keyof typeof PATHS;

export const icon = (name: Icon): Markup =>
  markup`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${PATHS[name]}"/></svg>`;

/** The mark: a plot of land with a line that is followed from it. */
export const LOGO: Markup = written(
  '<svg class="logo" viewBox="0 0 32 32" aria-hidden="true"><rect x="2" y="2" width="28" height="28" rx="8"/><path d="M8 23c5 0 5-6 9-6s3-7 8-8"/><circle cx="8" cy="23" r="2.6"/><circle cx="25" cy="9" r="2.6"/></svg>',
);
