import type { Route } from "../route.ts";

export function ProvincePage(_props: { readonly route: Route; readonly enrolled: boolean }) {
  return <p class="empty">…</p>;
}
