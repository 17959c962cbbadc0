import { chainOf, newestOf, selfPayment } from "./embedded-folder.ts";

// A process to be killed: it mines without end and says each block that somebody could have seen.
const chain = await chainOf(process.argv[2] ?? "");
for (let nonce = Number((await newestOf(chain)).number); ; nonce++) {
  await chain.request("eth_sendRawTransaction", [await selfPayment(chain, nonce)]);
  process.stdout.write(`${(await newestOf(chain)).hash}\n`);
}
