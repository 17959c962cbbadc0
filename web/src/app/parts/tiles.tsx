import type { Words } from "../../../../gateway/core/recording.ts";
import { useSay } from "../language.ts";

export type Tile = { readonly page: string; readonly icon: string; readonly words: Words };

/** What a person can do, the first one largest: it is the job. */
export function Tiles({ tiles }: { tiles: readonly Tile[] }) {
  const say = useSay();
  return (
    <nav class="tiles">
      {tiles.map(({ page, icon, words }, i) => (
        <a key={page} class={i === 0 ? "tile primary" : "tile"} href={`#/${page}`}>
          <span class="icon" aria-hidden="true">
            {icon}
          </span>
          {say(words)}
        </a>
      ))}
    </nav>
  );
}
