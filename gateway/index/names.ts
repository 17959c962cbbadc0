import type { Hex } from "../core/bytes.ts";
import { urisOf } from "../store/people.ts";
import type { Sql } from "../store/schema.ts";
import { directoryOf } from "./people.ts";

/** What people call the things behind these ids: a party's name, a lot's or certificate's number. */
export type NamesOf = (ids: readonly Hex[]) => Promise<ReadonlyMap<string, string>>;

/** Names by what was signed and stored here. */
export const namesIn =
  (sql: Sql): NamesOf =>
  async (ids) => {
    if (ids.length === 0) return new Map();
    const [uris, people] = await Promise.all([urisOf(sql, ids), directoryOf(sql)]);
    return new Map(
      ids.flatMap((id) => {
        const name = people.get(id)?.name.vi ?? uris.get(id)?.split("/").at(-1);
        return name === undefined ? [] : [[id, name] as const];
      }),
    );
  };
