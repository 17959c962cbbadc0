/** Adds an item to the list of that name. */
export function append<K, T>(lists: Map<K, T[]>, name: K, item: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [item]);
  else list.push(item);
}

/** The items by what `nameOf` says of each, in their order. */
export function grouped<K, T>(
  items: readonly T[],
  nameOf: (item: T) => K,
): ReadonlyMap<K, readonly T[]> {
  const lists = new Map<K, T[]>();
  for (const item of items) append(lists, nameOf(item), item);
  return lists;
}
