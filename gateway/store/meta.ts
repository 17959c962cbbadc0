import type { Sql } from "./schema.ts";

/** A named fact about this store, such as the deployment it belongs to or the block it has read up to. */
export async function readMeta(sql: Sql, name: string): Promise<string | undefined> {
  const row = await sql
    .selectFrom("meta")
    .select("value")
    .where("name", "=", name)
    .executeTakeFirst();
  return row?.value;
}

export async function writeMeta(sql: Sql, name: string, value: string): Promise<void> {
  await sql
    .insertInto("meta")
    .values({ name, value })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
    .execute();
}
