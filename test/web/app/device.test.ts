import { readFileSync } from "node:fs";

import { expect } from "chai";
import type { Browser, Page } from "playwright-core";

import { keysOf } from "../../../scripts/season/cast.ts";
import { openGateway, type OpenGateway } from "../../gateway/open.ts";
import { hasBrowser, openBrowser, openPhone, openRoute, stateOf } from "../phone.ts";

type StoredKeys = readonly {
  readonly keyId: string;
  readonly pair: CryptoKeyPair;
}[];

describe("the app on a device", function () {
  this.timeout(120_000);
  let gateway: OpenGateway;
  let browser: Browser;
  let page: Page;

  before(async function () {
    if (!hasBrowser()) return this.skip();
    gateway = await openGateway();
    browser = await openBrowser();
    page = await openPhone(browser, `${gateway.url}/app/province#code=${gateway.invitation}`);
  });
  after(async () => {
    await browser?.close();
    await gateway?.end();
  });

  /** What the database of the page holds, looked at by the page itself. */
  const storedKey = () =>
    page.evaluate(async () => {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const asked = indexedDB.open("plotline");
        asked.addEventListener("success", () => resolve(asked.result));
        asked.addEventListener("error", () => reject(asked.error));
      });
      const keys = await new Promise<StoredKeys>((resolve) => {
        const asked = db.transaction("keys").objectStore("keys").getAll();
        asked.addEventListener("success", () => resolve(asked.result as StoredKeys));
      });
      db.close();
      const [key] = keys;
      const taken = await crypto.subtle
        .exportKey("pkcs8", key?.pair.privateKey as CryptoKey)
        .then(() => "taken")
        .catch((refusal: unknown) => (refusal as DOMException).name);
      return { count: keys.length, keyId: key?.keyId, taken };
    });

  /** Enrols a sensor, which is two statements: its key, and the place that it watches. */
  async function addSensor(name: string): Promise<void> {
    await openRoute(page, "#/device");
    await page.getByLabel("Khóa công khai của cảm biến").fill(keysOf(name).publicKey);
    await page.getByLabel("Tên cảm biến").fill(name);
    await page.getByLabel("Tên nơi đó").fill(`Kho ${name}`);
    await page.getByRole("button", { name: "Ký", exact: true }).click();
    await page.getByRole("heading", { name: "Đã lưu trên máy" }).waitFor();
  }

  /** What clearing the browser's storage does to the entries. */
  const emptyOutbox = () =>
    page.evaluate(async () => {
      const db = await new Promise<IDBDatabase>((resolve) => {
        const asked = indexedDB.open("plotline");
        asked.addEventListener("success", () => resolve(asked.result));
      });
      const transaction = db.transaction("outbox", "readwrite");
      transaction.objectStore("outbox").clear();
      await new Promise((resolve) => transaction.addEventListener("complete", resolve));
      db.close();
    });
  const openFile = (text: string) =>
    page
      .getByLabel("Mở tệp đã lưu")
      .setInputFiles({ name: "saved.txt", mimeType: "text/plain", buffer: Buffer.from(text) });

  it("makes a key that no script can read out, and that a reload does not change", async () => {
    const code = page.getByLabel("Mã máy chủ in ra khi chạy lần đầu");
    expect(await code.inputValue()).to.equal(gateway.invitation);
    await page.getByRole("button", { name: "Ghi danh" }).click(); // a founder waits for nobody
    await page.getByText("Lô hôm nay").waitFor();
    const before = await storedKey();
    expect(before).to.include({ count: 1, taken: "InvalidAccessError" });
    await page.reload();
    await page.getByText("Lô hôm nay").waitFor();
    expect(await storedKey()).to.deep.equal(before);
  });

  it("speaks Vietnamese first, and English after one tap and from then on", async () => {
    expect(await page.locator("html").getAttribute("lang")).to.equal("vi");
    await page.getByRole("button", { name: "English" }).click();
    await page.getByText("Lots today").waitFor();
    await page.reload();
    await page.getByText("Lots today").waitFor();
    expect(await page.locator("html").getAttribute("lang")).to.equal("en");
    await page.getByRole("button", { name: "Tiếng Việt" }).click();
  });

  it("keeps what was signed without a network, over a reload, and sends it when there is one", async () => {
    await page.evaluate(async () => navigator.serviceWorker.ready);
    await page.context().setOffline(true);
    await addSensor("offline");
    await stateOf(page, "Lưu trên máy").waitFor();
    await page.reload(); // by the worker, for there is no network
    await openRoute(page, "#/outbox");
    await page.getByText("Cảm biến offline").waitFor();
    expect(await page.locator(".badge.wait").textContent()).to.equal("2chưa gửi");
    await page.context().setOffline(false);
    await page.getByRole("button", { name: "Gửi ngay" }).first().click();
    await page.locator(".badge.good").waitFor();
    expect(await stateOf(page, "Đã gửi").count()).to.equal(2);
  });

  it("saves what is unsent as a file, and has it back from there when the browser lost it", async () => {
    await page.context().setOffline(true);
    await addSensor("saved");
    await openRoute(page, "#/outbox");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: /^Lưu thành tệp/ }).click(),
    ]);
    const text = readFileSync(await download.path(), "utf8");
    await emptyOutbox();
    await page.reload();
    await page.getByText("Chưa ghi gì trên máy này").waitFor();
    const altered = text.replaceAll("Kho saved", "Kho khác");
    await openFile(altered); // one entry names the place, the other does not
    await page.getByText("1 mục trong tệp bị hỏng hoặc bị sửa").waitFor();
    await emptyOutbox();
    await page.reload();
    await openFile(text.replaceAll(/"at": \d+/g, '"at": 1e300')); // no calendar has that day
    await page.getByText("2 mục trong tệp bị hỏng hoặc bị sửa").waitFor();
    await openFile(text);
    await page.getByText("Đã lấy lại 2 mục").waitFor();
    await openFile("something else");
    await page.getByText("không phải tệp dự phòng").waitFor();
    await page.context().setOffline(false);
    await page.getByRole("button", { name: "Gửi ngay" }).first().click();
    await page.locator(".badge.good").waitFor();
    expect(await stateOf(page, "Đã gửi").count()).to.equal(2);
  });

  it("sends again what a gateway took and lost, as a store does that was rolled back", async () => {
    const lost = new Set<string | null>();
    await page.route("**/api/statements", async (route) => {
      const statement = route.request().postData();
      if (lost.has(statement)) return route.fallback();
      lost.add(statement);
      await route.fulfill({ status: 202, json: { state: "stored" } });
    });
    await addSensor("lost");
    await openRoute(page, "#/outbox");
    const entries = page.locator(".entry", { hasText: "lost" });
    await entries.first().getByText("đã vào sổ chung").waitFor();
    await entries.last().getByText("đã vào sổ chung").waitFor();
    expect(lost.size).to.equal(2);
    const known = await fetch(`${gateway.url}/api/keys/${keysOf("lost").keyId}`);
    expect(await known.json()).to.include({ state: "enrolled" });
    await page.unroute("**/api/statements");
  });

  it("says in plain words why an address without https records nothing, and what to do", async () => {
    const far = await openBrowser("--host-resolver-rules=MAP far.example 127.0.0.1");
    try {
      const there = gateway.url.replace("127.0.0.1", "far.example");
      const away = await openPhone(far, `${there}/app/farmer#code=K7QF-2M9X-4TPD`);
      await away.getByText("Địa chỉ này bắt đầu bằng http://").waitFor();
      await away.getByText("địa chỉ bắt đầu bằng https://").waitFor();
      await away.goto(`${there}/app/province`); // the wall is read as ever
      await away.getByText("Lô hôm nay").waitFor();
    } finally {
      await far.close();
    }
  });

  it("keeps what was refused beside its reason, lets the rest go on, and removes it alone", async () => {
    await page.context().setOffline(true);
    await addSensor("twice");
    await addSensor("twice"); // the gateway will refuse to enrol a key again, but not the watch
    await page.context().setOffline(false);
    await openRoute(page, "#/outbox");
    await page.getByRole("button", { name: "Gửi ngay" }).first().click();
    const refused = page.locator("article", { hasText: "Cần xem lại" });
    await refused.waitFor();
    expect(await refused.getByRole("alert").textContent()).to.match(/\p{L}{2}/u);
    const before = await page.locator("article").count();
    await refused.getByText("Việc khác").click();
    await refused.getByRole("button", { name: "Bỏ mục này khỏi máy" }).click();
    await refused.waitFor({ state: "detached" });
    expect(await page.locator("article").count()).to.equal(before - 1);
  });
});
