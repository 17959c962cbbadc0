import { useEffect, useState } from "preact/hooks";

/** Where the person is within a page: `#/give?lot=0x…`. An empty `page` is the start. */
export type Route = { readonly page: string; readonly params: URLSearchParams };

export function routeOf(hash: string): Route {
  const [page = "", query = ""] = hash.startsWith("#/") ? hash.slice(2).split("?") : [];
  return { page, params: new URLSearchParams(query) };
}

/** `#/give?lot=…` for a link; members that are undefined are left out. */
export function linkTo(page: string, params: Readonly<Record<string, string | undefined>> = {}) {
  const given = Object.entries(params).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return `#/${page}${given.length > 0 ? `?${new URLSearchParams(given).toString()}` : ""}`;
}

export const goTo = (link: string): void => {
  location.hash = link;
};

/** The route of the address, and of each that follows; the back button of the phone works. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const listen = () => {
      setHash(location.hash);
      window.scrollTo(0, 0);
    };
    window.addEventListener("hashchange", listen);
    return () => window.removeEventListener("hashchange", listen);
  }, []);
  return routeOf(hash);
}
