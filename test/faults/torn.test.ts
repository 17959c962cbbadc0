import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import type { TraceError } from "../../gateway/core/trace-error.ts";
import { fileHead } from "../../gateway/log-head.ts";
import { startSequencer, type Sequencer } from "../../gateway/sequencer-loop.ts";
import { newestCheckpoint } from "../../gateway/store/log.ts";
import { openStore, type Store } from "../../gateway/store/open.ts";
import { insertPacks } from "../../gateway/store/packs.ts";
import { packOf, SIGNER } from "../gateway/samples.ts";
import { randomOf } from "./simulation/scheduler.ts";

const QUIET = { error: () => {}, info: () => {} };
const [MAIN, WAL, HEAD] = ["plotline.sqlite", "plotline.sqlite-wal", "log.head"];
const FRAME = 24 + 4_096; // SQLite's file format, 4.1, with its usual page
const WAL_HEADER = 32;

/** Starts a sequencer that keeps its head beside the store. */
const start = (store: Store, folder: string, onGrowth = (): void => {}): Sequencer =>
  startSequencer({
    store,
    signer: SIGNER,
    now: () => 42,
    log: QUIET,
    head: fileHead(join(folder, HEAD)),
    onGrowth,
  });

describe("A store whose files were damaged", function () {
  this.timeout(60_000);
  let folder: string;
  let copies = 0;
  const log = 40; // packs, each committed and said by itself
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "plotline-torn-"));
    mkdirSync(join(folder, "whole"));
    const store = await openStore({ dataDir: join(folder, "live") });
    for (let seq = 0; seq < log; seq++) {
      await store.write((transaction) => insertPacks(transaction, [packOf(seq)]));
      await start(store, join(folder, "live")).close();
    }
    // As a kill leaves them: the main file is still empty.
    for (const file of [MAIN, WAL, HEAD])
      copyFileSync(join(folder, "live", file), join(folder, "whole", file));
    await store.close();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** What a gateway makes of a copy with this write-ahead log. */
  const reopen = async (wal: Buffer) => {
    const dataDir = join(folder, `copy-${copies++}`);
    mkdirSync(dataDir);
    for (const file of [MAIN, HEAD]) copyFileSync(join(folder, "whole", file), join(dataDir, file));
    writeFileSync(join(dataDir, WAL), wal);
    const store = await openStore({ dataDir }).catch((failure: unknown) => failure as Error);
    if (store instanceof Error) return { refused: store, size: 0 };
    try {
      await store.write((transaction) => insertPacks(transaction, [packOf(1_000)]));
      const sequencer = start(store, dataDir);
      await sequencer.close();
      const size = (await newestCheckpoint(store.db))?.size ?? 0;
      return { refused: sequencer.trouble(), size };
    } finally {
      await store.close();
      rmSync(dataDir, { recursive: true });
    }
  };
  const expectHonest = ({ refused, size }: Awaited<ReturnType<typeof reopen>>): boolean => {
    if (refused === undefined) expect(size).to.equal(log + 1);
    else expect(size).to.be.at.most(log);
    return refused === undefined;
  };

  it("goes on where nothing is missing", async () => {
    const wal = readFileSync(join(folder, "whole", WAL));
    expect(expectHonest(await reopen(wal))).to.equal(true);
    const torn = Buffer.concat([wal, wal.subarray(WAL_HEADER, WAL_HEADER + FRAME / 2)]);
    expect(expectHonest(await reopen(torn)), "half a frame more").to.equal(true);
  });

  it("signs nothing where its write-ahead log was cut, at whichever frame", async () => {
    const wal = readFileSync(join(folder, "whole", WAL));
    const frames = Math.floor((wal.length - WAL_HEADER) / FRAME);
    let refusals = 0;
    for (let frame = 0; frame < frames; frame += 9) {
      const found = await reopen(wal.subarray(0, WAL_HEADER + frame * FRAME));
      if (!expectHonest(found)) refusals += 1;
      expect((found.refused as TraceError | undefined)?.code).to.equal("UNAVAILABLE");
      expect(found.refused?.message).to.contain("were signed");
    }
    expect(refusals).to.be.above(5);
  });

  it("signs nothing, or loses nothing, wherever it was cut or overwritten", async () => {
    const wal = readFileSync(join(folder, "whole", WAL));
    const random = randomOf(4);
    for (let i = 0; i < 25; i++) {
      const at = Math.floor(random() * wal.length);
      const damaged = Buffer.from(i % 2 === 0 ? wal.subarray(0, at) : wal);
      const end = Math.min(damaged.length, at + 64);
      damaged.fill(0xa5, Math.max(0, end - 64), end);
      expectHonest(await reopen(damaged));
    }
  });

  it("is refused with the file's name where its head is damaged", async () => {
    writeFileSync(join(folder, "whole", HEAD), "41 0x");
    const { refused } = await reopen(readFileSync(join(folder, "whole", WAL)));
    expect((refused as TraceError).code).to.equal("BAD_ENCODING");
    expect(refused?.message).to.contain(HEAD);
  });
});

describe("A store whose first migration was cut off", function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plotline-born-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const expectWhole = async (dataDir: string): Promise<void> => {
    const store = await openStore({ dataDir });
    await store.write((transaction) => insertPacks(transaction, [packOf(0)]));
    await start(store, dataDir).close();
    expect((await newestCheckpoint(store.db))?.size).to.equal(1);
    await store.close();
  };

  it("is migrated by the next start, after whichever frame it was cut", async () => {
    const whole = join(folder, "whole");
    const store = await openStore({ dataDir: whole });
    const [main, wal] = [readFileSync(join(whole, MAIN)), readFileSync(join(whole, WAL))];
    await store.close();
    for (let end = 0; end < wal.length; end += FRAME) {
      const dataDir = join(folder, `cut-${end}`);
      mkdirSync(dataDir);
      writeFileSync(join(dataDir, MAIN), main);
      writeFileSync(join(dataDir, WAL), wal.subarray(0, end));
      await expectWhole(dataDir);
    }
  });

  it("is migrated by the next start where the process was killed", async () => {
    const program = join(import.meta.dirname, "open-and-die.ts");
    for (const ms of [0, 2, 5, 10]) {
      const dataDir = join(folder, `killed-${ms}`);
      const child = spawn(process.execPath, ["--no-warnings", program, dataDir, String(ms)]);
      await once(child, "exit");
      expect(child.signalCode).to.equal("SIGKILL");
      if (existsSync(dataDir)) await expectWhole(dataDir);
    }
  });
});
