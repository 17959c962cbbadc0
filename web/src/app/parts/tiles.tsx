import type { Words } from "../../../../gateway/core/recording.ts";
import { useSay } from "../language.ts";
import type { IconName } from "../icons.ts";
import { Icon } from "./icon.tsx";

export type Tile = { readonly page: string; readonly icon: IconName; readonly words: Words };

/** What a person can do. The first one is largest: it is the job; `even` where there is no such one. */
export function Tiles({ tiles, even = false }: { tiles: readonly Tile[]; even?: boolean }) {
  const say = useSay();
  return (
    <nav class={even ? "tiles even" : "tiles"}>
      {tiles.map(({ page, icon, words }, i) => (
        <a key={page} class={i === 0 && !even ? "tile primary" : "tile"} href={`#/${page}`}>
          <Icon name={icon} />
          {say(words)}
        </a>
      ))}
    </nav>
  );
}
