import { HDNodeWallet, Mnemonic } from "ethers";

const WELL_KNOWN = new Set([
  "",
  "admin",
  "changeme",
  "guest",
  "password",
  "plotline",
  "postgres",
  "public",
  "secret",
  "test",
]);

/** Whether a password is one that everybody tries first. */
export const isDefaultPassword = (password: string): boolean => WELL_KNOWN.has(password);

/** Whether a URL has a user whose password everybody tries first. */
export function hasDefaultPassword(text: string): boolean {
  const { username, password } = new URL(text);
  return username !== "" && isDefaultPassword(password);
}

/** Whether development chains (Hardhat, Anvil) fund this account in every copy of themselves. */
export function isDevelopmentKey(key: string): boolean {
  const phrase = Mnemonic.fromPhrase("test test test test test test test test test test test junk");
  const accounts = HDNodeWallet.fromMnemonic(phrase, "m/44'/60'/0'/0");
  const wanted = key.toLowerCase();
  return Array.from({ length: 20 }).some((_, i) => accounts.deriveChild(i).privateKey === wanted);
}
