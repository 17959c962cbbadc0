import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { openJournal, type JournalLine } from "../../gateway/chain/journal.ts";
import { groupCommits } from "../../gateway/commits.ts";
import { toHex } from "../../gateway/core/bytes.ts";
import { fileHead } from "../../gateway/log-head.ts";
import { keepSecret } from "../../gateway/secrets.ts";
import { startSequencer } from "../../gateway/sequencer-loop.ts";
import { openStore, type Store } from "../../gateway/store/open.ts";
import { insertPacks, type NewPack, type PackFate } from "../../gateway/store/packs.ts";
import { fileOutbox, type Outbox } from "../../scripts/device/outbox.ts";
import { makeDevices } from "../../scripts/device/simulate.ts";
import { deviceNamed, packOf, SIGNER } from "../gateway/samples.ts";
import { expectNothingLost, expectOneHistory, nameOf, newHistory } from "./history.ts";

const PAGE = 4_096;
const SIZE = 2 << 20;

/** A file system of its own that can be filled to the page, or undefined where we may not mount one. */
function mountSmall(): { readonly folder: string; readonly unmount: () => void } | undefined {
  const folder = mkdtempSync(join(tmpdir(), "plotline-full-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE}`, "tmpfs", folder], {
      stdio: "ignore",
    });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  return {
    folder,
    unmount: () => {
      execFileSync("umount", ["-l", folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

const small = mountSmall();
small?.unmount();

(small === undefined ? describe.skip : describe)(
  "On a disk that is full after the N-th page, for every N",
  function () {
    this.timeout(120_000);
    let disk: NonNullable<ReturnType<typeof mountSmall>>;
    beforeEach(() => {
      const mounted = mountSmall();
      if (mounted === undefined) throw new Error("what could be mounted cannot any more");
      disk = mounted;
    });
    afterEach(() => disk.unmount());

    /** Leaves so many pages, and later all of them. */
    const leave = (pages: number): { readonly free: () => void } => {
      const filler = join(disk.folder, "filler");
      const write = (bytes: number): boolean => {
        try {
          writeFileSync(filler, new Uint8Array(PAGE).fill(1), { flag: "a" });
          return bytes >= 0;
        } catch {
          return false;
        }
      };
      let written = 0;
      while (write(written)) written += 1;
      truncateSync(filler, Math.max(0, written - pages) * PAGE);
      return { free: () => truncateSync(filler, 0) };
    };

    /** The way of a pack without its network: what resolves was promised to somebody. */
    const live = async (dataDir: string, history: ReturnType<typeof newHistory>, from: number) => {
      const store: Store = await openStore({ dataDir });
      const commits = groupCommits<NewPack, PackFate>((take) =>
        store.write((transaction) => insertPacks(transaction, take())),
      );
      const sequencer = startSequencer({
        store,
        signer: SIGNER,
        now: () => 42,
        log: { error: () => {}, info: () => {} },
        head: fileHead(join(dataDir, "log.head")),
        onGrowth: (progress) => {
          for (const { device, epoch, next } of progress)
            for (let seq = 0; seq < next; seq++)
              history.receipted.add(nameOf(device, { epoch, seq }));
        },
      });
      let failures = 0;
      for (let seq = from; seq < from + 6; seq++) {
        const pack = packOf(seq);
        history.sent.set(nameOf(pack.device, pack), toHex(pack.envelope));
        await commits
          .add(pack)
          .then(() => history.acknowledged.add(nameOf(pack.device, pack)))
          .catch(() => (failures += 1));
        sequencer.wake();
      }
      await sequencer.close();
      if (sequencer.trouble() !== undefined) failures += 1;
      return { store, failures };
    };

    it("the store loses nothing that it promised, and goes on when there is room", async () => {
      let [troubled, pages] = [0, 0];
      for (let quiet = 0; quiet < 3; pages += 3) {
        const dataDir = join(disk.folder, `store-${pages}`);
        mkdirSync(dataDir);
        const [history, room] = [newHistory(), leave(pages)];
        const first = await live(dataDir, history, 0).catch(() => undefined); // it did not start
        const promised = new Set([...history.acknowledged, ...history.receipted]);
        await first?.store.close().catch(() => {});
        room.free();
        const again = await live(dataDir, history, 6);
        expect(again.failures, `after ${pages} pages`).to.equal(0);
        for (const name of promised) expect(history.acknowledged.has(name)).to.equal(true);
        await expectNothingLost(again.store.db, history);
        await expectOneHistory(again.store.db);
        await again.store.close();
        rmSync(dataDir, { recursive: true });
        if (first === undefined || first.failures > 0) troubled += 1;
        else quiet += 1;
      }
      expect(troubled).to.be.above(20);
    });

    it("the chain's journal has every block that was taken, and takes no more until it is opened again", async () => {
      for (let pages = 0; pages < 6; pages++) {
        const path = join(disk.folder, `chain-${pages}.jsonl`);
        const room = leave(pages);
        const taken: JournalLine[] = [];
        let failed = false;
        const journal = await openJournal(path, async () => {}).catch(() => undefined);
        for (let block = 1; block <= (journal === undefined ? 0 : 300); block++) {
          const line = { block, hash: deviceNamed(`block ${block}`) };
          const done = await journal?.append(line, true).then(
            () => true,
            () => false,
          );
          expect(done === true && failed, "a line after one that failed").to.equal(false);
          if (done === true) taken.push(line);
          else failed = true;
        }
        await journal?.close();
        room.free();
        const found: JournalLine[] = [];
        const again = await openJournal(path, async (line) => void found.push(line));
        expect(found).to.deep.equal(taken);
        await again.append({ block: 1_000, hash: deviceNamed("the next") }, true);
        await again.close();
        rmSync(path);
      }
    });

    it("a secret is kept whole or not made at all", () => {
      const path = join(disk.folder, "secret");
      const make = (): string => "s".repeat(3 * PAGE);
      for (let pages = 0; pages < 3; pages++) {
        const room = leave(pages);
        expect(() => keepSecret(path, { given: undefined, make })).to.throw();
        room.free();
      }
      expect(keepSecret(path, { given: undefined, make })).to.equal(make());
      const other = { given: undefined, make: () => "another" };
      expect(keepSecret(path, other)).to.equal(make());
    });

    it("a device's key is there whole or not at all", () => {
      const devices = join(disk.folder, "devices");
      mkdirSync(devices);
      for (let pages = 0; pages < 3; pages++) {
        const room = leave(pages);
        try {
          makeDevices(devices, pages + 1);
        } catch (failure) {
          expect((failure as NodeJS.ErrnoException).code).to.equal("ENOSPC");
        }
        room.free();
        expect(makeDevices(devices, pages + 1)).to.have.length(pages + 1);
      }
    });

    it("a device's outbox has every pack that it kept", () => {
      for (let pages = 0; pages < 5; pages++) {
        const path = join(disk.folder, `outbox-${pages}`);
        const room = leave(pages);
        const kept: number[] = [];
        let outbox: Outbox | undefined;
        const keep = (seq: number): void => {
          outbox ??= fileOutbox(path);
          outbox.keep({ epoch: 0, seq, bytes: new Uint8Array(300) });
          kept.push(seq);
        };
        const full = (seq: number): boolean => {
          try {
            keep(seq);
            return false;
          } catch (failure) {
            expect((failure as NodeJS.ErrnoException).code).to.equal("ENOSPC");
            return true;
          }
        };
        let seq = 0;
        while (!full(seq) && seq < 60) seq += 1;
        expect(seq).to.be.below(60);
        expect(full(seq), "the same again").to.equal(true);
        room.free();
        for (; seq < 62; seq++) keep(seq);
        outbox?.close();
        const again = fileOutbox(path);
        const found = new Set(again.all().map(({ seq }) => seq));
        for (const seq of kept) expect(found.has(seq), `pack ${seq}`).to.equal(true);
        again.close();
      }
    });
  },
);
