/** Icons, drawn here because cheap phones lack the newest picture characters: strokes on a field of 24. */
export const ICONS = {
  plus: "M12 4v16M4 12h16",
  nut: "M6 19c-4-5-2-13 5-15 6-1 10 3 8 7-1 2-4 2-5 1-2-2-4 0-4 2 1 4 0 7-4 5Z",
  pepper: "M8 7a4 4 0 1 0 .1 0M17 12a3.5 3.5 0 1 0 .1 0M12 8c0-3 2-5 6-5",
  drop: "M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11Z",
  hand: "M3 13l5-4 4 2 4-2 5 4M8 9v8l4 3 4-3V9",
  take: "M12 4v10m-4-4 4 4 4-4M4 17v3h16v-3",
  gear: "M12 8.5a3.5 3.5 0 1 0 .1 0M12 3v3m0 12v3M3 12h3m12 0h3M5.6 5.6l2.2 2.2m8.4 8.4 2.2 2.2m0-12.8-2.2 2.2m-8.4 8.4-2.2 2.2",
  globe: "M12 3a9 9 0 1 0 .1 0M3 12h18M12 3c-5 5-5 13 0 18 5-5 5-13 0-18",
  pen: "M4 20l1-4L16 5l3 3L8 19l-4 1Z",
  seal: "M12 3a6 6 0 1 0 .1 0M9 14l-1 7 4-2 4 2-1-7M9.5 9l2 2 3-4",
  box: "M3 8l9-5 9 5v9l-9 5-9-5V8Zm0 0 9 5 9-5M12 13v9",
  bag: "M6 8h12l1 13H5L6 8Zm3 0a3 3 0 0 1 6 0",
  sun: "M12 8a4 4 0 1 0 .1 0M12 2v3m0 14v3M2 12h3m14 0h3M5 5l2 2m10 10 2 2M19 5l-2 2M7 17l-2 2",
  flame: "M12 3c1 4 6 6 6 11a6 6 0 0 1-12 0c0-3 2-4 3-6 1 2 2 2 2 4 2-2 2-5 1-9Z",
  meter: "M10 4a2 2 0 0 1 4 0v9a4 4 0 1 1-4 0V4Zm2 4v8",
  people: "M9 5a3 3 0 1 0 .1 0M3 20c0-5 3-7 6-7s6 2 6 7M16 6a2.5 2.5 0 1 1 0 5m1 2c3 0 4 3 4 7",
  alert: "M12 3 2 20h20L12 3Zm0 6v5m0 3v.5",
} as const;

export type IconName = keyof typeof ICONS;
