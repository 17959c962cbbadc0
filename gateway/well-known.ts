import { HDNodeWallet, Mnemonic } from "ethers";

const PASSWORDS: ReadonlySet<string> = new Set([
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

/** Whether a password is one that is tried first. */
export const isWellKnown = (password: string): boolean => PASSWORDS.has(password);

/** Whether development chains (Hardhat, Anvil) fund this account in every copy of themselves. */
export function isDevelopmentKey(key: string): boolean {
  const phrase = Mnemonic.fromPhrase("test test test test test test test test test test test junk");
  const accounts = HDNodeWallet.fromMnemonic(phrase, "m/44'/60'/0'/0");
  const wanted = key.toLowerCase();
  return Array.from({ length: 20 }).some((_, i) => accounts.deriveChild(i).privateKey === wanted);
}
